"""A server on loopback that registers DOIs as DataCite's REST API does: GET and PUT of /dois/…, with its own faults."""

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from dermref.model.deployment import DataciteAccount

REPOSITORY, PASSWORD = "DERM.ARCHIVE", "a secret that is not printed"
ALLOWED = "Basic " + base64.b64encode(f"{REPOSITORY}:{PASSWORD}".encode()).decode()


@dataclass(slots=True)
class Fault:
    """What the next answers to `method` are instead: a status with a body, or nothing for `seconds`."""

    method: str
    status: int
    body: bytes = b""
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    is_done_first: bool = False  # as where the answer is lost on its way


class DataciteServer:
    """`dois` is what is registered, by DOI, and `minted` every DOI that was new when it came."""

    def __init__(self) -> None:
        self.dois: dict[str, dict[str, Any]] = {}
        self.minted: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def account(self, prefix: str = "10.5072", password: str = PASSWORD) -> DataciteAccount:
        return DataciteAccount(self.url, prefix, REPOSITORY, password)

    def put(self, doi: str, attributes: dict[str, Any]) -> int:
        is_new = doi not in self.dois
        self.dois[doi] = attributes
        if is_new:
            self.minted.append(doi)
        return 201 if is_new else 200

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    owner: DataciteServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        self._answer(b"")

    def do_PUT(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, sent: bytes) -> None:
        owner, doi = self.server.owner, self.path.removeprefix("/dois/").lower()
        owner.asked.append((self.command, self.path))
        fault = next((one for one in owner.faults if one.method == self.command), None)
        if fault is not None:
            owner.faults.remove(fault)
            if fault.is_done_first:
                owner.put(doi, json.loads(sent)["data"]["attributes"])
            time.sleep(fault.seconds)
            self._send(fault.status, fault.body, fault.headers)
        elif self.headers["Authorization"] != ALLOWED:
            self._errors(401, "Bad credentials.")
        elif self.command == "GET":
            self._row(200, doi) if doi in owner.dois else self._errors(404, "The resource you are looking for …")
        else:
            told = json.loads(sent)["data"]
            if told["type"] != "dois" or told["attributes"].get("event") != "publish":
                self._errors(422, "This is no state that a DOI can have")
            elif not told["attributes"].get("publicationYear"):
                self._errors(422, "Can't be blank")
            else:
                self._row(owner.put(doi, told["attributes"]), doi)

    def _row(self, status: int, doi: str) -> None:
        data = {
            "id": doi,
            "type": "dois",
            "attributes": {**self.server.owner.dois[doi], "doi": doi, "state": "findable"},
        }
        self._send(status, json.dumps({"data": data}).encode())

    def _errors(self, status: int, title: str) -> None:
        self._send(status, json.dumps({"errors": [{"status": str(status), "title": title}]}).encode())

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:  # the client left, as it should where a fault asks for it
            self.close_connection = True
