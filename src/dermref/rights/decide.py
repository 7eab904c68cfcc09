"""One question, one answer: may this viewer do this with an image under this policy, why, and under which duties.

Six judges speak in the order hold, status, tier, source terms, license, item; the strictest wins. A prohibition beats
any permission, and where nobody permits, the answer is `ask`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer, ViewerKind
from dermref.model.decision import Contact, Decision, Duty, EvidenceKind, EvidenceRef, Outcome, Reason
from dermref.model.policy import Hold, PolicyKey
from dermref.model.source import Conflict, Effect, Group, Proof, SourceTerms, Tier
from dermref.rights.duties import duties_of
from dermref.rights.facts import License, licenses_in, load_facts

AI_ACTIONS = frozenset({Action.TRAIN, Action.EVALUATE})
REFERENCED_ONLY = frozenset({Group.OFF_LIMITS, Group.META})
HOLD_TEXTS = {
    Hold.WITHDRAWN: "The source has withdrawn this image.",
    Hold.REFUSED: "What the source says of this image now could not be accepted, so nothing may be done with it.",
    Hold.BLOCKED: "These very bytes belong to a source that does not let them be shown from here.",
    Hold.REVIEW: "A curator has to look at this image before anything may be done with it.",
    Hold.CONFLICT: "This image came in under contradicting rights that nobody has settled yet.",
    Hold.TAKEDOWN: "Somebody with a right to this image asked for it to be taken down.",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """A rights situation with its source's terms joined: everything a decision depends on."""

    key: PolicyKey
    terms: SourceTerms

    @property
    def licenses(self) -> tuple[License, ...]:
        """The instruments in play; empty where only the site's own terms speak."""
        return licenses_in(self.key.license_id)


@dataclass(frozen=True, slots=True)
class Question:
    """The four things besides the policy that a decision depends on."""

    action: Action
    viewer: Viewer = Viewer()
    purpose: Purpose = Purpose.UNSPECIFIED
    operator: Operator = Operator()

    @property
    def is_commercial(self) -> bool:
        """Whether the use is commercial by its purpose or by who runs the deployment."""
        return self.purpose is Purpose.COMMERCIAL or self.operator.is_commercial

    @property
    def operator_kind(self) -> OperatorKind:
        """Who runs the deployment as terms see it: a paywall makes any operator a commercial one."""
        return OperatorKind.COMMERCIAL if self.operator.is_commercial else self.operator.kind


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one judge says: an effect with its reason."""

    effect: Effect
    reason: Reason


def decide(policy: Policy, question: Question) -> Decision:
    """The decision for one question under one policy; total: every combination has an answer."""
    rulings = [ruling for judge in JUDGES for ruling in judge(policy, question)]
    outcome, reasons = _strictest(rulings)
    duties: tuple[Duty, ...] = ()
    if outcome is Outcome.ALLOW:
        duties = duties_of(policy.terms, policy.licenses, question.action)
        outcome = Outcome.ALLOW_WITH_DUTIES if duties else Outcome.ALLOW
    if not reasons:
        reasons = (_nobody_permitted(policy, question),)
    return Decision(
        outcome=outcome,
        action=question.action,
        viewer=question.viewer.kind,
        purpose=question.purpose,
        operator=question.operator.kind,
        reasons=reasons,
        duties=duties,
        contact=None if duties or outcome is Outcome.ALLOW else _contact(policy.terms),
    )


def _strictest(rulings: Iterable[Ruling]) -> tuple[Outcome, tuple[Reason, ...]]:
    by_effect: dict[Effect, list[Reason]] = {effect: [] for effect in Effect}
    for ruling in rulings:
        by_effect[ruling.effect].append(ruling.reason)
    for effect, outcome in ((Effect.PROHIBIT, Outcome.DENY), (Effect.ASK, Outcome.ASK), (Effect.PERMIT, Outcome.ALLOW)):
        if by_effect[effect]:
            return outcome, tuple(by_effect[effect])
    return Outcome.ASK, ()


def _holds(policy: Policy, question: Question) -> list[Ruling]:
    if question.action is Action.LINK:
        return []
    return [
        Ruling(Effect.PROHIBIT, Reason(f"hold-{hold}", HOLD_TEXTS[hold], EvidenceRef(EvidenceKind.HOLD, hold)))
        for hold in policy.key.holds
    ]


def _status(policy: Policy, question: Question) -> list[Ruling]:
    terms = policy.terms
    if question.action is Action.LINK or terms.group not in REFERENCED_ONLY:
        return []
    text = f"This source is “{terms.status}”: it is referenced only, never hosted."
    return [Ruling(Effect.PROHIBIT, _terms_reason("status-referenced-only", text, terms.proof))]


def _tier(policy: Policy, question: Question) -> list[Ruling]:
    refused = {
        Tier.EXTERNAL_LINK_ONLY: (True, "Only links to this source may be kept; its images never are."),
        Tier.DEV_ONLY: (
            question.viewer.kind is not ViewerKind.DEVELOPER,
            "This source is for development on this machine only.",
        ),
        Tier.INSTITUTIONAL_ONLY: (
            question.viewer.kind is not ViewerKind.INSTITUTION_MEMBER,
            "Only signed-in members of a subscribing institution may see images of this source.",
        ),
    }
    applies, text = refused.get(policy.terms.tier, (False, ""))
    if not applies or question.action is Action.LINK:
        return []
    return [Ruling(Effect.PROHIBIT, _terms_reason(f"tier-{policy.terms.tier}", text, policy.terms.proof))]


def _source_terms(policy: Policy, question: Question) -> list[Ruling]:
    asked = (question.action, question.purpose, question.operator_kind, question.viewer.kind)
    spoken = [
        Ruling(term.effect, _terms_reason(f"terms-{term.code}", _TERM_TEXTS[term.effect], term.proof))
        for term in policy.terms.terms
        if term.holds_for(*asked)
    ]
    disputed = [
        Ruling(Effect.ASK, _conflict_reason(conflict))
        for conflict in policy.terms.conflicts
        if conflict.cleared is None and question.action in conflict.blocks
    ]
    return spoken + disputed


_TERM_TEXTS = {
    Effect.PERMIT: "The source's terms permit this.",
    Effect.ASK: "The source wants to be asked first.",
    Effect.PROHIBIT: "The source's terms forbid this.",
}


def _superseded(policy: Policy, question: Question) -> list[Ruling]:
    """A policy taken from the source's own license falls with it; it never outlives a change of the registry."""
    current = policy.terms.license_expression
    if policy.terms.per_item or policy.key.license_id == current or question.action is Action.LINK:
        return []
    text = "The license recorded for this source has changed since this image was taken in."
    return [Ruling(Effect.PROHIBIT, _terms_reason("policy-superseded", text, policy.terms.proof))]


