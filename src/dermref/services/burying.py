"""Tombstones: bytes that may never come in again, from anywhere."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from dermref.catalog.reading import find_image
from dermref.catalog.tombstones import TombstoneRecord, bury, list_tombstones, tombstone_of
from dermref.model.deployment import Stopped
from dermref.services.reviewing import Word

__all__ = ["Buried", "TombstoneRecord", "lay_stone", "list_tombstones"]


@dataclass(frozen=True, slots=True)
class Buried:
    """The stone, and the images that it holds from now on."""

    stone: TombstoneRecord
    images: tuple[str, ...]
    alike: tuple[str, ...] = ()


def lay_stone(what: str, word: Word) -> Buried:
    """Bury the bytes of an image (its id) or of a file on this machine. Raises Stopped with one sentence."""
    sha256 = _sha256_of(what)
    if tombstone_of(sha256):
        raise Stopped(f"{what} is buried already.")
    stone = TombstoneRecord(sha256, word.why, word.by, timezone.now())
    return Buried(stone, tuple(bury(stone)))


def _sha256_of(what: str) -> str:
    record = find_image(what)
    if record:
        return record.sha256
    path = Path(what)
    if not path.is_file():
        raise Stopped(f"{what} is neither an image here nor a file on this machine.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
