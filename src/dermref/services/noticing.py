"""The rights notice of a shown image: what its page, its file and its bytes say alike."""

from dermref.credit.notice import Notice, notice_of
from dermref.model.asking import ANONYMOUS, Action, Viewer
from dermref.model.decision import EvidenceKind, Outcome
from dermref.services.credits import credit_facts
from dermref.services.deployment import deployment
from dermref.services.rulings import decide_for
from dermref.services.serving import Shown

SPOKEN = frozenset({EvidenceKind.LICENSE, EvidenceKind.SOURCE_TERMS, EvidenceKind.ITEM})  # not a ruling of this site


def notice_for(shown: Shown, *, viewer: Viewer = ANONYMOUS) -> Notice:
    """The notice; whether mining is reserved, it says for `viewer`: for anybody at all, unless one is named. A purpose
    that the image is shown for opens nothing here: who reads a notice elsewhere has named none. Nor does a permission
    in writing: it is given to this site, and it ends, while a notice stays in the file."""
    training = decide_for(shown.record.policy, Action.TRAIN, viewer=viewer, operator=deployment().operator)
    kinds = {reason.evidence.kind for reason in training.reasons}
    return notice_of(
        shown.source,
        shown.license_id,
        credit_facts(shown.record),
        shown.credit,
        holder=shown.record.rights_holder or None,
        is_mining_reserved=not training.is_allowed or EvidenceKind.GRANT in kinds,
        is_training_barred=training.outcome is Outcome.DENY and bool(kinds & SPOKEN),
    )
