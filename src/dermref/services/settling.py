"""Settles one item at the door: published with what its file and its likenesses narrow, kept for a curator, or refused.

Nothing that inspection found passes unless a curator accepted it in this very file."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dermref.catalog.acceptances import Passed, acceptances
from dermref.catalog.pairs import decided
from dermref.catalog.received import Known, bars_on
from dermref.catalog.writing import Received, document_key, hold_image, keep_out, mark_seen, publish
from dermref.media.findings import finding
from dermref.model.evidence import EvidenceMark, Harvested, Refusal
from dermref.model.media import Finding, Inspected, Verdict
from dermref.model.pair import NewPair, PairVerdict
from dermref.model.policy import Hold, PolicyKey
from dermref.services.bringing import Brought, Failed
from dermref.services.job import Desk
from dermref.services.likeness import Match
from dermref.services.originals import kept, read_kept
from dermref.services.report import Fate, Report
from dermref.services.rulings import all_sources
from dermref.services.standing import Alike, alike_of, is_settled, pairs_of, passes, standing

NOT_PUBLIC = "not-public"  # the adapters' word for an item that its source no longer shows
GONE = (Hold.WITHDRAWN, EvidenceMark.WITHDRAWAL)
REFUSED = (Hold.REFUSED, EvidenceMark.REFUSAL)
BARRED = {
    Hold.BLOCKED: ("blocked-bytes", "these bytes are refused from here"),
    Hold.TAKEDOWN: ("buried-bytes", "these bytes may never come in again"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """An item, what we knew of it, and the verdict on its rights by its record alone (`judged`)."""

    received: Received
    known: Known | None
    judged: PolicyKey | Refusal

    @property
    def item(self) -> Harvested:
        """What the source said."""
        return self.received.item

    @property
    def standing(self) -> PolicyKey | Refusal:
        """The policy of the image there is, were its record the one just received; the first reason against it."""
        known = self.known
        if known is None or not known.has_image or isinstance(self.judged, Refusal):
            return self.judged
        found = standing(self.judged, claims=known.claims, accepted=known.accepted, holds=known.holds)
        return found.conflicts[0] if found.conflicts else found.key

    @property
    def is_same_document(self) -> bool:
        """Whether the source says the very same as last time."""
        return self.known is not None and self.known.document_key == document_key(self.item.document)

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing about the item is new, nor how it is read; its file left aside."""
        known = self.known
        if known is None or not self.is_same_document or not known.is_inspected or self.is_doubtful:
            return False
        return known.policy == self.standing and known.reader == self.received.reader

    @property
    def is_doubtful(self) -> bool:
        """Whether the record holds a doubt that no curator let pass for the file that the item has."""
        accepted = self.known.accepted if self.known else ()
        if isinstance(self.judged, Refusal):
            return bool(self.item.doubts)
        return not all(is_settled(accepted, one, self.judged) for one in self.item.doubts)

    @property
    def is_followed(self) -> bool:
        """Whether only its record is new, and nothing in it on which rights, inspection or pairs rest: the image may
        follow it without a look at its file."""
        known, item = self.known, self.item
        if known is None or not known.has_image or not known.is_inspected or self.is_doubtful:
            return False
        words = (item.creator, item.contributor, item.rights_holder, item.depiction.modality)
        return known.policy == self.standing and known.words == tuple(one or "" for one in words)

    @property
    def is_waiting(self) -> bool:
        """Whether the item waits for a curator, its file is kept, and nothing about it is new as far as its source
        tells."""
        known, file = self.known, self.item.file
        if known is None or isinstance(self.judged, Refusal) or file is None:
            return False
        is_told = bool(file.size or file.sha256 or file.checksum) and known.reader == self.received.reader
        is_kept = is_told and bool(known.kept) and known.state == Fate.QUARANTINED and self.is_same_document
        return is_kept and not all(passes(known.passed, one.code, self.judged) for one in known.reasons)


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
        desk.blobs.put(data, desk.door.permit)
    return file.sha256


def refuse(
    desk: Desk, case: Case, *refusals: Refusal, report: Report, fate: Fate = Fate.QUARANTINED, file: str = ""
) -> None:
    """Keep an item out; an image it has is held from now on, whatever it was allowed before. `file` is the key of the
    file that is kept for a curator."""
    known, refusal = case.known, refusals[0]
    hold, mark = GONE if refusal.code == NOT_PUBLIC else REFUSED
    fate = Fate.WITHDRAWN if refusal.code == NOT_PUBLIC and known and known.has_image else fate
    before, doubt = known.kept if known else "", desk.blobs.doubt
    is_as_before = case.is_same_document and known is not None and (known.state, known.kept) == (fate, file)
    if known is not None and known.policy is None and is_as_before and known.reasons == refusals:
        mark_seen(case.item.source_id, [case.item.foreign_id], run_id=case.received.run_id, at=case.received.at)
    elif known is None or known.policy is None:
        keep_out(case.received, *refusals, state=fate, file=file, kept=before, doubt=doubt)
    elif is_as_before and hold in known.policy.holds:
        mark_seen(case.item.source_id, [case.item.foreign_id], run_id=case.received.run_id, at=case.received.at)
    else:
        held = known.policy.held(hold)
        hold_image(case.received, held, *refusals, mark=mark, state=fate, file=file, kept=before, doubt=doubt)
    report.count(case.item.foreign_id, fate, refusal)


