"""The PEIR Digital Library, a Piwigo gallery: a category and all below it, or images by id. Nothing on an image states
a license, so what matters is who else is named: a caption that credits somebody makes the picture a third party's."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Missed, Page
from dermref.model.policy import Restriction
from dermref.model.source import Source
from dermref.sources.asked_by_id import (
    AT_ONCE,
    NOT_UNDERSTOOD,
    check_missed,
    not_understood,
    outcome,
    pages_by_id,
    proper_id,
    spans_of,
)
from dermref.sources.credit_cues import Strength, find_cues
from dermref.sources.piwigo import PER_PAGE, hex_md5, image_document, is_denied, list_images, record_in
from dermref.sources.reading import Json, host_of, items, mapping, object_of, plain, seen, text, web_address, whole
from dermref.sources.recorded import recorded
from dermref.sources.words import load_words

SOURCE_ID = "peir"
reader = "peir/2"
is_local = False
is_mirrored = True
is_listing_complete = True

LONGEST_TITLE = 200
SAID = ("name", "comment", "name_raw", "comment_raw", "author")  # where a caption or an author may stand
LISTS = {"comments": "content", "tags": "name", "categories": "name"}  # their members have such texts, too
KEPT = ("name", "comment", "author", "file", "date_available", "date_creation", "width", "height", "filesize", "md5sum")


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of a category by id, of the images whose ids the query names, or of recorded replies."""
    category = re.fullmatch(
        r"category: ?([0-9]{1,9})", request.query or f"category:{load_words(SOURCE_ID)['category']}"
    )
    if request.folder:
        read_one = partial(_recorded, source=request.source)
        yield from recorded(request, request.folder, pattern="*.json", read=read_one, at_once=AT_ONCE)
    elif request.since and not (category and re.fullmatch(r"\d{4}-\d\d-\d\d", request.since)):
        raise Stopped("Only a category can be asked by date, and by one like 2026-01-31.")
    elif category:
        yield from _category(int(category[1]), request, fetch)
    else:
        spans = spans_of(request.query or "")
        yield from pages_by_id(spans, request, ask=lambda one: ask_again(one, request, fetch), read=read)


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The image's own record now; None where the library, which still answers others, does not show it to guests."""
    words, api_url = load_words(SOURCE_ID), _api_url(request)
    try:
        return image_document(fetch, api_url, foreign_id, without=words["volatile"])
    except FetchFailed as fault:
        if not (fault.is_gone or is_denied(fault)):
            raise
        try:
            list_images(fetch, api_url, category=words["category"], page=0)
        except FetchFailed:
            raise fault from None  # the whole interface is gone or closed: that says nothing of one image
        return None


def read(document: Document, source: Source) -> Harvested:
    """What one record says. What it lacks or garbles becomes a fault, never a guess."""
    record = object_of(document)
    foreign_id, faults = _own_id(record, document, source)
    if whole(record, "level") != 0:
        faults.append(Refusal("not-public", "the library does not show this image to everybody"))
    if garbled := [key for key in SAID if not isinstance(record.get(key), str | None)] + _garbled_lists(record):
        faults.append(Refusal("record-garbled", f"its record has no text where one belongs: {', '.join(garbled)}"))
    address = web_address(record.get("element_url"))
    if not address or host_of(address) not in source.ingest.hosts:
        faults.append(Refusal("no-file", f"the library names no file of its own for this image ({address})"))
        address = None
    author, own = text(record, "author"), load_words(SOURCE_ID)["own"]
    page_url = web_address(record.get("page_url"))
    is_own_page = page_url and host_of(page_url) in source.ingest.hosts
    return Harvested(
        source_id=source.source_id,
        foreign_id=foreign_id,
        landing_url=page_url if is_own_page and page_url else _page_of(foreign_id, source),
        file=FileRef(address, checksum=hex_md5(record)) if address else None,
        document=document,
        statements=(),
        creator=None if author in own["institutions"] else author,
        contributor=author if author in own["institutions"] else None,
        depiction=_depiction(record),
        metadata=_metadata(record),
        restrictions=(Restriction.THIRD_PARTY,) if _cues(record) else (),
        faults=tuple(faults),
        doubts=tuple(_doubts(record)),
    )


