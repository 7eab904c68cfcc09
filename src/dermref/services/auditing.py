"""Re-derives every image's right from its stored evidence, reads every stored file again, and reports what disagrees.
It repairs nothing and trusts nothing that was decided before."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from dermref.catalog.pairs import standing_pairs
from dermref.catalog.proofs import AuditRecord, ProofRecord, audit_records, load_proof
from dermref.catalog.purging import sources_with_items, waiting_files
from dermref.catalog.writing import known_files
from dermref.media.store import Blobs, Fault, Kept
from dermref.model.asking import Operator
from dermref.model.evidence import EvidenceMark, Refusal
from dermref.model.policy import Hold, PolicyKey
from dermref.rights.grants import grants_naming
from dermref.rights.resolve import resolve
from dermref.services.deployment import deployment
from dermref.services.doors import kept_now
from dermref.services.given import grants_of, one_reading
from dermref.services.originals import kept
from dermref.services.rulings import all_sources
from dermref.services.standing import looser_sides, standing
from dermref.sources.adapters import READERS

WORDS = {Fault.MISSING: "is missing", Fault.DAMAGED: "has changed on the disk"}
DUE = "purge-due"
ENDED = "what allowed its bytes to be kept has ended; “dermref purge” removes them"
HOLD_OF = {EvidenceMark.WITHDRAWAL: Hold.WITHDRAWN, EvidenceMark.REFUSAL: Hold.REFUSED}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One image whose evidence or files do not bear it out."""

    public_id: str
    code: str
    text: str


@dataclass(slots=True)
class AuditReport:
    """How much was looked at, and what disagrees."""

    images: int = 0
    files: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)


def audit(
    blobs: Blobs, *, source_id: str | None = None, progress: Callable[[AuditReport], None] = lambda report: None
) -> AuditReport:
    """Look at every image, or at those of one source."""
    report = AuditReport()
    with one_reading():
        _look(report, blobs, source_id, progress)
    return report


def _look(report: AuditReport, blobs: Blobs, source_id: str | None, progress: Callable[[AuditReport], None]) -> None:
    kept = cache(_kept)
    for record in audit_records(source_id):
        report.images += 1
        report.files += len(record.files)
        report.disagreements += _check_rights(record)
        report.disagreements += _check_due(record, blobs, kept(record.source_id))
        report.disagreements += _check_files(record, blobs)
        progress(report)
    report.disagreements += _check_waiting(source_id, kept)
    report.disagreements += _check_pairs(source_id, deployment().operator)


def _kept(source_id: str) -> frozenset[str] | None:
    """Which images of the source may be kept now; None where nothing sets bounds, or nobody can say."""
    source = all_sources().get(source_id)
    return kept_now(source, operator=deployment().operator) if source else None


def _check_rights(record: AuditRecord) -> Iterator[Disagreement]:
    source = all_sources().get(record.source_id)
    if source is None:
        yield Disagreement(record.public_id, "unknown-source", "its source is not in the registry")
        return
    derived = _derive(record.evidence_id, record)
    if record.is_superseded:
        yield Disagreement(record.public_id, "superseded-evidence", "it rests on evidence that later evidence replaced")
    if isinstance(derived, Refusal):
        yield Disagreement(record.public_id, derived.code, derived.text)
    elif (expected := derived.held(*record.holds, *_purged(record))).content_hash != record.policy.content_hash:
        text = f"its evidence says {_words(expected)}, the catalogue says {_words(record.policy)}"
        yield Disagreement(record.public_id, "policy-differs", text)


def _check_pairs(source_id: str | None, operator: Operator) -> Iterator[Disagreement]:
    """No image may stand under looser rights than another that shows the same picture, until a curator said so."""
    for pair in standing_pairs(source_id):
        for side, twin, is_looser in zip(
            pair.sides, reversed(pair.sides), looser_sides(pair, operator=operator), strict=True
        ):
            if is_looser and not side.is_held:
                text = f"it shows the picture of {twin.public_id} under looser rights (pair {pair.id})"
                yield Disagreement(side.public_id, "looser-copy", text)


