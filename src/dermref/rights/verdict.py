"""What reading a statement can come to: a license, a choice or a sum of several, or unknown with the reason."""

import re
from dataclasses import dataclass

from dermref.rights.license import License

EXCERPT = 80  # characters of a statement that a reason quotes
LONGEST = 2_000  # characters that are searched for a password
CREDENTIALS = re.compile(r"//[^/?#\s]*@")


@dataclass(frozen=True, slots=True)
class Unknown:
    """The statement names no license we know; `reason` is one sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Licenses:
    """A compound statement: in each of `alternatives` all hold, and any one of them may be chosen."""

    expression: str
    alternatives: tuple[tuple[License, ...], ...]

    @property
    def offers(self) -> frozenset[License]:
        """What may be chosen alone."""
        return frozenset(each[0] for each in self.alternatives if len(each) == 1)


Reading = License | Licenses | Unknown


def excerpt(text: str) -> str:
    """The beginning of a statement as it may stand in a sentence: one line, printable, quoted, without a link's user
    name and password."""
    plain = CREDENTIALS.sub("//…@", text[:LONGEST])[:EXCERPT]
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in plain)
    return f"“{shown}…”" if len(text) > EXCERPT else f"“{shown}”"


def agree(first: Reading, second: Reading) -> Reading | None:
    """The one meaning that both readings have, or None where they differ. An unknown one stays unknown.

    A family without version agrees with every version of it, and the version counts; a choice agrees with what it
    offers, and stays a choice. No two versions or ports ever agree.
    """
    if isinstance(first, Unknown) or first == second:
        return first
    if isinstance(second, Unknown):
        return second
    if isinstance(first, Licenses) or isinstance(second, Licenses):
        return _agree_on_choice(first, second)
    if first.family != second.family or None not in (first.version, second.version):
        return None
    return second if first.version is None else first


def _agree_on_choice(first: License | Licenses, second: License | Licenses) -> Licenses | None:
    if isinstance(first, Licenses) and isinstance(second, License) and second in first.offers:
        return first
    if isinstance(second, Licenses) and isinstance(first, License) and first in second.offers:
        return second
    return None
