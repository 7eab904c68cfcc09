"""`dermref sources`: the registry on the command line. Needs neither a database nor a setting, but for the record of
its changes (`cli/terms.py`)."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from dermref.cli.options import json_option
from dermref.cli.terms import apply, changes
from dermref.model.source import Proof, Source
from dermref.registry.build import as_json as json_text
from dermref.registry.build import plain, registry_json, source_row
from dermref.registry.check import check_registry
from dermref.registry.docs import sources_page, what_term
from dermref.registry.faults import RegistryFaults, UnknownSource
from dermref.registry.findings import Finding, Severity
from dermref.registry.load import load_datasets, load_source, load_sources

DEFAULT_OUT = Path("seeds") / "sources_registry.json"


class AskedWrongly(click.ClickException):
    """What was asked for does not exist or cannot be done; the message is one sentence."""

    exit_code = 2


@click.group()
def sources() -> None:
    """The tracked image sources: what each prints, and how its terms are read.

    \b
    Example:
      dermref sources list
    """


sources.add_command(apply)
sources.add_command(changes)


@sources.command("list")
@click.option("--datasets", is_flag=True, help="Add the data set releases.")
@json_option
def list_sources(*, datasets: bool, as_json: bool) -> None:
    """List the tracked sources, in the order of the page.

    \b
    Example:
      dermref sources list --json
    """
    try:
        listed = (*load_sources(), *load_datasets()) if datasets else load_sources()
    except RegistryFaults as error:
        _stop(error)
    if as_json:
        click.echo(json_text([_brief(source) for source in listed]), nl=False)
        return
    head = ("ID", "TIER", "STATUS", "TREATED AS")
    rows = [(one.source_id, one.tier, one.status, _treated_as(one)) for one in listed]
    click.echo(_aligned([head, *rows]))


@sources.command()
@click.argument("source_id")
@json_option
def show(source_id: str, *, as_json: bool) -> None:
    """Show one source: its printed row, its terms with their phrases, and its conflicts.

    \b
    Example:
      dermref sources show SOURCE_ID --json
    """
    try:
        source = load_source(source_id)
    except UnknownSource as error:
        raise AskedWrongly(str(error)) from error
    except RegistryFaults as error:
        _stop(error)
    click.echo(json_text(source_row(source)) if as_json else _described(source), nl=not as_json)


@sources.command()
@click.option("--strict", is_flag=True, help="Exit 1 on open conflicts of any weight too, not on faults alone.")
@json_option
def check(*, strict: bool, as_json: bool) -> None:
    """Print every fault and every conflict of the registry.

    A fault means that the registry itself is wrong: exit 1. A conflict means that words contradict a row, and waits for
    a curator: it is printed, and the exit is 0 unless --strict.

    \b
    Example:
      dermref sources check --strict
    """
    findings = _findings()
    faults = [finding for finding in findings if finding.is_fault]
    conflicts = [finding for finding in findings if not finding.is_fault]
    if as_json:
        click.echo(json_text({"faults": plain(faults), "conflicts": plain(conflicts)}), nl=False)
    else:
        for finding in findings:
            click.echo(f"{finding.severity}: {finding.source_id}: {finding.code} ({finding.rule})")
            click.echo(f"  {finding.text}" + (f"\n  “{finding.quote}”" if finding.quote else ""))
        click.echo(f"{_counted(len(faults), 'fault')}, {_counted(len(conflicts), 'open conflict')}")
    sys.exit(1 if faults or (strict and conflicts) else 0)


@sources.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT_OUT, show_default=True,
              help="The JSON file to write.")  # fmt: skip
@click.option("--docs", type=click.Path(dir_okay=False, path_type=Path), help="Write the page of all sources too.")
@json_option
def build(*, out: Path, docs: Path | None, as_json: bool) -> None:
    """Write the registry as one JSON file; the same files always give the same bytes.

    \b
    Example:
      dermref sources build --docs docs/sources.md
    """
    try:
        written = [(out, registry_json())] + ([(docs, sources_page())] if docs else [])
    except RegistryFaults as error:
        _stop(error)
    rows = [{"path": str(path), "changed": _write(path, text=text)} for path, text in written]
    if as_json:
        click.echo(json_text({"sources": len(load_sources()), "files": rows}), nl=False)
        return
    for row in rows:
        click.echo(f"{row['path']}: {'written' if row['changed'] else 'already up to date'}")


def _findings() -> tuple[Finding, ...]:
    """The faults of files that cannot be loaded, and the findings of all that can."""
    faults: list[Finding] = []
    loaded: list[Source] = []
    for load in (load_sources, load_datasets):
        try:
            loaded += load()
        except RegistryFaults as error:
            faults += (_as_finding(fault.file, str(fault)) for fault in error.faults)
    return (*faults, *check_registry(loaded))


def _stop(error: RegistryFaults) -> NoReturn:
    count = _counted(len(error.faults), "fault")
    click.echo(f"The registry has {count}; “dermref sources check” lists all. The first: {error.faults[0]}", err=True)
    sys.exit(1)


def _write(path: Path, *, text: str) -> bool:
    """Write `text` unless the file says it already; whether it was written."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AskedWrongly(f"{path} cannot be written: {error.strerror}.") from error
    return True


def _brief(source: Source) -> dict[str, object]:
    row = source_row(source)
    keys = ("id", "kind", "name", "homepage", "license", "group", "status", "tier")
    return {key: row[key] for key in keys} | {
        "treated_as": source.terms.license_expression,
        "per_item": source.terms.per_item,
        "open_conflicts": sum(conflict.cleared is None for conflict in source.terms.conflicts),
    }


def _treated_as(source: Source) -> str:
    return "each item's own license" if source.terms.per_item else source.terms.license_expression


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _described(source: Source) -> str:
    terms = source.terms
    lines = [
        f"{source.name} ({source.source_id})",
        f"  {source.homepage_url}",
        f"  printed label: {source.license_label}; treated as: {_treated_as(source)}",
        f"  tier: {source.tier}; status: {source.status}; group: {source.group_label}; checked: {source.checked}",
        f"  {source.license_text}",
        f"  notes: {source.notes}",
        f"  credit: {source.attribution or 'none printed'}",
        f"  contact: {source.contact or 'none printed'}",
    ]
    lines += [f"  {term.effect}: {what_term(term)}{_because(term.proof)}" for term in terms.terms]
    lines += [f"  duty: {duty.code}{_because(duty.proof)}" for duty in terms.duties]
    if terms.ask:
        whom = terms.ask.contact
        lines.append(
            f"  ask: {', '.join(part for part in (whom.name, whom.email, whom.url) if part)}{_because(terms.ask.proof)}"
        )
    lines += [
        f"  conflict ({one.severity}): “{one.quote}” {one.meaning}" for one in terms.conflicts if one.cleared is None
    ]
    return "\n".join(lines)


def _because(proof: Proof) -> str:
    read = "".join(f", {place}" for place in (proof.url, proof.where) if place)
    return f"\n    “{proof.phrase}” ({proof.basis}{read})"


def _as_finding(file: str, text: str) -> Finding:
    return Finding(file.removesuffix(".toml"), "bad-file", Severity.FAULT, text, "", "load")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
