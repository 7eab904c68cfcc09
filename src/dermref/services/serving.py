"""The one gate. Every picture, page, tile, record and byte passes here: an image id, a viewer and an action in, and
either what may be shown with its credit or the decision that refuses it out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import BinaryIO

from dermref.catalog.pairs import linked
from dermref.catalog.purging import purge_of
from dermref.catalog.reading import FileRecord, ImageRecord, find_image, stored_file
from dermref.credit.attribution import Credit
from dermref.credit.license_names import joint_of
from dermref.credit.notice import sufficient
from dermref.model.asking import ANONYMOUS, Action, Purpose, Viewer, ViewerKind, subscriber_of
from dermref.model.decision import Contact, Decision, Outcome
from dermref.model.evidence import Refusal
from dermref.model.media import COPY, MediaType, Size
from dermref.model.policy import Hold
from dermref.model.source import Source, Tier
from dermref.rights import Question
from dermref.rights.facts import License
from dermref.rights.judges import why_not_current
from dermref.services.credits import credit_of, decide_uncredited
from dermref.services.deployment import blobs, deployment
from dermref.services.given import grants_of, one_reading
from dermref.services.originals import kept
from dermref.services.rendering import rendition_of
from dermref.services.rulings import all_sources, decide_all, decide_for, policy_of

PURGED = f"hold-{Hold.PURGED}"  # the code of that reason
ACTION_OF = {
    "": Action.DOWNLOAD,
    COPY: Action.DOWNLOAD,
    Size.SMALL: Action.THUMBNAIL,
    Size.MEDIUM: Action.VIEW,
    Size.LARGE: Action.VIEW,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An image that may be shown, with everything that has to stand beside it. `purpose` is the one that it takes to be
    shown at all: unspecified where none need be named."""

    record: ImageRecord
    source: Source
    license_id: str
    license_label: str
    licenses: tuple[License, ...]
    credit: Credit
    decision: Decision
    purpose: Purpose = Purpose.UNSPECIFIED

    @property
    def is_all_said(self) -> bool:
        """Whether each of its licenses alone says everything."""
        return bool(sufficient(self.license_id))

    @property
    def joint(self) -> str:
        """What stands between its licenses: “or” where each alone is a choice, else “+”, for all of them hold."""
        return joint_of(self.license_id)


@dataclass(frozen=True, slots=True)
class Refused:
    """An image that exists and may not be shown so. `is_hidden`: this viewer may not even know of it.
    `would_sign_in_help`: somebody who is signed in may be allowed it."""

    public_id: str
    source: Source
    landing_url: str
    decision: Decision
    is_hidden: bool
    would_sign_in_help: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """No such image, as far as anybody may know."""

    public_id: str


@dataclass(frozen=True, slots=True)
class Bytes:
    """A file to send, open at its beginning for whoever gets it to close, and the image whose rights travel with it.
    `takes_credit`: they are to be written into it; where not, it goes exactly as received."""

    shown: Shown
    file: FileRecord
    stream: BinaryIO
    takes_credit: bool = False


def show(
    public_id: str, *, viewer: Viewer, action: Action = Action.VIEW, purpose: Purpose = Purpose.UNSPECIFIED
) -> Shown | Refused | Missing:
    """The image for `viewer` to do `action` with, for this purpose."""
    record = _find(public_id)
    return Missing(public_id) if record is None else admit(record, viewer=viewer, action=action, purpose=purpose)


def _find(public_id: str) -> ImageRecord | None:
    """The image, unless its source left the registry: nobody can say any more what may be done with it."""
    record = find_image(public_id)
    return record if record and record.source_id in all_sources() else None


def admit(
    record: ImageRecord, *, viewer: Viewer, action: Action, purpose: Purpose = Purpose.UNSPECIFIED
) -> Shown | Refused:
    """The verdict on a record already read, of a source in the registry. A credit that cannot be rendered is a refusal
    too."""
    operator, source = deployment().operator, all_sources()[record.source_id]
    decided = decide_for(record.policy, action, viewer=viewer, operator=operator, purpose=purpose)
    policy = policy_of(record.policy)
    credit = credit_of(record, source, policy.licenses)
    if decided.is_allowed and isinstance(credit, Refusal):
        decided = decide_uncredited(credit, source, Question(action, viewer, purpose, operator))
    decision = in_full(decided, record, viewer=viewer)
    if not decision.is_allowed or isinstance(credit, Refusal):
        hidden = source.tier is Tier.DEV_ONLY and viewer.kind is not ViewerKind.DEVELOPER
        helps = _would_sign_in_help(record, viewer=viewer, action=action, purpose=purpose)
        is_helped = helps and isinstance(credit, Credit)
        return Refused(record.public_id, source, record.landing_url, decision, hidden, is_helped)
    label, needed = policy.key.license_label, _needed(record, viewer=viewer, action=action, purpose=purpose)
    return Shown(record, source, policy.key.license_id, label, policy.licenses, credit, decision, needed)


