"""Collections made and changed: by whoever keeps them, from images that they may see, under the version they saw. What
a change cannot do is said in one sentence, and nothing of it is lost."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.text import slugify

from dermref.catalog import collecting as rows
from dermref.catalog.paging import Filter, row_ids
from dermref.credit.doi import read_doi
from dermref.model.asking import Viewer
from dermref.model.collection import Changed, CollectionRecord, Keeper, Order, Overtaken, Sharing
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.services.searching import Shelf, Wanted, policies_for, shelf_of

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = frozenset({"add", "new", "shared"})  # words that stand at this place in addresses
LONGEST = {"slug": 80, "title": 300, "description": 5_000}  # characters
MOST_MEMBERS = 200_000
AT_ONCE = 1_000  # rows of a search
NOT_YOURS = "Only who made this collection, and curators, may change it."


@dataclass(frozen=True, slots=True)
class Search:
    """What a search asks for, with the shelf that it looks on."""

    wanted: Wanted
    shelf: Shelf

    @property
    def words(self) -> dict[str, str]:
        """The same in words, to be kept with what was made of it."""
        one = self.wanted
        asked = {
            "source": one.source_id,
            "license": one.license_id,
            "condition": one.condition,
            "modality": one.modality,
            "body_site": one.body_site,
            "may": self.shelf.action.value,
            "purpose": self.shelf.purpose.value,
        }
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class NewCollection:
    """A collection to be made. Without a slug it gets one from its title; `images` are ids, `search` adds what it
    finds."""

    title: str
    description: str = ""
    slug: str = ""
    sharing: Sharing = Sharing.NOBODY
    images: tuple[str, ...] = ()
    search: Search | None = field(default=None)


def create(new: NewCollection, *, keeper: Keeper, viewer: Viewer) -> Changed:
    """Make a collection of images that `viewer` may see. Raises Stopped with one sentence."""
    title, description = _checked("title", new.title), _checked("description", new.description)
    _allowed_sharing(new.sharing, keeper)
    slug = new.slug or slugify(title)[: LONGEST["slug"]].strip("-") or f"collection-{timezone.now():%Y%m%d-%H%M%S}"
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST["slug"] or slug in RESERVED:
        raise Stopped(
            f"“{slug[:80]}” is no name for a collection: small letters, digits and hyphens, such as nevi-2026."
        )
    found, left_out = _found(new.images, new.search, viewer)
    record = rows.add_collection(
        slug,
        title=title,
        description=description,
        keeper=keeper,
        sharing=new.sharing,
        search=new.search.words if new.search else {},
        at=timezone.now(),
    )
    if record is None:
        raise Stopped(f"There is a collection “{slug}” already; choose another name.")
    return _add(record, found, left_out, keeper) if found else Changed(record, 0, left_out)


def add(
    record: CollectionRecord,
    images: Sequence[str] = (),
    *,
    search: Search | None = None,
    keeper: Keeper,
    viewer: Viewer,
) -> Changed:
    """Put images at its end that `viewer` may see; what is there already stays where it is."""
    _require(record, keeper)
    found, left_out = _found(images, search, viewer)
    return _add(record, found, left_out, keeper) if found else Changed(record, 0, left_out)


def take_out(record: CollectionRecord, images: Sequence[str], *, keeper: Keeper) -> Changed:
    """Take images out, whatever their rights are by now."""
    known = rows.find_images(images)
    gone = [one.row_id for one in known.values()]
    left_out = tuple(one for one in images if one not in known)
    return _append(record, keeper, lambda: rows.take_members(record.row_id, gone), left_out)


def move(
    record: CollectionRecord, image: str, *, place: int, keeper: Keeper, version: int | None = None
) -> Changed | Overtaken:
    """Put one image at a place of the list, 1 being the first. Raises Stopped where it is not in it."""
    known = rows.find_images([image])

    def put() -> int:
        if place < 1 or image not in known or not rows.move_member(record.row_id, known[image].row_id, place=place - 1):
            raise Stopped(f"“{image[:80]}” cannot be put at place {place}: no such image is here, or no such place.")
        return 1

    return _change(record, keeper, version, put)


def sort(record: CollectionRecord, order: Order, *, keeper: Keeper, version: int | None = None) -> Changed | Overtaken:
    """Put all its images in order."""

    def put() -> int:
        rows.sort_members(record.row_id, order)
        return record.images

    return _change(record, keeper, version, put)


def describe(
    record: CollectionRecord,
    *,
    title: str | None = None,
    description: str | None = None,
    sharing: Sharing | None = None,
    doi: str | None = None,
    keeper: Keeper,
    version: int | None = None,
) -> Changed | Overtaken:
    """Give it another title or description, share it otherwise, or say under which DOI the same set is published
    elsewhere (“” for none); None leaves what is. What is shared with nobody has no link any more: shared again, it has
    another."""
    if sharing is not None and sharing is not record.sharing:
        _allowed_sharing(sharing, keeper)
    said = {"title": title, "description": description}
    words = {name: _checked(name, one) for name, one in said.items() if one is not None}
    words |= {"sharing": sharing.value} if sharing is not None else {}
    words |= {"doi": _doi(doi)} if doi is not None else {}

    def say() -> int:
        rows.say(record.row_id, **words)
        if sharing is Sharing.NOBODY:
            rows.renew_key(record.row_id)
        return 0

    return _change(record, keeper, version, say)


def renew_link(record: CollectionRecord, *, keeper: Keeper) -> Changed:
    """Give it another link; the one that was given away leads nowhere from now on."""

    def renew() -> int:
        rows.renew_key(record.row_id)
        return 0

    return _append(record, keeper, renew)


def remove(record: CollectionRecord, *, keeper: Keeper) -> None:
    """Take a collection away. Raises Stopped where it was frozen: snapshots stay, and their collection with them."""
    _require(record, keeper)
    if not rows.remove_collection(record.row_id):
        raise Stopped(f"{record.slug} has snapshots, which papers may cite: it stays. It can be shared with nobody.")


def _add(record: CollectionRecord, found: Sequence[int], left_out: tuple[str, ...], keeper: Keeper) -> Changed:
    def put() -> int:
        """Counted once they are in, for others add at the same time; what is there already is not counted twice."""
        added = rows.add_members(record.row_id, found)
        number = rows.count_of(record.row_id)
        if number > MOST_MEMBERS:
            raise Stopped(f"A collection has at most {MOST_MEMBERS:,} images; this would be {number:,}.")
        return added

    return _append(record, keeper, put, left_out)


def _append(
    record: CollectionRecord, keeper: Keeper, act: Callable[[], int], left_out: tuple[str, ...] = ()
) -> Changed:
    """A change that excludes no other, whatever the version is by now."""
    changed = _change(record, keeper, None, act)
    assert isinstance(changed, Changed)  # where no version is named, nobody can have been faster
    return replace(changed, left_out=left_out)


def _change(
    record: CollectionRecord, keeper: Keeper, version: int | None, act: Callable[[], int]
) -> Changed | Overtaken:
    """The one way to change a collection: by whom that is allowed to, in one transaction, under its version."""
    _require(record, keeper)
    try:
        with rows.changing(record.row_id, version=version, by=keeper.name, at=timezone.now()):
            number = act()
    except rows.Moved:
        return Overtaken(_again(record))
    return Changed(_again(record), number)


def _found(images: Iterable[str], search: Search | None, viewer: Viewer) -> tuple[list[int], tuple[str, ...]]:
    """The rows of the images that may be seen, and the ids of those that may not, or are none. Raises Stopped where
    they are more than any collection has."""
    named = list(dict.fromkeys(images))
    known, policies = rows.find_images(named), shelf_of(viewer).policies if named else {}
    seen = [known[one].row_id for one in named if one in known and known[one].policy_row in policies]
    left_out = tuple(one for one in named if one not in known or known[one].policy_row not in policies)
    found = [*seen, *(_searched(search) if search else ())]
    if len(found) > MOST_MEMBERS:
        raise Stopped(f"A collection has at most {MOST_MEMBERS:,} images; these are {len(found):,}.")
    return found, left_out


def _searched(search: Search) -> list[int]:
    """The rows of everything that the search finds. Raises Stopped where that is too much."""
    policies = policies_for(search.wanted, search.shelf)
    chosen = Filter(search.wanted.condition, search.wanted.modality, search.wanted.body_site)
    found: list[int] = []
    while len(part := row_ids(policies, chosen, after=found[-1] if found else 0, limit=AT_ONCE)) > 0:
        found += part
        if len(found) > MOST_MEMBERS:
            raise Stopped(f"The search finds more than {MOST_MEMBERS:,} images; narrow it.")
    return found


def _checked(name: str, text: str) -> str:
    """Words as they are kept. Raises Stopped where they are too many, or hold what no page can show."""
    lines = text.replace("\r\n", "\n").strip()
    if name == "title":
        lines = " ".join(lines.split())
        if not any(map(str.isalnum, lines)):
            raise Stopped("A collection needs a title that says something.")
    if len(lines) > LONGEST[name]:
        raise Stopped(f"The {name} has {len(lines):,} characters; at most {LONGEST[name]:,} are kept.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in lines):
        raise Stopped(f"The {name} holds a control character, which no page can show.")
    return lines


def _doi(text: str) -> str:
    found = read_doi(text) if text.strip() else ""
    if isinstance(found, Refusal):
        raise Stopped(found.text)
    return found


def _allowed_sharing(sharing: Sharing, keeper: Keeper) -> None:
    if sharing is Sharing.EVERYBODY and not keeper.is_curator:
        raise Stopped("Only a curator lists a collection for everybody; you can share it by its link.")


def _require(record: CollectionRecord, keeper: Keeper) -> None:
    if not record.is_kept_by(keeper):
        raise Stopped(NOT_YOURS)


def _again(record: CollectionRecord) -> CollectionRecord:
    found = rows.find_collection(record.slug)
    if found is None or found.row_id != record.row_id:  # another may have its name by now
        raise Stopped(f"The collection {record.slug} was taken away meanwhile.")
    return found
