"""Which sources may be ingested at all: the status gate and the tier, before a single byte is asked for."""

from collections.abc import Iterable
from datetime import datetime

from dermref.model.asking import Action
from dermref.model.evidence import Refusal
from dermref.model.grant import Grant
from dermref.model.source import SourceTerms, Status, Tier

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


def check_ingest(
    terms: SourceTerms, *, is_note_sent: bool = False, grants: Iterable[Grant] = (), now: datetime | None = None
) -> Refusal | None:
    """Why this source may not be ingested now, or None. A status that no rule names is refused.

    `is_note_sent` tells that the courtesy note is recorded; `grants` are permissions in writing, of which one that is
    in force at `now` and lets bytes be stored opens every door but that of a meta source.
    """
    name = f"{terms.source_id} is “{terms.status}”"
    if terms.status is Status.META:
        return Refusal("status-not-ready", f"{name}: it is an index, and has no images of its own to take in")
    if any(_opens(grant, terms, now) for grant in grants):
        return None
    if terms.tier is Tier.EXTERNAL_LINK_ONLY:
        return Refusal("tier-link-only", f"{terms.source_id} is {terms.tier}: its bytes are never stored, only links")
    if terms.status in INGESTIBLE or (terms.status in NEEDS_NOTE and is_note_sent):
        return None
    if terms.status is Status.PLANNED and terms.per_item:  # nothing of its own stands against it, and nothing for it
        return None
    if terms.status in NEEDS_NOTE:
        return Refusal("status-contact-first", f"{name}: record the courtesy note first")
    if terms.status in NEEDS_GRANT:
        return Refusal("status-needs-grant", f"{name}: it needs a recorded grant")
    return Refusal("status-not-ready", f"{name}: a curator has to make it ready first")


def _opens(grant: Grant, terms: SourceTerms, now: datetime | None) -> bool:
    return grant.source_id == terms.source_id and Action.STORE in grant.actions and grant.is_current(now)
