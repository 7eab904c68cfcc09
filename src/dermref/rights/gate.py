"""Whether bytes of a source may come in at all: by its status and tier, and by what was given in writing; and the
permit without which the store takes none."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dermref.model.asking import Action, Subscription
from dermref.model.evidence import Refusal
from dermref.model.grant import Grant
from dermref.model.media import StorePermit
from dermref.model.source import SourceTerms, Status, Tier
from dermref.rights.grants import barred_viewers

INGESTIBLE = frozenset({Status.INTEGRATED, Status.READY_TO_HOST})
NEEDS_NOTE = frozenset({Status.READY_CONTACT_FIRST})
NEEDS_GRANT = frozenset(
    {
        Status.NEEDS_PERMISSION,
        Status.PARTNERSHIP,
        Status.PERSONAL,
        Status.LOGIN,
        Status.INSTITUTIONAL,
        Status.OFF_LIMITS,
    }
)


@dataclass(frozen=True, slots=True)
class Writings:
    """What of a source is recorded in writing: whether the courtesy note was sent, the grants, the subscriptions of
    institutions. Those for other sources, and those that do not run, open nothing."""

    is_note_sent: bool = False
    grants: tuple[Grant, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()


NOTHING = Writings()


def check_ingest(terms: SourceTerms, writings: Writings = NOTHING, *, now: datetime | None = None) -> Refusal | None:
    """Why this source may not be ingested at `now`, or None. A status that no rule names is refused.

    A grant that is in force and lets bytes be stored opens every door but that of a meta source; an institutional
    subscription that runs opens that of an institution-only source.
    """
    name = f"{terms.source_id} is “{terms.status}”"
    if terms.status is Status.META:
        return Refusal("status-not-ready", f"{name}: it is an index, and has no images of its own to take in")
    if _is_opened(terms, writings, now):
        return None
    if terms.tier is Tier.EXTERNAL_LINK_ONLY:
        return Refusal("tier-link-only", f"{terms.source_id} is {terms.tier}: its bytes are never stored, only links")
    if terms.status in INGESTIBLE or (terms.status in NEEDS_NOTE and writings.is_note_sent):
        return None
    if terms.status is Status.PLANNED and terms.per_item:  # nothing of its own stands against it, and nothing for it
        return None
    if terms.status in NEEDS_NOTE:
        return Refusal("status-contact-first", f"{name}: record the courtesy note first (“dermref notes add”)")
    if terms.tier is Tier.INSTITUTIONAL_ONLY:
        text = f"{name}: it needs the current institutional subscription of an institution (“dermref institutions”)"
        return Refusal("status-needs-grant", text)
    if terms.status in NEEDS_GRANT:
        return Refusal("status-needs-grant", f"{name}: it needs a recorded grant (“dermref grants add”)")
    return Refusal("status-not-ready", f"{name}: a curator has to make it ready first")


def store_permit(
    terms: SourceTerms, writings: Writings = NOTHING, *, now: datetime | None = None
) -> StorePermit | Refusal:
    """What the store asks for before it takes bytes of this source: there is none where it may not be ingested."""
    return check_ingest(terms, writings, now=now) or StorePermit(terms.source_id)


def depends_on_writings(terms: SourceTerms) -> bool:
    """Whether anything in writing decides about its door. Where not, nobody needs to look while an ingest runs."""
    return check_ingest(terms) is not None


def kept_images(
    terms: SourceTerms, writings: Writings = NOTHING, *, now: datetime | None = None
) -> frozenset[str] | None:
    """Which images of a source may be kept at `now`, by foreign id; None where nothing sets bounds. Where grants that
    name images are all that opens its door, these may be kept and no others."""
    if check_ingest(terms, writings, now=now) is not None:
        return frozenset()
    if check_ingest(terms, replace(writings, grants=()), now=now) is None:
        return None
    named = [one.images for one in _storing(terms, writings, now)]
    return None if None in named else frozenset(name for images in named for name in images or ())


def _is_opened(terms: SourceTerms, writings: Writings, now: datetime | None) -> bool:
    return any(_storing(terms, writings, now)) or (
        terms.tier is Tier.INSTITUTIONAL_ONLY and any(one.opens(terms.source_id, now) for one in writings.subscriptions)
    )


def _storing(terms: SourceTerms, writings: Writings, now: datetime | None) -> Iterator[Grant]:
    """The grants for this source that are in force, let bytes be stored, and open it to anybody at all."""
    return (
        one
        for one in writings.grants
        if one.source_id == terms.source_id
        and Action.STORE in one.actions
        and one.is_current(now)
        and set(one.viewers) - barred_viewers(terms)
    )
