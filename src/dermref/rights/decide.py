"""One question, one answer: may this viewer do this with an image under this policy, why, and under which duties.

The judges speak in the order hold, status, tier, source terms, license, item; the strictest wins. A prohibition beats
any permission, and where nobody permits, the answer is `ask`. A grant that names the use widens; nothing beats a hold.
"""

from collections.abc import Callable, Iterable

from dermref.model.asking import Action
from dermref.model.decision import Contact, Decision, Duty, EvidenceKind, EvidenceRef, Outcome, Reason
from dermref.model.evidence import Refusal
from dermref.model.source import Effect, SourceTerms
from dermref.rights import judges
from dermref.rights.duties import duties_of, term_duties
from dermref.rights.grants import grant_reason, grants_for
from dermref.rights.licensing import license_rulings
from dermref.rights.question import Policy, Question, Ruling, terms_reason

JUDGES: tuple[Callable[[Policy, Question], list[Ruling]], ...] = (
    judges.status,
    judges.tier,
    judges.source_terms,
    judges.superseded,
    license_rulings,
    judges.item,
)
PAGE_RULE = "Nothing on this site is displayed without a recorded license."  # the page "Image sources & licenses"
LONGEST_QUOTE = 500  # characters of a statement that was not understood
OUTCOMES = {Effect.PROHIBIT: Outcome.DENY, Effect.ASK: Outcome.ASK, Effect.PERMIT: Outcome.ALLOW}  # strictest first


def decide(policy: Policy, question: Question) -> Decision:
    """The decision for one question under one policy; total: every combination has an answer.

    >>> from dermref.model.policy import PolicyKey
    >>> from dermref.registry.load import load_source
    >>> terms = load_source("isic-archive").terms
    >>> asked = Question(Action.PRESENT)
    >>> decision = decide(Policy(PolicyKey("isic-archive", "CC-BY-4.0", "CC-BY"), terms), asked)
    >>> decision.outcome.value, [duty.code.value for duty in decision.duties]
    ('allow_with_duties', ['attribute', 'link_license'])
    """
    if question.action is Action.LINK:
        return _link(policy.terms, question)
    if policy.key.holds:
        return _refused(question, Outcome.DENY, judges.holds(policy), policy.terms)
    outcome, reasons = _strictest(ruling for judge in JUDGES for ruling in judge(policy, question))
    if outcome is Outcome.ALLOW:  # a grant never narrows what is allowed without it
        return _allowed(question, reasons, duties_of(policy, question, ()))
    if grants := grants_for(policy, question):
        return _allowed(question, [grant_reason(one) for one in grants], duties_of(policy, question, grants))
    return _refused(question, outcome, reasons or [_nobody_permitted(policy.terms, question)], policy.terms)


def decide_unrecorded(
    refusal: Refusal, terms: SourceTerms, question: Question, *, stated: str = "", lacking: str = "a recorded license"
) -> Decision:
    """The decision for an item whose rights could not be recorded, for the reason in `refusal`: no, but for a link.
    `stated` is what the item said, word for word; `lacking` is what it lacks."""
    if question.action is Action.LINK:
        return _link(terms, question)
    evidence = EvidenceRef(EvidenceKind.ITEM, stated.strip()[:LONGEST_QUOTE] or PAGE_RULE)
    text = f"Nothing is shown without {lacking}: {refusal.text}."
    return _refused(question, Outcome.DENY, [Reason(refusal.code, text, evidence)], terms)


def _link(terms: SourceTerms, question: Question) -> Decision:
    """A link to a public page is allowed unless the source's own terms say otherwise; where it leads is a duty."""
    duties = term_duties(terms, Action.LINK)
    where = next((duty.target_url for duty in terms.duties if duty.target_url), None) or terms.contact.url or ""
    place = EvidenceRef(EvidenceKind.SOURCE_TERMS, where, where)
    public = Reason("link-public", "A link to a public page is always allowed.", place)
    outcome, reasons = _strictest([*judges.terms_rulings(terms, question), Ruling(Effect.PERMIT, public)])
    if outcome is Outcome.ALLOW:
        return _allowed(question, reasons, duties)
    return _refused(question, outcome, reasons, terms)


def _strictest(rulings: Iterable[Ruling]) -> tuple[Outcome, list[Reason]]:
    said: dict[Effect, list[Reason]] = {effect: [] for effect in OUTCOMES}
    for ruling in rulings:
        said[ruling.effect].append(ruling.reason)
    return next(((OUTCOMES[effect], reasons) for effect, reasons in said.items() if reasons), (Outcome.ASK, []))


def _allowed(question: Question, reasons: list[Reason], duties: tuple[Duty, ...]) -> Decision:
    outcome = Outcome.ALLOW_WITH_DUTIES if duties else Outcome.ALLOW
    return _decision(question, outcome, reasons, duties=duties)


def _refused(question: Question, outcome: Outcome, reasons: list[Reason], terms: SourceTerms) -> Decision:
    """A refusal or an `ask`. An `ask` always says whom: the one the terms name for it, else the source itself."""
    named = terms.ask.contact if terms.ask else None
    return _decision(question, outcome, reasons, contact=named or (terms.contact if outcome is Outcome.ASK else None))


def _decision(
    question: Question,
    outcome: Outcome,
    reasons: list[Reason],
    *,
    duties: tuple[Duty, ...] = (),
    contact: Contact | None = None,
) -> Decision:
    return Decision(
        outcome=outcome,
        action=question.action,
        viewer=question.viewer.kind,
        purpose=question.purpose,
        operator=question.operator.kind,
        reasons=tuple(reasons),
        duties=duties,
        contact=contact,
    )


def _nobody_permitted(terms: SourceTerms, question: Question) -> Reason:
    text = f"Nothing recorded permits “{question.action}” here, and nothing forbids it: ask first."
    return terms_reason("no-permission-recorded", text, terms.proof)
