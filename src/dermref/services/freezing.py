"""Snapshots: a collection frozen as it may be shown to just anybody, and read again with what is left of it to show.
The document is the snapshot; nothing here changes one."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone

from dermref.catalog import snapshots as rows
from dermref.catalog.collecting import count_of, find_images
from dermref.catalog.reading import ImageRecord, records_of
from dermref.catalog.snapshots import NewSnapshot
from dermref.credit.attributed import Share, attributions_of
from dermref.credit.attribution import attribution
from dermref.model.asking import ANONYMOUS, Action, Viewer
from dermref.model.collection import CollectionRecord, Keeper, SnapshotRecord
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.policy import PolicyKey
from dermref.model.snapshot import (
    Frozen,
    FrozenCredit,
    FrozenMember,
    FrozenPolicy,
    FrozenSource,
    read_frozen,
    written,
)
from dermref.services.collection_view import share_of
from dermref.services.credits import credit_facts
from dermref.services.given import one_reading
from dermref.services.rulings import all_sources, policy_of
from dermref.services.searching import shelf_of
from dermref.services.serving import Shown, admit

GONE = "There is no such image here any more."
AT_ONCE = 500  # members that are looked at together
KEPT_READ = 2  # documents that a process remembers; one of 100,000 images takes about 150 MB in memory


@dataclass(frozen=True, slots=True)
class Freeze:
    """What freezing did: the snapshot, whether it is a new one or the last one said the very same already, and how
    many images stayed out because not just anybody may see them."""

    snapshot: SnapshotRecord
    is_new: bool
    left_out: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A member that may not be shown any more, and why."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of a snapshot as it is now: shown, or a gap. `is_same_file`: the file is the one that was frozen."""

    member: FrozenMember
    now: Shown | Gap
    is_same_file: bool


def freeze(record: CollectionRecord, *, keeper: Keeper, progress: Callable[[int], None] = lambda _: None) -> Freeze:
    """Freeze what just anybody may see of a collection. Raises Stopped with one sentence; `progress` is told how many
    images were read."""
    if not record.is_kept_by(keeper):
        raise Stopped("Only who made this collection, and curators, may freeze it.")
    shelf = shelf_of(ANONYMOUS)
    members, used, shares = _read(record, shelf.policies, progress)
    if not members:
        raise Stopped(f"{record.slug} has no image that just anybody may see: there is nothing to freeze.")
    number, now = rows.next_number(record.row_id), timezone.now()
    frozen = Frozen(
        collection=record.slug,
        number=number,
        title=record.title,
        description=record.description,
        frozen_at=now.isoformat(timespec="seconds"),
        frozen_by=keeper.name,
        sources=_sources({key.source_id for key in used}),
        policies=tuple(_policy(key) for key in used),
        credits=tuple(FrozenCredit(one.name, one.images, one.licenses) for one in attributions_of(shares)),
        members=members,
    )
    left_out = max(count_of(record.row_id) - len(members), 0)
    last = rows.find_snapshot(record.slug, number - 1)
    if last and read_snapshot(last).content == frozen.content:
        return Freeze(last, False, left_out)
    new = NewSnapshot(
        collection_row=record.row_id,
        number=number,
        title=record.title,
        images=len(members),
        body=written(frozen),
        url=f"/collections/{record.slug}/{number}/",
        by=keeper.name,
        at=now,
    )
    made = rows.find_snapshot(record.slug, number) if rows.save_snapshot(new) else None
    if made is None:
        raise Stopped(f"Somebody froze {record.slug} this very moment; look at that snapshot first.")
    return Freeze(made, True, left_out)


def _read(
    record: CollectionRecord, policies: Mapping[int, PolicyKey], progress: Callable[[int], None]
) -> tuple[tuple[FrozenMember, ...], list[PolicyKey], list[Share]]:
    """The members with their credit, the policies they stand under, and whom they are attributed to."""
    used: dict[int, int] = {}
    members: list[FrozenMember] = []
    shares: list[Share] = []
    licenses = {row: policy_of(key).licenses for row, key in policies.items()}
    for at, row in enumerate(rows.freezable_rows(record.row_id, policies), 1):
        key = policies[row.policy_row]
        credit = attribution(all_sources()[key.source_id], licenses[row.policy_row], credit_facts(row))
        if isinstance(credit, Refusal):
            continue
        place = used.setdefault(row.policy_row, len(used))
        recorded = row.recorded_at.isoformat(timespec="seconds")
        members.append(FrozenMember(row.public_id, row.sha256, place, row.evidence, recorded, credit.text))
        shares.append(share_of(row, key, images=1))
        if at % AT_ONCE == 0:
            progress(at)
    return tuple(members), [policies[one] for one in used], shares


