"""What may I do with this? The answers about one image as a reader takes them in: uses in groups, each with its answer,
the reason one step away, and what must be done in return or whom to ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dermref.credit.duties import credit_place
from dermref.model.asking import Action, Purpose
from dermref.model.decision import Decision, Duty, DutyCode, Outcome
from dermref.rights import explain
from dermref.rights.duties import DUTY_TEXTS

ANSWERS = {
    Outcome.ALLOW: "Yes",
    Outcome.ALLOW_WITH_DUTIES: "Yes, with duties",
    Outcome.ASK: "Ask first",
    Outcome.DENY: "No",
}
MARKS = {Outcome.ALLOW: "✓", Outcome.ALLOW_WITH_DUTIES: "✓", Outcome.ASK: "?", Outcome.DENY: "✕"}
NAMES = {
    Action.VIEW: "Show on a page",
    Action.THUMBNAIL: "Show a preview",
    Action.DOWNLOAD: "Download",
    Action.EMBED: "Embed elsewhere",
    Action.PRINT: "Print, handout",
    Action.PRESENT: "Show in a lecture",
    Action.RESIZE: "Resize",
    Action.CROP: "Crop",
    Action.ANNOTATE: "Annotate",
    Action.ADAPT: "Adapt",
    Action.REDISTRIBUTE: "Pass on in a data set",
    Action.TRAIN: "Train an AI model",
    Action.EVALUATE: "Test an AI model",
    Action.STORE: "Keep a copy",
    Action.FETCH_BULK: "Fetch in bulk",
    Action.LINK: "Link",
}
COLUMNS = (
    {
        "Show and teach": (Action.VIEW, Action.PRESENT, Action.PRINT),
        "Keep and pass on": (Action.DOWNLOAD, Action.REDISTRIBUTE),
    },
    {
        "Change": (Action.CROP, Action.ANNOTATE, Action.ADAPT),
        "AI": (Action.TRAIN, Action.EVALUATE),
    },
)
SELDOM = (Action.THUMBNAIL, Action.EMBED, Action.RESIZE, Action.STORE, Action.FETCH_BULK, Action.LINK)
LISTED = tuple(one for column in COLUMNS for group in column.values() for one in group if one is not Action.VIEW)
FOR_AI = (Action.TRAIN, Action.EVALUATE, Action.DOWNLOAD, Action.REDISTRIBUTE)
PURPOSES = {
    Purpose.UNSPECIFIED: "Not stated",
    Purpose.PRIVATE_STUDY: "Private study",
    Purpose.PATIENT_EDUCATION: "Patient education",
    Purpose.TEACHING: "Teaching",
    Purpose.RESEARCH: "Research",
    Purpose.COMMERCIAL: "Commercial use",
}
AI_PURPOSES = {Purpose.RESEARCH: "For research", Purpose.COMMERCIAL: "For commercial use"}


@dataclass(frozen=True, slots=True)
class Due:
    """One duty as a page draws it: the sentence, and the credit to copy, the address to link to, or its exact words."""

    text: str
    is_credit: bool
    detail: str | None


@dataclass(frozen=True, slots=True)
class Use:
    """One use: its name, the answer in a word and a mark, and the plain sentence."""

    name: str
    answer: str
    mark: str
    text: str
    decision: Decision
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class UseGroup:
    """Uses that belong together."""

    label: str
    uses: tuple[Use, ...]


def columns_of(decisions: Mapping[Action, Decision]) -> tuple[tuple[UseGroup, ...], ...]:
    """The uses people care about, in groups, and the groups in columns."""
    return tuple(
        tuple(UseGroup(label, uses_of(decisions, actions)) for label, actions in column.items()) for column in COLUMNS
    )


def uses_of(decisions: Mapping[Action, Decision], actions: Iterable[Action]) -> tuple[Use, ...]:
    """The uses of these actions, in this order."""
    return tuple(_use(decisions[action]) for action in actions)


def _use(decision: Decision) -> Use:
    """Reasons, duties and contact stand under the sentence, each with more than it could say; so it leaves them out."""
    bare = explain(replace(decision, reasons=(), duties=(), contact=None)).strip()
    dues = tuple(_due(duty, decision.action) for duty in decision.duties)
    return Use(NAMES[decision.action], ANSWERS[decision.outcome], MARKS[decision.outcome], bare, decision, dues)


def _due(duty: Duty, action: Action) -> Due:
    if duty.code is DutyCode.ATTRIBUTE and duty.detail:
        return Due(f"{credit_place(action, same_page=duty.same_page)}:", True, duty.detail)
    return Due(DUTY_TEXTS[duty.code], False, duty.detail)
