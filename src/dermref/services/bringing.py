"""Brings one item's bytes in: fetch or read, inspect in a worker process, keep in the store. Touches no database."""

from dataclasses import dataclass

from dermref.media.inspect import MAX_BYTES
from dermref.media.store import Blobs
from dermref.model.evidence import FileRef, Refusal
from dermref.model.harvest import Fetch, FetchFailed
from dermref.model.media import Inspected, Wish
from dermref.services.inspectors import Inspectors

__all__ = ["Brought", "Failed", "Inspectors", "bring"]


@dataclass(frozen=True, slots=True)
class Failed:
    """The bytes could not be had this time; nothing is known against the item, and the next run tries again."""

    refusal: Refusal


Brought = Inspected | Refusal | Failed


def bring(file: FileRef, *, fetch: Fetch, inspectors: Inspectors, blobs: Blobs, wish: Wish) -> Brought:
    """The inspected file, its bytes and renditions in the store but unsettled. Raises Stopped when the disk is full."""
    data = _bytes_of(file, fetch)
    if not isinstance(data, bytes):
        return data
    verdict = inspectors.inspect(data, name=file.name, wish=wish)
    if isinstance(verdict, Refusal):
        return verdict
    if file.size is not None and len(data) != file.size:
        text = f"{file.name} has {len(data):,} bytes where the source declares {file.size:,}"
        return Failed(Refusal("wrong-size", text))
    for content in (data, *(made.data for made in verdict.renditions)):
        blobs.put(content)
    return verdict


def _bytes_of(file: FileRef, fetch: Fetch) -> bytes | Refusal | Failed:
    try:
        if file.path is None:
            return fetch(file.url, max_bytes=MAX_BYTES).body
        if file.path.stat().st_size > MAX_BYTES:
            return Refusal("too-large", f"{file.name} has more than {MAX_BYTES:,} bytes")
        return file.path.read_bytes()
    except FetchFailed as fault:
        refusal = Refusal(fault.code, str(fault))
        return refusal if fault.is_final else Failed(refusal)
    except OSError as error:
        return Refusal("unreadable", f"{file.name} cannot be read: {error.strerror}")
