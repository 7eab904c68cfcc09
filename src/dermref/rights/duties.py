"""What a permitted use asks in return: what the source's terms add, the license's own duties, and when it ends."""

from collections.abc import Iterable

from dermref.model.asking import Action
from dermref.model.decision import Duty, DutyCode
from dermref.model.grant import Grant
from dermref.model.source import SourceTerms, TermDuty
from dermref.rights.chart import adapter_licenses
from dermref.rights.facts import License
from dermref.rights.licensing import freest
from dermref.rights.question import Policy, Question

CHANGING = frozenset({Action.RESIZE, Action.CROP, Action.ANNOTATE, Action.ADAPT})
ADAPTING = CHANGING - {Action.RESIZE}

DUTY_TEXTS = {
    DutyCode.ATTRIBUTE: "Put the credit beside the image.",
    DutyCode.LINK_BACK: "Link back to the source.",
    DutyCode.LINK_LICENSE: "Name the license and link to it.",
    DutyCode.KEEP_WATERMARK: "Keep the watermark visible and unchanged.",
    DutyCode.NO_MODIFICATION: "Do not change the image.",
    DutyCode.SHARE_ALIKE: "Share what you make from it under the same license.",
    DutyCode.INDICATE_CHANGES: "Say what you changed.",
    DutyCode.NO_PAYWALL: "Do not put it behind a paywall.",
    DutyCode.NOTIFY_COURTESY: "Tell the source, as a courtesy.",
    DutyCode.DELETE_ON: "Delete it when the permission ends.",
}


def duties_of(policy: Policy, question: Question, grants: tuple[Grant, ...]) -> tuple[Duty, ...]:
    """Every duty of an allowed question, each code and detail once, the source's own wording first. `grants` are those
    that allowed it; without one the license did."""
    action = question.action
    duties = [*term_duties(policy.terms, action)]
    for one in freest(policy, question):
        duties += _license_duties(one, action)
    if grants:
        duties = [duty for duty in duties if duty.code is not DutyCode.NO_MODIFICATION or action not in ADAPTING]
    duties += [_delete_on(end) for end in _ends(policy, question, grants)]
    return _once(duties)


def term_duties(terms: SourceTerms, action: Action) -> tuple[Duty, ...]:
    """What the source's terms ask in return for `action`."""
    return tuple(_term_duty(duty) for duty in terms.duties if bites(duty, action))


def _once(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    seen: dict[tuple[DutyCode, str | None], Duty] = {}
    for duty in duties:
        seen.setdefault((duty.code, duty.detail), duty)
    return tuple(seen.values())


def bites(duty: TermDuty, action: Action) -> bool:
    """Whether this duty of a source's terms comes with `action`."""
    return action in duty.actions if duty.actions else action is not Action.LINK


def _term_duty(duty: TermDuty) -> Duty:
    return Duty(duty.code, DUTY_TEXTS[duty.code], duty.target_url or duty.target or duty.event, duty.same_page)


def _license_duties(one: License, action: Action) -> list[Duty]:
    duties: list[Duty] = []
    if "Attribution" in one.requires:
        duties.append(Duty(DutyCode.ATTRIBUTE, DUTY_TEXTS[DutyCode.ATTRIBUTE]))
        duties.append(Duty(DutyCode.LINK_LICENSE, DUTY_TEXTS[DutyCode.LINK_LICENSE], one.url))
        if action in CHANGING:
            duties.append(Duty(DutyCode.INDICATE_CHANGES, DUTY_TEXTS[DutyCode.INDICATE_CHANGES]))
    if "ShareAlike" in one.requires and action in ADAPTING:
        allowed = " OR ".join(sorted(adapter_licenses(one)))
        duties.append(Duty(DutyCode.SHARE_ALIKE, DUTY_TEXTS[DutyCode.SHARE_ALIKE], allowed))
    if "DerivativeWorks" not in one.permits:
        duties.append(Duty(DutyCode.NO_MODIFICATION, DUTY_TEXTS[DutyCode.NO_MODIFICATION]))
    return duties


def _ends(policy: Policy, question: Question, grants: tuple[Grant, ...]) -> list[str]:
    """When the permission ends, in ISO 8601: of the longest grant that allowed it, or of the viewer's subscription."""
    if grants:
        ends = [one.effective_end for one in grants]
    else:
        open_now = (one for one in question.viewer.subscriptions if one.opens(policy.key.source_id, question.now))
        ends = [one.ends for one in open_now]
    known = [end for end in ends if end is not None]
    return [max(known).isoformat()] if known and len(known) == len(ends) else []


def _delete_on(moment: str) -> Duty:
    return Duty(DutyCode.DELETE_ON, DUTY_TEXTS[DutyCode.DELETE_ON], moment)
