"""Tombstones: bytes that may never come in again, from anywhere."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from dermref.catalog.acceptances import waiting
from dermref.catalog.pairs import ids_of
from dermref.catalog.reading import find_image
from dermref.catalog.tombstones import TombstoneRecord, bury, list_tombstones, tombstone_of
from dermref.media.store import Kept
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.model.media import Inspected, Likeness, Wish
from dermref.services.inspectors import Inspectors
from dermref.services.likeness import Likes
from dermref.services.originals import kept, read_kept

__all__ = ["Buried", "TombstoneRecord", "lay_stone", "list_tombstones"]


@dataclass(frozen=True, slots=True)
class Buried:
    """The stone, the images that it holds from now on, and those that look like it and are not held."""

    stone: TombstoneRecord
    images: tuple[str, ...]
    alike: tuple[str, ...] = ()


def lay_stone(what: str, author: Author) -> Buried:
    """Bury the bytes of an image or of a waiting item (by id), or of a file on this machine. Raises Stopped with one
    sentence."""
    sha256, data = _bytes_of(what)
    if tombstone_of(sha256):
        raise Stopped(f"{what} is buried already.")
    looks = _looks(data) if data else None
    likes = Likes()
    stone = TombstoneRecord(sha256, author.why, author.by, timezone.now())
    held = bury(stone, looks)
    rows = {one.image_row for one in likes.near(looks) if one.image_row is not None} if looks else set()
    return Buried(stone, tuple(held), tuple(one for one in ids_of(rows) if one not in held))


def _bytes_of(what: str) -> tuple[str, bytes | None]:
    """The key of the bytes and, where they can be had, the bytes."""
    record = find_image(what)
    if record is None:
        source_id, _, foreign_id = what.partition(":")
        item = next(waiting(source_id, foreign_id), None) if foreign_id else None
        return (item.sha256, read_kept(Kept(item.sha256, None))) if item else _bytes_of_file(Path(what))
    place = kept(record.source_id, record.sha256, record.byte_size, original_path=record.original_path)
    return record.sha256, read_kept(place)


def _bytes_of_file(path: Path) -> tuple[str, bytes]:
    if not path.is_file():
        raise Stopped(f"{path} is neither an image or item here nor a file on this machine.")
    data = path.read_bytes()
    return hashlib.sha256(data).hexdigest(), data


def _looks(data: bytes) -> Likeness | None:
    """How the picture looks; None for what is no picture."""
    with Inspectors(1) as inspectors:
        found = inspectors.inspect(data, name="the file", wish=Wish())
    return found.likeness if isinstance(found, Inspected) else None
