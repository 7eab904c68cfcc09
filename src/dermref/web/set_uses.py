"""What may I do with all of it? The answers about a whole collection as a page draws them: each use with the set's
answer, and for every restriction the reason, how many images bring it about, and the first of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from dermref.model.asking import Action
from dermref.model.decision import Decision, Reason, SetDecision
from dermref.rights.duties import DUTY_TEXTS
from dermref.services.collection_view import SetUse
from dermref.web.uses import ANSWERS, COLUMNS, LISTED, MARKS, NAMES

NAMED = 5  # members of a restriction that a page names

__all__ = ["LISTED", "Restriction", "SetColumn", "SetGroup", "SetRow", "set_columns"]


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why not: the reason, how many images it concerns, the ids of the first of them, and how many more there are."""

    reason: Reason
    images: int
    members: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SetRow:
    """One use of all of it: its name, the answer in a word and a mark, what stands against it or is due in return."""

    name: str
    answer: str
    mark: str
    decision: Decision | SetDecision
    restrictions: tuple[Restriction, ...]
    dues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetGroup:
    """Uses that belong together."""

    label: str
    rows: tuple[SetRow, ...]


SetColumn = tuple[SetGroup, ...]


def set_columns(uses: Mapping[Action, SetUse]) -> tuple[SetColumn, ...]:
    """The listed uses in the groups and columns of an image's own page."""
    return tuple(
        tuple(
            SetGroup(label, tuple(_row(uses[one]) for one in actions if one in uses))
            for label, actions in column.items()
        )
        for column in COLUMNS
    )


def restrictions_of(use: SetUse) -> tuple[Restriction, ...]:
    """What stands against a use of all of it, strictest first."""
    return tuple(
        Restriction(cause.reason, number, cause.members, number - len(cause.members))
        for cause, number in zip(use.decision.causes, use.numbers, strict=True)
    )


def _row(use: SetUse) -> SetRow:
    decision = use.decision
    dues = tuple(dict.fromkeys(DUTY_TEXTS[duty.code] for duty in decision.duties))
    return SetRow(
        NAMES[decision.action],
        ANSWERS[decision.outcome],
        MARKS[decision.outcome],
        decision,
        restrictions_of(use),
        dues,
    )
