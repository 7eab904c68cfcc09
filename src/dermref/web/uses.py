"""What may be done with an image, as a reader takes it in: the four answers, and under each the uses that have it."""

from collections.abc import Iterable
from dataclasses import dataclass

from dermref.model.asking import Action, Purpose
from dermref.model.decision import Decision, DutyCode, Outcome
from dermref.rights.explain import explain

ANSWERS = {
    Outcome.ALLOW: "You may",
    Outcome.ALLOW_WITH_DUTIES: "You may, with duties",
    Outcome.ASK: "Ask first",
    Outcome.DENY: "You may not",
}
NAMES = {
    Action.VIEW: "Show on a page",
    Action.THUMBNAIL: "Show a preview",
    Action.DOWNLOAD: "Download",
    Action.EMBED: "Embed elsewhere",
    Action.PRINT: "Print",
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
PURPOSES = {
    Purpose.UNSPECIFIED: "not stated",
    Purpose.PRIVATE_STUDY: "private study",
    Purpose.PATIENT_EDUCATION: "patient education",
    Purpose.TEACHING: "teaching",
    Purpose.RESEARCH: "research",
    Purpose.COMMERCIAL: "commercial use",
}


@dataclass(frozen=True, slots=True)
class Use:
    """One use with its decision in words."""

    name: str
    text: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class UseGroup:
    """All uses that have the same answer."""

    outcome: Outcome
    label: str
    uses: tuple[Use, ...]


def group_uses(decisions: Iterable[Decision]) -> tuple[UseGroup, ...]:
    """The uses by answer, the freest first; an answer that no use has is left out."""
    uses = [Use(NAMES[decision.action], explain(decision), decision) for decision in decisions]
    groups = (
        UseGroup(outcome, label, tuple(use for use in uses if use.decision.outcome is outcome))
        for outcome, label in ANSWERS.items()
    )
    return tuple(group for group in groups if group.uses)


def asks_for_credit(groups: Iterable[UseGroup]) -> bool:
    """Whether any permitted use asks for the credit."""
    return any(
        duty.code is DutyCode.ATTRIBUTE for group in groups for use in group.uses for duty in use.decision.duties
    )
