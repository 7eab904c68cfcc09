"""Walks a library of pages with pictures under one heading each, topic by topic: one page is one document, its pictures
are the items, and the fragment of the document's address says which of them is meant."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit, urlunsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Missed, Page
from dermref.model.source import Source
from dermref.sources.asked_by_id import NOT_UNDERSTOOD, check_missed, proper_id
from dermref.sources.reading import host_of, web_address
from dermref.sources.recorded import recorded
from dermref.sources.topic_page import KeyOf, TopicPage, read_topic

PAGE_BYTES = 4 * 1024 * 1024
AT_ONCE = 5  # topics a page
RECORDED = "recorded:"

Keys = tuple[str, ...] | Refusal
"""The names of a page's pictures in their order, or why it is no page of a topic."""


@dataclass(frozen=True, slots=True)
class Topics:
    """How one library is read. `listed` are the addresses of all its topics as it lists them; `address_of` is that of a
    topic named in a query, or None; `keys_in` and `read` are of a stored page."""

    listed: Callable[[HarvestRequest, Fetch], Sequence[str]]
    address_of: Callable[[str, Source], str | None]
    keys_in: Callable[[Document, Source], Keys]
    read: Callable[[Document, Source], Harvested]
    example: str


def opened(document: Document, source: Source, key_of: KeyOf) -> TopicPage:
    """The page that a document is."""
    return _read_once(document.body, page_address(document) or source.homepage_url, key_of)


@lru_cache(maxsize=2)
def _read_once(body: bytes, url: str, key_of: KeyOf) -> TopicPage:
    """Once for all the pictures of a page."""
    return read_topic(body, url, key_of)


def keys_of(page: TopicPage, bad: Refusal | None) -> Keys:
    """The names of a page's pictures, unless something is wrong with the page, or it shows none."""
    return bad or tuple(one.key for one in page.pictures) or Refusal("no-pictures", "its page shows no picture")


def harvest_topics(request: HarvestRequest, fetch: Fetch, topics: Topics) -> Iterator[Page]:
    """Pages of some topics each: of all that are listed, of those the query names, or of recorded pages. The cursor is
    the address of the next topic. Raises BadCursor, and Stopped where too many topics in a row cannot be read."""
    if request.folder:
        yield from _recorded(request, request.folder, topics)
        return
    if request.since:
        raise Stopped("This source cannot be asked by date; leave --since out, unchanged pages cost little.")
    chosen = _named(request, topics) if request.query else list(dict.fromkeys(topics.listed(request, fetch)))
    if request.cursor and request.cursor not in chosen:
        raise BadCursor("The topics are not those of the last run.")
    missed = 0
    for at in range(chosen.index(request.cursor) if request.cursor else 0, len(chosen), AT_ONCE):
        items: list[Harvested] = []
        lost: list[Missed] = []
        for topic in chosen[at : at + AT_ONCE]:
            found = _items(topic, request, fetch, topics)
            missed = missed + 1 if isinstance(found, Missed) else 0
            if isinstance(found, Missed):
                lost.append(found)
                check_missed(missed, found)
            else:
                items += found
        following = chosen[at + AT_ONCE] if at + AT_ONCE < len(chosen) else None
        yield Page(tuple(items), following, missed=tuple(lost))


def picture_now(foreign_id: str, request: HarvestRequest, fetch: Fetch, topics: Topics) -> Document | None:
    """The page of a picture's topic now; None where the server has it no more, or it shows others and this one no more.
    Raises FetchFailed, also for what is no such page or shows nothing at all: it says nothing against the picture."""
    slug, _, key = foreign_id.partition("/")
    address = topics.address_of(slug, request.source)
    if address is None:
        raise FetchFailed("bad-id", f"{foreign_id[:100]} is not an id of this source", is_final=True)
    try:
        document = _page(address, request, fetch)
    except FetchFailed as fault:
        if fault.is_gone:
            return None
        raise
    keys = topics.keys_in(document, request.source)
    if isinstance(keys, Refusal):
        raise FetchFailed(keys.code, keys.text, is_final=False)
    if key not in keys:
        return None
    found = _of_picture(document, key)
    if topics.read(found, request.source).foreign_id != foreign_id:
        raise FetchFailed("other-topic", f"the page of {slug} is another topic's now", is_final=False)
    return found