def _reopening(case: Case, file: Inspected) -> frozenset[PairVerdict]:
    """Which verdicts on an image's pairs no longer hold: all of them for another file, and that it is the same picture
    (and so, perhaps, rightly under other rights) for other rights."""
    known = case.known
    if known is None or known.policy is None:
        return frozenset()
    if known.sha256 != file.sha256:
        return frozenset({PairVerdict.SAME, PairVerdict.DIFFERENT})
    is_as_before = isinstance(case.standing, PolicyKey) and case.standing.without_holds == known.policy.without_holds
    return frozenset() if is_as_before else frozenset({PairVerdict.SAME})


def _keep_out(desk: Desk, case: Case, *refusals: Refusal, report: Report, fate: Fate, file: str = "") -> None:
    """The item stays out. An image whose rights neither changed nor are in doubt keeps the file it has; any other is
    held."""
    known = case.known
    if known and known.policy is not None and (case.is_doubtful or known.policy != case.standing):
        refuse(desk, case, *refusals, report=report, fate=fate, file=file)
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
        reopening=_reopening(case, file),
    )
    report.count(case.item.foreign_id, Fate.UPDATED if is_known else Fate.PUBLISHED)


def _weigh(desk: Desk, case: Case, file: Inspected) -> _Admission | tuple[Refusal, ...] | Refusal:
    """What becomes of an item with a sound file."""
    judged = case.judged
    assert isinstance(judged, PolicyKey)  # refusals were settled before
    if barred := _barred(desk, file):
        return barred
    desk.likes.refresh()  # what came in a moment ago counts
    matches = desk.likes.near(file.likeness)
    item = case.item
    alike = alike_of(file.sha256, matches, not_of=(item.source_id, item.foreign_id))
    found = [one for one in file.findings if one.verdict is Verdict.QUARANTINE and not _is_credited(one, item)]
    found += _lookalikes(desk, matches, alike)
    stand = standing(judged, claims=file.claims, accepted=(), holds=_carried(case))
    if found or item.doubts or stand.conflicts:  # rarely: only then is it asked what a curator let pass
        accepted = _accepted(case, file)
        stand = standing(judged, claims=file.claims, accepted=accepted, holds=_carried(case))
        left = [one for one in item.doubts if not is_settled(accepted, one, judged)]
        left += [Refusal(one.code, one.text) for one in found if not passes(accepted, one.code, judged)]
        if left or stand.conflicts:
            return (*left, *stand.conflicts)
    pairs = pairs_of(stand.key, item.depiction.modality or "", _undecided(case, file, alike), operator=desk.operator)
    key = stand.key.held(Hold.CONFLICT) if any(one.holds_this for one in pairs) else stand.key
    return _Admission(key, pairs)


def _carried(case: Case) -> tuple[Hold, ...]:
    """What pairs hold of the image there is: another file or record does not free it, a curator does."""
    return tuple(one for one in case.known.holds if one is Hold.CONFLICT) if case.known else ()


def _accepted(case: Case, file: Inspected) -> tuple[Passed, ...]:
    item = case.item
    return acceptances(item.source_id, [item.foreign_id]).get((item.foreign_id, file.sha256), ())


def _barred(desk: Desk, file: Inspected) -> Refusal | None:
    """Why these very bytes may not come in from here."""
    bars = bars_on([file.sha256]).get(file.sha256, ())
    bar = next((one for one in bars if one.is_for(desk.source.source_id)), None)
    if bar is None:
        return None
    code, words = BARRED[bar.hold]
    return Refusal(code, f"{words}: {bar.reason}")


def _undecided(case: Case, file: Inspected, alike: Sequence[Alike]) -> list[Alike]:
    """Those about which no curator's verdict still holds."""
    closed = {PairVerdict.SAME, PairVerdict.DIFFERENT} - _reopening(case, file)
    settled = decided(case.known.image_row, closed) if case.known and case.known.image_row else set()
    return [one for one in alike if one.twin.row_id not in settled]


def _lookalikes(desk: Desk, matches: Sequence[Match], alike: Sequence[Alike]) -> Iterator[Finding]:
    """Findings for what looks like bytes that may not come in from here."""
    if any(one.tombstone for one in matches):
        yield finding("blocked-lookalike", what="a picture that was taken down for good")
    sources = all_sources()
    for one in alike:
        source = sources.get(one.twin.source_id)
        if source and source.ingest.block_bytes and source.source_id != desk.source.source_id:
            yield finding("blocked-lookalike", what=f"{one.twin.public_id} of {source.name}")
            return


def _is_credited(one: Finding, item: Harvested) -> bool:
    """Whether the person a finding names is the one the item credits in public anyway."""
    if not one.about:
        return False
    named = {_plain(name) for name in (item.creator, item.contributor, item.rights_holder) if name}
    return _plain(one.about) in named


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
