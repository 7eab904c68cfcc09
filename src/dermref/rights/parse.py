"""From a license statement to a known license or a named reason why not. It parses whole statements; it never searches
inside them, never guesses a version, and has no default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dermref.model.evidence import Statement
from dermref.model.source import CodeMeaning
from dermref.rights.facts import License, load_facts

TAIL = re.compile(r"(deed|legalcode)(\.[A-Za-z-]{2,12})?|rdf")  # the pages of a tool, in any language


@dataclass(frozen=True, slots=True)
class Unknown:
    """The statement names no license we know; `reason` is one sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Licenses:
    """Stand-in."""

    expression: str
    alternatives: tuple[tuple[License, ...], ...]


def parse_statement(statement: Statement, codes: Mapping[str, CodeMeaning] | None = None) -> License | Unknown:
    """What one statement means. `codes` are the source's own short codes; its text and its link must agree.

    >>> parse_statement(Statement("no such license"))
    Unknown(reason='“no such license” names no known license')
    """
    readings = [_parse_text(statement.text, codes or {})] if statement.text.strip() else []
    if statement.url:
        readings.append(_parse_url(statement.url))
    if not readings:
        return Unknown("the license statement is empty")
    for reading in readings:
        if isinstance(reading, Unknown):
            return reading
    first = readings[0]
    if any(reading != first for reading in readings):
        return Unknown(f"the text “{statement.text}” and its link {statement.url} name different licenses")
    return first


def _parse_text(text: str, codes: Mapping[str, CodeMeaning]) -> License | Unknown:
    text = text.strip()
    facts = load_facts()
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        return Unknown("the license statement holds characters that no text has")
    if text in codes:
        return facts.by_id[codes[text].license_id]
    if "://" in text or text.startswith("//"):
        return _parse_url(text)
    known = facts.by_id.get(text) or facts.by_id.get("-".join(text.upper().split()))
    return known or Unknown(f"“{text}” names no known license")


def _parse_url(url: str) -> License | Unknown:
    facts = load_facts()
    url = url.strip()
    if not (url.isascii() and url.isprintable()) or " " in url:  # urlsplit drops line breaks; words may take it back
        return Unknown("the license link holds characters that no link has")
    try:
        parts = urlsplit(url)
    except ValueError:
        return Unknown(f"{url} is not a link")
    if parts.scheme not in ("http", "https", "") or parts.netloc.lower().removeprefix("www.") != facts.host:
        return Unknown(f"{url} is not a license link we know")
    known = facts.by_url.get(f"https://{facts.host}{_tool_path(parts.path)}")
    return known or Unknown(f"{url} names no license tool we know")


def _tool_path(path: str) -> str:
    """The path of the tool itself: `/licenses/by/4.0/` from `/licenses/by/4.0/deed.en` and its like."""
    segments = path.lower().strip("/").split("/")
    tail = segments[3:]
    if len(tail) == 1 and TAIL.fullmatch(tail[0]):
        segments = segments[:3]
    return "/" + "/".join(segments) + "/"
