"""Collections as rows: made, changed under their version, put in order. Whether this person may, others have asked."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Max, Q, QuerySet

from dermref.catalog import models
from dermref.model.collection import CollectionRecord, Keeper, Order, Sharing

GAP = 1 << 20  # between two neighbours, so that an image finds room there without the others being moved
AT_ONCE = 500  # ids in one statement
KEY_BYTES = 24


class Moved(Exception):
    """The collection has another version by now."""


def add_collection(
    slug: str,
    *,
    title: str,
    description: str,
    keeper: Keeper,
    sharing: Sharing,
    search: Mapping[str, str],
    at: datetime,
) -> CollectionRecord | None:
    """A new, empty collection; None where there is one of that name."""
    try:
        with transaction.atomic():
            models.Collection.objects.create(
                slug=slug,
                title=title,
                description=description,
                owner_id=keeper.user_id,
                sharing=sharing,
                key=secrets.token_urlsafe(KEY_BYTES),
                search=dict(search),
                created_at=at,
                changed_at=at,
                changed_by=keeper.name,
            )
    except IntegrityError:
        return None
    return find_collection(slug)


def find_collection(slug: str) -> CollectionRecord | None:
    """The collection of this name."""
    return _first(models.Collection.objects.filter(slug=slug)) if "\0" not in slug else None


def find_shared(key: str) -> CollectionRecord | None:
    """The collection whose link has this secret, while it may be looked at by its link."""
    rows = models.Collection.objects.filter(key=key).exclude(sharing=Sharing.NOBODY)
    return _first(rows) if "\0" not in key else None


def list_collections(*, keeper: Keeper | None) -> tuple[CollectionRecord, ...]:
    """Those that everybody may look at, and those that this person keeps; all of them for a curator. Latest first."""
    rows = models.Collection.objects.all()
    if keeper is None or not keeper.is_curator:
        own = Q(owner_id=keeper.user_id) if keeper and keeper.user_id is not None else Q(pk__in=())
        rows = rows.filter(Q(sharing=Sharing.EVERYBODY) | own)
    return tuple(_records(rows.order_by("-changed_at", "-pk")))


def kept_collections(keeper: Keeper) -> tuple[tuple[str, str], ...]:
    """Name and title of those that this person keeps, of all for a curator; latest first. No member is counted."""
    rows = models.Collection.objects.order_by("-changed_at", "-pk")
    if not keeper.is_curator:
        rows = rows.filter(owner_id=keeper.user_id) if keeper.user_id is not None else rows.none()
    return tuple(rows.values_list("slug", "title"))


def remove_collection(row_id: int) -> bool:
    """Take a collection away with its list; False where it has snapshots, which are never deleted."""
    with transaction.atomic():
        rows = models.Collection.objects.filter(pk=row_id)
        rows.update(version=F("version") + 1)  # whoever adds to it or freezes it at the same time waits, or is awaited
        if models.Snapshot.objects.filter(collection_id=row_id).exists():
            return False
        rows.delete()
    return True


@contextmanager
def changing(row_id: int, *, version: int | None, by: str, at: datetime) -> Iterator[None]:
    """One change of a collection, in one transaction in which nobody else changes it; it has a new version then. Raises
    Moved, and changes nothing, where it is not at `version` any more; None stands for any."""
    with transaction.atomic():
        rows = models.Collection.objects.filter(pk=row_id)
        rows = rows if version is None else rows.filter(version=version)
        if not rows.update(version=F("version") + 1, changed_at=at, changed_by=by):
            raise Moved
        yield


def say(row_id: int, **words: str) -> None:
    """Other words: `title`, `description`, `sharing` or `doi`. Within `changing`."""
    models.Collection.objects.filter(pk=row_id).update(**words)


def renew_key(row_id: int) -> None:
    """Another secret: its earlier link leads nowhere from now on. Within `changing`."""
    models.Collection.objects.filter(pk=row_id).update(key=secrets.token_urlsafe(KEY_BYTES))


def add_members(row_id: int, image_rows: Sequence[int]) -> int:
    """Put images at the end, in this order; how many were not there before. Within `changing`."""
    last = models.CollectionImage.objects.filter(collection_id=row_id).aggregate(last=Max("position"))["last"] or 0
    known: set[int] = set()
    for start in range(0, len(image_rows), AT_ONCE):
        part = models.CollectionImage.objects.filter(
            collection_id=row_id, image_id__in=image_rows[start : start + AT_ONCE]
        )
        known.update(part.values_list("image_id", flat=True))
    new = [one for one in dict.fromkeys(image_rows) if one not in known]
    rows = (
        models.CollectionImage(collection_id=row_id, image_id=one, position=last + GAP * at)
        for at, one in enumerate(new, 1)
    )
    models.CollectionImage.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(new)


def count_of(row_id: int) -> int:
    """How many images it has, whatever their rights."""
    return models.CollectionImage.objects.filter(collection_id=row_id).count()


def take_members(row_id: int, image_rows: Sequence[int]) -> int:
    """Take images out; how many were there. Within `changing`."""
    found = 0
    for start in range(0, len(image_rows), AT_ONCE):
        part = image_rows[start : start + AT_ONCE]
        found += models.CollectionImage.objects.filter(collection_id=row_id, image_id__in=part).delete()[0]
    return found


def move_member(row_id: int, image_row: int, *, place: int) -> bool:
    """Put one image at a place, 0 being the first; False where it is not in the collection. Within `changing`."""
    rows = models.CollectionImage.objects.filter(collection_id=row_id).order_by("position", "pk")
    if not rows.filter(image_id=image_row).exists():
        return False
    others = rows.exclude(image_id=image_row)
    position = _room(others, place)
    if position is None:
        _renumber(row_id, "m.position, m.id")
        position = _room(others, place)
    assert position is not None  # there is room between any two after they were numbered anew
    rows.filter(image_id=image_row).update(position=position)
    return True


def _room(others: "QuerySet[models.CollectionImage]", place: int) -> int | None:
    """A position between the two that stand around `place`; None where there is none left."""
    around = list(others.values_list("position", flat=True)[max(place - 1, 0) : place + 1])
    if not around:
        last = others.aggregate(last=Max("position"))["last"]
        return GAP if last is None else int(last) + GAP
    if place == 0:
        return around[0] // 2 if around[0] > 1 else None
    if len(around) == 1:
        return around[0] + GAP
    return (around[0] + around[1]) // 2 if around[1] - around[0] > 1 else None


ORDERS = {  # SQL of this package, never from outside
    Order.TITLE: "LOWER(i.title), i.public_id",
    Order.CONDITION: "i.condition_id IS NULL, i.condition_id, i.public_id",
    Order.SOURCE: "i.source_id, i.public_id",
    Order.ID: "i.public_id",
}


def sort_members(row_id: int, order: Order) -> None:
    """Put all of them in order. Within `changing`."""
    _renumber(row_id, ORDERS[order])


def _renumber(row_id: int, order: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_collectionimage SET position = n.place * %s FROM (SELECT m.id,"  # noqa: S608
            f" ROW_NUMBER() OVER (ORDER BY {order}) AS place FROM catalog_collectionimage m"
            " JOIN catalog_image i ON i.id = m.image_id WHERE m.collection_id = %s) AS n"
            " WHERE catalog_collectionimage.id = n.id",
            [GAP, row_id],
        )


@dataclass(frozen=True, slots=True)
class Found:
    """An image as far as a set needs it: its row, the policy it stands under, the hash of its file."""

    row_id: int
    policy_row: int
    sha256: str


def find_images(public_ids: Iterable[str]) -> Mapping[str, Found]:
    """The images with these ids, as far as there are such, whatever their rights."""
    wanted = [one for one in dict.fromkeys(public_ids) if "\0" not in one]
    found: dict[str, Found] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = models.Image.objects.filter(public_id__in=wanted[start : start + AT_ONCE])
        found |= {row[0]: Found(*row[1:]) for row in rows.values_list("public_id", "pk", "policy_id", "sha256")}
    return found


def _first(rows: "QuerySet[models.Collection]") -> CollectionRecord | None:
    return next(iter(_records(rows)), None)


def _records(rows: "QuerySet[models.Collection]") -> Iterator[CollectionRecord]:
    for row in rows.annotate(images=Count("members")):
        yield CollectionRecord(
            row_id=row.pk,
            slug=row.slug,
            title=row.title,
            description=row.description,
            owner_id=row.owner_id,
            sharing=Sharing(row.sharing),
            key=row.key,
            search=row.search,
            doi=row.doi,
            version=row.version,
            created_at=row.created_at,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
            images=row.images,
        )
