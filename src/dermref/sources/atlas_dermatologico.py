"""The Atlas Dermatologico: an index of diseases, and one page for each with its pictures. Reports what the page of a
disease shows; no caption, credit or skin type of a picture is known there, so a word about anybody's rights stops it.

An item is a picture on the page of a disease, and has both their numbers as its id. The site files some pictures under
several diseases: under its own number alone such a picture would say something else with every page that is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.harvest import BadCursor, Fetch, FetchFailed, HarvestRequest, Missed, Page
from dermref.model.source import Source
from dermref.sources.asked_by_id import NOT_UNDERSTOOD, Spans, check_missed, proper_id, spans_of
from dermref.sources.gallery_page import (
    Gallery,
    absolute,
    credited,
    fetch_page,
    lasting,
    named_in,
    naming,
    open_page,
    read_gallery,
    rights_on_page,
    twice,
)
from dermref.sources.labelled_page import squeezed
from dermref.sources.reading import plain
from dermref.sources.recorded import recorded
from dermref.sources.words import load_words

SOURCE_ID = "atlas-dermatologico"
reader = "atlas-dermatologico/1"
is_local = False
is_mirrored = True
is_listing_complete = True

WORDS = "atlas_dermatologico"
AT_ONCE = 5  # diseases a page: some have dozens of pictures
NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
RECORDED = re.compile(r"recorded:\D*(0|[1-9][0-9]{0,8})\.html?")
NO_PICTURES = Refusal("no-pictures", "its page shows no picture")


@dataclass(frozen=True, slots=True)
class Disease:
    """The page of a disease: the different names on it, and its pictures; `trouble` where it is no such page."""

    names: tuple[str, ...] = ()
    gallery: Gallery | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """The diseases of the index by number, and its entries that lead to none."""

    names: Mapping[int, str] = field(default_factory=dict)
    odd: tuple[Missed, ...] = ()


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of the pictures of some diseases each: all of the index, those the query names by number, or recorded ones,
    whose files are called by that number (`12.html`)."""
    if request.folder:
        for page in recorded(request, request.folder, pattern="*.htm*", read=lambda path: _recorded(path, request)):
            yield replace(page, items=tuple(map(_on_disk, page.items)))
        return
    if request.since:
        raise Stopped("This atlas cannot be asked by date; leave --since out, unchanged pages cost little.")
    if request.query:
        yield from _pages(spans_of(request.query), Index(), request, fetch)
    else:
        index = _index(request, fetch)
        yield from _pages(tuple(range(one, one + 1) for one in sorted(index.names)), index, request, fetch)


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The page of the item's disease now, about its picture; None where it is no longer there. Raises FetchFailed."""
    disease, _, image = foreign_id.partition("/")
    document = _ask(disease, request, fetch)
    if document is None:
        return None
    opened = _opened(document, request.source)
    return naming(document, image) if opened.gallery and image in opened.gallery.pictures else None


def read(document: Document, source: Source) -> Harvested:
    """What the page of a disease says of the picture that the fragment of the document's address names."""
    disease, image, opened = _disease_of(document, source), named_in(document), _opened(document, source)
    picture = opened.gallery.pictures.get(image) if opened.gallery else None
    faults, doubts = list[Refusal | None](), list[Refusal | None]()
    if opened.trouble or not disease:
        faults.append(
            Refusal(NOT_UNDERSTOOD, f"what was sent is no page of a disease: {opened.trouble or 'no number'}")
        )
    elif picture is None or opened.gallery is None:
        faults.append(Refusal("no-file", "the page of the disease does not show this picture"))
    else:
        words = load_words(WORDS)["rights"]
        credit, maybe = credited(picture, own=words["own"], known=opened.names)
        faults += [twice(picture), credit]
        doubts += [_misnamed(opened, picture.alts), *maybe, rights_on_page(opened.gallery, own=words["own"])]
    return Harvested(
        source_id=source.source_id,
        foreign_id=proper_id(f"{disease}/{image}", document, source),
        landing_url=_address(disease) if disease else source.homepage_url,
        file=FileRef(picture.addresses[0]) if picture else None,
        document=document,
        statements=(),
        depiction=Depiction(condition=opened.names[0] if opened.names and not any(doubts[:1]) else None),
        metadata={"disease_id": disease, "image_id": image, "alt": list(picture.alts)} if picture else {},
        faults=tuple(filter(None, faults)),
        doubts=tuple(filter(None, doubts)),
    )


