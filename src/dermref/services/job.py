"""One ingest as a value: which source, how it is read, and with what; and the desk where its items are settled."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dermref.media.store import Blobs
from dermref.model.asking import Operator
from dermref.model.harvest import Adapter, Fetch, HarvestRequest
from dermref.model.media import AHEAD, Rung
from dermref.model.source import Source
from dermref.services.doors import Door
from dermref.services.likeness import Likes
from dermref.services.report import Report


@dataclass(frozen=True, slots=True)
class Desk:
    """What settling an item needs besides the item."""

    source: Source
    operator: Operator
    blobs: Blobs
    likes: Likes
    door: Door


@dataclass(frozen=True, slots=True)
class Job:
    """One ingest: which source, how it is read, and with what. With `is_recheck` it asks only for what is due."""

    source: Source
    adapter: Adapter
    request: HarvestRequest
    fetch: Fetch
    blobs: Blobs
    operator: Operator
    likes: Likes = field(default_factory=Likes)
    workers: int = 2
    ahead: tuple[Rung, ...] = AHEAD
    limit: int | None = None
    is_dry: bool = False
    is_recheck: bool = False
    progress: Callable[[Report], None] = lambda report: None

    def desk(self, door: Door) -> Desk:
        """Where its items are settled, as long as the door of its source stands open."""
        return Desk(self.source, self.operator, self.blobs, self.likes, door)

    @property
    def is_whole(self) -> bool:
        """Whether what the run does not meet is really gone: only after the full listing of a live source."""
        return self.is_open and self.adapter.is_listing_complete and not self.request.since

    @property
    def is_open(self) -> bool:
        """Whether a live source is asked for all it has, or all that is new, and not for something of it."""
        request = self.request
        return not (request.query or request.folder or self.limit or self.adapter.is_local)
