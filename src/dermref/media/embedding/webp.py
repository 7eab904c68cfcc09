"""Writes XMP into a WebP, as its last chunk; a simple file becomes an extended one, which alone may carry it. After
RFC 9649."""

from collections.abc import Iterator
from dataclasses import dataclass

from dermref.media.containers.found import MAX_PARTS, little
from dermref.media.containers.webp import ALPHA
from dermref.media.embedding.parts import Broken, broken
from dermref.model.evidence import Refusal
from dermref.model.media import Packet

XMP_FLAG = 0x04
VP8_START, VP8L_START = b"\x9d\x01\x2a", 0x2F
MOST = 2**32 - 10  # bytes a RIFF file may tell of


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A chunk's type, and the bounds of all of it, the padding included."""

    kind: bytes
    start: int
    stop: int


def write_webp(data: bytes, packet: Packet) -> bytes | Refusal:
    """The file with the packet instead of what XMP there was."""
    end = 8 + little(data, 4, 4)
    end += end % 2
    try:
        chunks = list(_chunks(data, end))
        header = _header(data, chunks[0])
    except Broken as why:
        return broken("WebP", str(why))
    rest = chunks[1:] if chunks[0].kind == b"VP8X" else chunks
    kept = [data[one.start : one.stop] for one in rest if one.kind != b"XMP "]
    body = b"".join([b"WEBP", header, *kept, _chunk(b"XMP ", packet.xmp)])
    if len(body) > MOST:
        return broken("WebP", "it would be too large")
    return b"".join([b"RIFF", len(body).to_bytes(4, "little"), body, data[end:]])


def _chunks(data: bytes, end: int) -> Iterator[_Chunk]:
    """Every chunk. Raises Broken where one is not whole."""
    at = 12
    if end > len(data) or at + 8 > end:
        raise Broken("it is shorter than it says")
    for _ in range(MAX_PARTS):
        size = little(data, at + 4, 4)
        stop = at + 8 + size + size % 2
        if stop > end:
            raise Broken("a chunk is longer than the file")
        yield _Chunk(data[at : at + 4], at, stop)
        at = stop
        if at == end:
            return
        if at + 8 > end:
            raise Broken("its last chunk is not whole")
    raise Broken("it has too many chunks")


def _header(data: bytes, first: _Chunk) -> bytes:
    """The extended header, with the flag of XMP set: that of the file, or one made of the picture's own header."""
    at = first.start + 8
    body = data[at : first.stop]
    if first.kind == b"VP8X" and len(body) >= 10:
        return data[first.start : at] + bytes((body[0] | XMP_FLAG,)) + body[1:]
    if first.kind == b"VP8 " and body[3:6] == VP8_START and not body[0] & 1:
        width, height, flags = little(body, 6, 2) & 0x3FFF, little(body, 8, 2) & 0x3FFF, XMP_FLAG
    elif first.kind == b"VP8L" and len(body) >= 5 and body[0] == VP8L_START:
        bits = little(body, 1, 4)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        flags = XMP_FLAG | (ALPHA if bits >> 28 & 1 else 0)
    else:
        raise Broken("it does not begin with a picture")
    if not width or not height:
        raise Broken("its picture has no size")
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return _chunk(b"VP8X", bytes((flags, 0, 0, 0)) + sides)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
