"""Finds the words by which a caption credits somebody else. It reads what is said, and knows no license: a caption
without a cue is no proof that the picture is the authors' own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from dermref.sources.reading import one_spelling
from dermref.sources.words import load_words

REFERENCE = ("⟦", "⟧")  # stand around a reference to the bibliography
SHOWN = 120  # characters of the caption that a cue shows
LONGEST = 50_000  # characters; the longest captions have a fifth of it


class Strength(StrEnum):
    """How surely a cue says that the picture is somebody else's."""

    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: its code in the table, how strong it is, and the words around it."""

    code: str
    strength: Strength
    words: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    code: str
    strength: Strength
    stems: tuple[str, ...]
    is_case_sensitive: bool
    found: re.Pattern[str]
    unless: re.Pattern[str] | None


def find_cues(caption: str) -> tuple[Cue, ...]:
    """Every kind of cue in a caption, at most one of each, the strong ones first. References to the bibliography stand
    in the caption between the marks of `REFERENCE`. One that is too long to be a caption is not searched: it is a cue.

    >>> [cue.code for cue in find_cues("Fig. 1. Reprinted with permission from ⟦3⟧.")]
    ['permission', 'made-after', 'closing-reference']
    """
    written = one_spelling(caption[: LONGEST + 1])
    if len(caption) > LONGEST or len(written) > LONGEST:
        return (Cue("too-long", Strength.STRONG, caption[:SHOWN]),)
    small = written.lower()
    tried = (pattern for pattern in _patterns() if any(stem in small for stem in pattern.stems))
    return tuple(cue for pattern in tried for cue in _cue(pattern, written, small))


def detector_version() -> str:
    """The version of the table, recorded with what it found."""
    return str(load_words("credit_cues")["version"])


def _cue(pattern: _Pattern, written: str, small: str) -> Iterator[Cue]:
    text = written if pattern.is_case_sensitive else small
    for found in pattern.found.finditer(text):
        if pattern.unless and _is_excused(pattern.unless, text, found):
            continue
        start = max(0, found.start() - 20)
        yield Cue(pattern.code, pattern.strength, " ".join(written[start : start + SHOWN].split()))
        return


def _is_excused(unless: re.Pattern[str], text: str, found: re.Match[str]) -> bool:
    """Whether the exception is said of this very place."""
    near = unless.search(text, max(0, found.start() - SHOWN), min(len(text), found.end() + SHOWN))
    while near and near.end() <= found.start():
        near = unless.search(text, near.end(), min(len(text), found.end() + SHOWN))
    return near is not None and near.start() < found.end()


@cache
def _patterns() -> tuple[_Pattern, ...]:
    words = load_words("credit_cues")
    rows = sorted(words["cue"], key=lambda row: row["strength"] != Strength.STRONG)
    return tuple(
        _Pattern(
            row["code"],
            Strength(row["strength"]),
            tuple(row["stems"]),
            row.get("case", False),
            re.compile(_filled(row["pattern"], words["parts"])),
            re.compile(_filled(row["unless"], words["parts"])) if "unless" in row else None,
        )
        for row in rows
    )


def _filled(pattern: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern
