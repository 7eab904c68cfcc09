"""Which sources may be ingested at all: the status gate and the tier, before a single byte is asked for."""

from dermref.model.evidence import Refusal
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


def check_ingest(terms: SourceTerms) -> Refusal | None:
    """Why this source may not be ingested now, or None. A status that no rule names is refused."""
    if terms.tier is Tier.EXTERNAL_LINK_ONLY:
        return Refusal("tier-link-only", f"{terms.source_id} is {terms.tier}: its bytes are never stored, only links")
    if terms.status in INGESTIBLE:
        return None
    if terms.status in NEEDS_NOTE:
        return Refusal("status-contact-first", f"{terms.source_id} is “{terms.status}”: record the courtesy note first")
    if terms.status in NEEDS_GRANT:
        return Refusal("status-needs-grant", f"{terms.source_id} is “{terms.status}”: it needs a recorded grant")
    return Refusal("status-not-ready", f"{terms.source_id} is “{terms.status}”: a curator has to make it ready first")
