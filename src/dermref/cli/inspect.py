"""`dermref inspect`: what a file is and hides. Needs neither a database nor a setting."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from dermref.model.media import Facts, Verdict
from dermref.services.inspecting import FileReport, inspect_files, report_json

PAUSE = 1.0  # seconds before, and between, two words on how far it is
WORDS = {
    Verdict.ACCEPT: "comes in",
    Verdict.QUARANTINE: "waits for a curator",
    Verdict.REFUSE: "stays out",
}


@click.command("inspect")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on stdout.")
def inspect(files: tuple[Path, ...], as_json: bool) -> None:
    """Say what a file is and what it hides: its format, private facts, its own rights, what lies behind its end.

    Exit 1 when any of the files would not come in as it is. Nothing is written, and the files stay as they are.

    \b
    Examples:
      dermref inspect photo.jpg
      dermref inspect *.png --json
    """
    for path in files:
        _check(path)
    verdicts = set()
    rows: list[dict[str, object]] = []
    for report in _reports(files):
        verdicts.add(report.verdict)
        if as_json:
            rows.append(report_json(report))
        else:
            click.echo("\n".join(_lines(report)))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    sys.exit(0 if verdicts == {Verdict.ACCEPT} else 1)


def _check(path: Path) -> None:
    """Raise UsageError for what is no file or cannot be read."""
    if path.is_dir():
        raise click.UsageError(f"“{path}” is a folder; name the files in it.")
    if path.exists() and not path.is_file():
        raise click.UsageError(f"“{path}” is no plain file.")
    try:
        path.open("rb").close()
    except OSError as error:
        raise click.UsageError(f"“{path}” cannot be read: {error.strerror}.") from error


def _reports(files: tuple[Path, ...]) -> Iterator[FileReport]:
    """The reports; how far it is goes to stderr when it takes long and stdout is not the same screen."""
    is_said, told = not sys.stdout.isatty(), time.monotonic()
    try:
        for number, report in enumerate(inspect_files(files), start=1):
            yield report
            now = time.monotonic()
            if is_said and number < len(files) and now - told >= PAUSE:
                told = now
                click.echo(f"{number:,} of {len(files):,} files inspected", err=True)
    except OSError as error:
        raise click.UsageError(f"“{error.filename}” cannot be read: {error.strerror}.") from error


def _lines(report: FileReport) -> Iterator[str]:
    yield f"{report.path}: {WORDS[report.verdict]} ({report.verdict.value})"
    if report.facts:
        yield f"  {_kind(report.facts)}"
    elif report.media_type:
        yield f"  begins like {report.media_type}"
    for one in report.findings:
        mark = "–" if one.verdict is Verdict.ACCEPT else "!"
        yield f"  {mark} {one.text} [{one.code}]"
    for claim in report.claims:
        yield f"  claims ({claim.kind.value}, {claim.where}): {claim.text}"
    yield f"  sha256 {report.sha256}" + (f", phash {report.phash}" if report.phash else "")


def _kind(facts: Facts) -> str:
    """What kind of picture it is, in one line."""
    traits = {
        "alpha": facts.has_alpha,
        "colour profile": facts.has_profile,
        "interlaced": facts.is_interlaced,
        "progressive": facts.is_progressive,
        f"orientation {facts.orientation}": facts.orientation != 1,
        f"{facts.trailing_bytes:,} bytes behind its end": facts.trailing_bytes > 0,
    }
    size = f"{facts.media_type}, {facts.width} x {facts.height} pixels, {facts.bits} bits, {facts.colour.value}"
    return ", ".join([size, *(name for name, holds in traits.items() if holds)])
