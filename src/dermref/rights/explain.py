"""A decision in plain English, for a dermatology resident."""

from dermref.model.asking import Action
from dermref.model.decision import Decision, Outcome

VERBS = {
    Action.VIEW: "look at this on a page",
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


def explain(decision: Decision) -> str:
    """One short paragraph: the answer, why, and what must be done in return or whom to ask."""
    verb = VERBS[decision.action]
    why = " ".join(reason.text for reason in decision.reasons)
    if decision.outcome is Outcome.ALLOW:
        return f"You may {verb}. {why}"
    if decision.outcome is Outcome.ALLOW_WITH_DUTIES:
        return f"You may {verb}. " + " ".join(duty.text for duty in decision.duties)
    whom = f" Ask {decision.contact.name}." if decision.contact else ""
    if decision.outcome is Outcome.ASK:
        return f"Ask before you {verb}. {why}{whom}"
    return f"You may not {verb}. {why}{whom}"
