"""UNM's Inclusive Dermatology Gallery: the pages below one folder, walked from the gallery on, and the pictures below
another. What a page looks like is not known: a picture is known by its address alone, and so is its skin type."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal, SkinTone
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Missed, Page
from dermref.model.source import Source
from dermref.sources.asked_by_id import NOT_UNDERSTOOD, check_missed, proper_id
from dermref.sources.gallery_page import (
    Gallery,
    credited,
    fetch_page,
    named_in,
    naming,
    open_page,
    read_gallery,
    rights_on_page,
    twice,
)
from dermref.sources.labelled_page import squeezed
from dermref.sources.reading import seen, web_address
from dermref.sources.recorded import on_disk
from dermref.sources.words import load_words

SOURCE_ID = "unm-inclusive-dermatology"
reader = "unm-inclusive-dermatology/1"
is_local = False
is_mirrored = True
is_listing_complete = True

WORDS = "unm_inclusive_dermatology"
UNCLEAR = "address-unclear"
MOST_PAGES = 400  # an atlas of all of dermatology has fewer conditions
SHOWN = (("a[href]", "href"), ("img[src]", "src"), ("img[data-src]", "data-src"))
PICTURES = re.compile(r"\.(?:jpe?g|png|gif|webp|tiff?|bmp)$", re.IGNORECASE)
OWN_STEM = re.compile(r"([\w-]+(?:/[\w-]+(?:\.[\w-]+)*){1,2})\.(?:jpe?g|png)", re.ASCII | re.IGNORECASE)
PAGES = re.compile(r"(?:/[\w-]+)*/(?:[\w-]+\.html?)?", re.ASCII | re.IGNORECASE)

AT_ONCE = 10

Turned = Document | Missed | None  # a page, why it was missed, None where the server knows none


@dataclass(slots=True)
class Whole:
    """What all pages show: each picture by the first page of those that have most against it; and what was missed."""

    items: dict[str, Harvested] = field(default_factory=dict)
    lost: list[Missed] = field(default_factory=list)
    is_known: bool = False  # whether any picture is at an address as they were


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """The pictures of all pages in the order of their ids; the cursor is the id of the next. The gallery is read whole
    first: a picture that one page credits to somebody else may stand without a word on another. Raises Stopped where no
    page shows a picture."""
    if request.query or request.since:
        raise Stopped("This gallery is small and is read whole: leave --query and --since out.")
    whole = _whole(_recorded(request.folder) if request.folder else _walk(request, fetch), request.source)
    if not whole.is_known:
        raise Stopped(
            "No page of the gallery shows a picture at such an address as they had: the site has changed; stopped, look"
            " at it before you run this again."
        )
    cursor, ids = request.cursor or "", sorted(whole.items)
    rest = [one for one in ids if one >= cursor]
    if not rest:
        raise BadCursor("The gallery no longer has what the last run would have gone on with.")
    for at in range(0, len(rest), AT_ONCE):
        items = [whole.items[one] for one in rest[at : at + AT_ONCE]]
        kept = [on_disk(item, request.folder) for item in items] if request.folder else items
        lost = () if at or cursor else tuple(whole.lost)
        yield Page(tuple(kept), rest[at + AT_ONCE] if at + AT_ONCE < len(rest) else None, len(ids), lost)


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The page that tells of this picture now, after all were read; None where none shows it. Raises FetchFailed where
    a page that may show it cannot be read or is not there, and where no page shows any picture: that says nothing of
    this one."""
    whole = _whole(_walk(request, fetch), request.source)
    if foreign_id in whole.items:
        return whole.items[foreign_id].document
    unread = next((one for one in whole.lost if one.refusal.code != UNCLEAR), None)
    if unread:
        raise FetchFailed(unread.refusal.code, f"{unread.foreign_id}: {unread.refusal.text}", is_final=False)
    if not whole.is_known:
        raise FetchFailed(NOT_UNDERSTOOD, "no page of the gallery shows a picture as it did", is_final=False)
    return None


def read(document: Document, source: Source) -> Harvested:
    """What a page of the gallery says of the picture that the fragment of the document's address names."""
    key, gallery, words = named_in(document), _opened(document, source), load_words(WORDS)
    picture = gallery.pictures.get(key) if gallery else None
    faults, doubts = list[Refusal | None](), list[Refusal | None]()
    skin_type = _type_in(picture.addresses[0]) if picture else None
    if gallery is None:
        faults.append(Refusal(NOT_UNDERSTOOD, "what was sent is no whole page"))
    elif picture is None:
        faults.append(Refusal("no-file", "the page does not show this picture"))
    else:
        own = words["rights"]["own"]
        credit, maybe = credited(picture, own=own, known=(*gallery.headings, key))
        unclear = Refusal("skin-tone-unclear", f"its name tells no skin type as the others do: “{key[-80:]}”")
        faults += [twice(picture), credit]
        doubts += [None if skin_type else unclear, *maybe, rights_on_page(gallery, own=own)]
    page_url = web_address(document.url.partition("#")[0])
    said = words["skin_tone"]
    return Harvested(
        source_id=source.source_id,
        foreign_id=proper_id(key, document, source),
        landing_url=page_url or source.homepage_url,
        file=FileRef(picture.addresses[0]) if picture else None,
        document=document,
        statements=(),
        depiction=Depiction(
            condition=_condition(key, gallery) if gallery and picture else None,
            skin_tones=(SkinTone(said["scale"], skin_type, said["assessed_by"]),) if skin_type else (),
        ),
        metadata={"alt": list(picture.alts), "skin_tone_note": _note(gallery.text)} if gallery and picture else {},
        faults=tuple(filter(None, faults)),
        doubts=tuple(filter(None, doubts)),
    )