def _policy(key: PolicyKey) -> FrozenPolicy:
    restrictions = tuple(sorted(key.restrictions))
    return FrozenPolicy(key.source_id, key.license_id, key.license_label, restrictions, key.content_hash)


def _sources(source_ids: set[str]) -> tuple[FrozenSource, ...]:
    digests = rows.digests_of(source_ids)
    return tuple(FrozenSource(one, all_sources()[one].called, digests[one]) for one in sorted(source_ids))


def find_snapshot(slug: str, number: int) -> SnapshotRecord | None:
    """The snapshot of this number. It is public, whatever became of its collection."""
    return rows.find_snapshot(slug, number)


def snapshots_of(slug: str) -> tuple[SnapshotRecord, ...]:
    """All snapshots of a collection, latest first."""
    return rows.snapshots_of(slug)


def document_of(snapshot: SnapshotRecord) -> bytes:
    """The document itself; its sha256 is the snapshot's content hash."""
    return rows.document_with(snapshot.sha256)


def read_snapshot(snapshot: SnapshotRecord) -> Frozen:
    """What it froze."""
    return _frozen(snapshot.sha256)


@lru_cache(maxsize=KEPT_READ)
def _frozen(sha256: str) -> Frozen:
    return read_frozen(rows.document_with(sha256))


@dataclass(frozen=True, slots=True)
class Check:
    """A snapshot looked at: whether its document is what was frozen; the members that just anybody may see no more, and
    why; and those whose file is another one by now."""

    is_whole: bool
    gaps: tuple[tuple[str, Gap], ...]
    other_files: tuple[str, ...]


def check(snapshot: SnapshotRecord) -> Check:
    """Look at a snapshot as just anybody."""
    body, members = rows.document_with(snapshot.sha256), read_snapshot(snapshot).members
    known, shelf = find_images([one.id for one in members]), shelf_of(ANONYMOUS)
    shown = {one.id for one in members if one.id in known and known[one.id].policy_row in shelf.policies}
    others = [one for one in members if one.id not in shown]
    with one_reading():
        found = [
            one
            for start in range(0, len(others), AT_ONCE)
            for one in entries(others[start : start + AT_ONCE], viewer=ANONYMOUS)
        ]
    return Check(
        is_whole=hashlib.sha256(body).hexdigest() == snapshot.sha256,
        gaps=tuple((one.member.id, one.now) for one in found if isinstance(one.now, Gap)),
        other_files=tuple(one.id for one in members if one.id in shown and known[one.id].sha256 != one.sha256),
    )


def entries(members: Sequence[FrozenMember], *, viewer: Viewer) -> tuple[Entry, ...]:
    """These members as the gate answers for them now."""
    known = find_images([one.id for one in members])
    records = records_of(one.row_id for one in known.values())
    return tuple(_entry(one, records.get(known[one.id].row_id) if one.id in known else None, viewer) for one in members)


def _entry(member: FrozenMember, record: ImageRecord | None, viewer: Viewer) -> Entry:
    now = as_it_is(record, viewer=viewer)
    return Entry(member, now, isinstance(now, Shown) and now.record.sha256 == member.sha256)


def as_it_is(record: ImageRecord | None, *, viewer: Viewer) -> Shown | Gap:
    """A member of a set as the gate answers for it now: shown, or the reason why it is not."""
    if record is None or record.source_id not in all_sources():
        return Gap("missing", GONE)
    verdict = admit(record, viewer=viewer, action=Action.VIEW)
    if isinstance(verdict, Shown):
        return verdict
    if verdict.is_hidden:
        return Gap("missing", GONE)
    first = verdict.decision.reasons[0]
    return Gap(first.code, first.text)
