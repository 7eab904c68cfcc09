"""Reads what a server answered for a linked page: whether it is there, asks to sign in, has moved, or is gone. It
follows nothing, and leaves open what may pass."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urljoin, urlsplit

from dermref.model.harvest import FetchFailed
from dermref.model.hosts import is_within
from dermref.model.link import Finding, Look, Seen, Sight
from dermref.sources.reading import web_address
from dermref.sources.words import load_words

LONGEST_STATUS = 60  # characters, as the catalogue keeps them
NO_SUCH_HOST = "no such host"
NO_PUBLIC_ADDRESS = "leads to no public address"
ANSWERS = "answers "  # and the HTTP status
_FAULTS: Mapping[str, str] = {
    "no-such-host": NO_SUCH_HOST,
    "bad-address": NO_PUBLIC_ADDRESS,
    "robots": "robots.txt does not let programs look",
    "timeout": "no answer in time",
    "dropped": "the connection broke off",
}


@dataclass(frozen=True, slots=True)
class _Words:
    """The data of this module."""

    login: re.Pattern[str]
    login_statuses: frozenset[int]
    gone_statuses: frozenset[int]
    busy_statuses: frozenset[int]
    gone_faults: frozenset[str]


def look_at(url: str, look: Look) -> Finding:
    """What is at `url`, asked once."""
    try:
        return found_at(url, look(url))
    except FetchFailed as fault:
        sight = Sight.GONE if fault.code in _words().gone_faults else Sight.UNSURE
        return Finding(sight, _FAULTS.get(fault.code, fault.code)[:LONGEST_STATUS])


def found_at(url: str, seen: Seen) -> Finding:
    """What this answer says about the page.

    >>> found_at("https://example.org/a", Seen(302, "/sso/?back=/a")).sight.value
    'login'
    """
    words, status = _words(), f"{ANSWERS}{seen.status}"
    if seen.status in range(300, 400) and seen.location is not None:
        return _redirected(url, seen.location, status)
    if seen.status in range(200, 300):
        return Finding(Sight.THERE, status)
    if seen.status in words.login_statuses:
        return Finding(Sight.LOGIN, status)
    return Finding(Sight.GONE if seen.status in words.gone_statuses else Sight.UNSURE, status)


def is_busy(finding: Finding) -> bool:
    """Whether the host asked to be left alone."""
    return finding.status in {f"{ANSWERS}{status}" for status in _words().busy_statuses}


def is_answer(finding: Finding) -> bool:
    """Whether a server answered at all, whatever it said."""
    return finding.status.startswith(ANSWERS)


def _redirected(url: str, location: str, status: str) -> Finding:
    """A page that leads elsewhere is there, whoever may see it. Where it went on its own site is for a curator; where
    it hands its visitors to another site or to a sign-in, nobody follows."""
    target = _target(url, location)
    if target is None:
        return Finding(Sight.GONE, f"{status}, to no web address")
    here, there = urlsplit(url), urlsplit(target)
    place = f"{there.netloc}{there.path}?{there.query}".lower()
    if _words().login.search(place) or not _is_same_site(here, there):
        where = f", to {there.hostname}" if web_address(target) else ""
        return Finding(Sight.LOGIN, f"{status}{where}"[:LONGEST_STATUS])
    return Finding(Sight.MOVED, status, web_address(target) or "")  # what is no plain address is not handed on


def _target(url: str, location: str) -> str | None:
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
    except ValueError:
        return None
    is_web = bool(location) and parts.scheme in ("http", "https") and bool(parts.hostname)
    return target if is_web else None


def _is_same_site(here: SplitResult, there: SplitResult) -> bool:
    one, other = ((parts.hostname or "").removeprefix("www.") for parts in (here, there))
    return is_within(one, other) or is_within(other, one)


@cache
def _words() -> _Words:
    table = load_words("link_checks")
    any_word = "|".join(map(re.escape, table["login_words"]))
    return _Words(
        login=re.compile(rf"(?<![a-z0-9])(?:{any_word})(?![a-z0-9])"),
        login_statuses=frozenset(table["login"]),
        gone_statuses=frozenset(table["gone"]),
        busy_statuses=frozenset(table["busy"]),
        gone_faults=frozenset(table["faults_gone"]),
    )
