"""Which files lie beside a manifest. Each folder is listed once, and only the hashes of the names are kept, so that a
million files are looked up in a few megabytes."""

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
    """The files below a folder, listed when they are first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listed: dict[str, Hashes] = {}

    def has(self, name: str) -> bool:
        """Whether there is a file of this path (with “/”) below the folder, in exactly this spelling."""
        below, _, own = name.rpartition("/") if "/" not in name else str(PurePosixPath(name)).rpartition("/")
        if below not in self._listed:
            self._listed[below] = Hashes(_names_in(self._path / below))
        return own in self._listed[below]


def _names_in(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries if entry.is_file())
    except (OSError, ValueError):  # no such folder, or no name that a disk could have
        return
