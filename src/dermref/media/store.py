"""The content-addressed store: `sha256/ab/cd/<sha256>`, written whole or not at all, in a folder or in a bucket.

`incoming/` on this machine is its journal: before a file is written, and before a row lets go of one (`doubt`), a note
names it there. When nothing is under way, at the end of every page and before every ingest, `recover` asks the
catalogue which of the noted files it knows; the others go. A killed process leaves no orphan and takes nobody's file.
"""

import errno
import fcntl
import hashlib
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from dermref.media.storage import LocalShelf, Shelf, measure_file, place_of
from dermref.model.deployment import Stopped
from dermref.model.media import StorePermit

CHECK_ONE_IN = 50  # so many reads, and one of them is hashed; the audit hashes everything
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SHUT = (errno.EACCES, errno.EPERM, errno.EROFS)
UNREADABLE = (FileNotFoundError, NotADirectoryError, PermissionError)
MANY = 100  # keys that are noted at once get one note together
HANDS = 16  # files deleted at the same time
LIST = ".keys"  # the ending of such a note, which has a key on each line
LOG = logging.getLogger(__name__)


class Fault(StrEnum):
    """What is wrong with a file that ought to be there."""

    MISSING = "file-missing"
    DAMAGED = "file-damaged"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that ought to be there: its sha256, its size in bytes (None where nobody recorded it), and its path where
    it does not lie in the store."""

    key: str
    size: int | None
    outside: Path | None = None


@dataclass(frozen=True, slots=True)
class Blobs:
    """A store: its notes and locks in `root`, a folder of this machine, and its files there, too, or `elsewhere`."""

    root: Path
    elsewhere: Shelf | None = None

    @property
    def shelf(self) -> Shelf:
        """Where the files lie."""
        return self.elsewhere or LocalShelf(location=self.root)

    @property
    def incoming(self) -> Path:
        """The notes: one for every file whose commit is not known yet."""
        return self.root / "incoming"

    def put(self, data: bytes, permit: StorePermit) -> str:
        """Note, then write, and return the sha256. The same bytes are written once; a damaged copy of them is replaced.
        Without a permit of their source there is no way in.

        Raises Stopped when the disk is full or cannot be written, TypeError for what is no permit.
        """
        _check(permit)
        key = hashlib.sha256(data).hexdigest()
        with self._spoken():
            self._note(key)
            if self.fault(Kept(key, len(data)), deep=True):
                self.shelf.keep(place_of(key), data)
        return key

    def place(self, key: str, data: bytes, permit: StorePermit) -> None:
        """Write the file of `key` for which the catalogue has a row already, without a note: an ingest under way has
        nothing to do with it. Raises as `put` does."""
        _check(permit)
        with self._spoken():
            if self.fault(Kept(key, len(data)), deep=True):
                self.shelf.keep(place_of(key), data)

    def settle(self, keys: Iterable[str]) -> None:
        """Drop the notes; the files stay in place."""
        for key in keys:
            (self.incoming / key).unlink(missing_ok=True)

    def doubt(self, keys: set[str]) -> None:
        """Note that these files may not be needed; `recover` asks the catalogue when nothing is under way."""
        with self._spoken():
            if len(keys) > MANY:
                self._note_all(keys)
            for key in keys if len(keys) <= MANY else ():
                self._note(key)

    def fault(self, kept: Kept, *, deep: bool = False) -> Fault | None:
        """What is wrong with a file, judged by its size, and with `deep` by its sha256, too; None when all is well.

        Raises Stopped where the store does not answer.
        """
        with self._spoken():
            return self._fault(kept, deep)

    def _fault(self, kept: Kept, deep: bool) -> Fault | None:
        size = measure_file(kept.outside) if kept.outside else self.shelf.measure(place_of(kept.key))
        if size is None:
            return Fault.MISSING
        if kept.size not in (None, size):
            return Fault.DAMAGED
        if not deep:
            return None
        try:
            with self._read(kept)[0] as stream:
                return None if _hash(stream) == kept.key else Fault.DAMAGED
        except UNREADABLE:
            return Fault.MISSING

    def open(self, kept: Kept) -> BinaryIO | None:
        """The file, to read and to seek in, for the caller to close. None, and a line in the log, when it is missing or
        is not the file it was: the size is compared every time, the sha256 one time in `CHECK_ONE_IN`. Raises Stopped
        where the store does not answer."""
        try:
            stream, size = self._read(kept)
        except UNREADABLE:
            LOG.error("The file %s is missing; “dermref doctor --repair” says what to do.", kept.key)
            return None
        except OSError as error:
            raise _sentence(error, self.shelf.shelf_name) from error
        is_checked = secrets.randbelow(CHECK_ONE_IN) == 0
        if kept.size in (None, size) and (not is_checked or _hash(stream) == kept.key):
            return stream
        stream.close()
        LOG.error("The file %s has changed and is not served; “dermref doctor --repair” says what to do.", kept.key)
        return None

    def remove(self, key: str) -> None:
        """Delete the file of `key`."""
        with self._spoken():
            self.shelf.drop(place_of(key))
            self.settle([key])

    def recover(self, known: Callable[[list[str]], set[str]]) -> int:
        """Settle what the catalogue knows (`known` answers which keys) and remove the rest; how many were removed."""
        with self.settled(), self._spoken():
            noted, others = self._journal()
            keep = known(sorted(noted))
            self._drop(sorted(noted.keys() - keep))
            self.settle([key for key, is_alone in noted.items() if is_alone])
            self.settle(others)
        return len(noted.keys() - keep)

    def noted(self) -> set[str]:
        """The keys in the journal: an ingest is at work on them, or was interrupted."""
        return {*self._journal()[0]}

    def _drop(self, keys: Sequence[str]) -> None:
        """Delete these files; many of them several at once, for a disk or a bucket is mostly waited for."""
        shelf = self.shelf
        if len(keys) <= MANY:
            for key in keys:
                shelf.drop(place_of(key))
            return
        with ThreadPoolExecutor(HANDS) as hands:
            for _ in hands.map(lambda key: shelf.drop(place_of(key)), keys):
                pass  # raises what went wrong in one of them

    def _journal(self) -> tuple[dict[str, bool], list[str]]:
        """The keys in the journal, and whether each has a note of its own; the names of its other files."""
        names = sorted(path.name for path in self.incoming.glob("*")) if self.incoming.is_dir() else []
        own, others = [one for one in names if len(one) == 64], [one for one in names if len(one) != 64]
        lists = [(self.incoming / one).read_text().split() for one in others if one.endswith(LIST)]
        return {**{key: False for found in lists for key in found}, **dict.fromkeys(own, True)}, others

    def files(self) -> Iterator[tuple[str, int]]:
        """Key and size of every file in place, in order of key, in steady memory."""
        with self._spoken():
            yield from self.shelf.walk()

    def keys(self) -> Iterator[str]:
        """Every key in place, in order."""
        return (key for key, _ in self.files())

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Hold the store for one ingest. Raises Stopped when another ingest holds it; a dead one never does."""
        with self._lock("ingest.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """For who is no ingest and keeps a file: between the put and the commit, nobody takes it for a left-over."""
        with self._lock("settle.lock", fcntl.LOCK_SH):
            yield

    @contextmanager
    def settled(self) -> Iterator[None]:
        """For who takes files away: waits until nothing is `under_way`, and lets nothing begin meanwhile."""
        with self._lock("settle.lock", fcntl.LOCK_EX):
            yield

    def _note(self, key: str) -> None:
        try:
            (self.incoming / key).touch()
        except FileNotFoundError:
            self.incoming.mkdir(parents=True, exist_ok=True)
            (self.incoming / key).touch()

    def _note_all(self, keys: set[str]) -> None:
        """One note for all of them, whole or not there: making a file for each takes longer than deleting it."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        draft = self.incoming / f"{secrets.token_hex(8)}.part"
        with draft.open("w") as file:
            file.write("\n".join(sorted(keys)))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(draft.with_suffix(LIST))

    def _read(self, kept: Kept) -> tuple[BinaryIO, int]:
        if kept.outside is None:
            return self.shelf.read(place_of(kept.key))
        stream = kept.outside.open("rb")
        return stream, os.fstat(stream.fileno()).st_size

    @contextmanager
    def _lock(self, name: str, kind: int) -> Iterator[None]:
        with self._spoken():
            self.root.mkdir(parents=True, exist_ok=True)
            lock = (self.root / name).open("a")
        with lock:
            try:
                fcntl.flock(lock, kind)
            except BlockingIOError:
                raise Stopped("Another ingest is running on this data folder; let it finish first.") from None
            yield

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Faults of the disk as one sentence that says what to do."""
        try:
            yield
        except OSError as error:
            raise _sentence(error, self.shelf.shelf_name) from error


def _check(permit: StorePermit) -> None:
    if not isinstance(permit, StorePermit):
        raise TypeError(f"the store takes no bytes without a permit, and this is none: {permit!r}")


def _hash(stream: BinaryIO) -> str:
    """The sha256 of a whole file, which is at its beginning again afterwards."""
    found = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a raw file would do as well
    stream.seek(0)
    return found


def _sentence(error: OSError, shelf: str) -> Stopped:
    if error.errno in FULL:
        return Stopped(f"The disk that holds {shelf} is full; make room and run the same command again.")
    if error.errno in SHUT:
        return Stopped(f"The data folder {shelf} cannot be written: {error.strerror}.")
    return Stopped(f"{error.strerror or error} ({shelf}); nothing is lost, run the same command again to go on.")
