"""What is wrong with a registry file, gathered over all files before anybody is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the file, the field inside it (empty for the file as a whole), and one clear sentence."""

    file: str
    field: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.field, self.text) if part)


class RegistryFaults(Exception):
    """The registry cannot be used; `faults` are all of them, one line each in the message."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownSource(LookupError):
    """Nobody tracks a source of this id; the message is one sentence with the closest id that exists."""

    def __init__(self, source_id: str, *, known: Iterable[str]) -> None:
        self.source_id = source_id
        super().__init__(f"There is no source “{source_id}”{did_you_mean(source_id, known=known) or '.'}")


def did_you_mean(word: str, *, known: Iterable[str]) -> str:
    """`; did you mean “…”?`, or nothing when no known word is close."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean “{close[0]}”?" if close else ""
