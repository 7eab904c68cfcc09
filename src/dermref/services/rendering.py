"""Renditions on demand: found, or made once of the stored bytes in a worker process and kept. Decides nothing: the gate
has spoken before it asks here.

The row is written before the file. A kill between the two leaves a row without its file, never a file that nobody
knows; such a file is made again when somebody asks. Where nothing can be written, what was made is sent all the same.
"""

import hashlib
import logging
import os
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import BinaryIO

from django.db import DatabaseError

from dermref.catalog.reading import FileRecord, ImageRecord
from dermref.catalog.renditions import find_rendition, forget_rendition, keep_rendition
from dermref.media.store import Kept
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.media import Made, MediaType, Rung, Size, StorePermit, sizes_of
from dermref.services.deployment import blobs, deployment
from dermref.services.doors import Door, open_door
from dermref.services.inspectors import Inspectors
from dermref.services.originals import kept, read_kept
from dermref.services.rulings import all_sources

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rendition:
    """A rendition, and its bytes from their beginning, for whoever gets them to close."""

    file: FileRecord
    stream: BinaryIO


def rendition_of(record: ImageRecord, *, size: Size, media_type: MediaType) -> Rendition | Refusal:
    """The rendition of this size, or of the largest there is of a smaller picture. A Refusal where the stored file is
    missing or cannot be decoded any more."""
    rung = Rung(min(size, sizes_of(record.width, record.height)[-1], key=list(Size).index), media_type)
    known = find_rendition(record, size=rung.size.value, media_type=rung.media_type.value)
    stream = blobs().open(Kept(known.sha256, known.byte_size)) if known else None
    return Rendition(known, stream) if known and stream else _make(record, rung)


def _make(record: ImageRecord, rung: Rung) -> Rendition | Refusal:
    place = kept(record.source_id, record.sha256, record.byte_size, original_path=record.original_path)
    data = read_kept(place)
    if data is None:
        return Refusal("file-missing", f"the stored file of {record.public_id} is missing")
    made = _workers(os.getpid()).render(data, rungs=(rung,))
    if made == ():
        made = Refusal("wrong-size", "the stored file is smaller than the catalogue says")
    if isinstance(made, Refusal):
        LOG.warning("%s has no %s rendition: %s", record.public_id, rung.size, made.text)
        return made
    return _keep(record, made[0])


@cache
def _workers(pid: int) -> Inspectors:
    """One worker for each server process, started at its first picture; a forked server (`pid`) has its own."""
    return Inspectors(1)


def _keep(record: ImageRecord, made: Made) -> Rendition:
    file = FileRecord(
        size=made.size.value,
        media_type=made.media_type.value,
        sha256=hashlib.sha256(made.data).hexdigest(),
        byte_size=len(made.data),
        width=made.width,
        height=made.height,
    )
    permit = _permit_for(record)
    try:
        with blobs().under_way():
            if permit and keep_rendition(record, file) and not _store(file, made.data, permit):
                forget_rendition(record, file)
    except (DatabaseError, Stopped) as error:
        LOG.warning("A rendition of %s was made and not kept: %s", record.public_id, error)
    return Rendition(file, BytesIO(made.data))


def _permit_for(record: ImageRecord) -> StorePermit | None:
    """None where files of this image may not be kept any more; what may still be shown is shown all the same."""
    door = open_door(all_sources()[record.source_id], operator=deployment().operator)
    return door.permit if isinstance(door, Door) and door.lets_in(record.foreign_id) else None


def _store(file: FileRecord, data: bytes, permit: StorePermit) -> bool:
    """Whether the file is in the store now. The one place that writes to the store outside an ingest."""
    try:
        blobs().place(file.sha256, data, permit)
    except Stopped as fault:
        LOG.warning("A rendition was made and not kept: %s", fault)
        return False
    return True
