"""Items that are asked for one by one by their id, because their source has no listing: ids and ranges of ids as the
curator gives them, a few of them a page, and what to make of those that cannot be had."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Missed, Page
from dermref.model.source import Source
from dermref.sources.reading import host_of
from dermref.sources.recorded import recorded

PAGE_BYTES = 1024 * 1024  # the largest page of an image that we saw has 37 KB
AT_ONCE = 20
MOST_MISSED = 10  # in a row: then it is the site, not the item
NOT_UNDERSTOOD = "page-not-understood"  # the fault of a document that is none of an item: nothing is known of the item

SPAN = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")

Spans = tuple[range, ...]
Ask = Callable[[str], Document | None]  # the item's document, or None where the source shows no such item
Read = Callable[[Document, Source], Harvested]


def harvest_pages(
    request: HarvestRequest, fetch: Fetch, *, read: Read, file_name: Callable[[Harvested], str]
) -> Iterator[Page]:
    """Pages of a library that shows each image on a page of its own; `file_name` is that of a recorded file."""
    if request.folder:
        for page in _recorded(request, read):
            yield replace(page, items=tuple(_on_disk(item, file_name(item)) for item in page.items))
        return
    if request.since:
        raise Stopped("This source cannot be asked by date; leave --since out, unchanged pages cost little.")
    if not request.query:
        raise Stopped("This source has no listing: name its images, for instance with --query “6, 10248, 2000-2100”.")
    spans = spans_of(request.query)
    yield from pages_by_id(spans, request, ask=lambda one: ask_page(one, request, fetch), read=read)


def ask_page(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The page of one image, or None where the server knows none. Raises FetchFailed."""
    source = request.source
    try:
        answer = fetch(
            (source.ingest.landing_template or "").format(foreign_id=foreign_id), max_bytes=PAGE_BYTES, keep=True
        )
    except FetchFailed as fault:
        if fault.is_gone:
            return None
        raise
    if host_of(answer.url) not in source.ingest.hosts:
        raise FetchFailed(NOT_UNDERSTOOD, f"{foreign_id} leads to {answer.url}, on another host", is_final=False)
    return Document(answer.body, answer.url, "text/html")


def page_now(foreign_id: str, request: HarvestRequest, fetch: Fetch, *, read: Read) -> Document | None:
    """The page of one image now, or None where the server knows none. Raises FetchFailed, also for a page that is none
    of an image: it says nothing against the image."""
    document = ask_page(foreign_id, request, fetch)
    if document and (bad := not_understood(read(document, request.source))):
        raise FetchFailed(bad.code, bad.text, is_final=False)
    return document


def _recorded(request: HarvestRequest, read: Read) -> Iterator[Page]:
    def one(path: Path) -> Page:
        item = read(Document(path.read_bytes(), f"recorded:{path.name}", "text/html"), request.source)
        bad = not_understood(item)
        return Page((), None, missed=(Missed(path.name, bad),)) if bad else Page((item,), None)

    assert request.folder is not None  # asked for by the caller
    return recorded(request, request.folder, pattern="*.htm*", read=one, at_once=AT_ONCE)


def _on_disk(item: Harvested, name: str) -> Harvested:
    if item.file is None or item.file.path is None:
        return item
    return replace(item, file=replace(item.file, path=item.file.path.with_name(name)))


def spans_of(query: str) -> Spans:
    """The ids of “6, 10248, 2000-2100”, each once and in order, never written out. Raises Stopped.

    >>> spans_of("9, 3-5, 4-7")
    (range(3, 8), range(9, 10))
    """
    found: list[range] = []
    for part in re.split(r"[\s,;]+", re.sub(r"\s*[-\N{EN DASH}]\s*", "-", query.strip())):
        span = SPAN.fullmatch(part)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (1, 0)
        if first > last:
            raise Stopped(f"“{part[:40]}” is neither an id nor a range of ids; write for instance “6, 2000-2100”.")
        found.append(range(first, last + 1))
    joined: list[range] = []
    for one in sorted(found, key=lambda span: span.start):
        if joined and one.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, one.stop))
        else:
            joined.append(one)
    return tuple(joined)


def ids_from(spans: Spans, start: int) -> Iterator[str]:
    """The ids from a position on."""
    for span in spans:
        yield from (str(one) for one in span[start:])
        start = max(0, start - len(span))


def pages_by_id(spans: Spans, request: HarvestRequest, *, ask: Ask, read: Read) -> Iterator[Page]:
    """Pages of the items with these ids. The cursor is the position in them. Raises BadCursor, and Stopped where ten in
    a row cannot be had."""
    total = sum(len(span) for span in spans)
    start = int(request.cursor) if request.cursor and re.fullmatch("[0-9]{1,10}", request.cursor) else 0
    if request.cursor and not 0 < start < total:
        raise BadCursor("The ids asked for are not those that the last run asked for.")
    ids, missed = ids_from(spans, start), 0
    for at in range(start, total, AT_ONCE):
        items: list[Harvested] = []
        lost: list[Missed] = []
        absent: list[str] = []
        for foreign_id in islice(ids, AT_ONCE):
            found = outcome(foreign_id, request, ask=ask, read=read)
            missed = missed + 1 if isinstance(found, Missed) else 0
            if isinstance(found, Missed):
                lost.append(found)
                check_missed(missed, found)
            elif found is None:
                absent.append(foreign_id)
            else:
                items.append(found)
        following = str(at + AT_ONCE) if at + AT_ONCE < total else None
        yield Page(tuple(items), following, total, tuple(lost), tuple(absent))


def outcome(foreign_id: str, request: HarvestRequest, *, ask: Ask, read: Read) -> Harvested | Missed | None:
    """The item; that it was missed, where it cannot be had or understood this time; None where there is none."""
    try:
        document = ask(foreign_id)
    except FetchFailed as fault:
        return Missed(foreign_id, Refusal(fault.code, str(fault)))
    if document is None:
        return None
    item = read(document, request.source)
    bad = not_understood(item)
    return Missed(foreign_id, bad) if bad else item


def proper_id(foreign_id: str, document: Document, source: Source) -> str:
    """The id, or a mark made of the document where this is no id of its source."""
    if re.fullmatch(source.ingest.foreign_id_pattern or ".+", foreign_id):
        return foreign_id
    return f"malformed-{hashlib.sha256(document.body).hexdigest()[:16]}"


def not_understood(item: Harvested) -> Refusal | None:
    """Why what was read is no item at all, if so."""
    return next((fault for fault in item.faults if fault.code == NOT_UNDERSTOOD), None)


def check_missed(missed: int, last: Missed) -> None:
    """Raises Stopped when too many in a row were missed."""
    if missed >= MOST_MISSED:
        raise Stopped(
            f"{missed} items in a row could not be read, the last of them {last.foreign_id} ({last.refusal.text}): the"
            " source has changed, or has no items there; stopped, run again to go on, perhaps without these ids."
        )
