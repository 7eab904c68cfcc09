"""`dermref links`: links to pages of sources, most of which may not be shown here, and whether the pages are there."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from dermref.cli.options import json_option
from dermref.config.start import start
from dermref.model.deployment import Stopped
from dermref.model.link import LinkState, NewLink, Sight

if TYPE_CHECKING:
    from dermref.services.link_rot import Looked, Report
    from dermref.services.linking import Listed

AT_ONCE = 500
EACH = "each"
T = TypeVar("T")


@click.group()
def links() -> None:
    """Link to pages of other sites from conditions and topics. Nothing of a linked page is kept or shown here.

    Example: dermref links list --source pathologyoutlines
    """


@links.command()
@click.argument("source_id")
@click.argument("url")
@click.option("--title", required=True, help="What the page is called.")
@click.option("--condition", default="", metavar="LABEL", help="The condition it is about.")
@click.option("--topic", default="", metavar="TEXT", help="The topic, where it is about no single condition.")
@click.option("--language", default="", metavar="CODE", help="The language of the page, such as en or pt-BR.")
@click.option("--login", is_flag=True, help="A visitor has to sign in there.")
@click.option("--note", default="", help="A word about the page, shown beside the link.")
@click.option("--by", required=True, help="Who adds it.")
@json_option
def add(
    source_id: str,
    url: str,
    title: str,
    condition: str,
    topic: str,
    language: str,
    login: bool,
    note: str,
    by: str,
    as_json: bool,
) -> None:
    """Link to a page at URL of SOURCE_ID, for one condition or one topic. The same link again gets the new words.

    \b
    Example:
      dermref links add pathologyoutlines https://www.pathologyoutlines.com/topic/skintumormelanocyticatypicalspitz.html
        --title "Atypical Spitz tumor" --condition "Atypical Spitz tumor" --language en --by "A. Curator"
    """
    if bool(condition.strip()) == bool(topic.strip()):
        raise click.UsageError("Say what the link is for: either --condition or --topic.")
    link = NewLink(source_id, url, title.strip(), condition.strip(), topic.strip(), language, login, note.strip())
    author = _author(by)
    start(migrate=True)
    from dermref.services.linking import add_link

    listed = _or_faults(lambda: add_link(link, by=author), as_json=as_json)
    if as_json:
        click.echo(json.dumps(_row(listed), ensure_ascii=False))
    else:
        _print(listed)


@links.command("import")
@click.argument("source_id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", default=None, help="Who brings them in.  [default: the name of the file]")
@json_option
def import_(source_id: str, file: Path, by: str | None, as_json: bool) -> None:
    """Add all links of a table (.csv, .tsv or .jsonl), or none of them if any is at fault. Safe to repeat.

    Columns: url, title, condition or topic; and language, needs_login, note, if you like. With “each” in place of
    SOURCE_ID, a column source_id says whose page it is. The annotation table of a data set release whose images are
    not licensed can be brought in as it is.

    \b
    Examples:
      dermref links import pathologyoutlines links.csv --by "A. Curator"
      dermref links import each demo/links.csv
    """
    author = _author(f"the file {file.name}" if by is None else by)
    start(migrate=True)
    from dermref.services.linking import import_links

    of = None if source_id == EACH else source_id
    done = _or_faults(lambda: import_links(of, file, by=author), as_json=as_json)
    saved = done.saved
    numbers = {"added": saved.added, "updated": saved.updated, "unchanged": saved.unchanged, "left_out": done.left_out}
    if as_json:
        click.echo(json.dumps({**numbers, "faults": []}))
        return
    for name, number in numbers.items():
        click.echo(f"{name.replace('_', ' '):<10} {number:>8,}")


@links.command("list")
@click.option("--source", "source_id", help="Only the links of this source.")
@click.option("--condition", help="Only those for this condition (label or slug).")
@click.option("--state", type=click.Choice([one.value for one in LinkState]), help="Only those in this state.")
@json_option
def list_(source_id: str | None, condition: str | None, state: str | None, as_json: bool) -> None:
    """List links with where they lead, what the last check found, and why one is not shown.

    Example: dermref links list --state broken
    """
    start(migrate=True)
    from dermref.services.linking import list_links

    found = list_links(source_id=source_id, condition=condition, state=LinkState(state) if state else None)
    if as_json:
        click.echo(json.dumps([_row(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        _print(one)
    click.echo(f"{len(found):,} {'link' if len(found) == 1 else 'links'}")


@links.command()
@click.option("--source", "source_id", help="Only the links of this source.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=AT_ONCE, show_default=True, help="At most so many.")
@click.option("--base-url", help="A mirror on loopback with a folder for each host, for trying out.")
@json_option
def check(source_id: str | None, limit: int, base_url: str | None, as_json: bool) -> None:
    """Look whether the pages of the links that are due are there: politely, and without following anything.

    After three looks in a row, at least a day apart, that found no page, a link is not shown any more; a good answer
    brings it back. Run it once a day.

    Example: dermref links check --limit 200
    """
    if base_url and not base_url.startswith(("http://", "https://")):
        raise click.UsageError(f"“{base_url}” is not a web address; --base-url begins with http:// or https://.")
    start(migrate=True)
    from dermref.services.link_rot import check_links

    report = check_links(source_id=source_id, limit=limit, base_url=base_url, progress=_tell)
    if as_json:
        click.echo(json.dumps(_report(report), ensure_ascii=False))
    else:
        for name, number in {**{one.value: report.sights[one] for one in Sight}, "put off": report.put_off}.items():
            click.echo(f"{name:<10} {number:>8,}")
    sys.exit(0 if report.is_good else 1)


@links.command()
@click.argument("link_id", type=int)
@click.option("--by", required=True, help="Who removes it.")
@json_option
def remove(link_id: int, by: str, as_json: bool) -> None:
    """Remove a link by its number in the list.

    Example: dermref links remove 12 --by "A. Curator"
    """
    author = _author(by)
    start(migrate=True)
    from dermref.services.linking import take_out

    link = take_out(link_id)
    if as_json:
        click.echo(json.dumps({"id": link.row_id, "url": link.url, "removed_by": author}, ensure_ascii=False))
    else:
        click.echo(f"Removed by {author}: {link.title} ({link.url})")


def _author(by: str) -> str:
    if not by.strip():
        raise click.UsageError("--by says who; it may not be empty.")
    return by.strip()


def _or_faults(act: Callable[[], T], *, as_json: bool) -> T:
    """What `act` gives; where it finds faults, they are printed and the command ends with 1."""
    try:
        return act()
    except Stopped as stop:
        if not as_json:
            raise
        click.echo(json.dumps({"faults": str(stop).split("\n")}, ensure_ascii=False))
        sys.exit(1)


def _print(listed: "Listed") -> None:
    link = listed.link
    click.echo(f"{link.row_id:>6}  {link.source_id}: {link.title} ({link.condition_label or link.topic})")
    click.echo(f"        {link.url}")
    if listed.target != link.url:
        click.echo(f"        leads to {listed.target}, as the source wants")
    said = [link.state.value, *([link.status] if link.status else []), *(["login needed"] if link.needs_login else [])]
    click.echo(f"        {', '.join(said)}{f'; moved to {link.moved_to}' if link.moved_to else ''}")
    if listed.hidden:
        click.echo(f"        not shown: {listed.hidden.text}")


def _row(listed: "Listed") -> dict[str, object]:
    link = listed.link
    return {
        "id": link.row_id,
        "source_id": link.source_id,
        "url": link.url,
        "target": listed.target,
        "title": link.title,
        "condition": {"slug": link.condition_slug, "label": link.condition_label} if link.condition_slug else None,
        "topic": link.topic or None,
        "language": link.language or None,
        "needs_login": link.needs_login,
        "note": link.note or None,
        "by": link.by,
        "added_at": link.added_at.isoformat(),
        "state": link.state.value,
        "strikes": link.strikes,
        "checked_at": link.checked_at.isoformat() if link.checked_at else None,
        "status": link.status or None,
        "moved_to": link.moved_to or None,
        "shown": listed.hidden is None,
        "not_shown_because": {"code": listed.hidden.code, "text": listed.hidden.text} if listed.hidden else None,
    }


def _report(report: "Report") -> dict[str, object]:
    return {
        "looked": {one.value: report.sights[one] for one in Sight},
        "put_off": report.put_off,
        "links": [
            {
                "id": one.link.row_id,
                "url": one.link.url,
                "found": one.finding.sight.value,
                "status": one.finding.status,
                "moved_to": one.finding.moved_to or None,
                "state": one.state.value,
                "strikes": one.strikes,
            }
            for one in report.looked
        ],
    }


def _tell(looked: "Looked") -> None:
    """One line on stderr for each link that a curator may want to look at."""
    if looked.finding.sight is not Sight.THERE:
        click.echo(
            f"{looked.link.row_id:>6}  {looked.state.value:<9} {looked.link.url}: {looked.finding.status}", err=True
        )
