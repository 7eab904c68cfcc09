"""A mirror of a source on loopback, for tests: the documents of `tests/sources/<id>/`, each under its host and path.

`replies.toml` says what is where. A reply answers every request to its path that carries at least the parameters of its
`url`; the one that names most of them wins. What no reply fits is a 404 of the mirror's own.
"""

import hashlib
import mimetypes
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from faulty_server import FaultyServer, Reply

SOURCES = Path(__file__).parent / "sources"
ROOT = Path(__file__).parents[1]
NOT_HERE = Reply(b"<!doctype html><title>Not found</title>", 404, "text/html")


class Route(NamedTuple):
    """Where a reply is, and what it is. `status` may be anything; `headers` are added."""

    place: str
    asked: frozenset[tuple[str, str]]
    reply: Reply


class Mirror(FaultyServer):
    """Serves what a source's folder holds. Replies carry an ETag, and are not sent twice to who has them."""

    def __init__(self, source_id: str) -> None:
        super().__init__()
        self.folder = SOURCES / source_id
        table = tomllib.loads((self.folder / "replies.toml").read_text("utf-8"))
        self.routes = [route for one in table["reply"] for route in _routes(one, self.folder)]

    def put(self, url: str, body: bytes, *, status: int = 200, media_type: str = "text/html") -> None:
        """Answer `url` with this from now on."""
        place, asked = _place(url)
        self.routes = [one for one in self.routes if (one.place, one.asked) != (place, asked)]
        self.routes.append(Route(place, asked, Reply(body, status, media_type)))

    def remove(self, url: str) -> None:
        """Know nothing of `url` from now on."""
        self.routes = [one for one in self.routes if (one.place, one.asked) != _place(url)]

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        place, asked = _place("https:/" + path)
        fitting = [one for one in self.routes if one.place == place and one.asked <= asked]
        if not fitting:
            return NOT_HERE
        reply = max(fitting, key=lambda one: len(one.asked)).reply
        tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        if reply.status == 200 and headers.get("If-None-Match") == tag:
            return Reply(b"", 304, reply.media_type, {"ETag": tag})
        return reply._replace(headers={"ETag": tag, **reply.headers})


def _routes(row: Mapping[str, Any], folder: Path) -> Iterator[Route]:
    """`file` lies in the folder; `bytes`, a picture that stands in for the real one, in the repository."""
    path = folder / row["file"] if "file" in row else ROOT / row["bytes"] if "bytes" in row else None
    body = path.read_bytes() if path else str(row.get("text", "")).encode()
    guessed = mimetypes.guess_type(path.name)[0] if path else "text/html"
    reply = Reply(body, row.get("status", 200), row.get("type", guessed), row.get("headers", {}))
    place, asked = _place(row["url"])
    yield Route(place, asked, reply)


def _place(url: str) -> tuple[str, frozenset[tuple[str, str]]]:
    parts = urlsplit(url)
    return parts.netloc + parts.path, frozenset(parse_qsl(parts.query, keep_blank_values=True))