def _needed(record: ImageRecord, *, viewer: Viewer, action: Action, purpose: Purpose) -> Purpose:
    """The purpose that has to be named for what is allowed."""
    if purpose is Purpose.UNSPECIFIED:
        return purpose
    plain = decide_for(record.policy, action, viewer=viewer, operator=deployment().operator)
    return Purpose.UNSPECIFIED if plain.is_allowed else purpose


def show_dev(public_id: str, *, viewer: Viewer) -> Shown | Missing:
    """A dev-only image, to whoever stands at the dev gate; to everybody else, and of other sources, there is none."""
    record = _find(public_id)
    if record is None or all_sources()[record.source_id].tier is not Tier.DEV_ONLY:
        return Missing(public_id)
    verdict = admit(record, viewer=viewer, action=Action.VIEW)
    return verdict if isinstance(verdict, Shown) else Missing(public_id)


def _would_sign_in_help(record: ImageRecord, *, viewer: Viewer, action: Action, purpose: Purpose) -> bool:
    """Whether who is nobody in particular would be allowed this as anybody who signs in: a member, one of a subscribing
    institution, a curator."""
    if viewer.kind is not ViewerKind.ANONYMOUS:
        return False
    kinds = (Viewer(ViewerKind.MEMBER), subscriber_of(record.source_id), Viewer(ViewerKind.CURATOR))
    operator, signed_in = deployment().operator, kinds
    asked = (decide_for(record.policy, action, viewer=one, operator=operator, purpose=purpose) for one in signed_in)
    return any(decision.is_allowed for decision in asked)


def open_bytes(
    source_id: str,
    foreign_id: str,
    *,
    size: str,
    viewer: Viewer,
    media_type: MediaType = MediaType.JPEG,
    purpose: Purpose = Purpose.UNSPECIFIED,
    through_dev_gate: bool = False,
    again: Callable[[], Viewer] | None = None,
) -> Bytes | Refused | Missing:
    """The file of an item at `size` ("" for the file as received, `COPY` for the same, its rights to be written in),
    renditions in the format asked for. Dev-only images come through the dev gate alone. Where the right may end, it is
    looked at once more when the file is open; `again` reads the viewer anew."""
    public_id = f"{source_id}:{foreign_id}"
    record = _find(public_id)
    if record is None or (all_sources()[source_id].tier is Tier.DEV_ONLY) != through_dev_gate:
        return Missing(public_id)
    action = Action.VIEW if through_dev_gate else ACTION_OF[size]  # the dev gate shows; it offers no downloads
    verdict = admit(record, viewer=viewer, action=action, purpose=purpose)
    if isinstance(verdict, Refused):
        return verdict
    picked = _pick(verdict, size, media_type=media_type, viewer=viewer)
    if picked is None:
        return Missing(public_id)
    if not _is_current(record):
        picked.stream.close()
        return Missing(public_id)  # an ingest changed it this very moment; asked again, the new state answers
    if viewer.for_source(source_id).subscriptions or grants_of(source_id):
        with one_reading():  # not that of the request, which may be old by now
            last = admit(record, viewer=again() if again else viewer, action=action, purpose=purpose)
        if isinstance(last, Refused):
            picked.stream.close()
            return last
    return picked


def find_known(public_id: str, *, viewer: Viewer) -> ImageRecord | None:
    """The record of an image that `viewer` may know of, shown or refused; None for every other."""
    try:
        public_id.encode()
    except UnicodeEncodeError:  # a lone surrogate out of somebody's JSON, which no id holds
        return None
    record = _find(public_id)
    if record is None:
        return None
    verdict = admit(record, viewer=viewer, action=Action.VIEW)
    return None if isinstance(verdict, Refused) and verdict.is_hidden else record


def elsewhere(records: Iterable[ImageRecord], *, viewer: Viewer) -> Mapping[int, tuple[str, ...]]:
    """Which other images show the very picture of these (by row id), as far as `viewer` may see them."""
    ids = linked([record.row_id for record in records])
    return {
        row_id: tuple(one for one in others if isinstance(show(one, viewer=viewer), Shown))
        for row_id, others in ids.items()
    }


