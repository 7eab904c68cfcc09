"""What the license says on a question. An expression's alternatives (`OR`) are weighed one by one and the freest
counts; inside an alternative all licenses (`AND`) hold, and the strictest counts."""

from dermref.model.asking import Action, Purpose
from dermref.model.decision import EvidenceKind, EvidenceRef, Reason
from dermref.model.source import Effect
from dermref.rights.chart import carried
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
    licenses = freest(policy, question)
    rulings = [_ruling(one, policy, question) for one in licenses]
    if question.action is Action.ADAPT and len(licenses) > 1 and not carried(licenses):
        rulings.append(Ruling(Effect.PROHIBIT, _clash(licenses)))
    if not policy.key.disputed:
        return rulings
    named = ", ".join(policy.key.disputed)
    text = f"The item also names {named}; where statements disagree, the stricter holds."
    dispute = Reason("item-license-disputed", text, EvidenceRef(EvidenceKind.ITEM, named))
    return rulings + [Ruling(effect, dispute) for effect in dict.fromkeys(one.effect for one in rulings)]


def _clash(licenses: tuple[License, ...]) -> Reason:
    """Why nothing may be made from a work under licenses that all hold and exclude each other."""
    named = " and ".join(one.short for one in licenses)
    evidence = EvidenceRef(EvidenceKind.LICENSE, " AND ".join(one.id for one in licenses))
    return Reason(
        "licenses-incompatible", f"No license fits what is made from it: {named} exclude each other.", evidence
    )


def allowing(policy: Policy, question: Question) -> tuple[tuple[License, ...], ...]:
    """The alternatives of the policy's license that allow this question; those that name no license allow nothing."""
    permitted = FREEDOM.index(Effect.PERMIT)
    alternatives = alternatives_in(policy.key.license_id)
    return tuple(one for one in alternatives if one and _strictness(one, policy, question) == permitted)


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


def _training(one: License, policy: Policy, question: Question) -> Finding | None:
    if question.action is not Action.TRAIN or one.family in load_facts().trainable:
        return None
    return Effect.ASK, "license-training-unclear", "says nothing that permits training."


SAYINGS = (_beyond, _commercial, _somewhere_else, _unnamed_purpose, _training)
