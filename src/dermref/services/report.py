"""The counts of one ingest, and the reasons for what stayed out."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from dermref.model.evidence import Refusal

MOST_DETAILS = 10_000  # keeps memory flat for an ingest of any length; the catalogue has every reason


class Fate(StrEnum):
    """What became of an item in this run."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Detail:
    """One item that is not as one would wish, and why."""

    foreign_id: str
    fate: Fate
    code: str
    text: str


@dataclass(slots=True)
class Report:
    """Grows while a run works; `state` is `finished` or `stopped`, with a message when stopped."""

    source_id: str
    run_id: int | None = None
    state: str = "running"
    message: str = ""
    is_dry: bool = False
    total: int | None = None
    fates: Counter[Fate] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    details: list[Detail] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How many items were dealt with."""
        return self.fates.total()

    @property
    def is_good(self) -> bool:
        """Finished, and nothing is left to try again."""
        return self.state == "finished" and not self.fates[Fate.FAILED]

    def count(self, foreign_id: str, fate: Fate, refusal: Refusal | None = None) -> None:
        """Add one item."""
        self.fates[fate] += 1
        if refusal is None:
            return
        self.reasons[refusal.code] += 1
        if len(self.details) < MOST_DETAILS:
            self.details.append(Detail(foreign_id, fate, refusal.code, refusal.text))

    def counts(self) -> dict[str, object]:
        """The numbers alone, for the run's record."""
        return {**{fate.value: self.fates[fate] for fate in Fate}, "reasons": dict(self.reasons)}
