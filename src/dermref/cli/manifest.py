"""`dermref manifest`: check a table of images before it is brought in, or get an empty one for a source."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import click

from dermref.cli.options import json_option, known_source
from dermref.config.start import start
from dermref.model.manifest import IGNORED
from dermref.registry.load import load_source
from dermref.rights.gate import depends_on_writings
from dermref.services.manifests import Columns, Format, RowFault, check, read_columns, template

MOST_SHOWN = 40
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
map_option = click.option(
    "--map", "chosen", multiple=True, metavar="COLUMN=FIELD", help="Which field a column is; “COLUMN=-” ignores it."
)


@click.group()
def manifest() -> None:
    """Tables of images for sources without an interface: CSV, TSV or JSON lines, beside the files they name.

    Example: dermref manifest template SOURCE_ID
    """


@manifest.command("template")
@click.argument("source_id")
@click.option(
    "--format", "how", type=click.Choice([str(one) for one in Format]), default=str(Format.CSV), show_default=True
)
@json_option
def template_(source_id: str, how: str, as_json: bool) -> None:
    """Print an empty manifest with the columns that the source's terms need; why each is there goes to stderr.

    \b
    Example:
      dermref manifest template SOURCE_ID > manifest.csv
    """
    found = template(source_id, is_granted=_is_open(source_id))
    if as_json:
        columns = [{"column": name, "why": why} for name, why in found.columns]
        click.echo(json.dumps({"columns": columns, "remarks": found.remarks}, ensure_ascii=False))
        return
    click.echo(found.written(Format(how)))
    for name, why in found.columns:
        click.echo(f"{name}: {why}", err=True)
    for remark in found.remarks:
        click.echo(remark, err=True)


@manifest.command("check")
@click.option("--source", "source_id", required=True, help="The source the rows belong to.")
@click.option("--from", "file", type=FILE, required=True, help="The manifest.")
@map_option
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write every fault to this new file, too."
)
@json_option
def check_(source_id: str, file: Path, chosen: tuple[str, ...], report: Path | None, as_json: bool) -> None:
    """Check every row and tell every fault by its line; nothing is written. Exit 1 when there are any.

    A terminal shows the first 40; a pipe, --json and --report FILE get all of them.

    \b
    Example:
      dermref manifest check --source SOURCE_ID --from manifest.csv --map "Photo by=creator"
    """
    columns = matched(source_id, file, chosen)
    show_columns(columns)
    with ExitStack() as stack:
        kept = stack.enter_context(_opened(report)) if report else None
        telling = _Told(kept, as_json=as_json)
        checked = check(columns, telling)
        telling.end(columns, rows=checked.rows, accepted=checked.accepted)
    sys.exit(1 if checked.faults else 0)


def matched(source_id: str, file: Path, chosen: tuple[str, ...]) -> Columns:
    """The manifest's columns. Raises UsageError for an unknown source and for a --map that is none."""
    said: dict[str, str] = {}
    for one in chosen:
        column, is_one, field = one.rpartition("=")
        if not is_one:
            raise click.UsageError(f"“{one}” is no --map; say it as COLUMN=FIELD.")
        said[column] = field
    return read_columns(source_id, file, said, is_granted=_is_open(source_id))


def _is_open(source_id: str) -> bool:
    """Whether its bytes may be held now. Where nothing in writing decides, no database is asked."""
    source = load_source(known_source(source_id))
    if not depends_on_writings(source.terms):
        return True
    start(migrate=True)
    from dermref.services.doors import is_open

    return is_open(source)


def show_columns(columns: Columns) -> None:
    """On stderr: what each column was taken for, and how the file was read, where that goes without saying no more."""
    for note in columns.sheet.notes:
        click.echo(f"{columns.sheet.path.name}: {note}", err=True)
    if columns.matching.is_own:
        return
    for name, field in columns.matching.said:
        if field != IGNORED:
            click.echo(f"  {_printable(name)} → {field}", err=True)
    for field, text in columns.matching.implied:
        click.echo(f"  (by the name of its column) {field} is “{text}”", err=True)
    if columns.matching.ignored:
        click.echo(f"  ignored: {', '.join(map(_printable, columns.matching.ignored))}", err=True)


def confirmed(columns: Columns, *, is_said: bool) -> tuple[tuple[str, str], ...]:
    """The columns as somebody confirmed them: by saying so, or asked on a terminal. Raises UsageError where nobody is
    there to be asked."""
    matching = columns.matching
    if not (matching.is_own or is_said or matching.faults):
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise click.UsageError(columns.question)
        click.confirm("Are the columns meant so?", abort=True, err=True)
    return columns.meant


class _Told:
    """Passes on each fault as it comes, so that a million of them need no memory."""

    def __init__(self, kept: TextIO | None, *, as_json: bool) -> None:
        self._kept, self._as_json = kept, as_json
        self._most = None if as_json or not sys.stdout.isatty() else MOST_SHOWN
        self._count = 0
        if as_json:
            click.echo('{"faults": [', nl=False)

    def __call__(self, fault: RowFault) -> None:
        if self._kept:
            self._kept.write(f"{fault}\n")
        if self._as_json:
            click.echo((", " if self._count else "") + json.dumps(fault._asdict(), ensure_ascii=False), nl=False)
        elif self._most is None or self._count < self._most:
            click.echo(str(fault))
        self._count += 1

    def end(self, columns: Columns, *, rows: int, accepted: int) -> None:
        if self._as_json:
            said = {
                "source_id": columns.source.source_id,
                "columns": dict(columns.matching.said),
                "notes": columns.sheet.notes,
                "rows": rows,
                "accepted": accepted,
                "faulty": rows - accepted,
            }
            click.echo(f"], {json.dumps(said, ensure_ascii=False)[1:]}")
            return
        if self._most is not None and self._count > self._most:
            click.echo(f"… and {self._count - self._most:,} more; --report FILE keeps them all")
        click.echo(f"{rows:,} rows: {accepted:,} sound, {rows - accepted:,} with faults; {self._count:,} faults in all")


def _opened(report: Path) -> TextIO:
    """A file of this very run: one that is there, were it the manifest itself, is left as it is."""
    try:
        return report.open("x", encoding="utf-8")
    except FileExistsError as error:
        raise click.UsageError(f"{report} is there already; give --report the name of a new file.") from error
    except OSError as error:
        raise click.UsageError(f"{report} cannot be written: {error.strerror}.") from error


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in name) or "(no name)"
