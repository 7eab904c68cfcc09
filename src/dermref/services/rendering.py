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
from pathlib import Path

from django.db import DatabaseError

from dermref.catalog.reading import FileRecord, ImageRecord
from dermref.catalog.renditions import find_rendition, forget_rendition, keep_rendition
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.media import Made, MediaType, Rung, Size, sizes_of
from dermref.services.deployment import blobs
from dermref.services.inspectors import Inspectors

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rendition:
    """A rendition, and its bytes: where they lie, or themselves where they could not be stored."""

    file: FileRecord
    content: Path | bytes


def rendition_of(record: ImageRecord, *, size: Size, media_type: MediaType) -> Rendition | Refusal:
    """The rendition of this size, or of the largest there is of a smaller picture. A Refusal where the stored file is
    missing or cannot be decoded any more."""
    rung = Rung(min(size, sizes_of(record.width, record.height)[-1], key=list(Size).index), media_type)
    known = find_rendition(record, size=rung.size.value, media_type=rung.media_type.value)
    path = blobs().locate(known.sha256) if known else None
    return Rendition(known, path) if known and path else _make(record, rung)


def _make(record: ImageRecord, rung: Rung) -> Rendition | Refusal:
    stored = blobs().locate(record.sha256)
    if stored is None:
        return Refusal("file-missing", f"the stored file of {record.public_id} is missing")
    made = _workers(os.getpid()).render(stored.read_bytes(), rungs=(rung,))
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
    try:
        path = _store(file, made.data) if keep_rendition(record, file) else None
        if path is None:
            forget_rendition(record, file)
    except DatabaseError as error:
        LOG.warning("A rendition of %s was made and not kept: %s", record.public_id, error)
        path = None
    return Rendition(file, path or made.data)


def _store(file: FileRecord, data: bytes) -> Path | None:
    """Where the file lies from now on; None where the store cannot take it. The one place that writes to the store."""
    try:
        blobs().place(file.sha256, data)
        return blobs().locate(file.sha256)
    except (Stopped, OSError) as fault:
        LOG.warning("A rendition was made and not kept: %s", fault)
        return None
