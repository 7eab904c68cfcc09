"""How a decision looks on a terminal: the sentence first, then the words it rests on, the duties, and whom to ask."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from dermref.model.asking import Action
from dermref.model.decision import Contact, Decision, Duty, Outcome, Reason
from dermref.rights import explain
from dermref.services.deciding import SetAnswer

ANSWERS = {
    Outcome.ALLOW: "yes",
    Outcome.ALLOW_WITH_DUTIES: "yes, with duties",
    Outcome.ASK: "ask first",
    Outcome.DENY: "no",
}
MOST_NAMED = 5


def decision_lines(decision: Decision) -> Iterator[str]:
    """One decision in full."""
    yield explain(decision)
    yield from _headed("Because", (line for reason in decision.reasons for line in _reason(reason)))
    yield from _headed("Duties", (_duty(duty) for duty in decision.duties))
    yield from _headed("Ask", [_contact(decision.contact)] if decision.contact else [])


def table_lines(decisions: Mapping[Action, Decision]) -> Iterator[str]:
    """One line for each action: the answer, and what is due or why not."""
    for action, decision in decisions.items():
        due = ", ".join(dict.fromkeys(duty.code.value for duty in decision.duties))
        why = due if decision.is_allowed else " ".join(dict.fromkeys(one.text for one in decision.reasons))
        yield f"{action.value:<12} {ANSWERS[decision.outcome]:<16} {why}".rstrip()


def set_lines(answer: SetAnswer) -> Iterator[str]:
    """The decision for a set: the answer, which images cause it, the duties and whom to ask."""
    decision = answer.decision
    yield f"{decision.action.value}, {len(answer.members):,} images: {ANSWERS[decision.outcome]}"
    for cause in decision.causes:
        yield f"  {ANSWERS[cause.outcome]}: {_some(cause.members)}"
        yield from (f"    {line}" for line in _reason(cause.reason))
    yield from _headed("Duties", _duties(decision.duties))
    yield from _headed("Ask", _few([_contact(contact) for contact in decision.contacts]))
    yield from _headed("May be shared under", decision.licenses)


def _headed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield heading
        yield from (f"  {line}" for line in found)


def _reason(reason: Reason) -> Iterator[str]:
    yield f"{reason.text} [{reason.code}]"
    place = ", ".join(part for part in (reason.evidence.kind.replace("_", " "), reason.evidence.url) if part)
    if reason.evidence.quote:
        yield f"  “{reason.evidence.quote}” ({place})"


def _duties(duties: Sequence[Duty]) -> Iterator[str]:
    """The duties by code; of many credits only the first few."""
    for _, alike in groupby(sorted(duties, key=lambda duty: duty.code), key=lambda duty: duty.code):
        yield from _few([_duty(duty) for duty in alike])


def _duty(duty: Duty) -> str:
    is_said = duty.detail is None or duty.detail in duty.text
    return f"{duty.code.value}: {duty.text}" + ("" if is_said else f" ({duty.detail})")


def _contact(contact: Contact) -> str:
    return ", ".join(part for part in (contact.name, contact.email, contact.url) if part)


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST_NAMED]
    if len(lines) > MOST_NAMED:
        yield f"… {len(lines) - MOST_NAMED:,} more: --json prints them all"


def _some(members: Sequence[str]) -> str:
    more = f" and {len(members) - MOST_NAMED:,} more" if len(members) > MOST_NAMED else ""
    return ", ".join(members[:MOST_NAMED]) + more
