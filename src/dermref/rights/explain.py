"""A decision in plain English, for a dermatology resident."""

from dermref.model.asking import Action
from dermref.model.decision import Contact, Decision, Duty, DutyCode, Outcome

VERBS = {
    Action.VIEW: "show this on a page",
    Action.THUMBNAIL: "show a small preview of this",
    Action.DOWNLOAD: "download this",
    Action.EMBED: "embed this in another page",
    Action.PRINT: "print this",
    Action.PRESENT: "show this in a lecture",
    Action.RESIZE: "resize this",
    Action.CROP: "crop this",
    Action.ANNOTATE: "draw on this",
    Action.ADAPT: "adapt this",
    Action.REDISTRIBUTE: "pass this on in a data set",
    Action.TRAIN: "train an AI model on this",
    Action.EVALUATE: "test an AI model on this",
    Action.STORE: "keep a copy of this",
    Action.FETCH_BULK: "fetch images of this source in bulk",
    Action.LINK: "link to this",
}


PLACES = {
    Action.PRESENT: "on the same slide or page",
    Action.PRINT: "on the same page",
    Action.REDISTRIBUTE: "in the data set, with each image",
    Action.TRAIN: "with the model and its documentation",
    Action.EVALUATE: "with the results",
}


def explain(decision: Decision) -> str:
    """One short paragraph: the answer, why, and what must be done in return or whom to ask."""
    verb = VERBS[decision.action]
    why = " ".join(dict.fromkeys(reason.text for reason in decision.reasons))
    if decision.outcome is Outcome.ALLOW:
        return f"You may {verb}. {why}"
    if decision.outcome is Outcome.ALLOW_WITH_DUTIES:
        return f"You may {verb}. " + " ".join(_duty(duty, decision.action) for duty in decision.duties)
    whom = f" Ask {_address(decision.contact)}." if decision.contact else ""
    if decision.outcome is Outcome.ASK:
        return f"Ask before you {verb}. {why}{whom}"
    return f"You may not {verb}. {why}{whom}"


def _duty(duty: Duty, action: Action) -> str:
    """The duty's sentence, with the very credit where it is known."""
    if duty.code is DutyCode.ATTRIBUTE and duty.detail:
        place = PLACES.get(action, "beside the image")
        return f"Put this credit {'on the same page' if duty.same_page else place}: “{duty.detail}”."
    if duty.code is DutyCode.DELETE_ON and (duty.detail or "")[:1].isdigit():  # a moment, not the name of an event
        return f"{duty.text.removesuffix('.')} ({duty.detail})."
    return duty.text


def _address(contact: Contact) -> str:
    where = contact.email or contact.url
    return f"{contact.name} ({where})" if where and where != contact.name else contact.name
