"""One ingest as a value: which source, how it is read, and with what."""

from collections.abc import Callable
from dataclasses import dataclass

from dermref.media.store import LocalBlobs
from dermref.model.asking import Operator
from dermref.model.harvest import Adapter, Fetch, HarvestRequest
from dermref.model.media import AHEAD, Rung
from dermref.model.source import Source
from dermref.services.report import Report


@dataclass(frozen=True, slots=True)
class Job:
    """One ingest: which source, how it is read, and with what."""

    source: Source
    adapter: Adapter
    request: HarvestRequest
    fetch: Fetch
    blobs: LocalBlobs
    operator: Operator
    workers: int = 2
    ahead: tuple[Rung, ...] = AHEAD
    limit: int | None = None
    is_dry: bool = False
    progress: Callable[[Report], None] = lambda report: None
