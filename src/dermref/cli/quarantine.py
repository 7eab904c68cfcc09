"""`dermref quarantine`: what waits for a curator, and what a curator lets pass."""

import json
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from dermref.cli.options import author_of, json_option, signed
from dermref.cli.progress import IngestProgress, print_report, report_json
from dermref.config.start import start

if TYPE_CHECKING:
    from dermref.services.reviewing import Select

source_option = click.option("--source", "source_id", help="Only the items of this source.")
code_option = click.option("--code", help="Only the items that were kept out for this.")


@click.group()
def quarantine() -> None:
    """Look at what inspection kept for a curator, and let it pass with a name and a reason.

    Example: dermref quarantine list --source isic-archive
    """


@quarantine.command("list")
@source_option
@code_option
@json_option
def list_(source_id: str | None, code: str | None, as_json: bool) -> None:
    """List the items whose files are kept until a curator has looked at them, with what was found.

    Example: dermref quarantine list --code privacy-gps
    """
    start(migrate=True)
    from dermref.services.reviewing import waiting_items

    items = list(waiting_items(source_id, code))
    if as_json:
        rows = [
            {
                "id": item.public_id,
                "sha256": item.sha256,
                "findings": [{"code": one.code, "text": one.text} for one in item.reasons],
            }
            for item in items
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for item in items:
        click.echo(item.public_id)
        for one in item.reasons:
            click.echo(f"  {one.code:<20} {one.text}")
    click.echo(f"{len(items):,} waiting for a curator")


@quarantine.command()
@click.argument("public_ids", nargs=-1, metavar="ID…")
@source_option
@click.option("--code", "codes", multiple=True, help="Let only this finding pass (repeat for several).")
@signed("lets it pass")
@json_option
def accept(
    public_ids: tuple[str, ...], source_id: str | None, codes: tuple[str, ...], by: str, why: str, as_json: bool
) -> None:
    """Let items in despite what was found in their files; each is settled at once, and may stay out for another reason.

    Name the items, or with --source and --code all items of a source that have no other finding. What renditions and
    exports carry does not change: none of it.

    \b
    Examples:
      dermref quarantine accept isic-archive:ISIC_0000051 --by "A. Curator" --why "the place is the clinic's own"
      dermref quarantine accept --source isic-archive --code privacy-person --by "A. Curator" --why "credited anyway"
    """
    author = author_of(by, why)
    if bool(public_ids) == bool(source_id) or (source_id and not codes):
        raise click.UsageError("Name the items, or a --source together with a --code.")
    start(migrate=True)
    from dermref.services.reviewing import accept, find_waiting, only_with

    select: Select = partial(only_with, source_id, frozenset(codes)) if source_id else partial(find_waiting, public_ids)
    with IngestProgress("quarantine") as progress:
        report = accept(select, author, codes=frozenset(codes) or None, progress=progress)
    _show(report, as_json=as_json)


@quarantine.command()
@source_option
@code_option
@json_option
def recheck(source_id: str | None, code: str | None, as_json: bool) -> None:
    """Inspect the kept files again and settle their items by today's rules, such as a watermark's new reference.

    Example: dermref quarantine recheck --code watermark-unsure
    """
    start(migrate=True)
    from dermref.services.reviewing import recheck, waiting_items

    with IngestProgress("quarantine") as progress:
        report = recheck(lambda: waiting_items(source_id, code), progress=progress)
    _show(report, as_json=as_json)


def _show(report: object, *, as_json: bool) -> None:
    from dermref.services.report import Fate, Report

    assert isinstance(report, Report)
    if as_json:
        click.echo(json.dumps(report_json(report), ensure_ascii=False))
    else:
        print_report(report)
    sys.exit(1 if report.fates[Fate.QUARANTINED] or report.fates[Fate.FAILED] else 0)
