"""Creative Commons' own facts of its 639 tools, for the tests to compare with."""

import csv
from dataclasses import dataclass
from pathlib import Path

WORDS = {
    "permits": {"R": "Reproduction", "D": "Distribution", "W": "DerivativeWorks", "S": "Sharing"},
    "requires": {"n": "Notice", "a": "Attribution", "s": "ShareAlike"},
    "prohibits": {"C": "CommercialUse", "H": "HighIncomeNationUse"},
}


@dataclass(frozen=True, slots=True)
class Tool:
    """One row of cc_tools.csv."""

    path: str
    unit: str
    version: str
    jurisdiction: str
    identifier: str
    flags: str
    deprecated_on: str

    @property
    def url(self) -> str:
        return "https://creativecommons.org" + self.path

    def words(self, kind: str) -> set[str]:
        return {word for flag, word in WORDS[kind].items() if flag in self.flags}


def read_tools() -> list[Tool]:
    with (Path(__file__).parent / "cc_tools.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))
    return [Tool(*row) for row in rows[1:]]


TOOLS = read_tools()
