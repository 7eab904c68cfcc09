"""What an adapter is asked for, what it hands back page by page, and how it may reach outside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.source import Source


class FetchFailed(Exception):
    """A request got no usable answer. `is_final` when asking again soon would not help; `code` names the fault, and
    `status` is that of the answer, 0 where there was none."""

    def __init__(self, code: str, text: str, *, is_final: bool, status: int = 0) -> None:
        super().__init__(text)
        self.code = code
        self.is_final = is_final
        self.status = status

    @property
    def is_gone(self) -> bool:
        """Whether the server says that there is no such thing."""
        return self.status in (404, 410)


class BadCursor(Stopped):
    """The source does not accept the recorded cursor any more: begin at the first page."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete answer with status 200."""

    url: str
    body: bytes
    media_type: str


Busy = Callable[[bytes], float | None]  # the seconds to wait where a body says that the server is too busy, else None


class Fetch(Protocol):
    """The only way out. Raises FetchFailed; never returns half a body."""

    def __call__(self, url: str, *, max_bytes: int, keep: bool = False, busy: Busy | None = None) -> Fetched:
        """The complete body at `url`, at most `max_bytes` long. `keep` for documents: the next time the server is only
        asked whether it changed. `busy` knows the errors that come as status 200, which are worth asking again."""
        ...


@dataclass(frozen=True, slots=True)
class HarvestRequest:
    """What to harvest: live, from a base URL, or from a folder of recorded documents. `columns` are those of a manifest
    with the field that each one is, as somebody confirmed them; None where nobody did."""

    source: Source
    folder: Path | None = None
    base_url: str | None = None
    query: str | None = None
    since: str | None = None
    cursor: str | None = None
    columns: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """An item that could not be read this time; nothing is known against it, and the next run tries again."""

    foreign_id: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in the source's order, and the cursor of the next page (None at the end).

    `missed` could not be read this time. `absent` were asked for by their id, and the source shows no such items.
    """

    items: tuple[Harvested, ...]
    next_cursor: str | None
    total: int | None = None
    missed: tuple[Missed, ...] = ()
    absent: tuple[str, ...] = ()


class Adapter(Protocol):
    """One source's adapter. `reader` names the version of its reading, recorded with every piece of evidence;
    `is_local` when it reads this machine alone; `is_mirrored` when a base URL is a mirror with a folder for each of its
    hosts, else another address of its API; `is_listing_complete` when what its listing lacks may be gone."""

    reader: str
    is_local: bool
    is_mirrored: bool
    is_listing_complete: bool

    def harvest(self, request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
        """Pages from `request.cursor` on. Raises FetchFailed, or Stopped with one sentence."""
        ...

    def read(self, document: Document, source: Source) -> Harvested:
        """What one stored document says; pure, so that the audit can read the evidence again. Where a document tells of
        several items, the fragment of its URL says which one is meant."""
        ...

    def ask_again(self, foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
        """The item's own document now, or None when the source no longer shows it to the public."""
        ...
