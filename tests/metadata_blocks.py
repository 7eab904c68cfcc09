"""Metadata blocks for tests: written by hand, or cut out of real files."""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from dermref.media.metadata import Metadata, read_metadata
from dermref.model.media import Block, BlockKind

FILES = Path(__file__).parent / "files"
WIDTHS = {2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
Field = tuple[int, bytes]  # type, value


def ascii_field(text: str) -> Field:
    return 2, text.encode() + b"\0"


def long_field(number: int, order: str = ">") -> Field:
    return 4, struct.pack(order + "I", number)


def degrees(*parts: tuple[int, int], order: str = ">") -> Field:
    return 5, b"".join(struct.pack(order + "II", *part) for part in parts)


def directory(entries: Mapping[int, Field], *, at: int, following: int = 0, order: str = ">") -> bytes:
    """A directory for the offset `at`, its long values behind it."""
    table, values = struct.pack(order + "H", len(entries)), b""
    end = at + 2 + 12 * len(entries) + 4
    for tag, (kind, value) in sorted(entries.items()):
        table += struct.pack(order + "HHI", tag, kind, len(value) // WIDTHS[kind])
        table += value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(order + "I", end + len(values))
        values += value if len(value) > 4 else b""
    return table + struct.pack(order + "I", following) + values


def exif(entries: Mapping[int, Field], *, gps: Mapping[int, Field] | None = None, order: str = ">") -> Block:
    """An EXIF block with these fields in its first directory, and a GPS directory where one is given."""
    entries = dict(entries)
    if gps is not None:
        entries[0x8825] = long_field(0, order)
        size = len(directory(entries, at=8, order=order))
        entries[0x8825] = long_field(8 + size, order)
    first = directory(entries, at=8, order=order)
    rest = b"" if gps is None else directory(gps, at=8 + len(first), order=order)
    head = (b"MM" if order == ">" else b"II") + struct.pack(order + "HI", 42, 8)
    return Block(BlockKind.EXIF, head + first + rest, "EXIF")


def xmp(inner: str, *, attributes: str = "") -> Block:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    packet = f"<?xpacket begin='' id=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {rdf}>"
    packet += f"<rdf:Description rdf:about='' {attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    return Block(BlockKind.XMP, packet.encode(), "XMP")


def iptc(*sets: tuple[int, int, bytes]) -> Block:
    data = b"".join(b"\x1c" + bytes((record, number)) + struct.pack(">H", len(v)) + v for record, number, v in sets)
    return Block(BlockKind.IPTC, data, "IPTC")


def comment(text: str, *, name: str = "") -> Block:
    return Block(BlockKind.TEXT, text.encode(), "PNG text" if name else "JPEG comment", name)


def codes(*blocks: Block) -> list[str]:
    return [one.code for one in read_metadata(blocks).findings]


def of_file(name: str) -> Metadata:
    """What the metadata of one of our files say; a small reader of JPEG segments and PNG chunks cuts them out."""
    data = (FILES / name).read_bytes()
    return read_metadata(_png_texts(data) if data.startswith(b"\x89PNG") else _segments(data))


def _segments(data: bytes) -> Iterator[Block]:
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + size]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            yield Block(BlockKind.EXIF, body[6:], "EXIF")
        elif marker == 0xE1 and body.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            yield Block(BlockKind.XMP, body.partition(b"\0")[2], "XMP")
        elif marker == 0xFE:
            yield Block(BlockKind.TEXT, body, "JPEG comment")
        at += 2 + size


def _png_texts(data: bytes) -> Iterator[Block]:
    at = 8
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if kind == b"tEXt":
            name, _, text = data[at + 8 : at + 8 + size].partition(b"\0")
            yield Block(BlockKind.TEXT, text, "PNG text", name.decode("latin-1"))
        at += 12 + size
