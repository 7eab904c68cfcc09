"""The part of `dermref collections` that freezes them, and looks after what was frozen."""

import json
import sys
from typing import Any

import click

from dermref.cli.collection_rows import images
from dermref.cli.options import json_option
from dermref.cli.set_names import by_option, keeper_of, known_collection, known_snapshot, set_named
from dermref.config.start import start


@click.command()
@click.argument("slug")
@by_option
@json_option
def freeze(slug: str, by: str, as_json: bool) -> None:
    """Freeze what just anybody may see of SLUG into a numbered, public snapshot that can be cited.

    Example: dermref collections freeze nevi --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.describing_sets import describe_snapshot
    from dermref.services.freezing import freeze as make

    done = make(known_collection(slug), keeper=keeper_of(by), progress=_frozen)
    if as_json:
        row = describe_snapshot(done.snapshot) | {"is_new": done.is_new, "left_out": done.left_out}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    one = done.snapshot
    click.echo(f"{one.name}{'' if done.is_new else ' said the same already'}: {images(one.images)}")
    click.echo(f"sha256 of its document: {one.sha256}")
    if done.left_out:
        click.echo(f"{done.left_out:,} stay out: not just anybody may see them.", err=True)


@click.command()
@click.argument("name")
@json_option
def check(name: str, as_json: bool) -> None:
    """Check a snapshot, SLUG@2: whether its document is what was frozen, and which members can be shown no more.

    Example: dermref collections check nevi@1
    """
    start(migrate=True)
    from dermref.services.freezing import check as look

    report = look(known_snapshot(set_named(name)))
    if as_json:
        gaps = [{"id": one, "code": gap.code, "text": gap.text} for one, gap in report.gaps]
        click.echo(json.dumps({"is_whole": report.is_whole, "gaps": gaps, "other_files": list(report.other_files)}))
    else:
        click.echo("The document is the one that was frozen." if report.is_whole else "The document was CHANGED.")
        for one, gap in report.gaps:
            click.echo(f"gap: {one}: {gap.text}")
        for one in report.other_files:
            click.echo(f"another file by now: {one}")
    sys.exit(0 if report.is_whole and not report.gaps and not report.other_files else 1)


@click.command()
@click.argument("name")
@click.option("--doi", help="Record this DOI, which was registered by other means.")
@click.option("--dry-run", is_flag=True, help="Print what DataCite would be told, and register nothing.")
@json_option
def register(name: str, doi: str | None, dry_run: bool, as_json: bool) -> None:
    """Register a DOI for a snapshot, SLUG@2, at DataCite, and record it for good.

    Example: dermref collections register nevi@1
    """
    start(migrate=True)
    from dermref.services.describing_sets import describe_snapshot
    from dermref.services.minting import mint, record_doi, would_tell

    snapshot = known_snapshot(set_named(name))
    if dry_run:
        click.echo(json.dumps(would_tell(snapshot, doi), ensure_ascii=False, indent=2))
        return
    done = record_doi(snapshot, doi) if doi else mint(snapshot)
    click.echo(json.dumps(describe_snapshot(done)) if as_json else f"{done.name}: https://doi.org/{done.doi}")


@click.command()
@click.argument("name")
@click.option("--out", type=click.File("wb"), default="-", help="Where to write it; “-” is standard output.")
def document(name: str, out: Any) -> None:
    """The document of a snapshot, SLUG@2, byte for byte: its sha256 is the content hash.

    Example: dermref collections document nevi@1 --out nevi-1.json
    """
    start(migrate=True)
    from dermref.services.freezing import document_of

    out.write(document_of(known_snapshot(set_named(name))))


def _frozen(number: int) -> None:
    """A line now and then: ten thousand images take about a second."""
    if number % 10_000 == 0:
        click.echo(f"collections: {number:,} images read …", err=True)