def _derive(evidence_id: int, record: AuditRecord) -> PolicyKey | Refusal:
    """The policy that the evidence alone leads to, following what it supersedes where it only narrows."""
    proof = load_proof(evidence_id)
    if (proof.source_id, proof.foreign_id) != (record.source_id, record.foreign_id):
        return Refusal("foreign-evidence", "its evidence is of another item")
    if hashlib.sha256(proof.document.body).hexdigest() != proof.document_key:
        return Refusal("document-damaged", "its stored document is not the one that was read")
    if proof.mark is EvidenceMark.LICENSE:
        return _stated(proof, record)
    if proof.supersedes_id is None:
        return Refusal("no-license-evidence", "no piece of its evidence states a license")
    before = _derive(proof.supersedes_id, record)
    if isinstance(before, Refusal) or proof.mark is EvidenceMark.DECISION:  # a decision only lifts what pairs hold
        return before
    return before.held(HOLD_OF[proof.mark])


def _stated(proof: ProofRecord, record: AuditRecord) -> PolicyKey | Refusal:
    """What the item's record says, narrowed by what the file claims."""
    source = all_sources()[proof.source_id]
    reader = READERS.get(proof.reader)
    if reader is None:
        return Refusal("unknown-reader", f"nobody here can read its evidence again ({proof.reader})")
    key = resolve(source.terms, reader.read(proof.document, source), declared_label=source.license_label)
    if isinstance(key, Refusal):
        return key
    named = grants_naming(grants_of(proof.source_id), source_id=proof.source_id, foreign_id=proof.foreign_id)
    found = standing(key.naming(*named), claims=record.claims, accepted=record.accepted)
    return found.conflicts[0] if found.conflicts else found.key


def _purged(record: AuditRecord) -> tuple[Hold, ...]:
    """A purge stands in no evidence of the image: it only takes away, and its own record says why."""
    return tuple(one for one in record.policy.holds if one is Hold.PURGED)


def _check_due(record: AuditRecord, blobs: Blobs, kept: frozenset[str] | None) -> Iterator[Disagreement]:
    """No bytes stay when what allowed them to be kept has ended."""
    if _purged(record):
        there = [key for key, size in record.files if blobs.fault(Kept(key, size)) is None]
        if {*there} - known_files(there) or len(record.files) > 1:
            text = "it was purged, and bytes of it are still here; “dermref doctor --repair” says what to do"
            yield Disagreement(record.public_id, DUE, text)
    elif kept is not None and record.foreign_id not in kept:
        yield Disagreement(record.public_id, DUE, ENDED)


def _check_waiting(source_id: str | None, kept: Callable[[str], frozenset[str] | None]) -> Iterator[Disagreement]:
    """Nor do files that are kept for a curator."""
    for one in [source_id] if source_id else sources_with_items():
        if (bounds := kept(one)) is not None:
            left = (file for file in waiting_files(one) if file.foreign_id not in bounds)
            yield from (Disagreement(file.public_id, DUE, ENDED) for file in left)


def _check_files(record: AuditRecord, blobs: Blobs) -> Iterator[Disagreement]:
    if _purged(record):  # no file of it is expected
        return
    for number, (key, size) in enumerate(record.files):
        path = "" if number else record.original_path
        fault = blobs.fault(kept(record.source_id, key, size, original_path=path), deep=True)
        if fault:
            yield Disagreement(record.public_id, fault, f"its file {path or key} {WORDS[fault]}")


def _words(key: PolicyKey) -> str:
    named = {"held": key.holds, "restricted": key.restrictions, "disputed": key.disputed, "granted": key.grants}
    return " ".join([key.license_id, *(f"{name}: {one}" for name, found in named.items() for one in found)])
