"""The answer for many images at once: the strictest outcome, the union of duties, and who causes each restriction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dermref.model.asking import Action
from dermref.model.decision import (
    Cause,
    Decision,
    Duty,
    DutyCode,
    EvidenceKind,
    EvidenceRef,
    Outcome,
    Reason,
    SetDecision,
)
from dermref.rights.chart import combined_licenses
from dermref.rights.decide import decide
from dermref.rights.facts import License
from dermref.rights.licensing import allowing
from dermref.rights.question import Policy, Question

STRICTEST_FIRST = (Outcome.DENY, Outcome.ASK, Outcome.ALLOW_WITH_DUTIES, Outcome.ALLOW)
ALLOWED = frozenset({Outcome.ALLOW, Outcome.ALLOW_WITH_DUTIES})
COMBINING = frozenset({Action.ADAPT})


@dataclass(frozen=True, slots=True)
class _Group:
    """The members that share one policy, its decision, and, of a combined work, the license alternatives
    they may be used under."""

    policy: Policy
    decision: Decision
    members: tuple[str, ...]
    alternatives: tuple[tuple[License, ...], ...]


def decide_set(members: Iterable[tuple[str, Policy]], question: Question) -> SetDecision:
    """The decision for a set of (id, policy). Each distinct policy is decided once, however many images share it.

    Raises ValueError for an empty set: nothing was asked about.
    """
    groups = _grouped(members, question)
    outcome = min((one.decision.outcome for one in groups), key=STRICTEST_FIRST.index)
    causes = _causes(groups)
    licenses: frozenset[str] = frozenset()
    if question.action in COMBINING and outcome in ALLOWED:
        licenses = _carried(groups)
        if not licenses:
            outcome, causes = _uncombinable(groups)
    return SetDecision(
        outcome=outcome,
        action=question.action,
        viewer=question.viewer.kind,
        purpose=question.purpose,
        operator=question.operator.kind,
        causes=causes,
        duties=_together(groups, licenses) if not causes else (),
        contacts=tuple(dict.fromkeys(one.decision.contact for one in groups if one.decision.contact)),
        licenses=tuple(sorted(licenses)),
    )


def _grouped(members: Iterable[tuple[str, Policy]], question: Question) -> list[_Group]:
    """The members by what their decision depends on; terms by identity, for hashing them would cost more."""
    shared: dict[object, tuple[Policy, list[str]]] = {}
    for member, policy in members:
        shared.setdefault((policy.key, id(policy.terms), policy.grants), (policy, []))[1].append(member)
    if not shared:
        raise ValueError("a set decision needs at least one image")
    is_combining = question.action in COMBINING
    return [
        _Group(policy, decide(policy, question), tuple(ids), allowing(policy, question) if is_combining else ())
        for policy, ids in shared.values()
    ]


def _together(groups: Sequence[_Group], licenses: frozenset[str]) -> tuple[Duty, ...]:
    """The union of the duties; a combined work shares alike under the licenses left to it, not under each one's own."""
    union = dict.fromkeys(duty for one in groups for duty in one.decision.duties)
    if not licenses:
        return tuple(union)
    shared = " OR ".join(sorted(licenses))
    return tuple(
        dict.fromkeys(replace(duty, detail=shared) if duty.code is DutyCode.SHARE_ALIKE else duty for duty in union)
    )


def _causes(groups: Sequence[_Group]) -> tuple[Cause, ...]:
    """Each reason that refuses, strictest first, with all members it concerns."""
    found: dict[tuple[Outcome, Reason], list[str]] = {}
    for one in groups:
        if not one.decision.is_allowed:
            for reason in one.decision.reasons:
                found.setdefault((one.decision.outcome, reason), []).extend(one.members)
    ordered = sorted(found.items(), key=lambda one: STRICTEST_FIRST.index(one[0][0]))
    return tuple(Cause(outcome, reason, tuple(members)) for (outcome, reason), members in ordered)


def _carried(groups: Sequence[_Group]) -> frozenset[str]:
    """What one work made from all of them may carry."""
    return combined_licenses(one.alternatives for one in groups)


def _uncombinable(groups: Sequence[_Group]) -> tuple[Outcome, tuple[Cause, ...]]:
    """Why no license fits the combined work: an image without a license of the chart's, or two that clash."""
    bare = [one for one in groups if not one.alternatives]
    if bare:
        text = "What a work made from this may be shared under is not laid down: ask first."
        return Outcome.ASK, (_cause(Outcome.ASK, "combination-not-covered", text, bare),)
    clash = _clash(groups)
    first, second = clash[0].members[0], clash[-1].members[0]
    text = f"No license fits a work made from both {first} and {second}: what they ask for excludes each other."
    return Outcome.DENY, (_cause(Outcome.DENY, "licenses-incompatible", text, clash),)


def _clash(groups: Sequence[_Group]) -> Sequence[_Group]:
    """The first two that exclude each other; all of them where it takes more than two, or one alone."""
    pairs = ([other, one] for at, one in enumerate(groups) for other in groups[:at])
    return next((pair for pair in pairs if not _carried(pair)), groups)


def _cause(outcome: Outcome, code: str, text: str, groups: Sequence[_Group]) -> Cause:
    quote = " / ".join(one.policy.key.license_id for one in groups)
    reason = Reason(code, text, EvidenceRef(EvidenceKind.LICENSE, quote))
    return Cause(outcome, reason, tuple(member for one in groups for member in one.members))
