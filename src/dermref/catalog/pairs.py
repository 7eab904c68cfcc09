"""Images that look like one picture: who they are, which of them a pair holds, and what a curator decided."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from dermref.catalog import models
from dermref.catalog.holding import hold_all
from dermref.catalog.policies import KEY_FIELDS, key_of, policy_key
from dermref.model.pair import NewPair, PairKind, PairVerdict
from dermref.model.policy import Hold, PolicyKey


@dataclass(frozen=True, slots=True)
class Twin:
    """Another image that may be the same picture."""

    row_id: int
    public_id: str
    source_id: str
    policy: PolicyKey
    modality: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Side:
    """One image of a pair as a curator has to see it: whose it is, under which rights, on what evidence."""

    row_id: int
    public_id: str
    source_id: str
    policy: PolicyKey
    is_held: bool
    is_released: bool
    landing_url: str
    creator: str
    statement: str
    evidence_url: str
    retrieved_at: datetime
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PairRecord:
    """A pair as it stands. `distance` is in bits of the fingerprint; 0 for the very same bytes."""

    id: int
    kind: PairKind
    distance: int
    sides: tuple[Side, Side]
    found_at: datetime
    verdict: PairVerdict
    by: str
    why: str
    decided_at: datetime | None


def twins(sha256: str, rows: Collection[int], *, not_of: tuple[str, str]) -> list[Twin]:
    """The images with these bytes or these row ids, but for that of the item itself (source and foreign id)."""
    with connection.cursor() as cursor:  # asked once for every file, and nearly always there is none
        cursor.execute("SELECT id FROM catalog_image WHERE sha256 = %s", [sha256])
        wanted = {*rows, *(row_id for (row_id,) in cursor.fetchall())}
    if not wanted:
        return []
    source_id, foreign_id = not_of
    return _twins(models.Image.objects.filter(pk__in=wanted).exclude(source_id=source_id, foreign_id=foreign_id))


def ids_of(rows: Collection[int]) -> list[str]:
    """The ids of the images of these rows."""
    return list(models.Image.objects.filter(pk__in=rows).order_by("public_id").values_list("public_id", flat=True))


def linked(row_ids: Collection[int]) -> dict[int, list[str]]:
    """The ids of the images that show the very picture of these: the same bytes, or the same by a curator's word."""
    if not row_ids:
        return {}
    found: defaultdict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(row_ids))
        cursor.execute(
            "SELECT i.id, o.public_id FROM catalog_image i JOIN catalog_image o"  # noqa: S608 (marks alone)
            f" ON o.sha256 = i.sha256 AND o.id <> i.id WHERE i.id IN ({marks})",
            list(row_ids),
        )
        for row_id, public_id in cursor.fetchall():
            found[row_id].add(public_id)
    pairs = models.Pair.objects.filter(verdict=PairVerdict.SAME)
    for one, other in (("first", "second"), ("second", "first")):
        rows = pairs.filter(**{f"{one}__in": row_ids})
        for row_id, public_id in rows.values_list(one, f"{other}__public_id"):
            found[row_id].add(public_id)
    return {row_id: sorted(ids) for row_id, ids in found.items()}


def twin_of(row_id: int) -> Twin:
    """An image as its twins see it."""
    return _twins(models.Image.objects.filter(pk=row_id))[0]


def _twins(rows: QuerySet[models.Image]) -> list[Twin]:
    columns = ("pk", "public_id", "source_id", "modality", "sha256", *(f"policy__{name}" for name in KEY_FIELDS))
    return [
        Twin(pk, public_id, source_id, policy_key(*key), modality, sha256)
        for pk, public_id, source_id, modality, sha256, *key in rows.order_by("pk").values_list(*columns)
    ]


