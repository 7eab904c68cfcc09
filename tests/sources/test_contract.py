"""What every adapter with an interface promises, tried on the documents of its folder."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from dermref.model.evidence import Document, Harvested
from dermref.model.harvest import Adapter, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources.adapters import ADAPTERS
from dermref.sources.fetch import HttpFetch
from mirror import SOURCES, Mirror

FOLDERS = sorted(path.parent.name for path in SOURCES.glob("*/expected.toml"))
NONSENSE = (
    b"",
    b"\0",
    b"{}",
    b"[]",
    b"null",
    b'{"a":1,"a":2}',
    b"<html>",
    b"\xff\xfe\x9d",
    b"[" * 5000,
    b"<!DOCTYPE x [",
)
MOST = 500  # pages; no folder has as many


@dataclass(frozen=True)
class Tried:
    adapter: Adapter
    request: HarvestRequest
    fetch: HttpFetch
    pages: list[Page]

    @property
    def items(self) -> list[Harvested]:
        return [item for page in self.pages for item in page.items]


def expected(source_id: str) -> dict[str, Any]:
    return tomllib.loads((SOURCES / source_id / "expected.toml").read_text("utf-8"))


def walk(adapter: Adapter, request: HarvestRequest, fetch: HttpFetch) -> list[Page]:
    pages = []
    for page in adapter.harvest(request, fetch):
        pages.append(page)
        assert len(pages) < MOST, "it never ends"
    return pages


@pytest.fixture(params=FOLDERS)
def tried(request: pytest.FixtureRequest) -> Iterator[Tried]:
    source, adapter = load_source(request.param), ADAPTERS[request.param]
    with Mirror(request.param) as mirror, HttpFetch(None, base_url=mirror.base_url, is_mirrored=True) as fetch:
        asked = HarvestRequest(source, base_url=mirror.base_url, query=expected(request.param).get("query"))
        yield Tried(adapter, asked, fetch, walk(adapter, asked, fetch))


def without_file(item: Harvested) -> Harvested:
    return replace(item, file=item.file and replace(item.file, path=None))


def test_harvest_when_done_twice_then_it_is_the_same(tried: Tried) -> None:
    assert walk(tried.adapter, tried.request, tried.fetch) == tried.pages
    ids = [item.foreign_id for item in tried.items]
    assert ids
    assert len(set(ids)) == len(ids)


def test_harvest_when_it_goes_on_at_a_cursor_then_the_rest_is_the_same(tried: Tried) -> None:
    for number, page in enumerate(tried.pages[:-1], 1):
        rest = walk(tried.adapter, replace(tried.request, cursor=page.next_cursor), tried.fetch)
        assert [one.items for one in rest] == [one.items for one in tried.pages[number:]]
    assert tried.pages[-1].next_cursor is None


def test_items_when_harvested_then_each_has_a_page_on_a_host_of_its_source(tried: Tried) -> None:
    hosts = tried.request.source.ingest.hosts
    assert {urlsplit(item.landing_url).hostname for item in tried.items if not item.faults} <= set(hosts)


def test_evidence_when_read_again_then_it_says_the_same(tried: Tried) -> None:
    for item in tried.items:
        again = tried.adapter.read(item.document, tried.request.source)
        assert without_file(again) == without_file(item)
        assert item.document.body
        assert urlsplit(item.document.url).scheme == "https"


def test_item_when_asked_for_again_then_its_document_is_the_one_that_was_listed(tried: Tried) -> None:
    for item in tried.items:
        if item.faults:
            continue
        document = tried.adapter.ask_again(item.foreign_id, tried.request, tried.fetch)
        assert document is not None, item.foreign_id
        assert document.body == item.document.body, "an item that did not change must not look as if it had"


@pytest.mark.parametrize("body", NONSENSE)
def test_document_when_it_is_nonsense_then_no_license_comes_out(tried: Tried, body: bytes) -> None:
    url = tried.items[0].document.url
    read = tried.adapter.read(Document(body, url), tried.request.source)
    assert read.statements == ()
    assert read.faults


def test_document_when_it_breaks_off_then_no_freer_license_comes_out(tried: Tried) -> None:
    for item in tried.items:
        for share in (0.3, 0.6, 0.9):
            cut = Document(item.document.body[: int(len(item.document.body) * share)], item.document.url)
            read = tried.adapter.read(cut, tried.request.source)
            assert read.faults or set(read.statements) <= set(item.statements)
