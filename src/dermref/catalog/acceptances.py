"""What curators let pass in which file, and what waits for them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dermref.catalog import models
from dermref.model.change import Author
from dermref.model.evidence import Document, Refusal
from dermref.model.media import Claim, ClaimKind


@dataclass(frozen=True, slots=True)
class Passed:
    """Findings that a curator let pass in one file, and the license that was recorded of the item then."""

    codes: frozenset[str]
    license_id: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A quarantined item whose file is kept for a curator, with the document it came in by and who reads that."""

    source_id: str
    foreign_id: str
    run_id: int
    reasons: tuple[Refusal, ...]
    document: Document
    reader: str
    sha256: str

    @property
    def public_id(self) -> str:
        """The id its image will have."""
        return f"{self.source_id}:{self.foreign_id}"


def acceptances(source_id: str, foreign_ids: Collection[str]) -> Mapping[tuple[str, str], tuple[Passed, ...]]:
    """What was let pass, by item and file."""
    found: defaultdict[tuple[str, str], tuple[Passed, ...]] = defaultdict(tuple)
    rows = models.Acceptance.objects.filter(source_id=source_id, foreign_id__in=foreign_ids)
    for foreign_id, sha256, codes, license_id in rows.values_list("foreign_id", "sha256", "codes", "license_id"):
        found[foreign_id, sha256] += (Passed(frozenset(codes), license_id),)
    return found


def save_acceptance(item: Waiting, passed: Passed, author: Author, *, at: datetime) -> None:
    """Record that a curator lets these findings pass in this very file."""
    models.Acceptance.objects.create(
        source_id=item.source_id,
        foreign_id=item.foreign_id,
        sha256=item.sha256,
        codes=sorted(passed.codes),
        license_id=passed.license_id,
        by=author.by,
        why=author.why,
        at=at,
    )


def waiting(source_id: str | None = None, foreign_id: str | None = None) -> Iterator[Waiting]:
    """Every quarantined item whose file is kept, by source and id; of one source, or one item."""
    rows = models.Accession.objects.filter(state="quarantined", sha256__gt="").select_related("document")
    rows = rows.filter(source_id=source_id) if source_id else rows
    rows = rows.filter(foreign_id=foreign_id) if foreign_id else rows
    for row in rows.order_by("source_id", "foreign_id").iterator(chunk_size=200):
        yield Waiting(
            source_id=row.source_id,
            foreign_id=row.foreign_id,
            run_id=row.run_id,
            reasons=tuple(Refusal(**one) for one in row.reasons),
            document=Document(bytes(row.document.body), row.document_url, row.document.media_type),
            reader=row.reader,
            sha256=row.sha256,
        )


def claim_of(columns: Mapping[str, str]) -> Claim:
    """A claim as it was stored."""
    return Claim(ClaimKind(columns["kind"]), columns["where"], columns["text"])
