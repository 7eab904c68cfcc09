"""Brings one item's bytes in: fetch or read, inspect in a worker process, keep in the store. Touches no database."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from dermref.media.inspect import MAX_BYTES
from dermref.media.store import Blobs
from dermref.model.evidence import FileRef, Refusal
from dermref.model.harvest import Fetch, FetchFailed
from dermref.model.media import Inspected, StorePermit, Verdict, Wish
from dermref.services.inspectors import Inspectors


@dataclass(frozen=True, slots=True)
class Failed:
    """The bytes could not be had this time; nothing is known against the item, and the next run tries again."""

    refusal: Refusal


Brought = Inspected | Refusal | Failed


@dataclass(frozen=True, slots=True)
class Original:
    """A file that lies in the folder of the item's source, and the sha256 that this item's file had before, if any."""

    path: Path
    known_sha256: str | None


def bring(
    file: FileRef,
    *,
    fetch: Fetch,
    inspectors: Inspectors,
    blobs: Blobs,
    permit: StorePermit,
    wish: Wish,
    original: Original | None = None,
) -> Brought:
    """The inspected file, its bytes and renditions in the store but unsettled. An `original` that is the declared file
    is read where it lies and not kept twice. Raises Stopped when the disk is full."""
    lying = _lying_there(file, original) if original else None
    data = lying or _bytes_of(file, fetch)
    if not isinstance(data, bytes):
        return data
    verdict = inspectors.inspect(data, name=file.name, wish=wish)
    if isinstance(verdict, Refusal):
        return verdict
    if fault := undeclared(data, file):
        return Failed(fault)
    found = keep(data, verdict, blobs, permit=permit, is_lying=lying is not None)
    return replace(found, original_path=original.path.name) if lying and original else found


def undeclared(data: bytes, file: FileRef) -> Refusal | None:
    """Why these bytes are not the file that the source declares, if they are not."""
    if file.size is not None and len(data) != file.size:
        text = f"{file.name} has {len(data):,} bytes where the source declares {file.size:,}"
        return Refusal("wrong-size", text)
    name, _, digits = (file.checksum or "").partition(":")
    if digits and hashlib.new(name, data, usedforsecurity=False).hexdigest() != digits.lower():
        return Refusal("wrong-checksum", f"{file.name} is not the file whose {name} the source declares")
    return None


def keep(data: bytes, file: Inspected, blobs: Blobs, *, permit: StorePermit, is_lying: bool = False) -> Inspected:
    """Put a file and its renditions into the store, unsettled: without itself where it lies outside, without renditions
    where a curator has to look at it first. Raises Stopped when the disk is full."""
    if any(one.verdict is Verdict.QUARANTINE for one in file.findings):
        file = replace(file, renditions=())
    for content in (*(() if is_lying else (data,)), *(made.data for made in file.renditions)):
        blobs.put(content, permit)
    return file


def _lying_there(file: FileRef, original: Original) -> bytes | None:
    """The bytes of the original, unless they are not those that are declared, or known from before."""
    try:
        data = original.path.read_bytes() if original.path.stat().st_size <= MAX_BYTES else b""
    except OSError:
        return None
    expected = {one for one in (file.sha256, original.known_sha256) if one}
    is_declared = len(data) == file.size and expected <= {hashlib.sha256(data).hexdigest()}
    return data if is_declared else None


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
