"""Where the store's files lie, as Django's `STORAGES` has it under “images”: what every such place can do, and the one
that is a folder of this machine. Knows names and bytes, never what they are for."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, Protocol

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage


class Shelf(Protocol):
    """A place for files that are written whole, once, and under names that sort. Faults are OSErrors."""

    @property
    def shelf_name(self) -> str:
        """Where it is, in words."""
        ...

    def keep(self, name: str, data: bytes) -> None:
        """Write a file so that it is there whole or not at all; one of that name is replaced."""
        ...

    def read(self, name: str) -> tuple[BinaryIO, int]:
        """The file at its beginning, to read and to seek in, and its size in bytes. Raises FileNotFoundError."""
        ...

    def measure(self, name: str) -> int | None:
        """The size in bytes, or None where there is no such file."""
        ...

    def drop(self, name: str) -> None:
        """Delete the file, if it is there."""
        ...

    def path(self, name: str) -> str:
        """Where it lies on this machine. Raises NotImplementedError for a place that is elsewhere."""
        ...

    def walk(self) -> Iterator[tuple[str, int]]:
        """The key and the size of every file of the store, in order of key, in steady memory."""
        ...


def place_of(key: str) -> str:
    """The name under which the file with this sha256 lies."""
    return f"sha256/{key[:2]}/{key[2:4]}/{key}"


class LocalShelf(FileSystemStorage):
    """A folder. A file is written beside the store's notes, flushed to disk, and moved to its place in one step."""

    @property
    def shelf_name(self) -> str:
        """The folder."""
        return str(self.location)

    def keep(self, name: str, data: bytes) -> None:
        """Write, flush, move."""
        self.save(name, ContentFile(data))

    def read(self, name: str) -> tuple[BinaryIO, int]:
        """A plain open file, which a server can hand to the system to send."""
        stream = Path(self.path(name)).open("rb")  # noqa: SIM115 (the caller closes it)
        return stream, os.fstat(stream.fileno()).st_size

    def measure(self, name: str) -> int | None:
        """As the file system has it."""
        return measure_file(Path(self.path(name)))

    def drop(self, name: str) -> None:
        """Unlink."""
        Path(self.path(name)).unlink(missing_ok=True)

    def walk(self) -> Iterator[tuple[str, int]]:
        """Folder by folder; what the store did not name itself is passed over."""
        for first in _entries(self.path("sha256")):
            for second in _entries(first.path):
                for file in _entries(second.path):
                    if len(file.name) == 64 and file.name.startswith(first.name + second.name):
                        with suppress(FileNotFoundError):  # removed this very moment
                            yield file.name, file.stat().st_size

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: it says what the file is, and the same bytes may take its place."""
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        draft = Path(self.path("incoming")) / f"{target.name}.{os.getpid()}-{threading.get_ident()}.part"
        draft.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(draft, content.chunks())
            draft.replace(target)
        except OSError:
            with suppress(OSError):  # a full disk gets its room back at once
                draft.unlink()
            raise
        _flush_folder(target.parent)
        return name


def measure_file(path: Path) -> int | None:
    """The size of a file, or None where there is none, as far as we may know."""
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:  # gone, shut, or of a name that no file has
        return None


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=attrgetter("name"))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _write(draft: Path, chunks: Iterable[bytes]) -> None:
    with draft.open("wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """So that the name, too, survives a power cut before the row that names it."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
