"""A change of a source's terms: who, when, why, what differs, and which decisions changed for how many images."""

from dataclasses import dataclass
from datetime import datetime

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, and for what reason; neither is ever empty."""

    by: str
    why: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the source's document that differs; None on a side where it says nothing."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """Images whose decision became another one. No purposes means every purpose; `before` and `after` are outcomes, or
    `unknown` where the earlier terms cannot be read any more."""

    action: Action
    viewer: ViewerKind
    purposes: tuple[Purpose, ...]
    before: str
    after: str
    images: int


@dataclass(frozen=True, slots=True)
class TermsChange:
    """One entry of the record. `before` and `after` are digests of the source's document; None where the source was not
    in the registry. `operator` is whose deployment the outcomes are of."""

    source_id: str
    at: datetime
    author: Author
    before: str | None
    after: str | None
    operator: OperatorKind
    fields: tuple[FieldChange, ...]
    outcomes: tuple[OutcomeChange, ...]
