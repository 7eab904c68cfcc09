"""Puts one ingest together from what the command line asked: source, adapter, fetcher, store."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from dermref.model.deployment import Deployment, Stopped
from dermref.model.harvest import Adapter, Busy, Fetch, Fetched, HarvestRequest
from dermref.model.source import Source
from dermref.registry.load import load_source
from dermref.services.deployment import blobs, deployment
from dermref.services.doors import require_door
from dermref.services.ingest import ingest
from dermref.services.job import Job
from dermref.services.manifests import refuse_beside_adapter
from dermref.services.marks import wish_mark
from dermref.services.report import Report
from dermref.sources.adapters import ADAPTERS, MANIFEST
from dermref.sources.fetch import HttpFetch
from dermref.sources.remembered import Memory

DOCUMENTS = "documents"  # the folder, in that of the data, of what was fetched before


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked to have ingested."""

    source_id: str
    folder: Path | None = None
    base_url: str | None = None
    query: str | None = None
    since: str | None = None
    limit: int | None = None
    is_dry: bool = False
    is_manifest: bool = False
    is_recheck: bool = False
    workers: int = 2
    columns: tuple[tuple[str, str], ...] | None = None  # of a manifest, as confirmed


def start_ingest(order: Order, progress: Callable[[Report], None]) -> Report:
    """Run the order. Raises Stopped with one sentence where it cannot even begin."""
    source = load_source(order.source_id)
    place = deployment()
    require_door(source, operator=place.operator)
    adapter = _adapter(order, source)
    request = HarvestRequest(source, order.folder, order.base_url, order.query, order.since, columns=order.columns)
    with _way_out(order, adapter, source, place) as fetch:
        job = Job(
            source=source,
            adapter=adapter,
            request=request,
            fetch=fetch,
            blobs=blobs(),
            operator=place.operator,
            workers=order.workers,
            ahead=place.ahead,
            limit=order.limit,
            is_dry=order.is_dry,
            is_recheck=order.is_recheck,
            progress=progress,
        )
        return ingest(job)


def _adapter(order: Order, source: Source) -> Adapter:
    if order.is_manifest:
        refuse_beside_adapter(source)
        needs_mark, mark = wish_mark(source)
        if needs_mark and mark is None:
            raise Stopped(
                f"{source.source_id} asks for its watermark, and there is no reference to compare a manifest’s files"
                f" with; give one with “dermref watermarks set {source.source_id} FILE”."
            )
        return MANIFEST
    adapter = ADAPTERS.get(order.source_id)
    if adapter is None:
        raise Stopped(
            f"{order.source_id} has no adapter of its own; bring its images in with"
            f" “dermref ingest manifest --source {order.source_id} --from FILE”."
        )
    return adapter


def _way_out(order: Order, adapter: Adapter, source: Source, place: Deployment) -> AbstractContextManager[Fetch]:
    if order.folder or adapter.is_local:
        return nullcontext(_no_way_out)
    return HttpFetch(
        place.contact,
        base_url=order.base_url,
        is_mirrored=adapter.is_mirrored,
        connections=order.workers * 2 + 1,  # one for the page ahead
        paces=source.ingest.paces,
        interfaces=source.ingest.interfaces,
        memory=None if order.is_dry else Memory(place.data_dir / DOCUMENTS),
    )


def _no_way_out(url: str, *, max_bytes: int, keep: bool = False, busy: Busy | None = None) -> Fetched:
    raise Stopped(f"{url} is not in the folder, and an ingest from a folder fetches nothing.")
