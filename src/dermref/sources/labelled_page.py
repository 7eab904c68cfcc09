"""What a page says that shows one image with its facts as labels and values. A label is known by its words, never by
where it stands or what it is called in the page's own code; a row that is not there is not guessed at."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from dermref.model.evidence import Document, Refusal, Statement
from dermref.model.source import Source
from dermref.sources.credit_cues import find_cues
from dermref.sources.markup import parse_html
from dermref.sources.reading import decode, host_of, plain, seen, web_address, without_hidden

FEWEST_LABELS = 3  # with a value, on a page that is one of an image
LONGEST_LABEL = 60
DEEPEST = 200  # elements around a label; deeper ones are no page of anybody, and would take forever
CLIMB = 8  # elements around a text that may still be nothing but a label
UNREAD = ["script", "style", "template", "noscript", "select", "textarea", "button"]
INLINE = frozenset({"-text", "b", "strong", "i", "em", "span", "font", "u", "a", "label"})
OF_RIGHTS = re.compile("copyr|reuse|rights|restriction|usage|permission|licen[cs]e|termsof")
CELLS = frozenset({"td", "th", "dt"})
LABELS = frozenset({"th", "dt", "label"})  # these are labels without a colon, too
BEGINS = re.compile(r"\s*([^:]{1,60}):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """An address as the page has it, with the words of the link, or the `alt` of a picture."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a page says. `values` are the different values of each known label by its key, in the page's order, in one
    line each; `pieces` the runs of text they are made of; `printed` every row under its label as printed."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pieces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    printed: Mapping[str, object] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[Link, ...] = ()
    base: str = ""
    text: str = ""
    unknown_rights: tuple[str, ...] = ()  # labels that speak of rights, and that nobody knows
    places: Mapping[str, frozenset[tuple[int, str]]] = field(default_factory=dict)  # of the rows of each key
    is_whole: bool = False

    def value(self, key: str) -> str | None:
        """The one value under a label; None where there is none, or it is empty, or the page disagrees with itself."""
        found = self.values.get(key, ())
        return found[0] or None if len(found) == 1 else None

    @property
    def is_of_an_image(self) -> bool:
        """Whether this is a page of an image, up to its end: not a search form, an error or an expired session, where
        hardly anything is labelled."""
        return self.is_whole and sum(any(values) for values in self.values.values()) >= FEWEST_LABELS

    def twice(self) -> tuple[Refusal, ...]:
        """A fault for each label that stands there twice with different values."""
        printed = {key: " / ".join(value[:60] for value in values) for key, values in self.values.items()}
        return tuple(
            Refusal("label-twice", f"its page says “{key}” twice and differently: {printed[key][:200]}")
            for key, values in self.values.items()
            if len(values) > 1
        )

    def own_address(self, link: Link, document: Document, source: Source) -> str | None:
        """Where a link of the page leads, if that is on a host of the source. Recorded pages lay where all pages do."""
        page = web_address(document.url) or source.ingest.landing_template or ""
        try:
            address = web_address(urljoin(urljoin(page, self.base), link.address.strip()))
            return address if address and host_of(address) in source.ingest.hosts else None
        except ValueError:
            return None


def restrictions(page: Labelled, *, beside: Sequence[str]) -> tuple[tuple[Statement, ...], tuple[Refusal, ...]]:
    """The statement of a page in the words of its row "restrictions", or why that makes none. It begins with “None”
    where there are no restrictions; what exactly the words mean is not decided here. The row counts only where it is
    one of the same block as the rows `beside`, which are the image's own for sure."""
    said = page.values.get("restrictions")
    if page.unknown_rights:
        printed = "”, “".join(page.unknown_rights)
        return (), (Refusal("restriction-unclear", f"its page has a row nobody knows: “{printed[:200]}”"),)
    if said is None:
        return (), (Refusal("no-restriction-row", "its page has no row that tells of restrictions"),)
    if len(said) > 1:
        return (), ()  # told of by `twice`
    if not said[0]:
        return (), (Refusal("restriction-empty", "the row of its page that tells of restrictions is empty"),)
    own = frozenset[tuple[int, str]]().union(*(page.places.get(key, ()) for key in beside))
    if re.match(r"none\b", said[0], re.IGNORECASE) and (len(own) != 1 or page.places.get("restrictions") != own):
        return (), (
            Refusal("restriction-elsewhere", "the row that tells of restrictions is not among the image's own"),
        )
    if re.match(r"none\b", said[0], re.IGNORECASE):
        return (Statement(said[0]),), ()
    if re.match(r"yes\b", said[0], re.IGNORECASE):
        return (), (Refusal("copyright-protected", f"its page says: “{said[0][:300]}”"),)
    return (), (Refusal("restriction-unclear", f"its page says of restrictions: “{said[0][:300]}”"),)