def save_pairs(row_id: int, pairs: Iterable[NewPair], *, at: datetime, reopening: Collection[PairVerdict] = ()) -> None:
    """Record pairs of an image, and hold the others that have to be held; the image's own policy is the caller's.

    What a pair holds is only ever added to here. One with a verdict in `reopening` is put before a curator again: what
    was decided about has changed.
    """
    for pair in pairs:
        in_order = row_id < pair.other
        first, second = (row_id, pair.other) if in_order else (pair.other, row_id)
        holds = (pair.holds_this, pair.holds_other) if in_order else (pair.holds_other, pair.holds_this)
        row = models.Pair.objects.filter(first_id=first, second_id=second).first()
        row = row or models.Pair(first_id=first, second_id=second, found_at=at)
        if row.verdict in reopening:
            row.verdict, row.by, row.why, row.decided_at = PairVerdict.OPEN, "", "", None
            row.released_first = row.released_second = False
        row.kind, row.distance = pair.kind, pair.distance
        row.holds_first, row.holds_second = row.holds_first or holds[0], row.holds_second or holds[1]
        row.save()
        if pair.holds_other:
            hold(pair.other, at)


def save_found(row_id: int, pairs: Sequence[NewPair], *, at: datetime) -> None:
    """Record pairs of an image that is here already, and hold it with the others where it has to be."""
    with transaction.atomic():
        save_pairs(row_id, pairs, at=at)
        if any(pair.holds_this for pair in pairs):
            hold(row_id, at)


def hold(row_id: int, at: datetime) -> None:
    """An image is held by a pair from now on, if it is not yet."""
    hold_all(models.Image.objects.filter(pk=row_id), Hold.CONFLICT, at=at)


def contested(rows: Collection[int]) -> set[int]:
    """Which of these images a pair holds."""
    pairs = models.Pair.objects.exclude(verdict=PairVerdict.DIFFERENT)
    first = pairs.filter(holds_first=True, first__in=rows).values_list("first", flat=True)
    second = pairs.filter(holds_second=True, second__in=rows).values_list("second", flat=True)
    return {*first, *second}


def decided(row_id: int, verdicts: Collection[PairVerdict]) -> set[int]:
    """The images that a curator decided about together with this one, with one of these verdicts."""
    pairs = models.Pair.objects.filter(verdict__in=verdicts)
    before = pairs.filter(second=row_id).values_list("first", flat=True)
    after = pairs.filter(first=row_id).values_list("second", flat=True)
    return {*before, *after}


def list_pairs(*, verdict: PairVerdict | None, limit: int) -> list[PairRecord]:
    """Pairs in the order they were found."""
    rows = models.Pair.objects.order_by("pk")
    return list(_records(rows.filter(verdict=verdict)[:limit] if verdict else rows[:limit]))


def find_pair(pair_id: int) -> PairRecord | None:
    """One pair."""
    return next(iter(_records(models.Pair.objects.filter(pk=pair_id))), None)


def standing_pairs(source_id: str | None = None) -> Iterator[PairRecord]:
    """Every pair that is not of different pictures, or those with an image of one source."""
    rows = models.Pair.objects.exclude(verdict=PairVerdict.DIFFERENT).order_by("pk")
    if source_id and not rows.exists():  # mostly there are none, and then no image is read
        return
    if source_id:
        rows = rows.filter(Q(first__source=source_id) | Q(second__source=source_id))
    yield from _records(rows)


def _records(rows: QuerySet[models.Pair]) -> Iterator[PairRecord]:
    found = rows.select_related("first__policy", "first__evidence", "second__policy", "second__evidence")
    for row in found.iterator(chunk_size=200):
        yield PairRecord(
            id=row.pk,
            kind=PairKind(row.kind),
            distance=row.distance,
            sides=(
                _side(row.first, row.holds_first, row.released_first),
                _side(row.second, row.holds_second, row.released_second),
            ),
            found_at=row.found_at,
            verdict=PairVerdict(row.verdict),
            by=row.by,
            why=row.why,
            decided_at=row.decided_at,
        )


def _side(image: models.Image, is_held: bool, is_released: bool) -> Side:
    return Side(
        row_id=image.pk,
        public_id=image.public_id,
        source_id=image.source_id,
        policy=key_of(image.policy),
        is_held=is_held,
        is_released=is_released,
        landing_url=image.landing_url,
        creator=image.creator,
        statement=image.evidence.statement,
        evidence_url=image.evidence.url,
        retrieved_at=image.evidence.retrieved_at,
        sha256=image.sha256,
        width=image.width,
        height=image.height,
    )
