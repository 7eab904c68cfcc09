"""Snapshots as rows: what there is to freeze, the document kept, found again, and given its DOI."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from dermref.catalog import models
from dermref.catalog.writing import save_document
from dermref.model.collection import SnapshotRecord
from dermref.model.evidence import Document

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class FreezableRow:
    """A member with what a snapshot keeps of it; `evidence` is the sha256 of the document behind its license."""

    public_id: str
    policy_row: int
    sha256: str
    evidence: str
    recorded_at: datetime
    foreign_id: str
    landing_url: str
    title: str
    creator: str
    contributor: str
    credit_line: str | None
    citation: str | None


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """A snapshot to be kept."""

    collection_row: int
    number: int
    title: str
    images: int
    body: bytes
    url: str
    by: str
    at: datetime


def freezable_rows(collection_row: int, policy_rows: Iterable[int]) -> Iterator[FreezableRow]:
    """The members within these policies, in order."""
    rows = models.CollectionImage.objects.filter(collection_id=collection_row, image__policy_id__in=list(policy_rows))
    columns = ("public_id", "policy_id", "sha256", "evidence__document_id", "evidence__retrieved_at", "foreign_id")
    words = ("landing_url", "title", "creator", "contributor", "credit_line", "citation")
    found = rows.order_by("position", "pk").values_list(*(f"image__{name}" for name in (*columns, *words)))
    for row in found.iterator(chunk_size=2000):
        yield FreezableRow(*row)


def next_number(collection_row: int) -> int:
    """The number of the next snapshot of this collection."""
    rows = models.Snapshot.objects.filter(collection_id=collection_row)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def save_snapshot(new: NewSnapshot) -> bool:
    """Keep the document, and the snapshot that it is; False where somebody froze one of this number meanwhile."""
    try:
        with transaction.atomic():
            models.Snapshot.objects.create(
                collection_id=new.collection_row,
                number=new.number,
                document_id=save_document(Document(new.body, new.url, JSON)),
                title=new.title,
                images=new.images,
                frozen_at=new.at,
                frozen_by=new.by,
            )
    except IntegrityError:
        return False
    return True


def find_snapshot(slug: str, number: int) -> SnapshotRecord | None:
    """The snapshot of this number."""
    rows = models.Snapshot.objects.filter(collection__slug=slug, number=number)
    return next(iter(_records(rows)), None) if "\0" not in slug else None


def snapshots_of(slug: str) -> tuple[SnapshotRecord, ...]:
    """All snapshots of the collection, latest first."""
    rows = models.Snapshot.objects.filter(collection__slug=slug)
    return tuple(_records(rows.order_by("-number"))) if "\0" not in slug else ()


def document_with(sha256: str) -> bytes:
    """The document of a snapshot, as it was kept."""
    return bytes(models.Document.objects.values_list("body", flat=True).get(pk=sha256))


def give_doi(snapshot: SnapshotRecord, doi: str) -> bool:
    """Record the DOI; False where it has one, or another snapshot has this one."""
    try:
        with transaction.atomic():
            return bool(models.Snapshot.objects.filter(pk=snapshot.row_id, doi="").update(doi=doi))
    except IntegrityError:
        return False


def digests_of(source_ids: Iterable[str]) -> dict[str, str]:
    """The digest of each of these sources' terms as they are registered now."""
    rows = models.Source.objects.filter(pk__in=list(source_ids))
    return dict(rows.values_list("source_id", "digest"))


def _records(rows: "QuerySet[models.Snapshot]") -> Iterator[SnapshotRecord]:
    columns = ("pk", "collection__slug", "number", "document_id", "title", "images", "frozen_at", "frozen_by", "doi")
    for row in rows.values_list(*columns):
        yield SnapshotRecord(*row)
