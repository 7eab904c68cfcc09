"""From a license statement to a known license or a named reason why not. It parses whole statements; it never searches
inside them, never guesses a version, and has no default."""

import re
from collections.abc import Mapping

from dermref.model.evidence import Statement
from dermref.model.source import CodeMeaning
from dermref.rights.expression import OPERATORS, is_compound
from dermref.rights.facts import alternatives_in, ids_in, license_of
from dermref.rights.license import License
from dermref.rights.names import read_key_list, read_name
from dermref.rights.sentences import read_answer, read_sentence
from dermref.rights.tools import OWN_PREFIX
from dermref.rights.urls import looks_like_url, read_url
from dermref.rights.verdict import Licenses, Reading, Unknown, agree, excerpt

__all__ = ["License", "Licenses", "Reading", "Unknown", "parse_statement"]

LONGEST = 4_000  # characters; no statement we know has half as many
SPACE = " \t\r\n\N{NO-BREAK SPACE}"
# What typesetters put for a space, a hyphen and an apostrophe. Nothing else that is not ASCII stands for anything.
TYPESET = str.maketrans(
    {
        **dict.fromkeys("\t\r\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", " "),
        **dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}", "-"),
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    }
)
_RUN = re.compile(" {2,}")
_OPERATOR = re.compile(r"(?<= )(AND|OR|and|or)(?= )|([()])")

Codes = Mapping[str, CodeMeaning]


def parse_statement(statement: Statement, codes: Codes | None = None) -> Reading:
    """What one statement means: a license, several, or unknown and why.

    `codes` are the source's own short codes; the statement's text and its link must agree.

    >>> parse_statement(Statement("no such license"))
    Unknown(reason='“no such license” names no known license')
    """
    readings = [_read_text(statement.text, codes or {})] if statement.text.strip(SPACE) else []
    if statement.url:
        readings.append(read_url(statement.url))
    if not readings:
        return Unknown("the license statement is empty")
    together = agree(readings[0], readings[-1])
    if together is None:
        return Unknown(f"the text {excerpt(statement.text)} and its link {statement.url} name different licenses")
    return together


def _read_text(text: str, codes: Codes) -> Reading:
    text = text.strip(SPACE)
    if len(text) > LONGEST:
        return Unknown("the text is too long for a license statement")
    if text in codes:
        return _of_ids(codes[text].license_id)
    if looks_like_url(text):
        return read_url(text)
    plain = _RUN.sub(" ", text.translate(TYPESET))
    if not plain.isprintable():
        return Unknown("the license statement holds characters that no text has")
    return (plain.isascii() and _read_plain(plain, codes)) or Unknown(f"{excerpt(text)} names no known license")


def _read_plain(text: str, codes: Codes) -> Reading | None:
    small = text.lower()
    if (answer := read_answer(small)) is not None:
        return _of_ids(codes[answer.code].license_id if answer.code in codes else answer.license_id)
    if (named := read_name(text)) is not None:
        return named
    if (choice := read_key_list(text)) is not None:
        return _of_ids(" OR ".join(one.id for one in choice))
    return read_sentence(small) or _read_compound(text, codes)


def _read_compound(text: str, codes: Codes) -> Reading | None:
    """Names joined by AND and OR, each read as if it stood alone; site terms only where `codes` name them."""
    if not is_compound(text):
        return None
    ids: list[str] = []
    for piece in filter(None, (piece.strip() for piece in _OPERATOR.split(text) if piece)):
        named = read_name(piece)
        if named is None and piece not in OPERATORS and not (piece.startswith(OWN_PREFIX) and piece in codes):
            return None
        ids.append(named.id if named else piece)
    try:
        return _of_ids(" ".join(ids))
    except KeyError:
        return None


def _of_ids(expression: str) -> Reading:
    """The value of ids joined by AND and OR: one license, or several with the expression put in order."""
    ids = ids_in(expression)
    if len(ids) == 1 and len(ids[0]) == 1:
        return license_of(ids[0][0])
    ordered = " OR ".join(f"({' AND '.join(each)})" if len(each) > 1 < len(ids) else " AND ".join(each) for each in ids)
    return Licenses(ordered, alternatives_in(ordered))
