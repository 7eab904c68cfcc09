"""A small ISIC Archive API v2 on loopback, for tests: pages, objects and files of a folder like `demo/isic-archive`.

Tests change what it holds (`relicense`, `withdraw`, …) and break it on request (`fail`).
"""

import base64
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlencode, urlsplit

API = "/api/v2/"
INVALID_CURSOR = {
    "detail": [{"type": "value_error", "loc": ["query", "cursor"], "msg": "Value error, Invalid cursor."}]
}


class Request(NamedTuple):
    path: str
    headers: dict[str, str]


class Reply(NamedTuple):
    body: bytes
    status: int = 200
    media_type: str = "application/json"


INSTEAD = {
    "html": Reply(b"<!doctype html><title>Service unavailable</title>", 200, "text/html"),
    "notjson": Reply(b'{"results": ['),
}


@dataclass(slots=True)
class Fault:
    """`kind`: an HTTP status, or one of `truncate html drop slow huge notjson`. `times` counts down."""

    kind: int | str
    times: int = 1
    seconds: float = 1.0
    size: int = 1 << 26
    headers: Mapping[str, str] = field(default_factory=dict)


class IsicServer:
    """Serves `folder`: `images-*.json` holds the objects, `files/` the bytes. `max_page` caps a page below 100."""

    def __init__(self, folder: Path, *, max_page: int = 100) -> None:
        self.max_page = max_page
        self.requests: list[Request] = []
        self.faults: dict[str, list[Fault]] = {}
        self.withdrawn: set[str] = set()
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.isic = self
        self.base_url = f"http://127.0.0.1:{self._http.server_port}"
        self.api_url = self.base_url + API
        pages = [json.loads(page.read_text("utf-8")) for page in sorted(folder.glob("images-*.json"))]
        self.objects: dict[str, dict[str, Any]] = {item["isic_id"]: item for page in pages for item in page["results"]}
        self.files = {isic_id: folder / "files" / f"{isic_id}.jpg" for isic_id in self.objects}
        for isic_id in self.objects:
            self.set_field(isic_id, "files.full.url", f"{self.base_url}/images/{isic_id}.jpg")

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def relicense(self, isic_id: str, code: str) -> None:
        self.set_field(isic_id, "copyright_license", code)

    def withdraw(self, isic_id: str) -> None:
        self.withdrawn.add(isic_id)

    def publish(self, isic_id: str) -> None:
        """Make a withdrawn image public; one withdrawn before the first harvest then appears as new."""
        self.withdrawn.remove(isic_id)

    def set_field(self, isic_id: str, key: str, value: object) -> None:
        """Set a field by its dotted path, such as `metadata.clinical.sex`."""
        *parents, last = key.split(".")
        at = self.objects[isic_id]
        for name in parents:
            at = at[name]
        at[last] = value

    def fail(self, pattern: str, kind: int | str, times: int = 1, **more: Any) -> None:
        """Break the next `times` requests whose path and query match `pattern`; `more` as in `Fault`."""
        self.faults.setdefault(pattern, []).append(Fault(kind, times, **more))

    def record(self, request: Request) -> Fault | None:
        """Keep the request; return, and use up, the fault it meets."""
        with self._lock:
            self.requests.append(request)
            scripted = (
                f for pattern, faults in self.faults.items() if re.search(pattern, request.path) for f in faults
            )
            if fault := next((f for f in scripted if f.times > 0), None):
                fault.times -= 1
            return fault

    def answer(self, path: str) -> Reply:
        url = urlsplit(path)
        if url.path in (API + "images/", API + "images/search/"):
            return self._page(url.path, {key: values[-1] for key, values in parse_qs(url.query).items()})
        called = re.fullmatch(rf"{API}images/(?P<object>\w+)/|/images/(?P<file>\w+)\.jpg", url.path)
        isic_id = called and (called["object"] or called["file"])
        if not called or isic_id not in self.objects or isic_id in self.withdrawn:
            return _json({"detail": "Not Found"}, 404)
        return (
            _json(self.objects[isic_id])
            if called["object"]
            else Reply(self.files[isic_id].read_bytes(), 200, "image/jpeg")
        )

    def _page(self, path: str, query: dict[str, str]) -> Reply:
        terms = [
            re.fullmatch(r'(\w+):("[^"]*"|[^\s"()\[\]]+)', term)
            for term in query.get("query", "").split(" AND ")
            if term
        ]
        if None in terms:
            return _json({"message": "Could not parse search query."}, 400)
        wanted = [(term[1], term[2].strip('"')) for term in terms if term]
        found = [i for i in sorted(self.objects) if i not in self.withdrawn and _matches(self.objects[i], wanted)]
        try:
            limit = min(int(query.get("limit", 0)) or 100, 100, self.max_page)
            cursor = base64.b64decode(query.get("cursor", ""), validate=True).decode()
        except ValueError:
            cursor = "unreadable"
        if not re.fullmatch(r"(p=\w*)?", cursor):
            return _json(INVALID_CURSOR, 422)
        start = sum(isic_id <= cursor.removeprefix("p=") for isic_id in found)

        def link(first: int) -> str:
            coded = base64.b64encode(b"p=" + (found[first - 1].encode() if first > 0 else b"")).decode()
            return f"{self.base_url}{path}?{urlencode({**query, 'cursor': coded})}"

        page = {
            "results": [self.objects[isic_id] for isic_id in found[start : start + limit]],
            "count": None if cursor else len(found),
            "next": link(start + limit) if start + limit < len(found) else None,
            "previous": link(start - limit) if start else None,
        }
        return _json(page)


def _json(value: object, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status)


def _matches(item: dict[str, Any], wanted: list[tuple[str, str]]) -> bool:
    fields = {**item, **item["metadata"]["acquisition"], **item["metadata"]["clinical"]}
    return all(fnmatchcase(str(fields.get(key)), value) for key, value in wanted)


class _Http(ThreadingHTTPServer):
    isic: IsicServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        fault = self.server.isic.record(Request(self.path, dict(self.headers)))
        reply = self.server.isic.answer(self.path)
        try:
            self._send(reply) if fault is None else self._break(reply, fault)
        except ConnectionError:  # the client left, as it should where a fault asks for it
            self.close_connection = True

    def _send(self, reply: Reply, headers: Mapping[str, str] | None = None, declared: int | None = None) -> None:
        self.close_connection = declared is not None
        self.send_response(reply.status)
        length = str(len(reply.body) if declared is None else declared)
        for name, value in {"Content-Type": reply.media_type, "Content-Length": length, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def _break(self, reply: Reply, fault: Fault) -> None:
        match fault.kind:
            case int(status):
                self._send(Reply(b"{}", status), {**({"Retry-After": "0"} if status == 429 else {}), **fault.headers})
            case "slow":
                time.sleep(fault.seconds)
                self._send(reply)
            case "html" | "notjson":
                self._send(INSTEAD[fault.kind])
            case "truncate":
                self._send(reply._replace(body=reply.body[: len(reply.body) // 2]), declared=len(reply.body))
            case "huge":
                self._send(reply._replace(body=b""), declared=fault.size)
                for _ in range(fault.size >> 16):
                    self.wfile.write(bytes(1 << 16))
            case "drop":
                self.close_connection = True
            case unknown:
                raise ValueError(unknown)
