"""The content-addressed store of files on this machine: `sha256/ab/cd/<sha256>`, written whole or not at all.

`incoming/` is its journal: a file is written there and hard-linked to its place, and a file that may no longer be
needed is noted there (`doubt`). When nothing is under way, at the end of every page and before every ingest, `recover`
asks the catalogue which of them it knows; the others go. So a killed process leaves no orphan and takes nobody's file.
"""

import errno
import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dermref.model.deployment import Stopped


class Blobs(Protocol):
    """What bringing files in needs of a store."""

    def put(self, data: bytes) -> str:
        """Keep `data`, noted as not yet committed, and return its sha256. Raises Stopped when there is no room."""
        ...


@dataclass(frozen=True, slots=True)
class LocalBlobs:
    """A store in a folder of this machine."""

    root: Path

    @property
    def incoming(self) -> Path:
        """Files whose commit is not yet known."""
        return self.root / "incoming"

    def put(self, data: bytes) -> str:
        """Write, flush to disk, and link into place; the same bytes are kept once."""
        key = hashlib.sha256(data).hexdigest()
        target, draft = self._place(key), self.incoming / key
        try:
            if target.exists():
                self.doubt({key})
            else:
                _in_folder(draft, lambda: _write(draft, data))
                _in_folder(target, lambda: _link(draft, target))
        except OSError as error:
            raise _no_room(error, self.root) from error
        return key

    def place(self, key: str, data: bytes) -> None:
        """Write the file of `key` for which the catalogue has a row already: whole or not at all, once, and without a
        note, so that an ingest under way has nothing to do with it. Raises Stopped when there is no room."""
        target = self._place(key)
        draft = self.root / "making" / f"{key}-{os.getpid()}-{threading.get_ident()}"
        try:
            if not target.exists():
                _in_folder(draft, lambda: _write(draft, data))
                target.parent.mkdir(parents=True, exist_ok=True)
                draft.replace(target)
        except OSError as error:
            raise _no_room(error, self.root) from error

    def settle(self, keys: Iterable[str]) -> None:
        """Drop the notes; the files stay in place."""
        for key in keys:
            (self.incoming / key).unlink(missing_ok=True)

    def doubt(self, keys: set[str]) -> None:
        """Note that these files may not be needed; `recover` asks the catalogue when nothing is under way."""
        for key in keys:
            with suppress(FileNotFoundError):
                self.incoming.mkdir(parents=True, exist_ok=True)
                _link(self._place(key), self.incoming / key)

    def locate(self, key: str) -> Path | None:
        """The file of `key`, if it is here."""
        path = self._place(key)
        return path if path.is_file() else None

    def remove(self, key: str) -> None:
        """Delete the file of `key`."""
        self._place(key).unlink(missing_ok=True)
        (self.incoming / key).unlink(missing_ok=True)

    def recover(self, known: Callable[[list[str]], set[str]]) -> int:
        """Settle what the catalogue knows (`known` answers which keys) and remove the rest; how many were removed."""
        left = sorted(path.name for path in self.incoming.glob("*")) if self.incoming.is_dir() else []
        keep = known([name for name in left if len(name) == 64])
        for name in left:
            if name in keep:
                self.settle([name])
            else:
                self.remove(name) if len(name) == 64 else (self.incoming / name).unlink()
        return len(set(left) - keep)

    def keys(self) -> Iterator[str]:
        """Every key in place, in order of name."""
        for path in sorted((self.root / "sha256").glob("??/??/*")):
            yield path.name

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Hold the store for one ingest. Raises Stopped when another ingest holds it; a dead one never does."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "ingest.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Stopped("Another ingest is running on this data folder; let it finish first.") from None
            yield

    def _place(self, key: str) -> Path:
        return self.root / "sha256" / key[:2] / key[2:4] / key


def _in_folder(path: Path, action: Callable[[], None]) -> None:
    """Do `action`, which needs the folder of `path`; make the folder only when it is not there yet."""
    try:
        action()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        action()


def _write(draft: Path, data: bytes) -> None:
    part = draft.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(draft)


def _link(draft: Path, target: Path) -> None:
    with suppress(FileExistsError):
        os.link(draft, target)


def _no_room(error: OSError, root: Path) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Stopped(f"The disk that holds {root} is full; make room and run the same command again.")
    if error.errno in (errno.EACCES, errno.EROFS):
        return Stopped(f"The data folder {root} cannot be written: {error.strerror}.")
    return error
