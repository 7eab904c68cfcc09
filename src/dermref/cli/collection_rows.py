"""Collections, snapshots and what may be done with them, as rows of JSON and as lines for a terminal."""

import json
from typing import TYPE_CHECKING

import click

from dermref.model.asking import Viewer
from dermref.model.collection import CollectionRecord, SnapshotRecord

if TYPE_CHECKING:
    from dermref.services.collection_view import SetUse
    from dermref.services.freezing import Entry

Json = dict[str, object]


def images(number: int) -> str:
    """A number of images in words."""
    return f"{number:,} {'image' if number == 1 else 'images'}"


def row_of(record: CollectionRecord) -> Json:
    """A collection as JSON for who looks after it."""
    from dermref.services.describing_sets import describe_collection

    return describe_collection(record) | {
        "images": record.images,
        "search": dict(record.search),
        "created_at": record.created_at.isoformat(),
        "changed_by": record.changed_by,
    }


def use_row(use: "SetUse") -> Json:
    """What may be done with all of a collection, as JSON: the members that cause each restriction by id."""
    from dermref.services.describing import describe_set_decision

    return describe_set_decision(use.decision, numbers=use.numbers)


def print_use(use: "SetUse") -> None:
    """The same in lines."""
    one = use.decision
    click.echo(f"{one.action}: {one.outcome} (to {one.viewer}, for {one.purpose}, {one.operator})")
    for cause, number in zip(one.causes, use.numbers, strict=True):
        click.echo(f"  {cause.outcome}: {cause.reason.text} ({images(number)})")
        more = f" and {number - len(cause.members):,} more" if number > len(cause.members) else ""
        click.echo(f"    {', '.join(cause.members)}{more}")
    for duty in one.duties:
        click.echo(f"  {duty.code}: {duty.text}")


def print_collection(record: CollectionRecord, viewer: Viewer, *, after: int, limit: int, as_json: bool) -> None:
    """A collection as `viewer` sees it."""
    from dermref.services.collection_view import link_of, view
    from dermref.services.describing import describe_images
    from dermref.services.describing_sets import describe_snapshot
    from dermref.services.freezing import snapshots_of
    from dermref.services.searching import shelf_of

    page, frozen = view(record, shelf_of(viewer), after=after, limit=limit), snapshots_of(record.slug)
    if as_json:
        row = row_of(record) | {
            "shown": page.shown,
            "withheld": page.withheld,
            "link": link_of(record),
            "next": page.next_after,
            "results": describe_images(page.images, viewer=viewer),
            "snapshots": [describe_snapshot(one) for one in frozen],
        }
        click.echo(json.dumps(row, ensure_ascii=False, default=str))
        return
    click.echo(f"{record.title} ({record.slug}, shared with {record.sharing})")
    if record.description:
        click.echo(record.description)
    if link := link_of(record):
        click.echo(f"Its link: {link}")
    for shown in page.images:
        click.echo(f"{shown.record.public_id}\t{shown.record.condition_as_published or '–'}\t{shown.credit.text}")
    for one in frozen:
        click.echo(f"{one.name}\t{images(one.images)}, {one.frozen_at:%Y-%m-%d}\tsha256 {one.sha256}", err=True)
    click.echo(f"{len(page.images)} of {images(page.shown)}; {page.withheld:,} may not be shown", err=True)


def print_snapshot(snapshot: SnapshotRecord, viewer: Viewer, *, start: int, limit: int, as_json: bool) -> None:
    """A snapshot with what `viewer` may still see of it."""
    from dermref.services.describing_sets import describe_entry, describe_snapshot
    from dermref.services.freezing import Gap, entries, read_snapshot

    frozen = read_snapshot(snapshot)
    found = entries(frozen.members[start : start + limit], viewer=viewer)
    if as_json:
        members = [describe_entry(one) | {"credit": _credit(one)} for one in found]
        following = start + limit if start + limit < len(frozen.members) else None
        click.echo(
            json.dumps(describe_snapshot(snapshot) | {"next": following, "members": members}, ensure_ascii=False)
        )
        return
    click.echo(f"{snapshot.title} ({snapshot.name}, frozen {snapshot.frozen_at:%Y-%m-%d} by {snapshot.frozen_by})")
    click.echo(f"sha256 of its document: {snapshot.sha256}")
    for one in found:
        if isinstance(one.now, Gap):
            click.echo(f"{one.member.id}\tgap: {one.now.text}")
        else:
            other = "" if one.is_same_file else "\tanother file by now"
            click.echo(f"{one.member.id}\t{one.member.credit}{other}")
    click.echo(f"{len(found)} of {snapshot.images:,} members", err=True)


def _credit(entry: "Entry") -> str | None:
    """The credit as it was frozen, where the member may still be shown."""
    from dermref.services.freezing import Gap

    return None if isinstance(entry.now, Gap) else entry.member.credit