def _index(request: HarvestRequest, fetch: Fetch) -> Index:
    """What the index lists. Raises FetchFailed, and Stopped where it is no index at all."""
    words = load_words(WORDS)
    document = fetch_page(words["index"], request.source, fetch, volatile=words["session"]["volatile"])
    tree = open_page(document.body) if document else None
    names, odd = dict[int, str](), list[Missed]()
    for entry in tree.css(words["elements"]["entry"]) if tree else []:
        link, named = (entry.css_first(words["elements"][one]) for one in ("entry_link", "entry_name"))
        said, name = (link.attributes["href"] or "") if link else "", plain(named.html or "") if named else ""
        disease = _number(absolute(said, words["index"]), "page_path", "diseaseId", request.source)
        if disease and name:
            names[int(disease)] = name
        else:
            shown = " ".join(said.split()) or plain(entry.html or "") or "an entry of the index"
            odd.append(Missed(shown[:80], Refusal("link-unclear", "the index does not name and link a disease here")))
    if not names:
        raise Stopped(f"{words['index']} lists no diseases as it did: the site has changed; stopped, look at it.")
    return Index(names, tuple(odd))


def _pages(spans: Spans, index: Index, request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """The cursor is the number of the next disease. Raises BadCursor, and Stopped where ten pages in a row cannot be
    read or show no picture."""
    start = int(request.cursor) if request.cursor and NUMBER.fullmatch(request.cursor) else 0
    if request.cursor and not 0 < start < spans[-1].stop:
        raise BadCursor("The diseases asked for are not those that the last run asked for.")
    ids = (one for span in spans for one in range(max(span.start, start), span.stop))
    batch, barren, lost = list(islice(ids, AT_ONCE)), 0, [] if start else [*index.odd]
    while batch:
        items, absent = list[Harvested](), list[str]()
        for disease in map(str, batch):
            found = _had(disease, index, request, fetch)
            if found is None:
                absent.append(disease)
                continue
            shown, unread = ((), [found]) if isinstance(found, Missed) else _items(found, request.source)
            items += shown
            lost += unread
            barren = 0 if shown else barren + 1
            check_missed(barren, unread[-1] if unread else Missed(disease, NO_PICTURES))
        batch = list(islice(ids, AT_ONCE))
        yield Page(tuple(items), str(batch[0]) if batch else None, None, tuple(lost), tuple(absent))
        lost = []


def _had(disease: str, index: Index, request: HarvestRequest, fetch: Fetch) -> Document | Missed | None:
    """The page of a disease; that it was missed; None where there is none under a number that the query named."""
    listed = index.names.get(int(disease))
    try:
        document = _ask(disease, request, fetch)
    except FetchFailed as fault:
        return Missed(disease, Refusal(fault.code, str(fault)))
    if document is None:
        gone = Refusal("gone-since-listed", f"the index lists {disease} and the site has no such page")
        return Missed(disease, gone) if listed else None
    names = _opened(document, request.source).names
    if listed and squeezed(listed) not in map(squeezed, names):  # a server that mixes sessions up shows another's page
        other = Refusal("wrong-item", f"the index calls it “{listed[:80]}”, its page “{'”, “'.join(names)[:200]}”")
        return Missed(disease, other)
    return document


def _ask(disease: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """The page of a disease, or None where the server knows none. Raises FetchFailed, also for a page that is none of
    this disease: an expired session says nothing against its pictures."""
    source, words = request.source, load_words(WORDS)
    document = fetch_page(_address(disease), source, fetch, volatile=words["session"]["volatile"])
    if document is None:
        return None
    trouble = _opened(document, source).trouble
    if trouble or _disease_of(document, source) != disease:
        raise FetchFailed(NOT_UNDERSTOOD, f"{_address(disease)}: {trouble or 'another page answers'}", is_final=False)
    return document


def _items(document: Document, source: Source) -> tuple[list[Harvested], list[Missed]]:
    """The pictures of a page, and the links on it that should lead to one and do not."""
    gallery, disease = _opened(document, source).gallery, _disease_of(document, source)
    if gallery is None:
        return [], []
    odd = Refusal("link-unclear", "the page links no picture of its own here")
    lost = [Missed(f"{disease}/{one[:80] or '-'}", odd) for one in gallery.odd]
    return [read(naming(document, image), source) for image in gallery.pictures], lost


def _recorded(path: Path, request: HarvestRequest) -> Page:
    volatile = load_words(WORDS)["session"]["volatile"]
    document = Document(lasting(path.read_bytes(), volatile), f"recorded:{path.name}", "text/html")
    trouble = _opened(document, request.source).trouble
    if trouble or not _disease_of(document, request.source):
        text = trouble or "it is not called by the number of its disease, as in “12.html”"
        return Page((), None, missed=(Missed(path.name, Refusal(NOT_UNDERSTOOD, text)),))
    items, lost = _items(document, request.source)
    return Page(tuple(items), None, missed=tuple(lost))


def _on_disk(item: Harvested) -> Harvested:
    """All files have one path on the site; recorded ones are called by their number."""
    if item.file is None or item.file.path is None:
        return item
    return replace(item, file=replace(item.file, path=item.file.path.with_name(f"{item.metadata['image_id']}.jpg")))


def _opened(document: Document, source: Source) -> Disease:
    return _read_once(document.body, _address(_disease_of(document, source) or "0"), source.ingest.hosts)


@lru_cache(maxsize=4)
def _read_once(body: bytes, base: str, hosts: tuple[str, ...]) -> Disease:
    """The page, read once for all its pictures."""
    words = load_words(WORDS)
    tree = open_page(body)
    if tree is None:
        return Disease(trouble="it is no whole page")
    names = dict.fromkeys(plain(node.html or "") for node in tree.css(words["elements"]["name"]))
    selector = words["elements"]["picture"]
    gallery = read_gallery(tree, base, shown=((selector, "href"),), key_of=lambda one: _image(one, hosts))
    if gallery is None:
        return Disease(trouble="it nests without end")
    if any(one in gallery.text.casefold() for one in words["session"]["expired"]):
        return Disease(trouble="the session has expired")
    named = tuple(filter(None, names))
    return Disease(named, gallery, "" if named else "it names no disease")


def _misnamed(opened: Disease, alts: Iterable[str]) -> Refusal | None:
    """A doubt where the page has several names, or a picture's alternative text does not begin with its name."""
    if len({squeezed(one) for one in opened.names}) > 1:
        return Refusal("condition-unclear", f"its page has several names: “{'”, “'.join(opened.names)[:200]}”")
    own = squeezed(opened.names[0])
    other = next((one for one in alts if squeezed(one.partition("(")[0]) != own), None)
    return Refusal("condition-unclear", f"it is called “{other[:200]}” there") if other else None


def _address(disease: str) -> str:
    return str(load_words(WORDS)["page"]).format(disease=disease)


def _disease_of(document: Document, source: Source) -> str:
    """The number of the disease that a document is the page of, by its address or the name of its file."""
    name = RECORDED.fullmatch(document.url.partition("#")[0])
    return name[1] if name else _number(absolute(document.url, ""), "page_path", "diseaseId", source)


def _image(address: str, hosts: tuple[str, ...]) -> str:
    return _numbered(address, "picture_path", "imageId", hosts)


def _number(address: str, path: str, parameter: str, source: Source) -> str:
    return _numbered(address, path, parameter, source.ingest.hosts)


def _numbered(address: str, path: str, parameter: str, hosts: tuple[str, ...]) -> str:
    """The number that an address of the site asks for with this one parameter; "" for any other address."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    is_own = parts.netloc in hosts and parts.path == load_words(WORDS)[path]
    found = pairs[0][1] if is_own and [name for name, _ in pairs] == [parameter] else ""
    return found if NUMBER.fullmatch(found) else ""