def _category(category: int, request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """A category page by page, each image asked for by itself: the listing does not name its author."""
    at: int | None = _page_number(request.cursor)
    missed = 0
    while at is not None:
        ids, total, following = _listing(category, at, request, fetch)
        found: list[Harvested] = []
        lost: list[Missed] = []
        for foreign_id in ids:
            one = outcome(foreign_id, request, ask=lambda image: ask_again(image, request, fetch), read=read)
            if isinstance(one, Harvested):
                found.append(one)
                missed = 0
                continue
            gone = Missed(
                foreign_id, Refusal("gone-since-listed", f"the library lists {foreign_id} and does not show it")
            )
            lost.append(one or gone)
            missed += 1
            check_missed(missed, lost[-1])
        yield Page(tuple(found), str(following) if following is not None else None, total, tuple(lost))
        at = following


def _page_number(cursor: str | None) -> int:
    if cursor and not re.fullmatch("[0-9]{1,7}", cursor):
        raise BadCursor("The library counts the pages of its listing, and this is no such number.")
    return int(cursor or 0)


def _listing(category: int, at: int, request: HarvestRequest, fetch: Fetch) -> tuple[list[str], int | None, int | None]:
    """The ids on a page of a category, how many there are in all, and the number of the next page. Raises Stopped."""
    try:
        reply = list_images(fetch, _api_url(request), category=category, page=at, since=request.since)
    except FetchFailed as fault:
        closed = "it is not open to guests: " if is_denied(fault) else ""
        raise Stopped(f"The library does not list category {category}: {closed}{fault}; stopped, run again.") from fault
    paging, listed = mapping(reply.get("paging")), reply.get("images")
    ids = [whole(mapping(one), "id") for one in items(listed)]
    if not isinstance(listed, list) or None in ids or whole(paging, "page") not in (None, at):
        raise Stopped(f"Page {at} of category {category} is no page of a listing; stopped, run again to go on.")
    total, size = whole(paging, "total_count"), whole(paging, "per_page") or PER_PAGE
    is_last = (at + 1) * size >= total if total is not None else not ids
    if not ids and not is_last:
        raise Stopped(f"The listing of category {category} breaks off before its end; stopped, run again to go on.")
    return [str(one) for one in dict.fromkeys(ids)], total, None if is_last else at + 1


def _api_url(request: HarvestRequest) -> str:
    return request.source.ingest.api_url or ""


def _recorded(path: Path, *, source: Source) -> Page:
    try:
        document = record_in(path.read_bytes(), f"recorded:{path.name}", without=load_words(SOURCE_ID)["volatile"])
    except FetchFailed as fault:
        return Page((), None, missed=(Missed(path.name, Refusal(fault.code, str(fault))),))
    item = read(document, source)
    bad = not_understood(item)
    return Page((), None, missed=(Missed(path.name, bad),)) if bad else Page((item,), None)


def _own_id(record: Json, document: Document, source: Source) -> tuple[str, list[Refusal]]:
    """The id that was asked for, or that a recorded reply names, and what is wrong with it."""
    number = whole(record, "id")
    own = "" if number is None else str(number)
    foreign_id = proper_id(
        next(iter(parse_qs(urlsplit(document.url).query).get("image_id", [])), own), document, source
    )
    if not own:
        return foreign_id, [Refusal(NOT_UNDERSTOOD, "what was sent is no record of an image")]
    if own != foreign_id:
        return foreign_id, [Refusal("wrong-item", f"its record is that of {own}")]
    return foreign_id, []


def _page_of(foreign_id: str, source: Source) -> str:
    return (source.ingest.landing_template or source.homepage_url).format(foreign_id=foreign_id)


def _garbled_lists(record: Json) -> list[str]:
    """Which of the lists whose texts are searched is none, or has a member without its text."""
    return [
        key
        for key, member in LISTS.items()
        if record.get(key) is not None
        and not (
            isinstance(record[key], list) and all(text(mapping(one), member) is not None for one in items(record[key]))
        )
    ]


def _cues(record: Json) -> list[str]:
    """The words about somebody's rights in anything that stands beside the picture, remarks of visitors, tags and names
    of categories among it."""
    shown = _shown(record)
    small = "\n".join(shown).casefold()
    found = [cue for cue in load_words(SOURCE_ID)["rights"]["cues"] if _whole_word(cue).search(small)]
    return found + [cue.code for one in shown for cue in find_cues(one) if cue.strength is Strength.STRONG]


def _shown(record: Json) -> list[str]:
    said = [record.get(key) for key in SAID]
    said += [mapping(one).get(member) for key, member in LISTS.items() for one in items(record.get(key))]
    return [seen(plain(one)) for one in said if isinstance(one, str)]


def _doubts(record: Json) -> Iterator[Refusal]:
    """What a curator reads first: an author nobody knows, and words that may credit somebody."""
    author, own = text(record, "author"), load_words(SOURCE_ID)["own"]
    if author and author not in own["people"] and author not in own["institutions"]:
        yield Refusal("author-unknown", f"{author} is not known as one of the library’s own")
    weak = [cue.words for one in _shown(record) for cue in find_cues(one) if cue.strength is Strength.WEAK]
    if weak:
        yield Refusal("rights-in-caption", f"its words may credit somebody: “{weak[0]}”")


def _whole_word(cue: str) -> re.Pattern[str]:
    return re.compile(
        (r"(?<!\w)" if cue[0].isalnum() else "") + re.escape(cue) + (r"(?!\w)" if cue[-1].isalnum() else "")
    )


def _depiction(record: Json) -> Depiction:
    caption, name = plain(text(record, "comment") or ""), plain(text(record, "name") or "")
    is_named = re.search("[A-Za-z]{3}", name) and name != (text(record, "file") or "").rpartition(".")[0]
    title = name if is_named else caption
    short = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rpartition(' ')[0]}…"
    return Depiction(title=short or None, modality=_modality(caption))


def _modality(caption: str) -> str | None:
    """How the picture was made, by the word its caption begins with, else by the words in it where they agree."""
    words = load_words(SOURCE_ID)["modality"]
    beginning = words["beginning"].get(caption.partition(":")[0].strip().upper())
    found = {meaning for word, meaning in words["words"].items() if _whole_word(word).search(caption.casefold())}
    return beginning or (found.pop() if len(found) == 1 else None)


def _metadata(record: Json) -> Json:
    kept = {key: record[key] for key in KEPT if record.get(key) is not None}
    named = {key: [text(mapping(one), "name") for one in items(record.get(key))] for key in ("tags", "categories")}
    return kept | {key: [name for name in names if name] for key, names in named.items()}