def show_for_review(public_id: str) -> Shown | None:
    """An image that waits for a curator's word on its pair, to that curator, on their own machine: as if that hold were
    lifted. None where something else forbids it even then."""
    record = _find(public_id)
    if record is None:
        return None
    free = replace(record, policy=record.policy.without(Hold.CONFLICT))
    verdict = admit(free, viewer=Viewer(ViewerKind.CURATOR), action=Action.VIEW)
    return verdict if isinstance(verdict, Shown) else None


def picture_of(shown: Shown) -> tuple[str, bytes] | None:
    """The medium picture of a shown image and its media type, for a page that stands by itself; None where there is
    none."""
    found = _pick(shown, Size.MEDIUM, media_type=MediaType.JPEG, viewer=Viewer(ViewerKind.CURATOR))
    if found is None:
        return None
    with found.stream as stream:
        return found.file.media_type, stream.read()


def decisions_for(
    record: ImageRecord, *, viewer: Viewer, purpose: Purpose = Purpose.UNSPECIFIED
) -> tuple[Decision, ...]:
    """What `viewer` may do with an image: one decision for every action."""
    decisions = decide_all(record.policy, viewer=viewer, operator=deployment().operator, purpose=purpose)
    return tuple(in_full(decision, record, viewer=viewer) for decision in decisions.values())


def outcome_of(shown: Shown, action: Action, *, viewer: Viewer = ANONYMOUS) -> Decision:
    """What `viewer`, or anybody at all, may do with a shown image, for the purpose it is shown for."""
    operator = deployment().operator
    return decide_for(shown.record.policy, action, viewer=viewer, operator=operator, purpose=shown.purpose)


def in_full(decision: Decision, record: ImageRecord, *, viewer: Viewer) -> Decision:
    """The decision with everything that is known of this very image and concerns this viewer: whom to ask, and when and
    why its files were removed."""
    return _told_of_purge(_named_contact(decision, record), record, viewer)


def _told_of_purge(decision: Decision, record: ImageRecord, viewer: Viewer) -> Decision:
    """A member is told of their own institution's subscription, a curator what the purge itself says."""
    if Hold.PURGED not in record.policy.holds:
        return decision
    purge = purge_of(record.row_id) if viewer.kind is ViewerKind.CURATOR else None
    own = [purge.reason] if purge else why_not_current(viewer, record.source_id, datetime.now(UTC))
    words = "".join(f" {one}" for one in own)
    reasons = (replace(one, text=one.text + words) if one.code == PURGED else one for one in decision.reasons)
    return replace(decision, reasons=tuple(reasons))


def _named_contact(decision: Decision, record: ImageRecord) -> Decision:
    """The decision with the rights holder named on the image as contact, where the source sends askers there."""
    ask = policy_of(record.policy).terms.ask
    if decision.outcome not in (Outcome.ASK, Outcome.DENY) or ask is None or not ask.names_image:
        return decision
    name = record.rights_holder or record.contributor or record.creator
    contact = Contact(name, None, record.landing_url) if name and name not in ask.nobody else ask.contact
    return replace(decision, contact=contact)


def _is_current(record: ImageRecord) -> bool:
    """Whether rights and file are still those that were judged: two queries never mix two states of an image."""
    now = find_image(record.public_id)
    return now is not None and (now.policy, now.sha256) == (record.policy, record.sha256)


def _pick(shown: Shown, size: str, *, media_type: MediaType, viewer: Viewer) -> Bytes | None:
    """The rendition of that size, or the stored file where none may be made; None where there are no such bytes.

    A rendition that cannot be made is never replaced by the stored file, which carries its metadata.
    """
    record, may_change = shown.record, bool(size) and is_changeable(shown, viewer=viewer)
    if may_change and size != COPY:
        made = rendition_of(record, size=Size(size), media_type=media_type)
        return None if isinstance(made, Refusal) else Bytes(shown, made.file, made.stream, takes_credit=True)
    file = stored_file(record)
    stream = blobs().open(kept(record.source_id, file.sha256, file.byte_size, original_path=file.original_path))
    named = replace(file, size=COPY) if may_change else file
    return Bytes(shown, named, stream, takes_credit=may_change) if stream else None


def is_changeable(shown: Shown, *, viewer: Viewer) -> bool:
    """Whether the image's bytes may reach `viewer` otherwise than as received: made smaller, or with its rights written
    in. The one rule for both; where the terms bar any change, the credit stands beside the file."""
    return outcome_of(shown, Action.RESIZE, viewer=viewer).is_allowed
