"""Wikimedia Commons by its API: categories, titles, or words to look for. Reports what each file's own page says; what
a gallery or structured data say of it is not read here."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources import mediawiki
from dermref.sources.category_walk import walk
from dermref.sources.extmetadata import ASKED, harvested, media_id, without_tracking
from dermref.sources.mediawiki import Wiki
from dermref.sources.reading import Json, canonical, host_of, items, mapping, object_of, web_address
from dermref.sources.recorded import recorded
from dermref.sources.words import load_words

SOURCE_ID = "wikimedia-commons"
reader = "commons/2"
is_local = False
is_mirrored = True
is_listing_complete = False

AT_ONCE = "50"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of files, by what the query is:

    - `Category:A`, `Category:A|Category:B`, `Category:A depth:2`: the files in categories, and in those below them;
    - `File:A.jpg|File:B.jpg`, also one a line: these files;
    - any other words: the files whose pages have them;
    - none: the categories that `data/commons.toml` names.

    `since` is for categories: the files that were put into them since that day.
    """
    if request.folder:
        yield from recorded(
            request, request.folder, pattern="*.json", read=lambda path: _recorded(path, request.source)
        )
        return
    wiki = _wiki(request, fetch)
    words, query = load_words("commons"), (request.query or "").strip()
    asked = mediawiki.categories_in(query, words["depth"])
    if not query:
        asked = words["default_categories"], words["default_depth"]
    if asked:
        yield from _in_categories(request, wiki, *asked)
    elif request.since:
        raise Stopped(f"{wiki.name} can only be asked by date for categories; leave --since out, or name a category.")
    elif mediawiki.is_in(query, "File"):
        yield from _by_title(request, wiki, mediawiki.parts_of(query))
    else:
        yield from _looked_for(request, wiki, query)


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The file page's own object now; None where the wiki has no such page any more."""
    wiki = _wiki(request, fetch)
    found = mediawiki.batch(wiki, {**ASKED, "pageids": foreign_id.removeprefix("M")}).pages
    page = next((one for one in found if media_id(one) == foreign_id and not mediawiki.is_missing(one)), None)
    return _document(page, wiki.api) if page else None


def read(document: Document, source: Source) -> Harvested:
    """What one page object says."""
    page = object_of(document)
    found = media_id(page)
    foreign_id = found or f"malformed-{hashlib.sha256(document.body).hexdigest()[:16]}"
    item = harvested(
        page, document, source=source, foreign_id=foreign_id, landing_url=_landing(page, source, foreign_id)
    )
    return item if found else replace(item, faults=(Refusal("bad-id", "its page has no number"), *item.faults))


def _in_categories(request: HarvestRequest, wiki: Wiki, names: list[str], depth: int) -> Iterator[Page]:
    params = {**ASKED, "generator": "categorymembers", "gcmtype": "file", "gcmlimit": AT_ONCE}
    if request.since:
        if not DAY.fullmatch(request.since):
            raise Stopped(f"“{request.since[:40]}” is no date; write for instance 2026-01-31.")
        since = request.since if "T" in request.since else f"{request.since}T00:00:00Z"
        # Sorted by time, the listing does not look at the type; the namespace keeps other pages out.
        params |= {"gcmnamespace": "6", "gcmsort": "timestamp", "gcmdir": "newer", "gcmstart": since}
    left_out = load_words("commons")["left_out"]
    for found, after in walk(wiki, names, params, depth=depth, left_out=left_out, written=request.cursor):
        yield Page(_items(found, wiki, request.source), after)


def _by_title(request: HarvestRequest, wiki: Wiki, titles: list[str]) -> Iterator[Page]:
    if not all(mediawiki.is_in(one, "File") for one in titles):
        raise Stopped("A query is either categories or titles or words to look for, never a mixture.")
    start = mediawiki.number_in(mediawiki.place(request.cursor), most=len(titles))
    for some, end in mediawiki.portions(titles, start):
        found = mediawiki.batch(wiki, {**ASKED, "titles": "|".join(some), "redirects": "1"})
        absent = tuple(str(one.get("title")) for one in found.pages if mediawiki.is_missing(one))
        after = mediawiki.cursor({"from": end}) if end else None
        yield Page(_items(found, wiki, request.source), after, len(titles), absent=absent)


def _looked_for(request: HarvestRequest, wiki: Wiki, query: str) -> Iterator[Page]:
    params = {**ASKED, "generator": "search", "gsrsearch": query, "gsrnamespace": "6", "gsrlimit": AT_ONCE}
    start = mediawiki.after_in(mediawiki.place(request.cursor).get("after"))
    for found in mediawiki.listing(wiki, params, start):
        after = mediawiki.cursor({"after": dict(found.after)}) if found.after else None
        yield Page(_items(found, wiki, request.source), after)


def _items(found: mediawiki.Batch, wiki: Wiki, source: Source) -> tuple[Harvested, ...]:
    pages = [
        one for one in found.pages if not mediawiki.is_missing(one) and one.get("ns", mediawiki.FILE) == mediawiki.FILE
    ]
    return tuple(read(_document(one, wiki.api), source) for one in pages)


def _document(page: Json, api: str) -> Document:
    """The page's object, at the address that gives it again."""
    url = mediawiki.address(api, {**ASKED, "pageids": str(mediawiki.page_id(page))})
    return Document(canonical(mediawiki.in_order(page)), url)


def _recorded(path: Path, source: Source) -> Page:
    """The pages of one recorded reply, which must be a whole one."""
    reply = mediawiki.check_reply(path.read_bytes(), path.name)
    if not mediawiki.is_complete(reply):
        raise Stopped(f"{path.name} is only part of an answer: its pages go on in the next reply; record whole ones.")
    pages: dict[object, dict[str, object]] = {}
    mediawiki.merge(pages, reply, path.name)
    found = [Document(canonical(mediawiki.in_order(one)), f"recorded:{path.name}") for one in pages.values()]
    return Page(tuple(read(one, source) for one in found), None)


def _landing(page: Json, source: Source, foreign_id: str) -> str:
    """The file's page: as the API links it, else by its id."""
    info = mapping(next(iter(items(page.get("imageinfo"))), None))
    address = web_address(info.get("descriptionurl"))
    if address and host_of(address) in source.ingest.hosts:
        return without_tracking(address)
    return (source.ingest.landing_template or source.homepage_url).format(foreign_id=foreign_id)


def _wiki(request: HarvestRequest, fetch: Fetch) -> Wiki:
    source = request.source
    if not source.ingest.api_url:
        raise Stopped(f"{source.source_id} has no api_url in the registry.")
    return Wiki(source.name, source.ingest.api_url, fetch)
