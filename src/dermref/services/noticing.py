"""The rights notice of a shown image: what its page, its file and its bytes say alike."""

from dermref.credit.notice import Notice, notice_of
from dermref.model.asking import ANONYMOUS, Action, Viewer
from dermref.model.decision import EvidenceKind, Outcome
from dermref.services.serving import Shown, credit_facts, outcome_of

SPOKEN = frozenset({EvidenceKind.LICENSE, EvidenceKind.SOURCE_TERMS, EvidenceKind.ITEM})  # not a ruling of this site


def notice_for(shown: Shown, *, viewer: Viewer = ANONYMOUS) -> Notice:
    """The notice; whether mining is reserved, it says for `viewer`: for anybody at all, unless one is named."""
    training = outcome_of(shown, Action.TRAIN, viewer=viewer)
    is_spoken = any(reason.evidence.kind in SPOKEN for reason in training.reasons)
    return notice_of(
        shown.source,
        shown.license_id,
        credit_facts(shown.record),
        shown.credit,
        holder=shown.record.rights_holder or None,
        is_mining_reserved=not training.is_allowed,
        is_training_barred=training.outcome is Outcome.DENY and is_spoken,
    )
