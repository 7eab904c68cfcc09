"""Reads the link of a license in every form it really has. The host is compared whole; a link elsewhere is unknown."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import unquote_to_bytes

from dermref.rights.facts import load_facts
from dermref.rights.license import License
from dermref.rights.verdict import Unknown, excerpt

LONGEST = 2_000  # characters
TAIL = re.compile(r"(?:deed|legalcode)(?:\.[a-z_-]{2,12})?|rdf")  # the pages of a tool, in any language
_WEB = re.compile(r"(?:https?:)?//(?:www\.)?|(?:www\.)?", re.IGNORECASE)
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}:)?//")
_STATEMENT_PAGES = ("vocab", "page", "data")


def looks_like_url(text: str) -> bool:
    """Whether `text` is to be read as a link and nothing else."""
    return bool(_SCHEME.match(text)) or text[:60].lower().removeprefix("www.").startswith(_hosts())


def read_url(url: str) -> License | Unknown:
    """The license that a link leads to.

    >>> read_url("//creativecommons.org/licenses/by-sa/3.0/de/deed.en").id
    'CC-BY-SA-3.0-DE'
    """
    if len(url) > LONGEST:
        return Unknown("the license link is too long")
    url = url.strip(" \t\r\n")
    if not (url.isascii() and url.isprintable()) or " " in url:
        return Unknown("the license link holds characters that no link has")
    known = _addresses().get(_address(url))
    return known or Unknown(f"{excerpt(url)} is not a license link we know")


def _address(url: str) -> str:
    """Host and path in small letters, without what does not change the license; empty where it cannot be one."""
    place = url.partition("#")[0].partition("?")[0].lower()
    found = _WEB.match(place)
    place = _decoded(place[found.end() :] if found else place).removesuffix("/")
    stem, _, tail = place.rpartition("/")
    return stem if TAIL.fullmatch(tail) else place


def _decoded(place: str) -> str:
    """Percent-encoding taken off once; an encoded slash, or anything encoded twice, makes it no address of ours."""
    if "%" not in place:
        return place
    decoded = unquote_to_bytes(place).decode("ascii", errors="replace")
    return "" if "%" in decoded or decoded.count("/") != place.count("/") else decoded


@cache
def _addresses() -> Mapping[str, License]:
    return dict(_places())


def _places() -> Iterator[tuple[str, License]]:
    facts = load_facts()
    for url, one in facts.by_url.items():
        place = url.lower().removeprefix("https://").removesuffix("/")
        yield place, one
        if place.startswith(facts.statements_host):
            host, _, rest = place.split("/", 2)
            yield from ((f"{host}/{page}/{rest}", one) for page in _STATEMENT_PAGES)


@cache
def _hosts() -> tuple[str, ...]:
    return tuple(f"{host}/" for host in (load_facts().host, load_facts().statements_host))