def rights_in(page: Labelled, *, cues: Sequence[str], anywhere: Sequence[str]) -> tuple[Refusal, ...]:
    """A doubt where anything but the row "restrictions" speaks of somebody's rights, by the `cues` in small letters or
    as captions of articles do, or the page says one of `anywhere`: a curator reads it before anything is shown."""
    own = page.values.get("restrictions", ())
    values = [value for said in page.printed.values() for value in (said if isinstance(said, list) else [said])]
    found: list[str] = []
    for value in dict.fromkeys(seen(str(value)) for value in values if value not in own):
        found += [cue for cue in cues if cue in value.casefold()]
        found += [cue.words[:80] for cue in find_cues(value)]
    text = seen(page.text).casefold()
    for value in own:
        text = text.replace(seen(value).casefold(), "")
    found += [cue for cue in anywhere if cue in text]
    shown = "”, “".join(dict.fromkeys(found))
    return (Refusal("rights-in-caption", f"its page speaks of rights (“{shown[:300]}”)"),) if found else ()


def asked_id(document: Document, parameter: str) -> str:
    """The id that a document's address asks for; "" where it asks for none, as that of a recorded page."""
    pairs = parse_qsl(urlsplit(document.url).query)
    return next((value for name, value in pairs if name.lower() == parameter and value.isascii()), "")


def one_meaning(words: Iterable[str], table: Mapping[str, str]) -> str | None:
    """What the words mean by a table of exact words; None where nothing in it, or more than one thing, is meant."""
    found = {table[word] for word in words if word in table}
    return found.pop() if len(found) == 1 else None


def squeezed(text: str) -> str:
    """The letters and digits of a text alone: spelling, spaces and punctuation of labels come in variants."""
    return "".join(char for char in text.casefold() if char.isalnum())


def read_page(body: bytes, labels: Mapping[str, Sequence[str]], *, inner: Sequence[str] = ()) -> Labelled:
    """The labels and values of a page. `labels` are the spellings by key; one that stands inside another's value is
    part of that value, but for the keys in `inner`. Empty for bytes that are no text or nest without end."""
    try:
        text = decode(body)
        tree = parse_html(text)
    except ValueError:
        return Labelled()
    if tree.root is None:
        return Labelled()
    tree.strip_tags(UNREAD)
    without_hidden(tree)
    known = {squeezed(one): key for key, spelled in labels.items() for one in spelled}
    found = _labels(tree.root, known)
    if any(next(islice(_around(node), DEEPEST, None), None) for node, _, _ in found):
        return Labelled()
    rows = _rows(found, set(inner))
    values: dict[str, tuple[str, ...]] = {}
    printed: dict[str, object] = {}
    for row in rows:
        said = values.get(row.key, ())
        values[row.key] = said if row.value in said else (*said, row.value)
        _add(printed, row.label, row.value)
    for label, value in _other_rows([row.node for row in rows], set(printed)):
        _add(printed, label, value)
    base = tree.css_first("base[href]")
    return Labelled(
        values=values,
        pieces={row.key: row.pieces for row in reversed(rows)},
        printed=printed,
        headings=tuple(plain(node.html or "") for node in tree.css("h2")),
        links=tuple(Link(plain(node.html or ""), node.attributes["href"] or "") for node in tree.css("a[href]")),
        pictures=tuple(
            Link(node.attributes.get("alt") or "", node.attributes["src"] or "") for node in tree.css("img[src]")
        ),
        base=(base.attributes["href"] or "") if base else "",
        text=plain(tree.body.html or "") if tree.body else "",
        unknown_rights=tuple(label for _, key, label in found if not key),
        places=_places(rows, found),
        is_whole="</html" in text.lower(),
    )


def _add(printed: dict[str, object], label: str, value: str) -> None:
    """A label that stands there twice keeps every value."""
    known = printed.get(label)
    printed[label] = value if known in (None, value) else [*known, value] if isinstance(known, list) else [known, value]


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    label: str
    value: str
    pieces: tuple[str, ...]
    node: LexborNode


def _rows(found: Sequence[tuple[LexborNode, str, str]], inner: set[str]) -> list[_Row]:
    marks = {node.mem_id for node, _, _ in found}
    inside: set[int] = set()  # the nodes that values are made of
    rows: list[_Row] = []
    for node, key, label in found:
        if not key:
            continue
        if key not in inner and any(one.mem_id in inside for one in _around(node)):
            continue
        begun = BEGINS.match(node.text_content or "") if node.is_text_node else None
        nodes = _value_nodes(node, marks)
        if node.tag in CELLS:
            inside |= {one.mem_id for one in nodes}
        rest = begun[2] if begun else ""
        html = " ".join([escape(rest), *(one.html or "" for one in nodes)])
        texts = [rest, *(text for one in nodes for text in _texts(one))]
        pieces = tuple(words for text in texts if (words := " ".join(text.split())))
        rows.append(_Row(key, label, plain(html).removeprefix(":").strip(), pieces, node))
    return rows


