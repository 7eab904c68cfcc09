"""What a permitted use asks in return: the license's own duties, and those the source's terms add."""

from dermref.model.asking import Action
from dermref.model.decision import Duty, DutyCode
from dermref.model.source import SourceTerms, TermDuty
from dermref.rights.facts import License

CHANGING = frozenset({Action.RESIZE, Action.CROP, Action.ANNOTATE, Action.ADAPT})
ADAPTING = CHANGING - {Action.RESIZE}

_TEXTS = {
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


def duties_of(terms: SourceTerms, licenses: tuple[License, ...], action: Action) -> tuple[Duty, ...]:
    """Every duty of an allowed `action`, each code and detail once, the source's own wording first."""
    duties = [_term_duty(duty) for duty in terms.duties if _bites(duty, action)]
    for one in licenses:
        duties += _license_duties(one, action)
    seen: dict[tuple[DutyCode, str | None], Duty] = {}
    for duty in duties:
        seen.setdefault((duty.code, duty.detail), duty)
    return tuple(seen.values())


def _bites(duty: TermDuty, action: Action) -> bool:
    return action in duty.actions if duty.actions else action is not Action.LINK


def _term_duty(duty: TermDuty) -> Duty:
    return Duty(duty.code, _TEXTS[duty.code], duty.target_url or duty.target or duty.event, duty.same_page)


def _license_duties(one: License, action: Action) -> list[Duty]:
    if action is Action.LINK:
        return []
    duties: list[Duty] = []
    if "Attribution" in one.requires:
        duties.append(Duty(DutyCode.ATTRIBUTE, _TEXTS[DutyCode.ATTRIBUTE]))
        duties.append(Duty(DutyCode.LINK_LICENSE, _TEXTS[DutyCode.LINK_LICENSE], one.url))
        if action in CHANGING:
            duties.append(Duty(DutyCode.INDICATE_CHANGES, _TEXTS[DutyCode.INDICATE_CHANGES]))
    if "ShareAlike" in one.requires and action in ADAPTING:
        duties.append(Duty(DutyCode.SHARE_ALIKE, _TEXTS[DutyCode.SHARE_ALIKE], one.id))
    if "DerivativeWorks" not in one.permits:
        duties.append(Duty(DutyCode.NO_MODIFICATION, _TEXTS[DutyCode.NO_MODIFICATION]))
    return duties
