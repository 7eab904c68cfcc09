"""An HTTP server on loopback that breaks its answers on request, for tests."""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self


class Request(NamedTuple):
    path: str
    headers: dict[str, str]
    method: str = "GET"


class Reply(NamedTuple):
    body: bytes
    status: int = 200
    media_type: str = "application/json"
    headers: Mapping[str, str] = {}


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


class FaultyServer:
    """Answers with what `answer` gives, on a free port of loopback, until it is told to `fail`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: dict[str, list[Fault]] = {}
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self.base_url = f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        """The answer to a request for this path and query."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

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


class _Http(ThreadingHTTPServer):
    owner: FaultyServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer goes out in two pieces, and waits 40 ms for the other side otherwise
    server: _Http

    def log_message(self, *_: object) -> None: ...

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        fault = self.server.owner.record(Request(self.path, dict(self.headers), self.command))
        reply = self.server.owner.answer(self.path, dict(self.headers))
        try:
            self._send(reply) if fault is None else self._break(reply, fault)
        except ConnectionError:  # the client left, as it should where a fault asks for it
            self.close_connection = True

    def _send(self, reply: Reply, headers: Mapping[str, str] | None = None, declared: int | None = None) -> None:
        self.close_connection = declared is not None
        self.send_response(reply.status)
        length = str(len(reply.body) if declared is None else declared)
        said = {"Content-Type": reply.media_type, "Content-Length": length, **reply.headers, **(headers or {})}
        for name, value in said.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
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
