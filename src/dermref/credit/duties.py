"""Duties made exact for one image: the very words of its credit, and the very addresses to link to. Pure."""

from dataclasses import replace

from dermref.credit.attribution import Credit
from dermref.credit.writing import is_web_address
from dermref.model.asking import Action
from dermref.model.decision import Decision, Duty, DutyCode
from dermref.model.source import LinkTarget, Source
from dermref.rights.explain import PLACES

BESIDE = "beside the image"


def rendered(decision: Decision, *, source: Source, credit: Credit | None, landing_url: str | None) -> Decision:
    """The decision with what each duty asks for spelled out, in its `detail` and in its sentence.

    For an item that is not at hand there is no `credit` and no `landing_url`: the source's template stands in for the
    one, and a link to the other stays a word (`item`, `topic`).
    """
    exact = (
        _exact(duty, action=decision.action, source=source, credit=credit, landing_url=landing_url)
        for duty in decision.duties
    )
    found: dict[tuple[DutyCode, str | None], Duty] = {}
    for duty in exact:
        before = found.get((duty.code, duty.detail))
        if before is None or (duty.same_page and not before.same_page):
            found[duty.code, duty.detail] = duty
    return replace(decision, duties=tuple(found.values()))


def credit_place(action: Action, *, same_page: bool) -> str:
    """Where the credit has to stand, as the beginning of a sentence that ends with it."""
    return f"Put this credit {'on the same page' if same_page else PLACES.get(action, BESIDE)}"


def _exact(duty: Duty, *, action: Action, source: Source, credit: Credit | None, landing_url: str | None) -> Duty:
    if duty.code is DutyCode.ATTRIBUTE:
        words = credit.text if credit else source.attribution
        same_page = duty.same_page or (credit is not None and credit.same_page)
        text = f"{credit_place(action, same_page=same_page)}: “{words}”." if words else duty.text
        return replace(duty, text=text, detail=words, same_page=same_page)
    if duty.code is DutyCode.LINK_BACK:
        target = _target(duty.detail, source=source, landing_url=landing_url)
        return replace(duty, text=_link_text(duty.text, target), detail=target)
    if duty.code is DutyCode.LINK_LICENSE:
        return replace(duty, text=_link_text(duty.text, duty.detail))
    return duty


def _target(named: str | None, *, source: Source, landing_url: str | None) -> str | None:
    """The address to link to: as the terms give it, the source's homepage, or the item's own page."""
    if named == LinkTarget.HOME:
        return source.homepage_url
    if named in (None, LinkTarget.ITEM, LinkTarget.TOPIC):
        return landing_url or named
    return named


def _link_text(text: str, target: str | None) -> str:
    return f"{text.removesuffix('.')} ({target})." if is_web_address(target) else text
