"""What a page says that shows pictures under one heading: the heading, each picture with all its addresses and every
word said of it, and the lines around them. It takes no address for better than another, and judges no words."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborNode

from dermref.sources.markup import parse_html
from dermref.sources.reading import decode, plain, web_address, without_hidden
from dermref.sources.words import load_words

UNREAD = ["script", "style", "template", "noscript", "select", "textarea", "iframe", "xmp", "noembed", "noframes"]
OUTSIDE = frozenset(
    {"nav", "footer", "header"}
)  # right below the body: what stands there is the site's, not the topic's
APART = frozenset({"nav", "footer", "aside"})  # anywhere: pictures there are none of the topic, but what is said counts
BROAD = frozenset({"html", "body", "main", "article", "section"})  # never a picture's own block
INLINE = frozenset({"-text", "b", "strong", "i", "em", "span", "font", "u", "a", "small", "sub", "sup", "cite", "abbr"})
DEEPEST = 200  # elements around an element; deeper ones are no page of anybody
CLIMB = 8  # elements around a picture that may still hold nothing but it
LONGEST_CAPTION = 800
LONGEST_TITLE = 200
LONGEST_PRINTED = 2_000

KeyOf = Callable[[str], str | None]
"""The name of a picture by the address of any variant of it; None for what is no picture of a topic."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture: the addresses of its variants, those of links first; `words` are all that is said of it, `credits`
    what stands in a place made for a credit."""

    key: str
    addresses: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    title: str | None = None

    @property
    def printed(self) -> list[str]:
        """Its words for the record, none longer than a page would have them."""
        return [one[:LONGEST_PRINTED] for one in self.words]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A page as it was read; empty for what is none. `heading` and `canonical` are None where the page has none or
    two. `lines` are the texts that are said of no picture; `licenses` where links of the kind "license" lead."""

    heading: str | None = None
    canonical: str | None = None
    pictures: tuple[Shown, ...] = ()
    paragraphs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    is_whole: bool = False

    def picture(self, key: str) -> Shown | None:
        """The picture of this name."""
        return next((one for one in self.pictures if one.key == key), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a picture stands on the page, under one of its addresses."""

    node: LexborNode
    key: str
    address: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What is around an element: how many others, whether the site's own parts are among them, the nearest link."""

    depth: int = 0
    is_outside: bool = False
    link: LexborNode | None = None


def read_topic(body: bytes, url: str, key_of: KeyOf) -> TopicPage:
    """The page that was sent from `url`, a web address. Empty for bytes that are no text or nest without end."""
    try:
        text = decode(body)
        tree = parse_html(text)
    except ValueError:
        return TopicPage()
    if tree.root is None or tree.body is None:
        return TopicPage()
    tree.strip_tags(UNREAD)
    around = _surroundings(tree.root)
    if around is None:
        return TopicPage()
    canonical = _only(_absolute(url, node.attributes.get("href")) for node in tree.css("head link[rel~=canonical]"))
    base_node = tree.css_first("base[href]")
    base = (_absolute(url, base_node.attributes.get("href")) if base_node else None) or url
    places = [
        _Place(node, key, address)
        for node in tree.css("img")
        for address in _addresses(node, around.get(node.mem_id, _Around(is_outside=True)), (url, base), key_of)
        if (key := key_of(address))
    ]
    blocks = _blocks(places)
    pictures = tuple(_shown(key, places, blocks) for key in dict.fromkeys(one.key for one in places))
    lines = tuple(_lines(tree.body, frozenset(one.mem_id for one in blocks.values())))
    licenses = [_absolute(url, node.attributes.get("href")) for node in tree.css("[rel~=license][href]")]
    without_hidden(tree)
    return TopicPage(
        heading=_only(plain(node.html or "") for node in tree.css("h1")),
        canonical=canonical,
        pictures=pictures,
        paragraphs=tuple(plain(node.html or "") for node in tree.css("p")),
        lines=lines,
        licenses=tuple(dict.fromkeys(one for one in licenses if one)),
        is_whole="</html" in text.lower(),
    )


def _only(found: Iterator[str | None]) -> str | None:
    """The one thing that is said, however often."""
    different = {one for one in found if one}
    return different.pop() if len(different) == 1 else None


def _absolute(base: str, address: str | None) -> str | None:
    try:
        return web_address(urljoin(base, (address or "").strip()))
    except ValueError:
        return None


def _surroundings(root: LexborNode) -> Mapping[int, _Around] | None:
    """What is around each element; None where they nest without end."""
    found: dict[int, _Around] = {}
    for node in root.traverse():
        above = found.get(node.parent.mem_id, _Around()) if node.parent else _Around()
        if above.depth >= DEEPEST:
            return None
        is_link = node.tag == "a" and node.attributes.get("href")
        found[node.mem_id] = _Around(
            above.depth + 1,
            above.is_outside or node.tag in APART or _is_frame(node),
            node if is_link else above.link,
        )
    return found


def _is_frame(node: LexborNode) -> bool:
    """Whether an element is a part of the site's own frame around every page."""
    return node.tag in OUTSIDE and node.parent is not None and node.parent.tag == "body"


def _addresses(node: LexborNode, around: _Around, places: tuple[str, str], key_of: KeyOf) -> Iterator[str]:
    """Where a picture's link leads and where it lies itself, by the address of the page and the one that others begin
    at. None for one of the site's own parts, and for one that links to another page: it shows the way there."""
    url, base = places
    href = (around.link.attributes.get("href") or "").strip() if around.link else ""
    target = _absolute(base, href) if href else None
    is_here = href.startswith("#") or href.lower().startswith("javascript:") or urldefrag(target or "").url == url
    if around.is_outside or (href and not is_here and not (target and key_of(target))):
        return
    own = (_absolute(base, node.attributes.get(one)) for one in load_words("topic_page")["addresses"])
    yield from (urldefrag(one).url for one in (target, *own) if one)


def _blocks(places: Sequence[_Place]) -> Mapping[int, LexborNode]:
    """By the node of a picture the largest element that shows nothing but it and is no longer than a caption."""
    held: defaultdict[int, set[str]] = defaultdict(set)
    for one in places:
        for above in (one.node, *islice(_above(one.node), CLIMB)):
            held[above.mem_id].add(one.key)
    found: dict[int, LexborNode] = {}
    for one in places:
        block = one.node
        for above in islice(_above(one.node), CLIMB):
            is_shared = held[above.mem_id] != held[one.node.mem_id]
            if above.tag in BROAD or is_shared or len(above.text()) > LONGEST_CAPTION:
                break
            block = above
        found[one.node.mem_id] = block
    return found


def _above(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _shown(key: str, places: Sequence[_Place], blocks: Mapping[int, LexborNode]) -> Shown:
    own = [one for one in places if one.key == key]
    nodes = list({one.node.mem_id: one.node for one in own}.values())
    around = {blocks[node.mem_id].mem_id: blocks[node.mem_id] for node in nodes}.values()
    said = [words for block in around for words in _words(block)]
    credited = [words for block in around for words in _credits(block)]
    titles = [_in_line(node.attributes.get(name) or "") for name in ("alt", "title") for node in nodes]
    return Shown(
        key=key,
        addresses=tuple(dict.fromkeys(one.address for one in own)),
        words=tuple(dict.fromkeys(said)),
        credits=tuple(dict.fromkeys(credited)),
        title=next((one[:LONGEST_TITLE] for one in titles if one), None),
    )


def _words(block: LexborNode) -> Iterator[str]:
    """All a block says: its text, and every attribute that may hold words."""
    silent = load_words("topic_page")["silent"]
    for node in block.traverse():
        values = (value for name, value in node.attributes.items() if name not in silent)
        yield from (words for value in values if (words := _in_line(value or "")))
    if words := plain(block.html or ""):
        yield words


def _in_line(text: str) -> str:
    return " ".join(text.split())


def _credits(block: LexborNode) -> Iterator[str]:
    """What stands in a place that is named for a credit."""
    places = load_words("topic_page")["credit_places"]
    for node in block.traverse():
        for name, value in node.attributes.items():
            named = name if name not in ("class", "id", "itemprop") else (value or "")
            if any(one in named.lower() for one in places):
                words = plain(node.html or "") if named is not name else (value or "")
                yield from filter(None, [_in_line(words)])


def _lines(body: LexborNode, apart: frozenset[int]) -> Iterator[str]:
    """The texts of a page line by line, without those of blocks set apart and of the site's own parts."""
    left_out, line_of = set(apart), {body.mem_id: body.mem_id}
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for node in body.traverse(include_text=True):
        above = node.parent.mem_id if node.parent else 0
        if above in left_out or _is_frame(node) or node.mem_id in left_out:
            left_out.add(node.mem_id)
            continue
        line_of[node.mem_id] = line_of.get(above, above) if node.tag in INLINE else node.mem_id
        if node.is_text_node and (words := _in_line(node.text_content or "")):
            lines[line_of[node.mem_id]].append(words)
    yield from (" ".join(one) for one in lines.values())