def _places(
    rows: Sequence[_Row], found: Sequence[tuple[LexborNode, str, str]]
) -> dict[str, frozenset[tuple[int, str]]]:
    """Where the rows of each key stand: in which element, and how deep in what. A row is the largest element that holds
    no other label; one that begins with something else than its label is of another kind."""
    held = Counter(above.mem_id for node, _, _ in found for above in _around(node))
    places: dict[str, frozenset[tuple[int, str]]] = {}
    for row in rows:
        node, path = row.node, ["" if (row.node.tag or "") in INLINE else row.node.tag or ""]
        while node.parent is not None and held[node.parent.mem_id] == 1:
            node = node.parent
            path.append("" if (node.tag or "") in INLINE else node.tag or "")
        begins = squeezed("".join(_texts(node))).startswith(squeezed(row.label))
        kind = "/".join(filter(None, path)) + ("" if begins else " inside")
        places[row.key] = places.get(row.key, frozenset()) | {(node.parent.mem_id if node.parent else 0, kind)}
    return places


def _labels(root: LexborNode, known: Mapping[str, str]) -> list[tuple[LexborNode, str, str]]:
    """The nodes that are labels, the outermost element of each, with their key and what is printed; a text that begins
    with a label stands for it where no element does. One that speaks of rights and that nobody knows has the key ""."""
    said: dict[int, str] = {}
    texts: list[LexborNode] = []
    for node in root.traverse(include_text=True):
        if node.is_text_node and (words := " ".join((node.text_content or "").split())):
            texts.append(node)
            for above in islice(_around(node), CLIMB):
                if len(before := said.get(above.mem_id, "")) <= LONGEST_LABEL:
                    said[above.mem_id] = f"{before} {words}" if before else words
    found: dict[int, tuple[LexborNode, str, str]] = {}
    for node in texts:
        element = next((one for one in islice(_around(node), CLIMB) if _is_label(one, said, known)), None)
        begun = BEGINS.match(node.text_content or "")
        if element is not None:
            top = _outermost(element, said)
            label = said[top.mem_id].rstrip(": ")
            found.setdefault(top.mem_id, (top, known.get(squeezed(label), ""), label))
        elif begun and (key := _key(begun[1], known)) is not None:
            found[node.mem_id] = (node, key, " ".join(begun[1].split()))
    return list(found.values())


def _around(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _is_label(element: LexborNode, said: Mapping[int, str], known: Mapping[str, str]) -> bool:
    text = said.get(element.mem_id, "")
    is_marked = text.endswith(":") or element.tag in LABELS or _is_colon(element.next)
    return len(text) <= LONGEST_LABEL and is_marked and _key(text, known) is not None


def _key(label: str, known: Mapping[str, str]) -> str | None:
    """The key of a label; "" for one that nobody knows and that speaks of rights, None for any other text."""
    word = squeezed(label)
    return known.get(word, "" if OF_RIGHTS.match(word) else None)


def _is_colon(node: LexborNode | None) -> bool:
    return node is not None and node.is_text_node and (node.text_content or "").lstrip().startswith(":")


def _outermost(element: LexborNode, said: Mapping[int, str]) -> LexborNode:
    """The largest element that holds this label and nothing else: not even an empty neighbour, which is its value."""
    while (above := element.parent) is not None and element.tag not in CELLS:
        is_alone = not any(one.is_element_node for one in above.iter() if one.mem_id != element.mem_id)
        if not is_alone or said.get(above.mem_id) != said.get(element.mem_id):
            break
        element = above
    return element


def _value_nodes(label: LexborNode, marks: set[int]) -> list[LexborNode]:
    """What stands behind a label: the next cells of its row, or all up to the next label."""
    nodes: list[LexborNode] = []
    node = label.next
    while node is not None and node.mem_id not in marks:
        if label.tag not in CELLS and any(one.mem_id in marks for one in node.traverse(include_text=True)):
            break
        nodes.append(node)
        node = node.next
    return nodes


def _texts(node: LexborNode) -> Iterator[str]:
    return (one.text_content or "" for one in node.traverse(include_text=True) if one.is_text_node)


def _other_rows(labels: Sequence[LexborNode], known: set[str]) -> Iterator[tuple[str, str]]:
    """The rows with labels nobody knows, of the tables that hold known ones."""
    rows = [cell.parent for cell in labels if cell.tag in CELLS]
    tables = {row.parent.mem_id: row.parent for row in rows if row is not None and row.parent is not None}
    for table in tables.values():
        for row in table.iter():
            cells = [cell for cell in row.iter() if cell.tag in CELLS]
            label = plain(cells[0].html or "") if len(cells) > 1 else ""
            if label.endswith(":") and len(label) <= LONGEST_LABEL and label.rstrip(": ") not in known:
                yield label.rstrip(": "), plain(" ".join(cell.html or "" for cell in cells[1:]))
