"""Which files lie beside a manifest, wherever links lead. Each folder is listed once, and only the hashes of the names
are kept, so that a million files are looked up in a few megabytes."""

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import numpy


class Hashes:
    """A set of texts by their 64-bit hashes: it may mistake one in some ten million million for another."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sorted = array("q", map(hash, texts))
        if self._sorted:
            numpy.frombuffer(self._sorted, dtype=numpy.int64).sort()

    def __contains__(self, text: str) -> bool:
        key = hash(text)
        at = bisect_left(self._sorted, key)
        return at < len(self._sorted) and self._sorted[at] == key

    def repeated(self) -> frozenset[int]:
        """The hashes that occur more than once."""
        if not self._sorted:
            return frozenset()
        kept = numpy.frombuffer(self._sorted, dtype=numpy.int64)
        return frozenset(kept[1:][kept[1:] == kept[:-1]].tolist())


class Folder:
    """The files below a folder, listed when they are first asked for. What a symbolic link makes of a file elsewhere is
    none: somebody's private picture could be published through it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._root = path.resolve()
        self._listed: dict[str, Hashes] = {}

    def has(self, name: str) -> bool:
        """Whether there is a file of this path (with “/”) below the folder, in exactly this spelling."""
        below, _, own = name.rpartition("/") if "/" not in name else str(PurePosixPath(name)).rpartition("/")
        if below not in self._listed:
            self._listed[below] = Hashes(_names_in(self._path / below, self._root))
        return own in self._listed[below]


def own_path(path: Path, root: Path) -> Path | None:
    """Where the file really lies; None where that is not below the folder `root`. Raises OSError for what is gone."""
    real = path.resolve(strict=True)
    return real if real.is_relative_to(root.resolve()) else None


def _names_in(folder: Path, root: Path) -> Iterator[str]:
    """The files of one folder, which lies below `root` as they do."""
    try:
        if own_path(folder, root) is None:
            return
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries if entry.is_file() and _is_own(entry, root))
    except (OSError, ValueError, RuntimeError):  # no such folder, no name that a disk could have, links in a circle
        return


def _is_own(entry: os.DirEntry[str], root: Path) -> bool:
    return not entry.is_symlink() or own_path(Path(entry.path), root) is not None
