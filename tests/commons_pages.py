"""Pages of Wikimedia Commons as the tests read, change and judge them."""

import json
from dataclasses import dataclass
from typing import Any

from dermref.model.evidence import Document, Harvested
from dermref.model.harvest import HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources import commons
from dermref.sources.fetch import HttpFetch
from mirror import SOURCES, Mirror
from mirrored import verdict_on

FOLDER = SOURCES / "wikimedia-commons"
SOURCE = load_source("wikimedia-commons")


@dataclass(frozen=True)
class Way:
    mirror: Mirror
    fetch: HttpFetch

    def pages(self, query: str, **more: Any) -> list[Page]:
        return list(commons.harvest(self.asking(query, **more), self.fetch))

    def asking(self, query: str | None, **more: Any) -> HarvestRequest:
        return HarvestRequest(SOURCE, base_url=self.mirror.base_url, query=query, **more)


def page_of(name: str) -> dict[str, Any]:
    pages = json.loads((FOLDER / name).read_text("utf-8"))["query"]["pages"]
    found: dict[str, Any] = next(iter(pages.values())) if isinstance(pages, dict) else pages[0]
    return found


def read(page: object) -> Harvested:
    return commons.read(Document(json.dumps(page).encode(), "u"), SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


def saying(*categories: str, **fields: object) -> Harvested:
    """A page of a file by an author under one license, with other fields and categories."""
    said = {"Artist": "A", "LicenseShortName": "CC BY-SA 4.0", "License": "cc-by-sa-4.0", **fields}
    meta = {name: {"value": value, "source": "commons-desc-page"} for name, value in said.items() if value is not None}
    info = {"url": "https://upload.wikimedia.org/a/A.jpg", "size": 9, "mime": "image/jpeg", "extmetadata": meta}
    return read({"pageid": 5, "ns": 6, "title": "File:A.jpg", "imageinfo": [info], "categories": listed(*categories)})


def with_info(**info: object) -> Harvested:
    return read({"pageid": 5, "ns": 6, "title": "File:A.jpg", "imageinfo": [info]})


def listed(*categories: str) -> list[dict[str, object]]:
    return [{"ns": 14, "title": f"Category:{one}"} for one in categories]
