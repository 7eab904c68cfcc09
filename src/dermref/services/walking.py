"""Walks a source's pages one after the other, the next one fetched while this one is dealt with; stops where they turn
in a circle, and where the whole listing is plainly not there."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime

from dermref.catalog.received import Known
from dermref.model.deployment import Stopped
from dermref.model.harvest import BadCursor, Page
from dermref.services.job import Job
from dermref.services.report import Report

MOST_FRUITLESS = 200  # pages in a row without an item that is new to the run


def walk(job: Job, cursor: str | None, report: Report) -> Iterator[Page]:
    """The pages from `cursor` on, cut at the limit; from the first page when the source no longer knows the cursor.
    Raises Stopped, and what the adapter raises."""
    try:
        yield from _cut(_checked(job, cursor, report), job.limit)
    except BadCursor:
        if cursor is None:
            raise
        yield from _cut(_checked(job, None, report), job.limit)


def _cut(pages: Iterator[Page], limit: int | None) -> Iterator[Page]:
    """All pages, each begun one ahead, or just so many that they hold `limit` items."""
    if limit is None:
        yield from _ahead(pages)
        return
    for page in pages:
        cut = replace(page, items=page.items[:limit])
        limit -= len(cut.items)
        yield cut
        if limit == 0:
            return


def _ahead(pages: Iterator[Page]) -> Iterator[Page]:
    following = _begun(pages)
    while (page := following.result()) is not None:
        following = _begun(pages)
        yield page


def _begun(pages: Iterator[Page]) -> "Future[Page | None]":
    """The next page, fetched in a thread that nobody waits for: who interrupts a run does not want it any more."""
    future: Future[Page | None] = Future()

    def fetch() -> None:
        try:
            future.set_result(next(pages, None))
        except BaseException as fault:  # noqa: BLE001 (raised where the page is waited for)
            future.set_exception(fault)

    threading.Thread(target=fetch, name="harvest", daemon=True).start()
    return future


def _checked(job: Job, cursor: str | None, report: Report) -> Iterator[Page]:
    seen = {hash(cursor)}
    for page in job.adapter.harvest(replace(job.request, cursor=cursor), job.fetch):
        if page.next_cursor is not None:
            if hash(page.next_cursor) in seen:
                raise Stopped("The source's listing turns in a circle: it names a page that was here before; stopped.")
            seen.add(hash(page.next_cursor))
        report.total = page.total if page.total is not None else report.total
        _check_total(job, page)
        yield page


def _check_total(job: Job, page: Page) -> None:
    expect = job.source.expect
    if expect is None or page.total is None or not job.is_whole or job.request.base_url is not None:
        return
    if page.total < expect.minimum:
        raise Stopped(
            f"The source says that it has {page.total} items, where at least {expect.minimum} are expected; nothing was"
            " published or withdrawn. Look at the source before you run this again."
        )


@dataclass(slots=True)
class Fruitless:
    """Counts the pages in a row that held nothing but items which this very run has met since it `started`."""

    started: datetime
    pages: int = 0

    def count(self, page: Page, known: Sequence[Known | None], *, run_id: int) -> None:
        """Add a page and what was known of its items before it. Raises Stopped when there were too many in a row: such
        a listing never ends."""
        is_new = any(one is None or one.run_id != run_id or not self._is_of_now(one) for one in known)
        self.pages = 0 if is_new or page.missed or page.absent else self.pages + 1
        if self.pages > MOST_FRUITLESS:
            raise Stopped(
                f"The last {self.pages} pages of the listing held nothing that this run had not met; stopped, since"
                " such a listing never ends."
            )

    def _is_of_now(self, one: Known) -> bool:
        return one.checked_at is not None and one.checked_at >= self.started
