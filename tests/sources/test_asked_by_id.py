"""Ids and ranges are asked for in order, a page at a time, and nothing that cannot be had is taken for anything."""

import tracemalloc
from collections.abc import Iterable
from itertools import islice

import pytest

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.harvest import BadCursor, Fetched, FetchFailed, HarvestRequest, Page
from dermref.model.source import Source
from dermref.registry.load import load_source
from dermref.sources.asked_by_id import NOT_UNDERSTOOD, ask_page, ids_from, page_now, pages_by_id, spans_of

SOURCE = load_source("cdc-phil")


def read(document: Document, source: Source) -> Harvested:
    fault = (Refusal(NOT_UNDERSTOOD, "no page"),) if document.body == b"bad" else ()
    return Harvested(source.source_id, document.url, "", None, document, (), faults=fault)


def walk(query: str, *, bad: Iterable[str] = (), gone: Iterable[str] = (), cursor: str | None = None) -> list[Page]:
    def ask(foreign_id: str) -> Document | None:
        return None if foreign_id in gone else Document(b"bad" if foreign_id in bad else b"good", foreign_id)

    request = HarvestRequest(SOURCE, query=query, cursor=cursor)
    return list(pages_by_id(spans_of(query), request, ask=ask, read=read))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("6", "6"),
        ("6, 10248, 20-22", "6 20 21 22 10248"),
        ("3-5;4-7 9\n3", "3 4 5 6 7 9"),
        ("20 \N{EN DASH} 22", "20 21 22"),
        ("007", "7"),
    ],
)
def test_query_when_ids_and_ranges_then_each_once_and_in_order(query: str, ids: str) -> None:
    assert " ".join(ids_from(spans_of(query), 0)) == ids


@pytest.mark.parametrize(
    "query", ["", " ", ",", "x", "6,", "5-3", "1-2-3", "-5", "6 and 7", "1234567890", "٦", "6; DROP"]
)
def test_query_when_no_ids_then_stopped_with_one_sentence(query: str) -> None:
    with pytest.raises(Stopped, match="neither an id nor a range"):
        spans_of(query)


def test_range_when_of_a_million_ids_then_never_written_out() -> None:
    tracemalloc.start()
    pages = pages_by_id(
        spans_of("1-999999999"),
        HarvestRequest(SOURCE, cursor="900000000"),
        ask=lambda one: Document(b"", one),
        read=read,
    )
    first = next(pages)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (first.items[0].foreign_id, first.total, peak < 2_000_000) == ("900000001", 999999999, True)


def test_pages_when_walked_then_twenty_a_page_with_their_position() -> None:
    pages = walk("1-45", bad=["3"], gone=["4", "44"])
    assert [page.next_cursor for page in pages] == ["20", "40", None]
    assert [len(page.items) for page in pages] == [18, 20, 4]
    assert ([one.foreign_id for one in pages[0].missed], pages[0].absent, pages[2].absent) == (["3"], ("4",), ("44",))
    assert walk("1-45", gone=["44"], cursor="40") == pages[2:]


@pytest.mark.parametrize("cursor", ["45", "x", "-1", "0", "1e3", "99999999999999"])
def test_cursor_when_not_a_position_in_the_ids_then_bad(cursor: str) -> None:
    with pytest.raises(BadCursor):
        walk("1-45", cursor=cursor)


def test_items_when_ten_in_a_row_are_missed_then_stopped_and_the_last_is_named() -> None:
    ten = [str(one) for one in range(15, 25)]
    assert len(walk("1-30", bad=ten[:9])) == 2
    with pytest.raises(Stopped, match=r"10 items in a row .* 24 "):
        walk("1-30", bad=ten)


def test_items_when_ten_in_a_row_are_absent_then_it_goes_on() -> None:
    assert walk("1-30", gone=[str(one) for one in range(1, 31)])[1].absent[-1] == "30"


def fetched(body: bytes, url: str) -> Fetched:
    return Fetched(url, body, "text/html")


def test_page_when_gone_then_none_and_when_it_cannot_be_read_then_nothing_is_said() -> None:
    def gone(url: str, *, max_bytes: int, keep: bool = False, busy: object = None) -> Fetched:
        raise FetchFailed("http-410", "gone", is_final=True, status=410)

    def bad(url: str, *, max_bytes: int, keep: bool = False, busy: object = None) -> Fetched:
        return fetched(b"bad", url)

    request = HarvestRequest(SOURCE)
    assert page_now("6", request, gone, read=read) is None
    with pytest.raises(FetchFailed) as caught:
        page_now("6", request, bad, read=read)
    assert (caught.value.code, caught.value.is_final) == (NOT_UNDERSTOOD, False)


def test_page_when_it_leads_to_another_host_then_it_is_not_read() -> None:
    def elsewhere(url: str, *, max_bytes: int, keep: bool = False, busy: object = None) -> Fetched:
        return fetched(b"good", "https://www.cdc.gov/404.html")

    with pytest.raises(FetchFailed, match="another host"):
        ask_page("6", HarvestRequest(SOURCE), elsewhere)


def test_generator_when_only_begun_then_only_that_much_is_asked() -> None:
    asked: list[str] = []

    def ask(foreign_id: str) -> Document:
        asked.append(foreign_id)
        return Document(b"", foreign_id)

    list(islice(pages_by_id(spans_of("1-1000"), HarvestRequest(SOURCE), ask=ask, read=read), 1))
    assert len(asked) == 20
