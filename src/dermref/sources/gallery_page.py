"""A page that shows several pictures: which ones, under which addresses, and what is said beside each. A document tells
of all of them; the fragment of its URL names one. What pictures mean to a source is for its adapter to say."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dermref.model.evidence import Document, Refusal
from dermref.model.harvest import Fetch, FetchFailed
from dermref.model.source import Source
from dermref.sources.asked_by_id import NOT_UNDERSTOOD
from dermref.sources.labelled_page import DEEPEST, UNREAD
from dermref.sources.markup import parse_html
from dermref.sources.reading import decode, host_of, plain, web_address, without_hidden
from dermref.sources.shown_credit import SHOWN, Judged, credit_on_page, credited_in, without_own

PAGE_BYTES = 2 * 1024 * 1024  # no page of these sites was seen whole; a long gallery of others has a tenth of it
CLIMB = 3  # elements around a lone picture in which its caption is looked for
FRAME = "body > footer, body > nav, body > header"  # the site's own; such parts further inside may be a picture's
TOPS = frozenset({"body", "html"})
MARK = r"""jsessionid=[^?#"'&<>\s]*"""
SESSION = rf"(?:;|%3b|&#0{{0,6}}59;|&#x0{{0,6}}3b;|&semi;){MARK}|(?<=[?&]){MARK}&?(?:amp;)?"
IN_ADDRESS, IN_BODY = re.compile(SESSION, re.IGNORECASE), re.compile(SESSION.encode(), re.IGNORECASE)

Marks = Sequence[tuple[LexborNode, str]]  # the elements that show a picture, and its key
KeyOf = Callable[[str], str | None]  # of an absolute address: None for no picture, "" for one of an odd form


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a page: its different addresses, its alternative texts, and what is said beside it, in titles and
    up to its neighbours; each in one line. `captions` are what of it the page itself marks as a caption."""

    addresses: tuple[str, ...]
    alts: tuple[str, ...]
    beside: tuple[str, ...]
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gallery:
    """What a page shows. `odd` are addresses of pictures that have none of the expected forms, `links` all other
    addresses, `elsewhere` what is said far from the pictures, and in rows of a table that show none."""

    pictures: Mapping[str, Picture]
    odd: tuple[str, ...]
    links: tuple[str, ...]
    headings: tuple[str, ...]
    text: str
    elsewhere: tuple[str, ...]


def without_session(address: str) -> str:
    """The address without the mark of the visitor that a Java server puts into it.

    >>> without_session("img;jsessionid=AB12.node1?imageId=3")
    'img?imageId=3'
    """
    return IN_ADDRESS.sub("", address)


def lasting(body: bytes, volatile: Sequence[str]) -> bytes:
    """The document without what changes with every visitor: marks of sessions, and what `volatile` patterns match."""
    for pattern in (IN_BODY, *(re.compile(one.encode(), re.IGNORECASE) for one in volatile)):
        body = pattern.sub(b"", body)
    return body


def open_page(body: bytes) -> LexborHTMLParser | None:
    """The page as a reader sees it; None for what is no text, and for a page that breaks off before its end or nests
    without one."""
    try:
        text = decode(body)
        tree = parse_html(text) if "</html" in text.lower() else None
    except ValueError:
        return None
    if tree is None or tree.root is None or tree.body is None:
        return None
    tree.strip_tags(UNREAD)
    without_hidden(tree)
    return tree


def read_gallery(
    tree: LexborHTMLParser, base: str, *, shown: Sequence[tuple[str, str]], key_of: KeyOf
) -> Gallery | None:
    """The pictures of an opened page at `base`; `shown` are selectors of the elements that may show one, each with the
    attribute that holds its address. Takes the page's frame out of the tree. None where it nests without end."""
    headings = tuple(plain(node.html or "") for node in tree.css("h1, h2, h3, h4, h5, h6"))
    linked, text = tree.css("a[href]"), plain(tree.body.html or "") if tree.body else ""
    own_base = tree.css_first("base[href]")
    base = absolute((own_base.attributes["href"] or "") if own_base else "", base)
    links = tuple(dict.fromkeys(absolute(node.attributes["href"] or "", base) for node in linked))
    for node in tree.css(FRAME):
        node.decompose()
    marks, odd = list[tuple[LexborNode, str]](), list[str]()
    addresses, alts, titles = (defaultdict[str, list[str]](list) for _ in range(3))
    for selector, attribute in shown:
        for node in tree.css(selector):
            said = node.attributes[attribute] or ""
            address = absolute(said, base)
            key = key_of(address)
            if key:
                marks.append((node, key))
                addresses[key].append(address)
                alts[key] += _said(node, "alt")
                titles[key] += _said(node, "title")
            elif key is not None:
                odd.append(said.strip()[:200])
    if tree.body is None or any(_is_deep(node) for node, _ in marks):
        return None
    beside, captions, elsewhere = _beside(tree.body, marks)
    pictures = {
        key: Picture(_once(found), _once(alts[key]), _once([*titles[key], *beside[key]]), _once(captions[key]))
        for key, found in addresses.items()
    }
    return Gallery(pictures, _once(odd), tuple(filter(None, links)), headings, text, elsewhere)


def absolute(address: str, base: str) -> str:
    """Where an address of a page at `base` leads, without fragment and session; "" where that is no web address.

    >>> absolute(" img;jsessionid=A1?imageId=3#top", "https://example.org/disease.jsf?diseaseId=1")
    'https://example.org/img?imageId=3'
    """
    try:
        joined = urldefrag(urljoin(base, without_session(address.strip()))).url
    except ValueError:
        return ""
    return web_address(joined) or ""


def twice(picture: Picture) -> Refusal | None:
    """A fault where a picture's name leads to different files."""
    if len(picture.addresses) == 1:
        return None
    return Refusal("listed-twice", f"its page has it at different addresses: {' and '.join(picture.addresses)[:300]}")


def credited(picture: Picture, *, own: Sequence[str], known: Sequence[str] = ()) -> Judged:
    """Why a picture is somebody else's by the words beside it, and why it may be; the site's `own` notices (patterns)
    left aside. `known` are texts of the page, such as its headings, whose words name nobody in a caption."""
    fault, doubts = credited_in(without_own(one, own) for one in (*picture.alts, *picture.beside))
    captions = (without_own(one, own) for one in picture.captions)
    _, more = credited_in(captions, known=(*known, *picture.alts))
    return fault, () if fault else tuple({one.code: one for one in (*more, *doubts)}.values())


def rights_on_page(gallery: Gallery, *, own: Sequence[str]) -> Refusal | None:
    """A doubt where the page speaks of rights or credits far from its pictures, the site's `own` notices left aside:
    nobody can tell which picture is meant."""
    found = next((cue for one in gallery.elsewhere if (cue := _page_cue(one, tuple(own)))), "")
    return Refusal("rights-on-page", f"its page speaks of rights (“{found[:SHOWN]}”)") if found else None


@lru_cache(maxsize=64)
def _page_cue(text: str, own: tuple[str, ...]) -> str:
    """The first credit in a text of a page, searched once for all its pictures; "" where there is none."""
    return credit_on_page(without_own(text, own).strip())


def fetch_page(url: str, source: Source, fetch: Fetch, *, volatile: Sequence[str] = ()) -> Document | None:
    """The page at `url` under the address that it has after redirects, or None where the server knows none. Raises
    FetchFailed, also for one on another host."""
    try:
        answer = fetch(url, max_bytes=PAGE_BYTES, keep=True)
    except FetchFailed as fault:
        if fault.is_gone:
            return None
        raise
    address = without_session(answer.url)
    if host_of(address) not in source.ingest.hosts:
        raise FetchFailed(NOT_UNDERSTOOD, f"{url} leads to {address}, on another host", is_final=False)
    return Document(lasting(answer.body, volatile), urldefrag(address).url, "text/html")


def naming(document: Document, key: str) -> Document:
    """The same document, about one of its pictures."""
    return replace(document, url=f"{document.url}#{quote(key, safe='/')}")


def named_in(document: Document) -> str:
    """The key of the picture that a document is about; "" where it names none."""
    return unquote(urlsplit(document.url).fragment)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in (" ".join(text.split()) for text in texts) if one))


