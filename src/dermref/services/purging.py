"""Removes the bytes of images whose right to be kept has ended, with renditions, fingerprints and everything else that
was made of them, and leaves a signed record. Killed at any moment, the next purge goes on where this one was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from dermref.catalog.endings import Ending, endings
from dermref.catalog.grants import recorded_grants
from dermref.catalog.locks import only_ingest_of
from dermref.catalog.purging import (
    DueFile,
    DueImage,
    PurgeRow,
    begin_purge,
    find_purge,
    finish_purge,
    images_with_bytes,
    let_go,
    sources_with_items,
    unfinished_purge,
    waiting_files,
)
from dermref.catalog.runs import last_request
from dermref.catalog.writing import known_files
from dermref.media.store import Blobs
from dermref.model.asking import Action
from dermref.model.evidence import Refusal
from dermref.model.hosts import is_within
from dermref.model.source import Source
from dermref.services.deployment import deployment
from dermref.services.doors import kept_now, open_door
from dermref.services.likeness import index_file
from dermref.services.purge_records import signed_record
from dermref.services.rulings import all_sources
from dermref.services.start_ingest import DOCUMENTS
from dermref.sources.reading import host_of
from dermref.sources.remembered import Memory

MOMENT = timedelta(microseconds=1)
BATCH = 1000  # images let go of in one transaction


@dataclass(frozen=True, slots=True)
class Due:
    """What of a source has to go, and why: that many images and waiting items. The files of some (`outside`) lie in a
    folder of the operator's own and stay there; `bytes` are those of the others. `is_ended` where something that was
    given in writing ended, and it is not a setting or the registry that shuts the door."""

    source_id: str
    reason: str
    is_ended: bool
    images: int = 0
    waiting: int = 0
    bytes: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """How far a purge is: images let go of, of how many."""

    source_id: str
    images: int
    total: int


Progress = Callable[[Gone], None]


def due(source_id: str | None = None) -> tuple[Due, ...]:
    """What has to go now, of one source or of all; looks and changes nothing."""
    sources = [all_sources()[one] for one in ([source_id] if source_id else _known_sources())]
    counted = (_count(source) for source in sources)
    return tuple(one for one in counted if one and (one.images or one.waiting))


def interrupted(source_id: str | None = None) -> tuple[str, ...]:
    """The sources, this one or any, whose purge did not come to its end."""
    return tuple(one for one in ([source_id] if source_id else _known_sources()) if unfinished_purge(one))


def purge(
    blobs: Blobs,
    *,
    source_id: str | None = None,
    only_ended: bool = False,
    progress: Progress = lambda gone: None,
) -> tuple[PurgeRow, ...]:
    """Remove what is due, or, with `only_ended`, what is due because something in writing ended, and finish what was
    interrupted; the purges that finished. Raises Stopped while an ingest holds the store."""
    done = []
    with blobs.only_writer():
        blobs.recover(known_files)  # what a purge that was killed had let go of
        found = {one.source_id: one for one in due(source_id)}
        for one in [source_id] if source_id else _known_sources():
            with only_ingest_of(one):
                row = unfinished_purge(one)
                if row is None and one in found and (found[one].is_ended or not only_ended):
                    row = begin_purge(one, found[one].reason, at=timezone.now())
                if row is not None and not (only_ended and one in found and not found[one].is_ended):
                    done.append(_purge(blobs, all_sources()[one], row, found.get(one), progress))
    return tuple(done)


def _known_sources() -> list[str]:
    return [one for one in sources_with_items() if one in all_sources()]


def _count(source: Source) -> Due | None:
    operator = deployment().operator
    kept = kept_now(source, operator=operator)
    if kept is None:
        return None
    found, after = _why(source), 0
    while page := images_with_bytes(source.source_id, after=after, limit=BATCH):
        after = page[-1].row_id
        going = [one for one in page if one.foreign_id not in kept]
        outside = [one for one in going if one.original_path]
        found = replace(
            found,
            images=found.images + len(going),
            bytes=found.bytes + sum(one.byte_size for one in going if not one.original_path),
            outside=found.outside + len(outside),
        )
    return replace(found, waiting=len(_waiting(source, kept)))


def _waiting(source: Source, kept: frozenset[str]) -> list[DueFile]:
    return [one for one in waiting_files(source.source_id) if one.foreign_id not in kept]


def _why(source: Source) -> Due:
    """Why bytes of this source may be kept no longer, in one sentence that says when, if there is a when."""
    now, operator = timezone.now(), deployment().operator
    for ending in endings(source.source_id, now=now):
        if _was_it(source, ending, now):
            return Due(source.source_id, ending.sentence, is_ended=True)
    for one in recorded_grants(source.source_id):
        if Action.STORE in one.actions and one.is_current(now) and not one.is_given_to(operator):
            text = f"Grant {one.grant_id} is given to another site or operator than this deployment."
            return Due(source.source_id, text, is_ended=False)
    door = open_door(source, operator=operator)
    text = f"{door.text}." if isinstance(door, Refusal) else "No grant in force names these images."
    return Due(source.source_id, text, is_ended=False)


def _was_it(source: Source, ending: Ending, now: datetime) -> bool:
    """Whether, by today's registry and settings, images could be kept just before this ending that may not be now."""
    operator = deployment().operator
    before = kept_now(source, operator=operator, at=ending.at - MOMENT)
    after = kept_now(source, operator=operator, at=now)
    return after is not None and (before is None or bool(before - after))


def _purge(blobs: Blobs, source: Source, row: PurgeRow, found: Due | None, progress: Progress) -> PurgeRow:
    """Let go batch by batch; the door is looked at before each, for a subscription may be renewed meanwhile."""
    after, total = 0, row.images + (found.images if found else 0)
    while found and (kept := kept_now(source, operator=deployment().operator)) is not None:
        page = images_with_bytes(source.source_id, after=after, limit=BATCH)
        waiting = [] if page else _waiting(source, kept)
        if not page and not waiting:
            break
        after = page[-1].row_id if page else after
        _let_go(blobs, row, [one for one in page if one.foreign_id not in kept], waiting)
        progress(Gone(source.source_id, _images_of(row), total))
    _forget_traces(source)
    return _finish(row)


def _let_go(blobs: Blobs, row: PurgeRow, images: list[DueImage], waiting: list[DueFile]) -> None:
    if images or waiting:
        let_go(row.id, images, waiting, at=timezone.now(), doubt=blobs.doubt)
        blobs.recover(known_files)


def _images_of(row: PurgeRow) -> int:
    now = find_purge(row.id)
    return now.images if now else 0


def _forget_traces(source: Source) -> None:
    """What other files of the data folder hold of it: the index of likenesses, made anew from the table, and the
    documents that were fetched from the source, fetched again when they are needed."""
    index_file().unlink(missing_ok=True)
    reached = source.ingest
    pages = (source.homepage_url, reached.api_url, *reached.interfaces, last_request(source.source_id).get("base_url"))
    hosts = {*reached.hosts, *(one.host for one in reached.paces), *(host_of(str(one)) for one in pages if one)}
    hosts.discard("")
    Memory(deployment().data_dir / DOCUMENTS).forget(lambda url: any(is_within(host_of(url), one) for one in hosts))


def _finish(row: PurgeRow) -> PurgeRow:
    now, at = find_purge(row.id), timezone.now()
    assert now is not None  # a purge is never deleted
    record, signature = signed_record(now, at=at)
    finish_purge(row.id, record, signature=signature, at=at)
    return find_purge(row.id) or now
