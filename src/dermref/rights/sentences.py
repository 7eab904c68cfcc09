"""Reads whole sentences that grant a license, by patterns that the data lists; a clause too many is no match."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dermref.rights.license import License
from dermref.rights.names import read_name
from dermref.rights.toml import read_data, table, tables, text, words
from dermref.rights.urls import read_url
from dermref.rights.verdict import Reading, Unknown, agree, excerpt

_NAME = r"(?P<name>[a-z0-9][a-z0-9 .,+:&-]{1,118}?[a-z0-9+])(?: \((?P<short>[a-z0-9 .+-]{2,40})\))?(?: licen[cs]e)?"
_LINK = r"[^ ()]{8,300}[^ ().,;]"
_JOINED = rf"{_NAME}(?:(?:,? | ?\(|, available at | at )(?P<link>{_LINK})\)?)?"

_HINTS = (" under ", "(", "//", ": ")  # without any of these nothing is a sentence; spares names the patterns


@dataclass(frozen=True, slots=True)
class Answer:
    """What a library's printed answer means: the code its own table may explain, and the id of all that was said."""

    code: str
    license_id: str
    pattern: re.Pattern[str]


def read_answer(sentence: str) -> Answer | None:
    """The federal answer that the whole of `sentence` is, if it is one."""
    return next((answer for answer in _answers() if answer.pattern.fullmatch(sentence)), None)


def read_sentence(sentence: str) -> Reading | None:
    """The license that a sentence grants; None where it is no sentence of ours. `sentence` is in small letters.

    Names, abbreviations and links in it are read as strictly as if each stood alone, and must agree.
    """
    if not any(hint in sentence for hint in _HINTS):
        return None
    for frame in _frames():
        if (found := frame.fullmatch(sentence)) and (reading := _joined(found)) is not None:
            return reading
    return None


def _joined(found: re.Match[str]) -> Reading | None:
    groups = found.groupdict()
    readings: list[Reading] = [read_url(groups[key]) for key in ("link", "view") if groups.get(key)]
    for key in ("name", "short"):
        if groups[key]:
            named = read_name(groups[key])
            if named is None:
                return None
            readings.append(named)
    first, *others = readings
    together: Reading | None = first
    for other in others:
        together = agree(together, other) if together is not None else None
    if together is None:
        return Unknown(f"the names and links in {excerpt(found.string)} differ")
    return together if _is_borne_out(together, groups) else Unknown(f"{excerpt(found.string)} contradicts the license")


def _is_borne_out(reading: Reading, said: Mapping[str, str | None]) -> bool:
    """Whether what the sentence goes on to say is true of the license it names; of anything but one it never is."""
    limits, gives = said.get("noncommercial"), said.get("adapting")
    if not isinstance(reading, License):
        return not limits and not gives
    return (not limits or reading.is_noncommercial) and (not gives or "DerivativeWorks" in reading.permits)


@cache
def _answers() -> tuple[Answer, ...]:
    return tuple(
        Answer(text(row, "code"), text(row, "id"), re.compile(_one_line(text(row, "pattern"))))
        for row in tables(read_data("grammar"), "answer")
    )


@cache
def _frames() -> tuple[re.Pattern[str], ...]:
    sentences = table(read_data("grammar"), "sentences")
    parts = {key: _one_line(text(table(sentences, "parts"), key)) for key in table(sentences, "parts")}
    parts |= {"name": _JOINED, "link": rf"(?P<view>{_LINK})"}
    after = text(sentences, "after")
    return tuple(re.compile(_filled(f"{frame}(?:{after})?", parts) + r" ?\.?") for frame in words(sentences, "frames"))


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    for key, part in parts.items():
        pattern = pattern.replace(f"{{{key}}}", f"(?:{part})")
    return pattern


def _one_line(pattern: str) -> str:
    return pattern.replace("\n", "")
