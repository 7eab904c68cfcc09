"""What the license says on a question. An expression's alternatives (`OR`) are weighed one by one and the freest
counts; inside an alternative all licenses (`AND`) hold, and the strictest counts."""

from dermref.model.asking import Action, Purpose
from dermref.model.decision import EvidenceKind, EvidenceRef, Reason
from dermref.model.source import Effect
from dermref.rights.facts import Kind, License, alternatives_in, load_facts
from dermref.rights.question import Policy, Question, Ruling

AI_ACTIONS = frozenset({Action.TRAIN, Action.EVALUATE})
CHANGES = frozenset({"DerivativeWorks"})
STATEMENTS = frozenset({Kind.CLAIM, Kind.STATEMENT})  # kinds that tell of rights and give none away: who holds them may
Finding = tuple[Effect, str, str]  # the effect, its code, and the sentence that follows the license's name
PERMITTED: Finding = (Effect.PERMIT, "license-permits", "permits this.")
FREEDOM = (Effect.PERMIT, None, Effect.ASK, Effect.PROHIBIT)  # None: the alternative says nothing


def license_rulings(policy: Policy, question: Question) -> list[Ruling]:
    """The rulings of the alternative that leaves most freedom, each effect followed by what was disputed."""
    rulings = [_ruling(one, policy, question) for one in freest(policy, question)]
    if not policy.key.disputed:
        return rulings
    named = ", ".join(policy.key.disputed)
    text = f"The item also names {named}; where statements disagree, the stricter holds."
    dispute = Reason("item-license-disputed", text, EvidenceRef(EvidenceKind.ITEM, named))
    return rulings + [Ruling(effect, dispute) for effect in dict.fromkeys(one.effect for one in rulings)]


def freest(policy: Policy, question: Question) -> tuple[License, ...]:
    """The licenses of the alternative that leaves most freedom for this question; the first of equals."""
    alternatives = alternatives_in(policy.key.license_id)
    if len(alternatives) == 1:
        return alternatives[0]
    return min(alternatives, key=lambda licenses: _strictness(licenses, policy, question))


def _strictness(licenses: tuple[License, ...], policy: Policy, question: Question) -> int:
    effects = (_finding(one, policy, question)[0] for one in licenses)
    return max((FREEDOM.index(effect) for effect in effects), default=FREEDOM.index(None))


def _ruling(one: License, policy: Policy, question: Question) -> Ruling:
    effect, code, text = _finding(one, policy, question)
    return Ruling(effect, Reason(code, f"{one.short} {text}", EvidenceRef(EvidenceKind.LICENSE, one.clause, one.url)))


def _finding(one: License, policy: Policy, question: Question) -> Finding:
    """The strictest that the license has to say."""
    said = [finding for say in SAYINGS if (finding := say(one, policy, question)) is not None]
    return max(said, key=lambda finding: FREEDOM.index(finding[0])) if said else PERMITTED


def _beyond(one: License, policy: Policy, question: Question) -> Finding | None:
    """A use that the license does not give: forbidden, but a matter to ask about where no license forbids it."""
    missing = load_facts().needs[question.action] - one.permits
    if not missing:
        return None
    if one.kind in STATEMENTS:
        return Effect.ASK, "license-no-permission", "tells of rights and permits nothing."
    effect = Effect.ASK if question.action in AI_ACTIONS else Effect.PROHIBIT
    if missing == CHANGES:
        return effect, "license-no-derivatives", "does not permit adaptations."
    return effect, "license-does-not-permit", "does not permit this."


def _commercial(one: License, policy: Policy, question: Question) -> Finding | None:
    if not (one.is_noncommercial and question.is_commercial):
        return None
    effect = Effect.ASK if policy.terms.ask else Effect.PROHIBIT
    return effect, "license-noncommercial", "does not permit commercial use."


def _unnamed_purpose(one: License, policy: Policy, question: Question) -> Finding | None:
    is_named = question.action not in AI_ACTIONS or question.purpose is not Purpose.UNSPECIFIED
    if is_named or not one.is_noncommercial:
        return None
    text = "permits this for non-commercial purposes only, and no purpose was named."
    return Effect.ASK, "license-purpose-needed", text


def _somewhere_else(one: License, policy: Policy, question: Question) -> Finding | None:
    if "HighIncomeNationUse" not in one.prohibits:
        return None
    return Effect.ASK, "license-developing-nations", "permits this in developing nations only."


SAYINGS = (_beyond, _commercial, _somewhere_else, _unnamed_purpose)