def _said(node: LexborNode, attribute: str) -> list[str]:
    """What an element and the pictures in it say in an attribute."""
    return [one.attributes.get(attribute) or "" for one in (node, *node.css("img"))]


def _is_deep(node: LexborNode) -> bool:
    return next(islice(_line(node), DEEPEST, None), None) is not None


def _line(node: LexborNode) -> Iterable[LexborNode]:
    """The element and all around it."""
    above: LexborNode | None = node
    while above is not None:
        yield above
        above = above.parent


def _beside(body: LexborNode, marks: Marks) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]], tuple[str, ...]]:
    """What stands beside each picture, the captions in it, and all that stands outside the block of the pictures. A
    text between two of them may belong to either, and counts for both."""
    found, captions = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    block = _block(marks) or body
    keys = {node.mem_id: key for node, key in marks}
    inside, current, run, marked = set[int](), "", list[str](), list[str]()
    for node in block.traverse(include_text=True):
        inside.add(node.mem_id)
        key = keys.get(node.mem_id, current)
        if node.is_text_node:
            run.append(node.text_content or "")
        elif key != current:
            for one in {current, key}:
                found[one].append(" ".join(run))
                captions[one] += marked
            current, run, marked = key, [], []
        elif node.tag == "figcaption":
            marked.append(plain(node.html or ""))
    found[current].append(" ".join(run))
    captions[current] += marked
    outside = (one for one in body.traverse(include_text=True) if one.is_text_node and one.mem_id not in inside)
    shows = {above.mem_id for node, _ in marks for above in _line(node)}
    rows = [plain(row.html or "") for row in body.css("tr") if marks and row.mem_id not in shows]
    return found, captions, (" ".join(one.text_content or "" for one in outside), *_once(rows))


def _block(marks: Marks) -> LexborNode | None:
    """The smallest element that holds every picture, a little more around a lone one; None without pictures."""
    common: list[LexborNode] = []
    for number, (node, _) in enumerate(marks):
        line = [*_line(node)][::-1]  # from the root down
        pairs = zip(common, line, strict=False)
        common = [one for one, other in pairs if one.mem_id == other.mem_id] if number else line
    if len({key for _, key in marks}) == 1:
        for _ in range(CLIMB):
            if len(common) > 1 and common[-2].tag not in TOPS:
                common.pop()
    return common[-1] if common else None
