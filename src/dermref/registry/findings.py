"""What a curator has to look at: a fault of the registry, or words that contradict a row."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`fault` means the registry itself is wrong; the others weigh a conflict."""

    FAULT = "fault"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what it is, the very words it rests on, and the rule that saw it.

    `rule` is `recorded` for a conflict that stands in the source's file, and the rule's name otherwise.
    """

    source_id: str
    code: str
    severity: Severity
    text: str
    quote: str
    rule: str

    @property
    def is_fault(self) -> bool:
        """Whether the registry is wrong, rather than in dispute."""
        return self.severity is Severity.FAULT
