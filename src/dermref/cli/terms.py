"""`dermref sources apply` and `changes`: brings changed terms into force, and lists what every change did."""

import json
from collections.abc import Iterable
from dataclasses import asdict

import click

from dermref.cli.options import author_of, json_option
from dermref.config.start import start
from dermref.model.change import FieldChange, OutcomeChange, TermsChange

LONGEST = 160  # characters of a value in a line that a person reads; --json has all of it


@click.command()
@click.option("--by", required=True, help="Who makes this change.")
@click.option("--why", required=True, help="For what reason: a letter, a page that changed, a ruling.")
@json_option
def apply(*, by: str, why: str, as_json: bool) -> None:
    """Bring changed terms into force, and record what they change.

    Prints which fields of which source differ, and which decisions become others for how many images.

    Otherwise the next start does, and signs with the version of dermref. Processes that run already keep the terms
    they started with: restart them.

    \b
    Example:
      dermref sources apply --by "A. Curator" --why "The site changed its terms page on 20 November"
    """
    author = author_of(by, why)
    start(migrate=True, register=False)
    from dermref.services.registering import register_sources

    _print(register_sources(author=author), as_json=as_json)


@click.command()
@click.argument("source_id", required=False)
@json_option
def changes(*, source_id: str | None, as_json: bool) -> None:
    """List the recorded changes of terms, latest first.

    Each says who made it, when and why, which fields differ, and which decisions became others for how many images.

    \b
    Example:
      dermref sources changes SOURCE_ID --json
    """
    start(migrate=True, register=False)
    from dermref.services.registering import changes_of

    found = changes_of(source_id)
    if found is None:
        raise click.UsageError(f"There is no source “{source_id}”; “dermref sources list” shows all.")
    _print(found, as_json=as_json)


def _print(found: Iterable[TermsChange], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_row(one) for one in found], ensure_ascii=False))
        return
    lines = [line for one in found for line in _described(one)]
    click.echo("\n".join(lines) if lines else "No terms changed.")


def _row(change: TermsChange) -> dict[str, object]:
    row = asdict(change)
    return {**row.pop("author"), **row, "at": change.at.isoformat()}


def _described(change: TermsChange) -> list[str]:
    author = change.author
    return [
        f"{change.source_id}  {change.at:%Y-%m-%d %H:%M} UTC, by {author.by}: {author.why}",
        *(f"  {_field(one)}" for one in change.fields),
        *(f"  {_outcome(one)}" for one in change.outcomes),
        *([] if change.outcomes else ["  no decision on any image changed"]),
    ]


def _field(change: FieldChange) -> str:
    return f"{change.field}: {_short(change.before)} → {_short(change.after)}"


def _outcome(change: OutcomeChange) -> str:
    purposes = ", ".join(change.purposes) or "any purpose"
    images = "1 image" if change.images == 1 else f"{change.images:,} images"
    return f"{change.action} by {change.viewer} ({purposes}): {change.before} → {change.after} for {images}"


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
