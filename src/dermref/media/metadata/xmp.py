"""What an XMP packet says. Read as plain XML by namespaces, whatever prefixes it uses, whether or not its RDF is right;
never a DOCTYPE or an entity."""

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from xml.parsers import expat

from dermref.media.metadata import place
from dermref.media.metadata.fields import fields
from dermref.media.metadata.said import Role, Said, tidy
from dermref.media.metadata.strings import strings
from dermref.model.media import Block, BlockKind

MOST_BYTES, MOST, DEEPEST = 8 * 1024 * 1024, 20_000, 100
MOST_PICTURES = 8
BYTE_ORDERS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


class Unsafe(Exception):
    """The packet has what no XMP packet has; reading stops there."""


@dataclass(slots=True)
class Reader:
    """Gathers properties while a parser walks through, as (name, words); a name is `prefix:name` or, in a foreign
    namespace, bare. An item of a list, an alternative and a value count for the property that they belong to. `left` is
    how many more elements and properties are read."""

    properties: list[tuple[str, str]] = field(default_factory=list)
    path: list[tuple[str, list[str]]] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    left: int = MOST

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self._count()
        if len(self.path) >= DEEPEST:
            raise Unsafe
        known = _known(name)
        self.path.append((known, []))
        self.owners.append(self.owners[-1] if known.startswith("rdf:") and self.owners else known)
        for attribute, words in attributes.items():
            self._keep(_known(attribute), words)

    def words(self, text: str) -> None:
        """Words inside the element."""
        self.path[-1][1].append(text)

    def end(self, _name: str) -> None:
        """The element closes."""
        _, parts = self.path.pop()
        self._say(self.owners.pop(), "".join(parts))

    def _keep(self, name: str, words: str) -> None:
        if name == "rdf:resource":
            self._say(self.owners[-1], words)
        elif not name.startswith(("rdf:", "xml:")):
            self._say(name, words)

    def _say(self, name: str, words: str) -> None:
        if words and not words.isspace():
            self._count()
            self.properties.append((name, words))

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unsafe


def _known(name: str) -> str:
    uri, _, local = name.rpartition(" ")
    prefix = fields().prefixes.get(uri)
    return f"{prefix}:{local[:60]}" if prefix else local[:60]


def read_xmp(block: Block) -> Iterator[Said | Block]:
    """Everything it says, and the pictures it holds. What cannot be read is searched as plain bytes."""
    properties, is_whole = _read(block.data)
    yield from _placed(properties)
    pictures = [words for name, words in properties if name in fields().pictures]
    yield from _pictures(pictures[:MOST_PICTURES], block)
    roles = fields().xmp
    for name, words in properties:
        if name not in fields().pictures:
            key = "" if ":" in name else name
            yield Said(roles.get(name, Role.TEXT), f"XMP {name}", tidy(words), key)
    if not is_whole:
        yield Said(Role.BROKEN, block.where)
        yield from strings(block.data, where=block.where)


def _read(data: bytes) -> tuple[list[tuple[str, str]], bool]:
    """The properties up to the first fault, and whether there was none."""
    text = _text(data)
    reader, parser = Reader(), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, Unsafe):
        return reader.properties, False
    return reader.properties, len(data) <= MOST_BYTES


def _refuse(*_declared: object) -> None:
    raise Unsafe


def _text(data: bytes) -> str:
    """From its first to its last bracket; decoded here, because the parser would follow a declared encoding."""
    encoding = next((name for mark, name in BYTE_ORDERS if data.startswith(mark)), "utf-8")
    text = data[:MOST_BYTES].decode(encoding, errors="replace")
    return text[max(text.find("<"), 0) : text.rfind(">") + 1]


def _placed(properties: Iterable[tuple[str, str]]) -> Iterator[Said]:
    told = [(kind, words) for name, words in properties if (kind := fields().places.get(name))][:16]
    degrees = {
        axis: [place.from_words(words, axis=axis) for kind, words in told if kind == axis] for axis in place.SIDES
    }
    places = [place.rounded(*pair) for pair in zip_longest(degrees["lat"], degrees["lon"])]
    places += [f"the name of an area ({len(words)} characters)" for kind, words in told if kind == "other"]
    if told and not any(places):
        yield Said(Role.DARK_PLACE, "XMP GPS")
    yield from (Said(Role.PLACE, "XMP GPS", words) for words in places if words)


def _pictures(coded: Iterable[str], block: Block) -> Iterator[Block]:
    for words in coded:
        try:
            data = base64.b64decode(words)
        except (binascii.Error, ValueError):
            yield from ()
        else:
            yield Block(BlockKind.THUMBNAIL, data, f"{block.where} thumbnail")
