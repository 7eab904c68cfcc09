"""Documents of PubMed Central as the tests read, change and judge them."""

import json
import tomllib
from pathlib import Path
from typing import Any

from dermref.model.evidence import Document, Harvested
from dermref.model.harvest import Fetched, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources import pmc
from dermref.sources.fetch import HttpFetch
from dermref.sources.reading import canonical
from mirror import Mirror
from mirrored import verdict_on

FOLDER = Path(__file__).parent / "sources" / "pmc-oa"
SOURCE = load_source("pmc-oa")
BUCKET = SOURCE.ingest.api_url or ""
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
ODD = "PMC900000010.1"


def no_fetch(url: str, **_: object) -> Fetched:
    raise AssertionError(f"a folder needs no network: {url}")


def envelope(name: str, **changes: object) -> dict[str, Any]:
    """The envelope of a document of the folder, its record changed."""
    record = json.loads((FOLDER / name / f"{name}.json").read_text("utf-8"))
    address = f"{BUCKET}{name}/{name}"
    xml = (FOLDER / name / f"{name}.xml").read_text("utf-8")
    return {
        "metadata_url": f"{address}.json",
        "metadata": {**record, **changes},
        "xml_url": f"{address}.xml",
        "xml": xml,
    }


def read(name: str, key: str, *, xml: str | None = None, **changes: object) -> Harvested:
    whole = envelope(name, **changes)
    whole["xml"] = whole["xml"] if xml is None else xml
    return pmc.read(Document(canonical(whole), f"{whole['xml_url']}#{key}"), SOURCE)


def outcome(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


def harvest(mirror: Mirror, query: str | None = None, **more: Any) -> list[Page]:
    with HttpFetch(None, base_url=mirror.base_url, is_mirrored=True, patience=0.001) as fetch:
        return list(pmc.harvest(HarvestRequest(SOURCE, base_url=mirror.base_url, query=query, **more), fetch))


def ids(pages: list[Page]) -> list[str]:
    return list(dict.fromkeys(item.foreign_id.partition("/")[0] for page in pages for item in page.items))