def _license(policy: Policy, question: Question) -> list[Ruling]:
    return [
        _license_ruling(one, policy.terms, question) for one in policy.licenses if question.action is not Action.LINK
    ]


def _license_ruling(one: License, terms: SourceTerms, question: Question) -> Ruling:
    evidence = EvidenceRef(EvidenceKind.LICENSE, one.clause, one.url)
    beyond = Effect.ASK if terms.ask else Effect.PROHIBIT
    if not load_facts().needs[question.action] <= one.permits:
        effect = Effect.ASK if question.action in AI_ACTIONS else Effect.PROHIBIT
        return Ruling(effect, Reason("license-no-derivatives", f"{one.short} does not permit adaptations.", evidence))
    if one.is_noncommercial and question.is_commercial:
        return Ruling(beyond, Reason("license-noncommercial", f"{one.short} does not permit commercial use.", evidence))
    if one.is_noncommercial and question.action in AI_ACTIONS and question.purpose is Purpose.UNSPECIFIED:
        text = f"{one.short} permits this for non-commercial purposes only, and no purpose was named."
        return Ruling(Effect.ASK, Reason("license-purpose-needed", text, evidence))
    return Ruling(Effect.PERMIT, Reason("license-permits", f"{one.short} permits this.", evidence))


def _link(policy: Policy, question: Question) -> list[Ruling]:
    if question.action is not Action.LINK:
        return []
    text = "A link to a public page is always allowed."
    return [Ruling(Effect.PERMIT, _terms_reason("link-public", text, policy.terms.proof))]


JUDGES: tuple[Callable[[Policy, Question], list[Ruling]], ...] = (
    _holds,
    _status,
    _tier,
    _source_terms,
    _superseded,
    _license,
    _link,
)


def _nobody_permitted(policy: Policy, question: Question) -> Reason:
    text = f"Nothing recorded permits “{question.action}” here, and nothing forbids it: ask first."
    return _terms_reason("no-permission-recorded", text, policy.terms.proof)


def _contact(terms: SourceTerms) -> Contact | None:
    return terms.ask.contact if terms.ask else None


def _terms_reason(code: str, text: str, proof: Proof) -> Reason:
    return Reason(code, text, EvidenceRef(EvidenceKind.SOURCE_TERMS, proof.phrase, proof.url))


def _conflict_reason(conflict: Conflict) -> Reason:
    text = "What the source's own words allow is in dispute until a curator has cleared it."
    return Reason(
        f"conflict-{conflict.code}", text, EvidenceRef(EvidenceKind.SOURCE_TERMS, conflict.quote, conflict.url)
    )
