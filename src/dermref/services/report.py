"""The counts of one ingest, and the reasons for what stayed out."""

from collections import Counter
from collections.abc import Mapping
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
    """Grows while a run works; `state` is `finished` or `stopped`, with a message when stopped. `absent` items were
    asked for by their id and are not there. A run that was interrupted counted some `earlier`."""

    source_id: str
    run_id: int | None = None
    state: str = "running"
    message: str = ""
    is_dry: bool = False
    total: int | None = None
    fates: Counter[Fate] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    details: list[Detail] = field(default_factory=list)
    absent: int = 0
    earlier: Mapping[str, int] = field(default_factory=dict)
    earlier_reasons: Mapping[str, int] = field(default_factory=dict)

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

    def go_on_from(self, counts: Mapping[str, object]) -> None:
        """Begin with what the interrupted run had counted."""
        self.earlier = {name: number for name, number in counts.items() if isinstance(number, int)}
        reasons = counts.get("reasons")
        self.earlier_reasons = reasons if isinstance(reasons, dict) else {}

    def counts(self) -> dict[str, object]:
        """The numbers alone, for the run's record, with those of before the interruption."""
        now = {**{fate.value: self.fates[fate] for fate in Fate}, "absent": self.absent}
        reasons = self.reasons + Counter(self.earlier_reasons)
        return {**{name: number + self.earlier.get(name, 0) for name, number in now.items()}, "reasons": dict(reasons)}
