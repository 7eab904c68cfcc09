"""`dermref license`: what a license statement means. Needs neither a database nor a setting."""

import json
import sys
from collections.abc import Iterator, Mapping

import click

from dermref.model.evidence import Statement
from dermref.model.source import CodeMeaning
from dermref.rights.described import license_row
from dermref.rights.facts import SITE_TERMS_PREFIX, License
from dermref.rights.parse import Licenses, Reading, Unknown, parse_statement

MOST_BYTES = 64_000  # of standard input; the parser reads less


@click.group("license")
def license_() -> None:
    """Licenses and what people write for them.

    \b
    Example:
      dermref license parse "No restrictions"
    """


@license_.command("parse")
@click.argument("text_or_url")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on stdout.")
def parse(text_or_url: str, as_json: bool) -> None:
    """Say which license a statement names: an id, a printed name, a sentence, or a link. “-” reads standard input.

    Exit 1 when the statement is not known to name any; a statement is read whole or not at all.

    \b
    Example:
      dermref license parse "Public domain" --json
    """
    text = _standard_input() if text_or_url == "-" else text_or_url
    reading = parse_statement(Statement(text), _site_terms() if SITE_TERMS_PREFIX in text else None)
    if as_json:
        click.echo(json.dumps(license_row(reading), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(reading)))
    sys.exit(1 if isinstance(reading, Unknown) else 0)


def _standard_input() -> str:
    """What was piped in, cut where no statement could still be; bytes that are no text make it unknown."""
    return sys.stdin.buffer.read(MOST_BYTES).decode("utf-8", errors="surrogateescape")


def _site_terms() -> Mapping[str, CodeMeaning]:
    """The ids that stand for the sources' own terms: only those of sources we know mean anything."""
    from dermref.registry.load import load_datasets, load_sources

    sources = (*load_sources(), *load_datasets())
    ids = [(SITE_TERMS_PREFIX + source.source_id, source.terms.proof) for source in sources]
    return {license_id: CodeMeaning(license_id, proof) for license_id, proof in ids}


def _lines(reading: Reading) -> Iterator[str]:
    if isinstance(reading, Unknown):
        yield f"Unknown: {reading.reason}."
    elif isinstance(reading, Licenses):
        yield f"{reading.expression}: " + ("a choice" if len(reading.alternatives) > 1 else "all of them hold")
        for one in dict.fromkeys(one for each in reading.alternatives for one in each):
            yield from _described(one)
    else:
        yield from _described(reading)


def _described(one: License) -> Iterator[str]:
    yield f"{one.short}: {one.name}" + (" (no version named)" if one.lacks_version else "")
    if one.url:
        yield f"  {one.url}"
    words = {"permits": one.permits, "requires": one.requires, "prohibits": one.prohibits}
    spoken = [f"{verb} {', '.join(sorted(found))}" for verb, found in words.items() if found]
    yield "  " + ("; ".join(spoken) if one.permits else "; ".join(["permits nothing by itself", *spoken]))
    if one.basis:
        yield f"  on the ground of {one.basis}"
    if one.deprecated_on:
        yield f"  no longer offered since {one.deprecated_on}"
