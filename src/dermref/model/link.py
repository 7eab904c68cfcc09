"""A link to a page of a source, what a look at that page found, and what the looks have led to so far."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LinkState(StrEnum):
    """What the checks lead to. `missing` has strikes and is still shown; `broken` is kept for a curator alone."""

    UNCHECKED = "unchecked"
    THERE = "there"
    LOGIN = "login"
    MOVED = "moved"
    MISSING = "missing"
    BROKEN = "broken"


class Sight(StrEnum):
    """What one look at an address found. `gone` is a strike; `unsure` says nothing for or against the page."""

    THERE = "there"
    LOGIN = "login"
    MOVED = "moved"
    GONE = "gone"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link as somebody gives it: for the label of a condition or for a topic. `line` is where it stands in a file."""

    source_id: str
    url: str
    title: str
    condition: str = ""
    topic: str = ""
    language: str = ""
    needs_login: bool = False
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link as stored. Nothing here says whether it may be shown."""

    row_id: int
    source_id: str
    url: str
    title: str
    condition_slug: str | None
    condition_label: str | None
    topic: str
    language: str
    needs_login: bool
    note: str
    by: str
    added_at: datetime
    state: LinkState
    strikes: int
    checked_at: datetime | None
    status: str
    moved_to: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How a server answered: its status, and where it redirects to, as it says it."""

    status: int
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found, in a few words of `status`; `moved_to` is where the page says that it went."""

    sight: Sight
    status: str
    moved_to: str = ""


Look = Callable[[str], Seen]  # asks once and follows nothing; raises FetchFailed