def key_asked(document: Document) -> str:
    """Which picture of its page a document stands for."""
    return unquote(urlsplit(document.url).fragment)


def page_address(document: Document) -> str:
    """Where the page of a document came from; empty for a recorded one."""
    return web_address(urldefrag(document.url).url) or ""


def recorded_name(document: Document) -> str:
    """The name, without its ending, of the file that a recorded page lay in; empty for a page from the web."""
    name = urldefrag(document.url).url.removeprefix(RECORDED)
    return "" if web_address(name) else unquote(name).partition(".")[0]


def no_topic(text: str) -> Refusal:
    """That what was sent is no page of a topic."""
    return Refusal(NOT_UNDERSTOOD, text)


def topic_address(named: str, source: Source, *, path: str) -> str | None:
    """The address of a topic that a path or an address names, without its query; None where that is elsewhere. `path`
    is the pattern of a topic's."""
    try:
        address = web_address(urljoin(source.homepage_url, named.strip()))
    except ValueError:
        return None
    parts = urlsplit(address or "")
    is_here = parts.netloc == urlsplit(source.homepage_url).netloc
    return (
        urlunsplit(("https", parts.netloc, parts.path, "", "")) if is_here and re.fullmatch(path, parts.path) else None
    )


def slug_in(address: str | None, source: Source, *, path: str) -> str:
    """The topic that an address on the source's own site is of, by the group `slug` of the pattern; empty where it is
    none of one."""
    parts = urlsplit(topic_address(address, source, path=path) or "") if address else urlsplit("")
    found = re.fullmatch(path, parts.path)
    return found["slug"] if found else ""


def picture_id(slug: str, key: str, document: Document, source: Source) -> tuple[str, Refusal | None]:
    """The id of a picture of a topic; where its name is none that an id can have, one made of it, and the fault."""
    whole = f"{slug}/{key}"
    if not slug or re.fullmatch(source.ingest.foreign_id_pattern or ".+", whole):
        return proper_id(whole, document, source), None
    made = f"{slug}/malformed-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    return made, Refusal("bad-id", f"“{key[:80]}” is no name that an id of this source has")


def _named(request: HarvestRequest, topics: Topics) -> list[str]:
    found: list[str] = []
    for name in (request.query or "").replace(";", ",").replace("\n", ",").split(","):
        address = topics.address_of(name.strip(), request.source)
        if address is None:
            raise Stopped(f"“{name.strip()[:60]}” is no topic of this source; write for instance {topics.example}.")
        found.append(address)
    return list(dict.fromkeys(found))


def _items(topic: str, request: HarvestRequest, fetch: Fetch, topics: Topics) -> list[Harvested] | Missed:
    """The pictures of a topic; that it was missed, where it cannot be had or understood this time, or shows none."""
    address = topics.address_of(topic, request.source)
    if address is None:
        return Missed(topic, Refusal("not-a-topic", f"the library lists {topic[:200]}, which is no topic of its own"))
    try:
        document = _page(address, request, fetch)
    except FetchFailed as fault:
        return Missed(topic, Refusal(fault.code, str(fault)))
    keys = topics.keys_in(document, request.source)
    if isinstance(keys, Refusal):
        return Missed(topic, keys)
    return [topics.read(_of_picture(document, key), request.source) for key in keys]


def _page(address: str, request: HarvestRequest, fetch: Fetch) -> Document:
    answer = fetch(address, max_bytes=PAGE_BYTES, keep=True)
    if host_of(answer.url) not in request.source.ingest.hosts:
        raise FetchFailed(NOT_UNDERSTOOD, f"{address} leads to {answer.url}, on another host", is_final=False)
    return Document(answer.body, urldefrag(answer.url).url, "text/html")


def _of_picture(document: Document, key: str) -> Document:
    return Document(document.body, f"{document.url}#{quote(key)}", document.media_type)


def _recorded(request: HarvestRequest, folder: Path, topics: Topics) -> Iterator[Page]:
    def one(path: Path) -> Page:
        document = Document(path.read_bytes(), RECORDED + quote(path.name), "text/html")
        keys = topics.keys_in(document, request.source)
        if isinstance(keys, Refusal):
            return Page((), None, missed=(Missed(path.name, keys),))
        return Page(tuple(topics.read(_of_picture(document, key), request.source) for key in keys), None)

    return recorded(request, folder, pattern="*.htm*", read=one, at_once=AT_ONCE)
