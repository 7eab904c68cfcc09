"""Documents that were fetched before, with the words by which their server tells whether they changed. Nothing depends
on it: what is lost is fetched again."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 2_000_000_000
VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class Remembered:
    """A document as its server sent it. `asked` are the headers with which it is asked whether that still holds."""

    body: bytes
    media_type: str
    asked: Mapping[str, str]


@dataclass(slots=True)
class Memory:
    """A folder of documents by their address; the ones that were not needed for longest go first."""

    folder: Path
    most_bytes: int = MOST_BYTES
    _written: int = field(init=False, default=0)  # bytes since it was last looked whether there is room

    def find(self, url: str) -> Remembered | None:
        """The document of `url`, if there is one and it is whole."""
        try:
            head, _, body = self._path(url).read_bytes().partition(b"\n")
            said = json.loads(head)
            whole = said["url"] == url and said["sha256"] == hashlib.sha256(body).hexdigest()
            return Remembered(body, said["media_type"], said["asked"]) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, url: str, body: bytes, *, media_type: str, headers: Mapping[str, str]) -> None:
        """Remember it, if its server gave a way to ask whether it changed; not at all where the disk is full."""
        told = {question: headers.get(name, "") for name, question in VALIDATORS.items()}
        asked = {question: said for question, said in told.items() if said.isascii() and said.isprintable() and said}
        if not asked:
            return
        said = {"url": url, "sha256": hashlib.sha256(body).hexdigest(), "media_type": media_type, "asked": asked}
        with suppress(OSError):
            self._write(self._path(url), json.dumps(said).encode() + b"\n" + body)
        self._written += len(body)
        if self._written > self.most_bytes // 10:
            self.shrink()

    def still_needed(self, url: str) -> None:
        """It was asked for, and is as it was."""
        with suppress(OSError):
            os.utime(self._path(url))

    def forget(self, is_meant: Callable[[str], bool]) -> int:
        """Delete every document whose address is meant, and those whose address cannot be read; how many there were."""
        number = 0
        for path in sorted(self.folder.glob("??/*")):
            with path.open("rb") as file:
                url = _address(file.readline())
            if url is None or is_meant(url):
                path.unlink()
                number += 1
        return number

    def shrink(self) -> None:
        """Forget what was not needed for longest, until the rest has room."""
        self._written = 0
        with suppress(OSError):
            found = [(path.stat().st_mtime, path.stat().st_size, path) for path in self.folder.glob("??/*")]
            left = sum(size for _, size, _ in found)
            for _, size, path in sorted(found):
                if left <= self.most_bytes:
                    return
                path.unlink(missing_ok=True)
                left -= size

    def _path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode()).hexdigest()
        return self.folder / name[:2] / name

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(data)
                file.close()
                Path(file.name).replace(path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise


def _address(head: bytes) -> str | None:
    try:
        return str(json.loads(head)["url"])
    except (ValueError, KeyError, TypeError):
        return None
