"""What goes when what allowed it ended: which rows still stand for bytes, and the transactions that let go of them.
Each leaves a part of the record behind, so that a purge that was killed knows what it did."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from dermref.catalog import models
from dermref.catalog.policies import intern, key_of, policies_held
from dermref.catalog.writing import known_files, save_document
from dermref.model.evidence import Document
from dermref.model.policy import Hold

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class DueImage:
    """An image that still stands for bytes, or for what was made of them; `original_path` as in the catalogue."""

    row_id: int
    public_id: str
    foreign_id: str
    policy_row: int
    sha256: str
    byte_size: int
    original_path: str


@dataclass(frozen=True, slots=True)
class DueFile:
    """The file of a quarantined item, kept for a curator."""

    row_id: int
    public_id: str
    foreign_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PurgeRow:
    """A purge as stored. `record` is the key of the signed record of a finished one, of its latest part before; None
    where nothing is removed yet."""

    id: int
    source_id: str
    reason: str
    begun_at: datetime
    finished_at: datetime | None
    images: int
    files: int
    record: str | None
    signature: str


def images_with_bytes(source_id: str, *, after: int, limit: int) -> list[DueImage]:
    """The next images of a source, by row id, that are not purged, or of which something is left all the same."""
    left = [Exists(one.objects.filter(image=OuterRef("pk"))) for one in (models.Rendition, models.Fingerprint)]
    rows = models.Image.objects.filter(~Q(policy_id__in=policies_held(Hold.PURGED)) | left[0] | left[1])
    rows = rows.filter(source_id=source_id, pk__gt=after).order_by("pk")
    columns = ("pk", "public_id", "foreign_id", "policy_id", "sha256", "byte_size", "original_path")
    return [DueImage(*row) for row in rows.values_list(*columns)[:limit]]


def waiting_files(source_id: str) -> Iterator[DueFile]:
    """The files of its items that wait for a curator."""
    rows = models.Accession.objects.filter(source_id=source_id).exclude(sha256="").order_by("pk")
    for row_id, foreign_id, sha256 in rows.values_list("pk", "foreign_id", "sha256"):
        yield DueFile(row_id, f"{source_id}:{foreign_id}", foreign_id, sha256)


def sources_with_items() -> list[str]:
    """The ids of all sources that ever gave an item."""
    return sorted(models.Accession.objects.order_by().values_list("source_id", flat=True).distinct())


def begin_purge(source_id: str, reason: str, *, at: datetime) -> PurgeRow:
    """Begin to purge a source."""
    return _row(models.Purge.objects.create(source_id=source_id, reason=reason, begun_at=at))


def unfinished_purge(source_id: str) -> PurgeRow | None:
    """The purge of this source that was interrupted, if one was."""
    row = models.Purge.objects.filter(source_id=source_id, finished_at__isnull=True).order_by("pk").first()
    return _row(row) if row else None


def let_go(
    purge_id: int,
    images: Sequence[DueImage],
    waiting: Sequence[DueFile],
    *,
    at: datetime,
    doubt: Callable[[set[str]], None],
) -> None:
    """Hold these images as purged and forget their renditions, fingerprints and waiting files, in one transaction with
    its part of the record. `doubt` is told, before the commit, which files nobody needs any longer."""
    with transaction.atomic():
        purge = models.Purge.objects.select_for_update().get(pk=purge_id)
        _hold(images, at=at)
        rows = [one.row_id for one in images]
        renditions = models.Rendition.objects.filter(image_id__in=rows)
        keys = {*renditions.values_list("sha256", flat=True), *(one.sha256 for one in waiting)}
        keys |= {one.sha256 for one in images if not one.original_path}
        renditions.delete()
        models.Fingerprint.objects.filter(image_id__in=rows).delete()
        models.Accession.objects.filter(pk__in=[one.row_id for one in waiting]).update(sha256="")
        needed = known_files(keys)
        part = _part(purge, images, waiting, shared=needed)
        models.Purge.objects.filter(pk=purge_id).update(
            images=F("images") + len(images), files=F("files") + len(keys - needed), record_id=save_document(part)
        )
        doubt(keys - needed)


def _hold(images: Sequence[DueImage], *, at: datetime) -> None:
    """One statement for each policy, however many images it has."""
    gone = {*policies_held(Hold.PURGED)}
    for policy in models.Policy.objects.filter(pk__in={one.policy_row for one in images} - gone):
        rows = [one.row_id for one in images if one.policy_row == policy.pk]
        held = intern(key_of(policy).held(Hold.PURGED))
        models.Image.objects.filter(pk__in=rows).update(policy_id=held, updated_at=at)


def _part(purge: models.Purge, images: Sequence[DueImage], waiting: Sequence[DueFile], *, shared: set[str]) -> Document:
    part = {
        "purge": purge.pk,
        "before": purge.record_id,
        "images": [[one.public_id, one.sha256, one.byte_size] for one in images],
        "waiting": [[one.public_id, one.sha256] for one in waiting],
        "outside": [[one.public_id, one.original_path] for one in images if one.original_path],
        "shared": sorted(shared),
    }
    return Document(canonical(part), "", JSON)


def parts_of(purge: PurgeRow) -> Iterator[Mapping[str, list[list[object]]]]:
    """The parts of an unfinished purge, the latest first: lists of `images` (id, sha256, bytes), `waiting` (id,
    sha256), `outside` (id, path), and of the keys of files that were `shared`."""
    key = purge.record
    while key:
        part = json.loads(bytes(models.Document.objects.get(pk=key).body))
        yield part
        key = part["before"]


def finish_purge(purge_id: int, record: Document, *, signature: str, at: datetime) -> None:
    """All is gone: keep the signed record. Nothing of the row changes after that."""
    with transaction.atomic():
        rows = models.Purge.objects.filter(pk=purge_id)
        rows.update(finished_at=at, record_id=save_document(record), signature=signature)


def list_purges() -> list[PurgeRow]:
    """All of them, latest first."""
    return [_row(row) for row in models.Purge.objects.order_by("-pk")]


def find_purge(purge_id: int) -> PurgeRow | None:
    """One of them."""
    row = models.Purge.objects.filter(pk=purge_id).first()
    return _row(row) if row else None


def purge_of(image_row: int) -> PurgeRow | None:
    """The latest purge that removed this image, by its record; one that is under way counts where it had begun when the
    image was last changed. Reads whole records: for one image at a time."""
    image = models.Image.objects.only("source_id", "public_id", "updated_at").get(pk=image_row)
    rows = models.Purge.objects.filter(source_id=image.source_id, begun_at__lte=image.updated_at)
    named = canonical(image.public_id)
    for row in rows.order_by("-begun_at", "-pk"):
        if row.finished_at is None or (row.record_id and named in record_body(row.record_id)):
            return _row(row)
    return None


def record_body(key: str) -> bytes:
    """A stored record, byte for byte."""
    return bytes(models.Document.objects.get(pk=key).body)


def canonical(value: object) -> bytes:
    """JSON in the one form that is hashed and signed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _row(row: models.Purge) -> PurgeRow:
    return PurgeRow(
        id=row.pk,
        source_id=row.source_id,
        reason=row.reason,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        images=row.images,
        files=row.files,
        record=row.record_id,
        signature=row.signature,
    )
