"""Pages come one after the other, never in a circle, and one ahead at most."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dermref.catalog.received import Known
from dermref.media.store import Blobs
from dermref.model.asking import Operator
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, FileRef, Harvested
from dermref.model.harvest import BadCursor, Fetched, FetchFailed, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.services.job import Job
from dermref.services.report import Report
from dermref.services.walking import MOST_FRUITLESS, Fruitless, walk
from dermref.sources import isic

pytestmark = pytest.mark.django_db  # a job looks at the fingerprints there are
NOW = datetime(2026, 11, 25, tzinfo=UTC)
SOURCE = load_source("isic-archive")
Listing = Callable[[str | None], Iterator[Page]]


@dataclass
class Adapter:
    """Lists what `pages` gives for a cursor, and notes which pages were begun."""

    pages: Listing
    begun: list[str | None] = field(default_factory=list)
    reader: str = isic.reader
    is_local: bool = False
    is_mirrored: bool = False
    is_listing_complete: bool = True
    read = staticmethod(isic.read)
    ask_again = staticmethod(isic.ask_again)

    def harvest(self, request: HarvestRequest, fetch: object) -> Iterator[Page]:
        for page in self.pages(request.cursor):
            self.begun.append(page.next_cursor)
            yield page


def no_fetch(url: str, **_: object) -> Fetched:
    raise AssertionError("nothing is fetched")


def job(pages: Listing, **changes: object) -> Job:
    request = HarvestRequest(SOURCE, base_url="http://127.0.0.1/")
    made = Job(SOURCE, Adapter(pages), request, no_fetch, Blobs(Path("nowhere")), Operator())
    return replace(made, **changes)  # type: ignore[arg-type]  # of whatever field a test names


def page(number: int, *, items: int = 1, following: str | None = None, total: int | None = None) -> Page:
    made = [
        Harvested("isic-archive", f"{number}-{at}", "https://x.example/", FileRef("x"), Document(b"{}", "x"), ())
        for at in range(items)
    ]
    return Page(tuple(made), following, total)


def walked(made: Job, cursor: str | None = None) -> list[Page]:
    return list(walk(made, cursor, Report("isic-archive")))


def test_listing_when_a_cursor_repeats_then_stopped() -> None:
    def circle(cursor: str | None) -> Iterator[Page]:
        while True:
            yield page(1, following="a")
            yield page(2, following="b")

    with pytest.raises(Stopped, match="turns in a circle"):
        walked(job(circle))


def test_listing_when_it_begins_where_it_goes_on_then_stopped() -> None:
    with pytest.raises(Stopped, match="turns in a circle"):
        walked(job(lambda cursor: iter([page(1, following="a")])), "a")


def known(run_id: int, *, seconds: int) -> Known:
    """An item that the run met so many seconds after this process began."""
    return Known("1", "published", "", "", None, None, None, run_id=run_id, checked_at=NOW + timedelta(seconds=seconds))


MET = [known(7, seconds=1)]


@pytest.mark.parametrize("new", [[None], [*MET, None], [known(6, seconds=1)], [known(7, seconds=-1)]])
def test_listing_when_nothing_new_comes_for_ever_then_stopped(new: list[Known | None]) -> None:
    fruitless = Fruitless(NOW)
    for of_page in (*[MET] * MOST_FRUITLESS, new, *[MET] * MOST_FRUITLESS):
        fruitless.count(page(1), of_page, run_id=7)
    with pytest.raises(Stopped, match="never ends"):
        fruitless.count(page(1), MET, run_id=7)


def test_ids_when_most_of_them_are_absent_then_that_is_no_circle() -> None:
    fruitless = Fruitless(NOW)
    for number in range(3 * MOST_FRUITLESS):
        fruitless.count(Page((), None, absent=(str(number),)), [], run_id=7)


@pytest.mark.parametrize(("total", "stops"), [(0, True), (11_999, True), (12_000, False), (None, False)])
def test_listing_when_a_live_source_says_that_it_has_too_few_then_stopped_before_anything(
    total: int | None, stops: bool
) -> None:
    made = job(lambda cursor: iter([page(1, total=total)]), request=HarvestRequest(SOURCE))
    if stops:
        with pytest.raises(Stopped, match="at least 12000 are expected"):
            walked(made)
    else:
        assert len(walked(made)) == 1


def test_few_when_only_some_were_asked_for_then_they_are_taken() -> None:
    made = job(lambda cursor: iter([page(1, total=3)]), request=HarvestRequest(SOURCE, query="sex:male"))
    assert len(walked(made)) == 1


def test_limit_when_it_is_reached_then_no_further_page_is_begun() -> None:
    made = job(lambda cursor: iter(page(at, items=3, following=str(at)) for at in range(9)), limit=4)
    assert [len(one.items) for one in walked(made)] == [3, 1]
    assert made.adapter.begun == ["0", "1"]  # type: ignore[attr-defined]  # our own adapter


def test_page_when_one_is_dealt_with_then_only_the_next_is_fetched_ahead() -> None:
    made = job(lambda cursor: iter(page(at, following=str(at)) for at in range(9)))
    pages = walk(made, None, Report("isic-archive"))
    next(pages)
    time.sleep(0.05)
    pages.close()  # type: ignore[attr-defined]  # a generator
    assert len(made.adapter.begun) == 2  # type: ignore[attr-defined]


def test_fault_when_it_comes_on_the_second_page_then_the_first_was_handed_on() -> None:
    def broken(cursor: str | None) -> Iterator[Page]:
        yield page(1, following="a")
        raise FetchFailed("http-503", "busy", is_final=False)

    pages = walk(job(broken), None, Report("isic-archive"))
    assert next(pages).next_cursor == "a"
    with pytest.raises(FetchFailed):
        next(pages)


def test_cursor_when_the_source_forgot_it_then_begun_at_the_first_page() -> None:
    def forgetful(cursor: str | None) -> Iterator[Page]:
        if cursor == "old":
            raise BadCursor("unknown cursor")
        yield page(1)

    assert len(walked(job(forgetful), "old")) == 1


def test_cursor_when_none_was_given_and_it_is_refused_then_stopped() -> None:
    def refusing(cursor: str | None) -> Iterator[Page]:
        raise BadCursor("unknown cursor")
        yield

    with pytest.raises(BadCursor):
        walked(job(refusing))


def test_run_when_interrupted_while_the_next_page_takes_long_then_nobody_waits_for_it() -> None:
    def slow(cursor: str | None) -> Iterator[Page]:
        yield page(1, following="a")
        time.sleep(5)
        yield page(2)

    pages = walk(job(slow), None, Report("isic-archive"))
    next(pages)
    start = time.monotonic()
    pages.close()  # type: ignore[attr-defined]
    assert time.monotonic() - start < 1
