"""`dermref watermarks`: the references that the watermarks of sources are compared with, and what they say of files."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from dermref.cli.options import json_option
from dermref.config.start import start
from dermref.registry.faults import UnknownSource
from dermref.registry.load import load_source

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def watermarks() -> None:
    """The watermarks that sources want kept.

    A source's own mark is no part of dermref: a curator gives a reference. Until then, its pictures wait in quarantine.

    Example: dermref watermarks list
    """


@watermarks.command("list")
@json_option
def list_watermarks(as_json: bool) -> None:
    """List the sources that want their mark kept, where it is looked for, and whether there is a reference.

    Example: dermref watermarks list --json
    """
    start()
    from dermref.services.marks import list_marks

    states = list_marks()
    if as_json:
        rows = [
            {
                "source": one.source.source_id,
                "places": one.source.watermark.places if one.source.watermark else (),
                "widths": one.source.watermark.widths if one.source.watermark else (),
                "note": one.source.watermark.note if one.source.watermark else None,
                "reference": asdict(one.record) if one.record else None,
            }
            for one in states
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in states:
        given = f"given by {one.record.by} at {one.record.at}" if one.record else "no reference"
        places = ", ".join(one.source.watermark.places) if one.source.watermark else "nowhere"
        click.echo(f"{one.source.source_id}\t{given}\t{places}")


@watermarks.command("set")
@click.argument("source_id")
@click.argument("file", type=FILE)
@click.option("--by", required=True, help="Who gives this reference.")
@json_option
def set_watermark(source_id: str, file: Path, by: str, as_json: bool) -> None:
    """Give the reference of a source's mark: a PNG of the mark alone, clear around it or cut out of a picture.

    \b
    Example:
      dermref watermarks set SOURCE_ID mark.png --by "A. Curator"
    """
    _must_know(source_id)
    if not by.strip():
        raise click.UsageError("--by says who gives the reference; it may not be empty.")
    start()
    from dermref.services.marks import set_mark

    record = set_mark(source_id, file, by=by.strip())
    text = f"{source_id}: {file.name} is the reference now; try it with “dermref watermarks check {source_id} FILE…”."
    click.echo(json.dumps(asdict(record), ensure_ascii=False) if as_json else text)


@watermarks.command("check")
@click.argument("source_id")
@click.argument("files", type=FILE, nargs=-1, required=True)
@json_option
def check_watermark(source_id: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Tell of each file whether the source's mark is on it; exit 1 when it is not beyond doubt on every one.

    \b
    Example:
      dermref watermarks check SOURCE_ID picture.jpg
    """
    _must_know(source_id)
    start()
    from dermref.services.marks import check_marks

    checked = check_marks(source_id, files)
    if as_json:
        click.echo(json.dumps([{"file": str(one.path), **asdict(one.sight)} for one in checked], ensure_ascii=False))
    else:
        for one in checked:
            why = f"\t{one.sight.doubt}" if one.sight.doubt else ""
            click.echo(f"{one.sight.sighting}\t{one.sight.score:.2f}\t{one.path}{why}")
    sys.exit(0 if all(one.is_marked for one in checked) else 1)


def _must_know(source_id: str) -> None:
    try:
        load_source(source_id)
    except UnknownSource as error:
        raise click.UsageError(str(error)) from error
