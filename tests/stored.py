"""Where the store of a test keeps a file."""

from pathlib import Path

from dermref.media.storage import place_of
from dermref.media.store import Blobs
from dermref.model.media import StorePermit

PERMIT = StorePermit("a-source")


def locate(blobs: Blobs, key: str) -> Path | None:
    """The path of the file, if it is there."""
    path = Path(blobs.shelf.path(place_of(key)))
    return path if path.is_file() else None
