"""Files as received that lie in a folder of the operator's own and are not kept twice. Which source has such a folder,
its registry row says; where the folder is, a setting. Nothing here ever writes there."""

from pathlib import Path

from dermref.media.formats import SUFFIXES
from dermref.media.storage import measure_file
from dermref.media.store import Kept
from dermref.model.source import Source
from dermref.services.deployment import blobs, deployment
from dermref.services.rulings import all_sources


def folder_of(source: Source) -> Path | None:
    """The folder where files of `source` may lie already."""
    return deployment().originals.get(source.ingest.local_originals or "")


def find_original(folder: Path, foreign_id: str, *, size: int | None) -> Path | None:
    """The item's file, named by its id and any allowed suffix, if it has the declared `size`; never without one."""
    if size is None or not foreign_id or Path(foreign_id).name != foreign_id:
        return None
    names = (f"{foreign_id}.{one}" for suffix in sorted(SUFFIXES) for one in (suffix, suffix.upper()))
    paths = (folder / name for name in names)
    return next((path for path in paths if measure_file(path) == size), None)


def kept(source_id: str, key: str, size: int | None, *, original_path: str = "") -> Kept:
    """Where a file ought to be: in the store, or at `original_path` in the folder of its source. Where that folder is
    not set any more, the file is nowhere."""
    if not original_path:
        return Kept(key, size)
    source = all_sources().get(source_id)
    folder = folder_of(source) if source else None
    return Kept(key, size, folder / original_path if folder else NOWHERE / original_path)


def read_kept(place: Kept) -> bytes | None:
    """The bytes of a file, or None where it is missing or not the file it was."""
    stream = blobs().open(place)
    if stream is None:
        return None
    with stream:
        return stream.read()


NOWHERE = Path("/dev/null")  # a path below it leads to no file on any system
