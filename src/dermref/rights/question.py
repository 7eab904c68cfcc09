"""What a decision is about: a rights situation with everything joined to it, and the question asked of it."""

from dataclasses import dataclass
from datetime import datetime

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer
from dermref.model.decision import EvidenceKind, EvidenceRef, Reason
from dermref.model.grant import Grant
from dermref.model.policy import PolicyKey
from dermref.model.source import Effect, Proof, SourceTerms
from dermref.rights.facts import License, licenses_in


@dataclass(frozen=True, slots=True)
class Policy:
    """A rights situation with its source's terms, and the grants of the source, joined: all a decision depends on."""

    key: PolicyKey
    terms: SourceTerms
    grants: tuple[Grant, ...] = ()

    @property
    def licenses(self) -> tuple[License, ...]:
        """The instruments in play; empty where only the site's own terms speak."""
        return licenses_in(self.key.license_id)


@dataclass(frozen=True, slots=True)
class Question:
    """What besides the policy a decision depends on. `now` is an aware time; without it, only what has no limit in
    time counts."""

    action: Action
    viewer: Viewer = Viewer()
    purpose: Purpose = Purpose.UNSPECIFIED
    operator: Operator = Operator()
    now: datetime | None = None

    @property
    def is_commercial(self) -> bool:
        """Whether the use is commercial by its purpose or by who runs the deployment."""
        return self.purpose is Purpose.COMMERCIAL or self.operator.is_commercial

    @property
    def operator_kind(self) -> OperatorKind:
        """Who runs the deployment as terms see it: a paywall or advertising makes any operator a commercial one."""
        return self.operator.counts_as


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one judge says: an effect with its reason."""

    effect: Effect
    reason: Reason


def terms_reason(code: str, text: str, proof: Proof) -> Reason:
    """A reason that rests on the source's words."""
    return Reason(code, text, EvidenceRef(EvidenceKind.SOURCE_TERMS, proof.phrase, proof.url))
