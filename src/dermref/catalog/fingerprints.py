"""How every picture looks, as rows: written with the picture, read in order by whoever keeps an index of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.models import QuerySet

from dermref.catalog import models
from dermref.catalog.inserting import insert
from dermref.catalog.policies import policies_held
from dermref.model.media import Likeness
from dermref.model.policy import Hold

Rows = npt.NDArray[np.int64]  # one column for each fingerprint: row id, pHash, dHash (64 bits as a signed integer)
PAGE = 50_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A fingerprint as it stands now: of the image of that row, or of a tombstone (its sha256)."""

    row: int
    image_row: int | None
    tombstone: str | None
    phash: int
    dhash: int
    sketch: bytes


@dataclass(frozen=True, slots=True)
class Unprinted:
    """An image whose fingerprint is to be made, and its file: in the store, or where it lies outside."""

    row: int
    public_id: str
    source_id: str
    foreign_id: str
    sha256: str
    original_path: str


def save_fingerprint(image_row: int, likeness: Likeness, *, is_new: bool = False) -> None:
    """The image of this row looks so now. A new row each time, so that an index that follows by row id sees it; there
    is none to replace where the image `is_new`."""
    with transaction.atomic(savepoint=False):
        if not is_new:
            _delete("image_id", image_row)
        insert(models.Fingerprint(image_id=image_row, **_columns(likeness)))


def save_fingerprints(likenesses: Mapping[int, Likeness]) -> None:
    """The images of these rows look so now, all or none of them."""
    with transaction.atomic():
        for image_row, likeness in likenesses.items():
            save_fingerprint(image_row, likeness)


def save_tombstone_fingerprint(sha256: str, likeness: Likeness) -> None:
    """The bytes that may never come in again look so."""
    with transaction.atomic(savepoint=False):
        _delete("tombstone_id", sha256)
        insert(models.Fingerprint(tombstone_id=sha256, **_columns(likeness)))


def rows_after(row_id: int) -> Iterator[Rows]:
    """The fingerprints with a higher row id, in its order, in pages of 3 x n."""
    sql = "SELECT id, phash, dhash FROM catalog_fingerprint WHERE id > %s ORDER BY id LIMIT %s"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(sql, [row_id, PAGE])
            rows = cursor.fetchall()
            if rows:
                yield np.array(rows, dtype=np.int64).T
                row_id = rows[-1][0]
            if len(rows) < PAGE:
                return


def sketches_of(row_ids: Sequence[int]) -> dict[int, Kept]:
    """The fingerprints of these row ids that there still are."""
    if not row_ids:
        return {}
    columns = "id, image_id, tombstone_id, phash, dhash, sketch"
    marks = ", ".join(["%s"] * len(row_ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM catalog_fingerprint WHERE id IN ({marks})", list(row_ids))  # noqa: S608
        return {
            row: Kept(row, image, tombstone, phash, dhash, bytes(sketch))
            for row, image, tombstone, phash, dhash, sketch in cursor.fetchall()
        }


def count_up_to(row_id: int) -> int:
    """How many fingerprints have this row id or a lower one: all of them, less the few that are newer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM catalog_fingerprint")
        (every,) = cursor.fetchone()
        cursor.execute("SELECT COUNT(*) FROM catalog_fingerprint WHERE id > %s", [row_id])
        (newer,) = cursor.fetchone()
    return int(every) - int(newer)


def count_images(*, after: int, is_every: bool) -> int:
    """How many images `images_to_print` would name, one page after the other."""
    return _to_print(after=after, is_every=is_every).count()


def images_to_print(*, after: int, is_every: bool, limit: int) -> list[Unprinted]:
    """The next images by row id that have no fingerprint, or the next of all."""
    rows = _to_print(after=after, is_every=is_every).order_by("pk")
    return [
        Unprinted(*row)
        for row in rows.values_list("pk", "public_id", "source_id", "foreign_id", "sha256", "original_path")[:limit]
    ]


def _to_print(*, after: int, is_every: bool) -> "QuerySet[models.Image]":
    images = models.Image.objects.filter(pk__gt=after).exclude(policy_id__in=policies_held(Hold.PURGED))
    return images if is_every else images.filter(fingerprint__isnull=True)


def _delete(column: str, value: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM catalog_fingerprint WHERE {column} = %s", [value])  # noqa: S608 (names are ours)


def _columns(likeness: Likeness) -> dict[str, int | bytes]:
    return {"phash": _signed(likeness.phash), "dhash": _signed(likeness.dhash), "sketch": likeness.sketch}


def _signed(hash_: bytes) -> int:
    return int.from_bytes(hash_, "big", signed=True)
