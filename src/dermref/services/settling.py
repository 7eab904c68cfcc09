"""Settles one item at the door: published with what its file and its likenesses narrow, kept for a curator, or refused.

Nothing that inspection found passes unless a curator accepted it in this very file."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dermref.catalog.acceptances import NOTHING, acceptances
from dermref.catalog.pairs import Twin, decided, partners, twins
from dermref.catalog.received import Known, barred_bytes
from dermref.catalog.writing import Received, document_key, follow, hold_image, keep_out, mark_seen, publish
from dermref.media.findings import finding
from dermref.model.evidence import EvidenceMark, Harvested, Refusal
from dermref.model.media import Finding, Inspected, Verdict
from dermref.model.pair import NewPair, PairKind, PairVerdict
from dermref.model.policy import Hold, PolicyKey
from dermref.services.bringing import Brought, Failed
from dermref.services.job import Desk
from dermref.services.likeness import Match
from dermref.services.originals import kept, read_kept
from dermref.services.report import Fate, Report
from dermref.services.rulings import all_sources
from dermref.services.standing import pairs_of, standing

NOT_PUBLIC = "not-public"  # the adapters' word for an item that its source no longer shows
GONE = (Hold.WITHDRAWN, EvidenceMark.WITHDRAWAL)
REFUSED = (Hold.REFUSED, EvidenceMark.REFUSAL)


@dataclass(frozen=True, slots=True)
class Case:
    """An item, what we knew of it, and the verdict on its rights: what its record alone gives (`judged`), and how it
    stands with the file and the pairs that its image has (`standing`)."""

    received: Received
    known: Known | None
    judged: PolicyKey | Refusal

    @property
    def item(self) -> Harvested:
        """What the source said."""
        return self.received.item

    @property
    def standing(self) -> PolicyKey | Refusal:
        """The policy of the image there is, were its record the one just received."""
        known = self.known
        if known is None:
            return self.judged
        return standing(self.judged, claims=known.claims, accepted=known.accepted, is_contested=known.is_contested)

    @property
    def is_same_document(self) -> bool:
        """Whether the source says the very same as last time."""
        return self.known is not None and self.known.document_key == document_key(self.item.document)

    @property
    def is_waiting(self) -> bool:
        """Whether the item waits for a curator, its file is kept, and nothing about it is new."""
        known = self.known
        return known is not None and bool(known.kept) and known.state == Fate.QUARANTINED and self.is_same_document


@dataclass(frozen=True, slots=True)
class _Admission:
    """An item that comes in: its policy, and the pairs it makes."""

    key: PolicyKey
    pairs: Sequence[NewPair]


def settle(desk: Desk, case: Case, brought: Brought, report: Report) -> None:
    """Commit what becomes of an item whose rights were judged and whose file was asked for."""
    verdict = _weigh(desk, case, brought) if isinstance(brought, Inspected) else brought
    if isinstance(verdict, _Admission):
        assert isinstance(brought, Inspected)  # nothing else is weighed
        _publish(desk, case, verdict, brought, report)
    elif isinstance(verdict, tuple):
        assert isinstance(brought, Inspected)
        file = _kept_for_curator(desk, brought)
        _keep_out(desk, case, *verdict, report=report, fate=Fate.QUARANTINED, file=file)
    elif isinstance(verdict, Failed):
        _keep_out(desk, case, verdict.refusal, report=report, fate=Fate.FAILED)
    else:
        assert isinstance(verdict, Refusal)
        _keep_out(desk, case, verdict, report=report, fate=Fate.QUARANTINED)


def _kept_for_curator(desk: Desk, file: Inspected) -> str:
    """The key of a file that has to wait, in the store even where it lies outside: it may be gone there by then."""
    if file.original_path:
        outside = kept(desk.source.source_id, file.sha256, file.byte_size, original_path=file.original_path)
        data = read_kept(outside)
        if data is None:
            return ""
        desk.blobs.put(data)
    return file.sha256


def refuse(desk: Desk, case: Case, *refusals: Refusal, report: Report, fate: Fate = Fate.QUARANTINED) -> None:
    """Keep an item out; an image it has is held from now on, whatever it was allowed before."""
    known, refusal = case.known, refusals[0]
    hold, mark = GONE if refusal.code == NOT_PUBLIC else REFUSED
    fate = Fate.WITHDRAWN if refusal.code == NOT_PUBLIC and known and known.has_image else fate
    if known is None or known.policy is None:
        keep_out(case.received, *refusals, state=fate, kept=known.kept if known else "", doubt=desk.blobs.doubt)
    elif case.is_same_document and known.state == fate and hold in known.policy.holds:
        mark_seen(case.item.source_id, [case.item.foreign_id], run_id=case.received.run_id)
    else:
        hold_image(case.received, known.policy.held(hold), mark=mark, state=fate, refusal=refusal)
    report.count(case.item.foreign_id, fate, refusal)


def follow_record(desk: Desk, case: Case, key: PolicyKey) -> None:
    """An image whose record changed and whose file did not. Where its rights changed, its pairs are weighed anew."""
    known = case.known
    assert known is not None  # only an image is followed
    reopening = _reopening(case, known.sha256)
    others = [(one, _kind(one, known.sha256), 0) for one in partners(known.image_row)] if reopening else []
    pairs = pairs_of(key, others, operator=desk.operator)
    follow(case.received, _held(key, pairs), pairs, reopening)


def _reopening(case: Case, sha256: str | None) -> frozenset[PairVerdict]:
    """Which verdicts on an image's pairs no longer hold: all of them for another file, and that it is the same picture
    (and so, perhaps, rightly under other rights) for other rights."""
    known = case.known
    if known is None or known.policy is None:
        return frozenset()
    if known.sha256 != sha256:
        return frozenset({PairVerdict.SAME, PairVerdict.DIFFERENT})
    is_as_before = isinstance(case.standing, PolicyKey) and case.standing.without_holds == known.policy.without_holds
    return frozenset() if is_as_before else frozenset({PairVerdict.SAME})


def _kind(twin: Twin, sha256: str | None) -> PairKind:
    return PairKind.EXACT if twin.sha256 == sha256 else PairKind.NEAR


def _keep_out(desk: Desk, case: Case, *refusals: Refusal, report: Report, fate: Fate, file: str = "") -> None:
    """The item stays out. An image whose rights did not change keeps the file it has; any other is held."""
    known = case.known
    if known and known.policy is not None and known.policy != case.standing:
        refuse(desk, case, *refusals, report=report, fate=fate)
        return
    before = known.kept if known else ""
    keep_out(case.received, *refusals, state=fate, file=file, kept=before, doubt=desk.blobs.doubt)
    report.count(case.item.foreign_id, fate, refusals[0])


def _publish(desk: Desk, case: Case, verdict: _Admission, file: Inspected, report: Report) -> None:
    known = case.known
    is_known = known is not None and known.has_image
    publish(
        case.received,
        verdict.key,
        file=file,
        doubt=desk.blobs.doubt,
        is_known=is_known,
        kept=known.kept if known else "",
        block=f"they belong to {desk.source.name}" if desk.source.ingest.block_bytes else None,
        pairs=verdict.pairs,
        reopening=_reopening(case, file.sha256),
    )
    report.count(case.item.foreign_id, Fate.UPDATED if is_known else Fate.PUBLISHED)


def _weigh(desk: Desk, case: Case, file: Inspected) -> _Admission | tuple[Refusal, ...] | Refusal:
    """What becomes of an item with a sound file."""
    assert isinstance(case.judged, PolicyKey)  # refusals were settled before
    if barred := _barred(desk, file):
        return barred
    desk.likes.refresh()  # what came in a moment ago counts
    matches = desk.likes.near(file.likeness)
    others = _twins(case, file, matches)
    found = [one for one in file.findings if one.verdict is Verdict.QUARANTINE and not _is_credited(one, case.item)]
    found += _lookalikes(desk, matches, others)
    left = [Refusal(one.code, one.text) for one in found]
    is_contested = case.known is not None and case.known.is_contested
    key = standing(case.judged, claims=file.claims, accepted=NOTHING, is_contested=is_contested)
    left += [key] if isinstance(key, Refusal) else []
    if left:
        accepted = _accepted(case, file)
        left = [one for one in left if one.code not in accepted]
        key = standing(case.judged, claims=file.claims, accepted=accepted, is_contested=is_contested)
    if left or isinstance(key, Refusal):
        return tuple(left)
    pairs = pairs_of(key, others, operator=desk.operator)
    return _Admission(_held(key, pairs), pairs)


def _held(key: PolicyKey, pairs: Sequence[NewPair]) -> PolicyKey:
    return key.held(Hold.CONFLICT) if any(one.holds_this for one in pairs) else key


def _accepted(case: Case, file: Inspected) -> frozenset[str]:
    item = case.item
    return acceptances(item.source_id, [item.foreign_id]).get((item.foreign_id, file.sha256), NOTHING)


def _barred(desk: Desk, file: Inspected) -> Refusal | None:
    """Why these very bytes may not come in from here."""
    found = barred_bytes(file.sha256, source_id=desk.source.source_id)
    if found is None:
        return None
    kind, reason = found
    words = {"blocked": "these bytes are refused from here", "buried": "these bytes may never come in again"}
    return Refusal(f"{kind}-bytes", f"{words[kind]}: {reason}")


def _twins(case: Case, file: Inspected, matches: Sequence[Match]) -> list[tuple[Twin, PairKind, int]]:
    """Every other image that shows the same picture, by its bytes or by its looks. A clinical and a dermoscopic
    photograph are never the same picture, however alike they look."""
    near = {one.image_row: one.distance for one in matches if one.image_row is not None}
    item, known = case.item, case.known
    modality = item.depiction.modality
    closed = {PairVerdict.SAME, PairVerdict.DIFFERENT} - _reopening(case, file.sha256)
    settled = decided(known.image_row, closed) if known and known.image_row else set()
    found = twins(file.sha256, near.keys(), not_of=(item.source_id, item.foreign_id))
    return [
        (one, _kind(one, file.sha256), near.get(one.row_id, 0))
        for one in found
        if one.row_id not in settled
        and (one.sha256 == file.sha256 or not (modality and one.modality and modality != one.modality))
    ]


def _lookalikes(
    desk: Desk, matches: Sequence[Match], others: Sequence[tuple[Twin, PairKind, int]]
) -> Iterator[Finding]:
    """Findings for what looks like bytes that may not come in from here."""
    if any(one.tombstone for one in matches):
        yield finding("blocked-lookalike", what="a picture that was taken down for good")
    sources = all_sources()
    for twin, _, _ in others:
        source = sources.get(twin.source_id)
        if source and source.ingest.block_bytes and source is not desk.source:
            yield finding("blocked-lookalike", what=f"{twin.public_id} of {source.name}")
            return


def _is_credited(one: Finding, item: Harvested) -> bool:
    """Whether the person a finding names is the one the item credits in public anyway."""
    if not one.about:
        return False
    named = {_plain(name) for name in (item.creator, item.contributor, item.rights_holder) if name}
    return _plain(one.about) in named


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
