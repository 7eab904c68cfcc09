"""Writes XMP into a PNG, as uncompressed iTXt before the pixels; every other chunk stays as it is. After XMP part 3
(1.1.5) and the PNG specification, third edition."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from dermref.media.containers.found import MAX_PARTS, big
from dermref.media.containers.png import XMP_KEYWORD
from dermref.media.containers.profiles import from_hex
from dermref.media.embedding.parts import Broken, broken
from dermref.model.evidence import Refusal
from dermref.model.media import Packet

TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
PROFILE = b"raw profile type "
OLD = frozenset({b"iptc", b"8bim", b"xmp"})
MOST_UNPACKED = 4 * 1024 * 1024  # bytes of a profile that is looked into
XMP_START = b"http://ns.adobe.com/xap/1.0/\0"


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A chunk, and the bounds of all of it."""

    kind: bytes
    start: int
    stop: int


def write_png(data: bytes, packet: Packet) -> bytes | Refusal:
    """The file with the packet instead of what XMP and IPTC there was."""
    try:
        chunks = list(_chunks(data))
    except Broken as why:
        return broken("PNG", str(why))
    made = _itxt(packet.xmp)
    pieces = [data[:8]]
    is_written = False
    for one in chunks:
        if one.kind == b"IDAT" and not is_written:
            pieces.append(made)
            is_written = True
        raw = data[one.start : one.stop]
        if not _is_old(one.kind, raw[8:-4]):
            pieces.append(raw)
    return b"".join([*pieces, data[chunks[-1].stop :]])


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Every chunk up to IEND. Raises Broken where one is not whole, or one that each PNG has is missing."""
    at, kinds = 8, set[bytes]()
    for _ in range(MAX_PARTS):
        kind, stop = data[at + 4 : at + 8], at + 12 + big(data, at, 4)
        if not kind.isalpha() or stop > len(data):
            raise Broken("a chunk is longer than the file")
        if not kinds and kind != b"IHDR":
            raise Broken("it does not begin with its header")
        kinds.add(kind)
        yield _Chunk(kind, at, stop)
        if kind == b"IEND":
            if b"IDAT" not in kinds:
                raise Broken("it has no picture")
            return
        at = stop
    raise Broken("it has too many chunks")


def _itxt(xmp: bytes) -> bytes:
    body = b"iTXt" + XMP_KEYWORD + b"\0\0\0\0\0" + xmp  # not compressed, no language, no translated keyword
    return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def _is_old(kind: bytes, body: bytes) -> bool:
    """Is it XMP or IPTC, as the standard has it or as ImageMagick and its heirs write it?"""
    if kind not in TEXTS:
        return False
    keyword, _, rest = body.partition(b"\0")
    if keyword == XMP_KEYWORD:
        return True
    small = keyword.lower()
    profile = small.removeprefix(PROFILE) if small.startswith(PROFILE) else b""
    return profile in OLD or (profile == b"app1" and from_hex(_text(kind, rest)).startswith(XMP_START))


def _text(kind: bytes, rest: bytes) -> bytes:
    """The text behind a keyword, its beginning where it is very long."""
    is_packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    text = {b"tEXt": rest, b"zTXt": rest[1:], b"iTXt": rest[2:].split(b"\0", 2)[-1]}[kind]
    if not is_packed:
        return text[:MOST_UNPACKED]
    try:
        return zlib.decompressobj().decompress(text, MOST_UNPACKED)
    except zlib.error:
        return b""
