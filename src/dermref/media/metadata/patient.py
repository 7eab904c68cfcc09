"""Does a text hold a patient's data? Labels followed by a value, and numbers that speak for themselves; prose about a
patient is none. What is said of a hit never quotes it."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MOST_HITS = 5
SEPARATOR = r"""["'”’»)\]]{0,2}(?:[ \t\xa0]{0,4}[:=>]|\t)[ \t\xa0>"'“«(\[]{0,6}"""
LOOSE = (
    r"""["'”’»)\]]{0,2}[ \t\xa0]{0,4}(?:(?:nos?\b|nr\b|num\b|number\b|n°|nº)\.?)?"""
    r"""[ \t\xa0]{0,4}[:=>#.]?[ \t\xa0>"'“«(#]{0,6}"""
)
DATE = (
    r"(?:\d{1,2}[./ -]\d{1,2}[./ -]\d{2,4}|\d{4}[./-]?\d\d[./-]?\d\d"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.)?[ -](?:de |di )?[^\W\d_]{3,10}\.?,?[ -](?:de |del )?\d{2,4}"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
# What follows a label: its end, what may stand between, and the value.
VALUES = {
    "name": rf"(?![^\W_]){SEPARATOR}([^\W\d_][^\r\n;|<\"]{{1,80}})",
    "number": rf"(?![^\W\d_]){LOOSE}(\d{{2,4}}(?:[ ]\d{{2,4}}){{1,4}}|[a-z]{{0,5}}[_./-]?\d[\w./-]{{2,20}})",
    "date": rf"(?![^\W\d_]){LOOSE}({DATE})",
}


@dataclass(frozen=True, slots=True)
class Label:
    """Words that stand before a value. `stem` is the longest of them: where it is missing, nothing is looked for."""

    words: str
    stem: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Something that needs no label. `needs` is a piece that every hit holds."""

    says: str
    needs: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Words:
    """`data/patient_words.toml`; `keywords` without blanks, longest labels first."""

    blank: frozenset[str]
    keywords: frozenset[str]
    labels: Mapping[str, tuple[Label, ...]]  # by stem
    patterns: tuple[Pattern, ...]


@cache
def _words() -> Words:
    table = tomllib.loads(files("dermref.media").joinpath("data/patient_words.toml").read_text(encoding="utf-8"))
    listed = {(words, kind) for kind in VALUES for language in table[kind].values() for words in language}
    labels = [_label(words, kind) for words, kind in sorted(listed, key=lambda one: (-len(one[0]), one))]
    stems = {one.stem for one in labels}
    return Words(
        blank=frozenset(table["blank"]),
        keywords=frozenset(map(_bare, [*table["keywords"], *(words for words, _ in listed)])),
        labels={stem: tuple(one for one in labels if one.stem == stem) for stem in sorted(stems)},
        patterns=tuple(Pattern(one["says"], one["needs"], one["match"]) for one in table["pattern"]),
    )


def _label(words: str, kind: str) -> Label:
    parts = words.split(" ")
    after = VALUES[kind] if words[-1] != "." else VALUES[kind].partition(")")[2]
    return Label(words, max(parts, key=len), r"[ \t\xa0_-]{0,2}".join(map(re.escape, parts)) + after)


def _bare(words: str) -> str:
    return "".join(char for char in words.lower() if char.isalnum())


def is_patient_word(name: str) -> bool:
    """Is this the name of a field for a patient's data, as in `PatientName`?"""
    return _bare(name[:100]) in _words().keywords


def is_blank(value: str) -> bool:
    """Does a value say that nothing is there?"""
    return value.strip(" \t.,'\"()[]*").lower() in _words().blank


def find_patient(text: str, *, is_debris: bool = False) -> Iterator[str]:
    """What was found, such as “patient name (12 characters)”. In debris, the strings of bytes that nobody can read,
    only labels count: any pattern turns up there by chance."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)  # an accent may be written apart
    lowered, taken = text.lower(), set[int]()
    for stem, labels in _words().labels.items():
        if stem in lowered:
            for label in labels:
                yield from _labelled(label, lowered, taken)
    for pattern in () if is_debris else _words().patterns:
        if pattern.needs in text and _compiled(pattern.pattern).search(text):
            yield pattern.says


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when first needed: all of them take a fifth of a second, and most files need none."""
    return re.compile(pattern)


def _labelled(label: Label, lowered: str, taken: set[int]) -> Iterator[str]:
    for hit in _compiled(label.pattern).finditer(lowered):
        is_word = not lowered[hit.start() - 1 : hit.start()].isalnum()
        if is_word and hit.start() not in taken and not is_blank(hit[1]) and len(taken) < MOST_HITS:
            taken.add(hit.start())
            yield f"{label.words} ({len(hit[1].strip())} characters)"
