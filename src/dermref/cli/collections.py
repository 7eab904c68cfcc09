"""`dermref collections`: living sets of images, and the snapshots that papers cite."""

import json
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from dermref.cli.collection_rows import images, print_collection, print_snapshot, print_use, row_of, use_row
from dermref.cli.images import ACTIONS, PURPOSES, as_viewer
from dermref.cli.options import json_option
from dermref.cli.set_names import by_option, keeper_of, known_collection, known_snapshot, set_named
from dermref.cli.snapshots import check, document, freeze, register
from dermref.config.start import start
from dermref.model.asking import Action, Purpose, Viewer, ViewerKind
from dermref.model.collection import Order, Overtaken, Sharing

if TYPE_CHECKING:
    from collections.abc import Callable

    from dermref.model.collection import Changed, CollectionRecord
    from dermref.services.collecting import Search

SHARINGS = click.Choice([one.value for one in Sharing])
ORDERS = click.Choice([one.value for one in Order])
CURATOR = Viewer(ViewerKind.CURATOR)


def search_options(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """The filters of `dermref images list`, to take what they find."""
    options = (
        click.option("--source", "source_id", help="What is of this source."),
        click.option("--license", "license_id", help="What is under this SPDX license id."),
        click.option("--condition", help="What shows this condition (its slug)."),
        click.option("--modality", help="What is of this modality."),
        click.option("--body-site", help="What is of this body site."),
        click.option("--may", type=ACTIONS, help="Only what just anybody may use so."),
        click.option("--purpose", type=PURPOSES, help="What that use is for."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def collections() -> None:
    """Collections: ordered sets of images, filtered by rights whenever they are looked at, and frozen for papers.

    Example: dermref collections list
    """


@collections.command()
@click.argument("slug")
@click.argument("image_ids", nargs=-1)
@click.option("--title", required=True, help="What it is called.")
@click.option("--description", default="", help="What it is for.")
@click.option("--share", "sharing", type=SHARINGS, default="nobody", show_default=True, help="Who may look at it.")
@search_options
@by_option
@json_option
def create(
    slug: str,
    image_ids: tuple[str, ...],
    title: str,
    description: str,
    sharing: str,
    by: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Make a collection SLUG of IMAGE_IDS, or of what a search finds.

    \b
    Examples:
      dermref collections create nevi --title "Nevi" --condition nevus --share everybody --by "A. Curator"
      dermref collections create two --title "Two" isic-archive:ISIC_0000001 isic-archive:ISIC_0015740 --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.collecting import NewCollection
    from dermref.services.collecting import create as make

    new = NewCollection(title, description, slug, Sharing(sharing), image_ids, _search(asked))
    _tell(make(new, keeper=keeper_of(by), viewer=CURATOR), as_json, "added")


@collections.command()
@click.argument("slug")
@click.argument("image_ids", nargs=-1)
@search_options
@by_option
@json_option
def add(slug: str, image_ids: tuple[str, ...], by: str, as_json: bool, **asked: Any) -> None:
    """Put images at the end of SLUG: IMAGE_IDS, or what a search finds.

    Example: dermref collections add nevi isic-archive:ISIC_0000001 --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.collecting import add as put

    search = _search(asked)
    if not image_ids and search is None:
        raise click.UsageError("Say which images: their ids, or a search such as --condition nevus.")
    _tell(put(known_collection(slug), image_ids, search=search, keeper=keeper_of(by), viewer=CURATOR), as_json, "added")


@collections.command()
@click.argument("slug")
@click.argument("image_ids", nargs=-1, required=True)
@by_option
@json_option
def remove(slug: str, image_ids: tuple[str, ...], by: str, as_json: bool) -> None:
    """Take images out of SLUG.

    Example: dermref collections remove nevi isic-archive:ISIC_0000001 --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.collecting import take_out

    _tell(take_out(known_collection(slug), image_ids, keeper=keeper_of(by)), as_json, "taken out")


@collections.command()
@click.argument("slug")
@click.argument("image_id", required=False)
@click.option("--to", "place", type=click.IntRange(min=1), help="Put IMAGE_ID at this place, 1 being the first.")
@click.option("--by-field", "order", type=ORDERS, help="Put all images in the order of this field.")
@by_option
@json_option
def order(slug: str, image_id: str | None, place: int | None, order: str | None, by: str, as_json: bool) -> None:
    """Put one image at another place, or all in order.

    \b
    Examples:
      dermref collections order nevi isic-archive:ISIC_0000001 --to 1 --by "A. Curator"
      dermref collections order nevi --by-field condition --by "A. Curator"
    """
    if (image_id is None) != (place is None) or (image_id is None) == (order is None):
        raise click.UsageError("Say IMAGE_ID and --to where it goes, or --by-field for all of them.")
    start(migrate=True)
    from dermref.services.collecting import move, sort

    record, keeper = known_collection(slug), keeper_of(by)
    if order is not None:
        _tell(sort(record, Order(order), keeper=keeper), as_json, "in order")
    elif image_id is not None and place is not None:
        _tell(move(record, image_id, place=place, keeper=keeper), as_json, "moved")


@collections.command()
@click.argument("slug")
@click.option("--title", help="Another title.")
@click.option("--description", help="Another description.")
@click.option("--share", "sharing", type=SHARINGS, help="Who may look at it from now on.")
@click.option("--doi", help="The DOI of the same set where it is published elsewhere; “” takes it away.")
@click.option("--new-link", is_flag=True, help="Give it another link; the earlier one leads nowhere then.")
@by_option
@json_option
def describe(
    slug: str,
    title: str | None,
    description: str | None,
    sharing: str | None,
    doi: str | None,
    new_link: bool,
    by: str,
    as_json: bool,
) -> None:
    """Say something else of SLUG, or share it otherwise.

    Example: dermref collections describe nevi --share link --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.collecting import describe as say
    from dermref.services.collecting import renew_link

    record, keeper = known_collection(slug), keeper_of(by)
    changed = say(
        record,
        title=title,
        description=description,
        sharing=Sharing(sharing) if sharing else None,
        doi=doi,
        keeper=keeper,
    )
    if new_link and not isinstance(changed, Overtaken):
        changed = renew_link(changed.record, keeper=keeper)
    _tell(changed, as_json, "changed")


@collections.command()
@click.argument("slug")
@by_option
def delete(slug: str, by: str) -> None:
    """Take the collection SLUG away; its images stay. One with snapshots stays, too.

    Example: dermref collections delete nevi --by "A. Curator"
    """
    start(migrate=True)
    from dermref.services.collecting import remove as take_away

    take_away(known_collection(slug), keeper=keeper_of(by))
    click.echo(f"Taken away by {by}: {slug}")


@collections.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """All collections. Example: dermref collections list"""
    start(migrate=True)
    from dermref.services.collection_view import list_collections
    from dermref.services.freezing import snapshots_of

    found = list_collections(keeper_of("curator"))
    if as_json:
        rows = [row_of(one) | {"snapshots": len(snapshots_of(one.slug))} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.slug:<32} {one.images:>7,}  {one.sharing:<10} {one.title}")


@collections.command()
@click.argument("name")
@as_viewer
@click.option("--may", type=ACTIONS, help="What may be done with all of it, and what stands in the way.")
@click.option("--purpose", type=PURPOSES, default="unspecified", show_default=True, help="What that use is for.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=48, help="At most this many images, 48 unless said.")
@click.option("--after", type=int, default=-1, help="Go on after this place (“next” of the last list).")
@json_option
def show(name: str, viewer: str, may: str | None, purpose: str, limit: int, after: int, as_json: bool) -> None:
    """A collection as this viewer sees it, or a snapshot, named as SLUG@2, with its gaps.

    \b
    Examples:
      dermref collections show nevi
      dermref collections show nevi --may redistribute --purpose research
      dermref collections show nevi@1
    """
    start(migrate=True)
    from dermref.services.viewing import viewer_like

    found, looker = set_named(name), viewer_like(ViewerKind(viewer))
    if found.number is not None:
        if may:
            raise click.UsageError("What may be done is asked of the living collection; leave out the number.")
        print_snapshot(known_snapshot(found), looker, start=max(after, 0), limit=limit, as_json=as_json)
        return
    record = known_collection(found.slug)
    if may:
        _use(record, looker, Action(may), Purpose(purpose), as_json)
    print_collection(record, looker, after=after, limit=limit, as_json=as_json)


def _use(record: "CollectionRecord", viewer: Viewer, action: Action, purpose: Purpose, as_json: bool) -> NoReturn:
    from dermref.services.collection_view import use_of_all
    from dermref.services.deciding import question_of

    use = use_of_all(record, question_of(action, viewer=viewer, purpose=purpose), names=None if as_json else 20)
    if use is None:
        click.echo("null" if as_json else f"{record.slug} has no image of which this viewer may know.")
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(use_row(use), ensure_ascii=False))
    else:
        print_use(use)
    sys.exit(0 if use.decision.is_allowed else 1)


for command in (freeze, check, document, register):
    collections.add_command(command)


def _tell(changed: "Changed | Overtaken", as_json: bool, did: str) -> None:
    """What was done, and what could not be: 1 where an image was left out or somebody was faster."""
    if isinstance(changed, Overtaken):
        click.echo(changed.text, err=True)
        sys.exit(1)
    record = changed.record
    if as_json:
        click.echo(json.dumps(row_of(record) | {"changed": changed.images, "left_out": list(changed.left_out)}))
    else:
        click.echo(f"{record.slug}: {changed.images:,} {did}, {images(record.images)}, shared with {record.sharing}")
    for one in changed.left_out:
        click.echo(f"left out: {one} (no such image, or none that may be seen)", err=True)
    sys.exit(1 if changed.left_out else 0)


def _search(asked: dict[str, Any]) -> "Search | None":
    """The search that the options describe; None where they say nothing. It finds what a curator may see in lists."""
    if not any(asked.values()):
        return None
    from dermref.services.collecting import Search
    from dermref.services.searching import Wanted, shelf_of

    wanted = Wanted(
        source_id=asked["source_id"],
        license_id=asked["license_id"],
        condition=asked["condition"],
        modality=asked["modality"],
        body_site=asked["body_site"],
    )
    action, purpose = Action(asked["may"] or Action.VIEW), Purpose(asked["purpose"] or Purpose.UNSPECIFIED)
    looker = Viewer() if asked["may"] else CURATOR
    return Search(wanted, shelf_of(looker, action=action, purpose=purpose))
