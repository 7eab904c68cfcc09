"""The sites that links lead to, on loopback, for tests: each address answers as it was told, all others with 404."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from faulty_server import FaultyServer, Reply


class LinkedPages(FaultyServer):
    """A mirror with a folder for each host."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: dict[str, Reply] = {}

    def put(self, url: str, status: int = 200, **headers: str) -> None:
        """Answer `url` with this from now on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies[_place(url)] = Reply(b"<!doctype html>" + b"x" * 5000, status, "text/html", named)

    def asked(self, url: str) -> list[str]:
        """The methods by which `url` was asked for, in order."""
        return [one.method for one in self.requests if one.path == _place(url)]

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        return self.replies.get(path, Reply(b"not found", 404, "text/plain"))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
