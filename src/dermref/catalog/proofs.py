"""What the audit reads: every image with its policy, and the chain of evidence behind it, oldest word last."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dermref.catalog import models
from dermref.catalog.acceptances import Passed, acceptances, claim_of
from dermref.catalog.policies import key_of
from dermref.catalog.received import holds_on
from dermref.model.evidence import Document, EvidenceMark
from dermref.model.media import Claim
from dermref.model.policy import Hold, PolicyKey

SOME = 500  # images read at once


@dataclass(frozen=True, slots=True)
class ProofRecord:
    """One piece of evidence with the very document it rests on, under the hash it was stored by."""

    source_id: str
    foreign_id: str
    mark: EvidenceMark
    reader: str
    document_key: str
    document: Document
    supersedes_id: int | None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An image as the audit sees it: `claims`, `accepted` and `holds` as in `received.Known`. The first of
    `files` (sha256, bytes) is the file as received, which lies in the store or at `original_path`."""

    public_id: str
    source_id: str
    foreign_id: str
    policy: PolicyKey
    evidence_id: int
    is_superseded: bool
    sha256: str
    files: tuple[tuple[str, int], ...]
    claims: tuple[Claim, ...]
    accepted: tuple[Passed, ...]
    holds: tuple[Hold, ...]
    original_path: str


def audit_records(source_id: str | None = None) -> Iterator[AuditRecord]:
    """Every image in order of id, in steady memory."""
    rows = (
        models.Image.objects.select_related("policy", "evidence__superseded_by")
        .prefetch_related("renditions")
        .order_by("pk")
    )
    if source_id:
        rows = rows.filter(source_id=source_id)
    for some in batched(rows.iterator(chunk_size=SOME), SOME):
        yield from _records(some)


def _records(rows: Sequence[models.Image]) -> Iterator[AuditRecord]:
    held = holds_on({row.pk: (row.sha256, row.source_id) for row in rows})
    passed = {
        source_id: acceptances(source_id, [row.foreign_id for row in rows if row.source_id == source_id])
        for source_id in {row.source_id for row in rows}
    }
    for row in rows:
        yield AuditRecord(
            public_id=row.public_id,
            source_id=row.source_id,
            foreign_id=row.foreign_id,
            policy=key_of(row.policy),
            evidence_id=row.evidence_id,
            is_superseded=hasattr(row.evidence, "superseded_by"),
            sha256=row.sha256,
            files=((row.sha256, row.byte_size), *((one.sha256, one.byte_size) for one in row.renditions.all())),
            claims=tuple(claim_of(one) for one in row.claims),
            accepted=passed[row.source_id].get((row.foreign_id, row.sha256), ()),
            holds=held[row.pk],
            original_path=row.original_path,
        )


def batched(rows: Iterable[models.Image], size: int) -> Iterator[Sequence[models.Image]]:
    """The rows in lists of this size (itertools has this from Python 3.12 on)."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def load_proof(evidence_id: int) -> ProofRecord:
    """One piece of evidence with its document."""
    row = models.Evidence.objects.select_related("document").get(pk=evidence_id)
    return ProofRecord(
        source_id=row.source_id,
        foreign_id=row.foreign_id,
        mark=EvidenceMark(row.mark),
        reader=row.reader,
        document_key=row.document_id,
        document=Document(bytes(row.document.body), row.url, row.document.media_type),
        supersedes_id=row.supersedes_id,
    )