def _whole(turned: Iterator[Turned], source: Source) -> Whole:
    """All pages taken together. Raises what walking them raises."""
    whole = Whole()
    for found in turned:
        gallery = _opened(found, source) if isinstance(found, Document) else None
        if isinstance(found, Missed):
            whole.lost.append(found)
        if not isinstance(found, Document) or gallery is None:
            continue
        for key in gallery.pictures:
            item = read(naming(found, key), source)
            whole.is_known |= bool(item.depiction.skin_tones)
            if key not in whole.items or _against(item) > _against(whole.items[key]):
                whole.items[key] = item
        unclear = Refusal(UNCLEAR, f"{_short(found.url)} shows a picture at an address of another form")
        whole.lost += [Missed(one[-80:], unclear) for one in gallery.odd]
    whole.lost = list({one.foreign_id: one for one in reversed(whole.lost)}.values())[::-1]
    return whole


def _against(item: Harvested) -> tuple[int, int]:
    return len(item.faults), len(item.doubts)


def _walk(request: HarvestRequest, fetch: Fetch) -> Iterator[Turned]:
    """The gallery, then every page of its folder that it or they link, in that order. Raises FetchFailed and Stopped
    where the gallery itself cannot be read, the pages have no end, or ten in a row cannot be read."""
    source = request.source
    first, missed = source.homepage_url, 0
    waiting, known = deque([first]), {first}
    while waiting:
        url = waiting.popleft()
        found = _had(url, source, fetch)
        if url == first and not isinstance(found, Document):
            said = found.refusal.text if found else "there is no such page"
            raise FetchFailed(found.refusal.code if found else "http-404", f"{url}: {said}", is_final=False)
        missed = missed + 1 if isinstance(found, Missed) else 0
        if isinstance(found, Missed):
            check_missed(missed, found)
        gallery = _opened(found, source) if isinstance(found, Document) else None
        for link in filter(None, (_own_page(one, source) for one in (gallery.links if gallery else ()))):
            if link not in known:
                known.add(link)
                waiting.append(link)
        if len(known) > MOST_PAGES:
            raise Stopped(f"The gallery links more than {MOST_PAGES} pages: the site has changed; stopped, look at it.")
        yield found


def _had(url: str, source: Source, fetch: Fetch) -> Document | Missed | None:
    try:
        document = fetch_page(url, source, fetch)
    except FetchFailed as fault:
        return Missed(_short(url), Refusal(fault.code, str(fault)))
    if document is None and url != source.homepage_url:
        return Missed(_short(url), Refusal("gone-since-listed", "the gallery links it and the site has no such page"))
    if document and (_own_page(document.url, source) is None or _opened(document, source) is None):
        return Missed(_short(url), _unreadable())
    return document


def _unreadable() -> Refusal:
    return Refusal(NOT_UNDERSTOOD, "what was sent is no whole page of the gallery")


def _recorded(folder: Path) -> Iterator[Turned]:
    paths = sorted(folder.glob("*.htm*"))
    if not paths:
        raise Stopped(f"{folder} holds no recorded pages (*.html).")
    for path in paths:
        document = Document(path.read_bytes(), f"recorded:{path.name}", "text/html")
        yield document if open_page(document.body) else Missed(path.name, _unreadable())


def _opened(document: Document, source: Source) -> Gallery | None:
    address = web_address(document.url.partition("#")[0]) or source.homepage_url
    return _read_once(document.body, address, source.ingest.hosts)


@lru_cache(maxsize=4)
def _read_once(body: bytes, base: str, hosts: tuple[str, ...]) -> Gallery | None:
    """The page, read once for all its pictures."""
    tree = open_page(body)
    return read_gallery(tree, base, shown=SHOWN, key_of=lambda one: _key(one, hosts)) if tree else None


def _key(address: str, hosts: tuple[str, ...]) -> str | None:
    """The path of a picture below the gallery's own folder, without its ending. Pictures elsewhere are none of it."""
    folder = load_words(WORDS)["pictures"]
    parts = urlsplit(address)
    if not PICTURES.search(parts.path) or folder.rstrip("/").rpartition("/")[2] not in parts.path.lower():
        return None
    found = OWN_STEM.fullmatch(parts.path.removeprefix(folder))
    is_own = parts.netloc in hosts and parts.path.startswith(folder) and not parts.query
    return found[1] if found and is_own else ""


def _type_in(address: str) -> str | None:
    """The skin type that the name of a picture's file tells, in capitals."""
    words = load_words(WORDS)
    found = re.fullmatch(words["picture"], urlsplit(address).path.removeprefix(words["pictures"]))
    return found["type"].upper() if found else None


def _condition(key: str, gallery: Gallery) -> str:
    """The condition whose folder a picture lies in, as a heading of the page spells it, else as the folder does."""
    folder = key.partition("/")[0]
    return next((one for one in gallery.headings if squeezed(one) == squeezed(folder)), folder.replace("-", " "))


@lru_cache(maxsize=4)
def _note(text: str) -> str:
    """What the team says of its skin types, as the page prints it, else as the registry quotes it."""
    said = load_words(WORDS)["skin_tone"]
    found = re.search(said["printed"], seen(text))
    return found[0] if found else str(said["note"])


def _own_page(address: str, source: Source) -> str | None:
    """The address of a page of the gallery's folder; None for any other."""
    parts, folder = urlsplit(address), load_words(WORDS)["pages"]
    is_own = parts.netloc in source.ingest.hosts and parts.path.startswith(folder) and not parts.query
    is_page = PAGES.fullmatch(parts.path.removeprefix(folder.rstrip("/")))
    return parts._replace(scheme="https", fragment="").geturl() if is_own and is_page else None


def _short(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2][:80] or url[:80]
