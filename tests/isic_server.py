"""A small ISIC Archive API v2 on loopback, for tests: pages, objects and files of a folder like `demo/isic-archive`.

Tests change what it holds (`relicense`, `withdraw`, …) and break it on request (`fail`).
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from faulty_server import FaultyServer, Reply

API = "/api/v2/"
INVALID_CURSOR = {
    "detail": [{"type": "value_error", "loc": ["query", "cursor"], "msg": "Value error, Invalid cursor."}]
}


class IsicServer(FaultyServer):
    """Serves `folder`: `images-*.json` holds the objects, `files/` the bytes. `max_page` caps a page below 100."""

    def __init__(self, folder: Path, *, max_page: int = 100) -> None:
        super().__init__()
        self.max_page = max_page
        self.withdrawn: set[str] = set()
        self.collections: dict[int, tuple[str, set[str]]] = {}  # by number: the name and the members
        self.api_url = self.base_url + API
        pages = [json.loads(page.read_text("utf-8")) for page in sorted(folder.glob("images-*.json"))]
        self.objects: dict[str, dict[str, Any]] = {item["isic_id"]: item for page in pages for item in page["results"]}
        self.files = {isic_id: folder / "files" / f"{isic_id}.jpg" for isic_id in self.objects}
        for isic_id in self.objects:
            self.set_field(isic_id, "files.full.url", f"{self.base_url}/images/{isic_id}.jpg")

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

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        url = urlsplit(path)
        if url.path in (API + "images/", API + "images/search/"):
            return self._page(url.path, {key: values[-1] for key, values in parse_qs(url.query).items()})
        if told := re.fullmatch(rf"{API}collections/(\d+)/(attribution/)?", url.path):
            return self._collection(int(told[1]), told[2] is not None)
        called = re.fullmatch(rf"{API}images/(?P<object>\w+)/|/images/(?P<file>\w+)\.jpg", url.path)
        isic_id = called and (called["object"] or called["file"])
        if not called or isic_id not in self.objects or isic_id in self.withdrawn:
            return _json({"detail": "Not Found"}, 404)
        return (
            _json(self.objects[isic_id])
            if called["object"]
            else Reply(self.files[isic_id].read_bytes(), 200, "image/jpeg")
        )

    def _collection(self, number: int, is_attribution: bool) -> Reply:
        if number not in self.collections:
            return _json({"detail": "Not Found"}, 404)
        name, members = self.collections[number]
        said = Counter(
            (one["copyright_license"], one["attribution"]) for one in map(self.objects.__getitem__, sorted(members))
        )
        told = [{"license": code, "attribution": words, "count": count} for (code, words), count in said.items()]
        doi = f"10.34970/{number}"
        whole = {"id": number, "name": name, "public": True, "doi": doi, "doi_url": f"https://doi.org/{doi}"}
        return _json(told if is_attribution else whole)

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
        if number := query.get("collections"):
            found = [one for one in found if one in self.collections[int(number)][1]]
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
