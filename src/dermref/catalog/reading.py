"""Reads images as plain records, always within a set of policies that the gate has already allowed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from dermref.catalog import models
from dermref.catalog.paging import Filter, row_ids
from dermref.catalog.policies import KEY_FIELDS, policy_key
from dermref.catalog.tallies import count_images, facet_of, policies_with
from dermref.model.evidence import EvidenceMark
from dermref.model.policy import PolicyKey

FILE_FIELDS = ("size", "media_type", "sha256", "byte_size", "width", "height")
LAST_ROW = 2**63 - 1  # the highest row id a database can hold
COUNT_CAP = 1000  # a filtered count is exact up to here and “more than” beyond


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """Where an image's license is recorded."""

    statement: str
    url: str
    retrieved_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """An image as stored. Nothing here says what may be done with it: that is the gate's word."""

    row_id: int
    public_id: str
    source_id: str
    foreign_id: str
    policy: PolicyKey
    title: str
    creator: str
    contributor: str
    rights_holder: str
    landing_url: str
    condition_slug: str | None
    condition_label: str | None
    condition_as_published: str
    condition_xrefs: tuple[str, ...]
    modality: str
    body_site: str
    skin_tones: tuple[Mapping[str, str], ...]
    age: int | None
    sex: str
    metadata: Mapping[str, object]
    sha256: str
    media_type: str
    byte_size: int
    width: int
    height: int
    evidence: EvidenceRecord
    original_path: str = ""
    credit_line: str | None = None
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A stored file of an image: `size` is "" for the file as received, which `original_path` may place elsewhere."""

    size: str
    media_type: str
    sha256: str
    byte_size: int
    width: int
    height: int
    original_path: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """Records in order of row id, and whether there are more before and after."""

    records: tuple[ImageRecord, ...]
    has_before: bool
    has_after: bool


def find_image(public_id: str) -> ImageRecord | None:
    """The image with this id, whatever its rights: for the gate alone. No id holds a NUL, which PostgreSQL refuses."""
    if "\0" in public_id:
        return None
    return next(iter(_records(models.Image.objects.filter(public_id=public_id))), None)


def page_of(
    policy_ids: Iterable[int], wanted: Filter, *, after: int = 0, before: int | None = None, limit: int = 48
) -> Slice:
    """Up to `limit` images within these policies, by row id: those after `after`, or the last ones before `before`."""
    policies = policies_with(policy_ids, wanted) if wanted.chosen else list(policy_ids)
    ids = row_ids(policies, wanted, after=after, before=before, limit=limit + 1)
    is_full = len(ids) > limit
    if before is not None:
        ids = ids[-limit:]
        behind = row_ids(policies, wanted, after=ids[-1] if ids else before - 1, limit=1)
        return Slice(_in_order(ids), is_full, bool(behind))
    ids = ids[:limit]
    ahead = row_ids(policies, wanted, before=ids[0] if ids else min(after, LAST_ROW - 1) + 1, limit=1) if after else []
    return Slice(_in_order(ids), bool(ahead), is_full)


def count_of(policy_ids: Iterable[int], wanted: Filter) -> int:
    """How many images: exact for at most one filter, else counted no further than one above COUNT_CAP."""
    if len(wanted.chosen) <= 1:
        return count_images(policy_ids, *facet_of(wanted))
    return len(row_ids(policies_with(policy_ids, wanted), wanted, limit=COUNT_CAP + 1))


def records_of(row_ids_: Iterable[int]) -> Mapping[int, ImageRecord]:
    """These images by row id, whatever their rights: for the gate alone."""
    return {one.row_id: one for one in _records(models.Image.objects.filter(pk__in=list(row_ids_)))}


def _in_order(row_ids_: list[int]) -> tuple[ImageRecord, ...]:
    return tuple(_records(models.Image.objects.filter(pk__in=row_ids_).order_by("pk")))


OWN_FIELDS = (  # of the image, by name; the same in an ImageRecord
    *("public_id", "source_id", "foreign_id", "title", "creator", "contributor", "rights_holder", "landing_url"),
    *("credit_line", "citation"),
    *("condition_as_published", "modality", "body_site", "age", "sex", "metadata"),
    *("sha256", "media_type", "byte_size", "width", "height", "original_path"),
)
EVIDENCE_FIELDS = tuple(f"evidence__{name}" for name in ("statement", "url", "retrieved_at", "document_id"))
POLICY_FIELDS = tuple(f"policy__{name}" for name in KEY_FIELDS)


def _records(rows: QuerySet[models.Image]) -> Iterator[ImageRecord]:
    """Read as plain values: building four model instances for each image took longer than the query."""
    joined = (
        "evidence_id",
        "evidence__mark",
        "condition_id",
        "condition__label",
        "condition__xrefs",
        *EVIDENCE_FIELDS,
        *POLICY_FIELDS,
    )
    for row in rows.values("id", "skin_tones", *OWN_FIELDS, *joined):
        yield ImageRecord(
            row_id=row["id"],
            policy=policy_key(*(row[name] for name in POLICY_FIELDS)),
            condition_slug=row["condition_id"],
            condition_label=row["condition__label"],
            condition_xrefs=tuple(row["condition__xrefs"] or ()),
            skin_tones=tuple(row["skin_tones"]),
            evidence=_stated(row["evidence_id"])
            if row["evidence__mark"] == EvidenceMark.DECISION
            else EvidenceRecord(*(row[name] for name in EVIDENCE_FIELDS)),
            **{name: row[name] for name in OWN_FIELDS},
        )


def _stated(evidence_id: int) -> EvidenceRecord:
    """Where the license is recorded of an image that a curator's decision freed: behind the decisions."""
    row = models.Evidence.objects.get(pk=evidence_id)
    while row.mark == EvidenceMark.DECISION and row.supersedes is not None:
        row = row.supersedes
    return EvidenceRecord(row.statement, row.url, row.retrieved_at, row.document_id)


def stored_file(record: ImageRecord) -> FileRecord:
    """The file as received."""
    shape = (record.media_type, record.sha256, record.byte_size, record.width, record.height)
    return FileRecord("", *shape, record.original_path)
