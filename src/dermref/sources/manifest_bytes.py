"""Reads a file again and again, each time the very bytes that it had at first: what was checked is what is taken."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dermref.model.deployment import Stopped

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Digests:
    """The sha256 of a whole file (hex), and of each of its chunks in turn."""

    whole: str
    chunks: tuple[bytes, ...]


def digests_of(path: Path) -> Digests:
    """The digests of a file as it is now. Raises OSError."""
    whole, chunks = hashlib.sha256(), list[bytes]()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            whole.update(chunk)
            chunks.append(hashlib.sha256(chunk).digest())
    return Digests(whole.hexdigest(), tuple(chunks))


class SameBytes(io.RawIOBase):
    """The bytes of a file; each chunk is compared before any of it is handed on. Raises Stopped, here and while it is
    read, where the file is not what it was."""

    def __init__(self, path: Path, digests: Digests) -> None:
        super().__init__()
        self._name, self._chunks = path.name, iter(digests.chunks)
        self._ready = memoryview(b"")
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise Stopped(f"{path.name} cannot be read: {error.strerror}.") from None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """As of every raw stream: how many bytes were put there, none at the end."""
        if not self._ready:
            self._ready = memoryview(self._next())
        place = memoryview(buffer).cast("B")
        size = min(len(place), len(self._ready))
        place[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        """Close the file, too."""
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
        super().close()

    def _next(self) -> bytes:
        chunk = self._file.read(CHUNK)
        wanted = next(self._chunks, None)
        found = hashlib.sha256(chunk).digest() if chunk else None
        if found != wanted:
            raise Stopped(f"{self._name} was changed while it was read; nothing more was taken: start again.")
        return chunk
