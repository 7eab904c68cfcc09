"""Does a stretch of bytes that nothing reads hold another file? By the signatures of files, with a second look where
chance makes one up; and the pictures among them, whole."""

import re
import zlib
from collections.abc import Iterator
from functools import cache

from dermref.media.formats import Signature, signatures

SURE = 4  # bytes of a signature that do not come about by chance in the few bytes that nothing reads
CERTAIN = 6  # bytes that do not come about by chance in the picture itself, which may have many millions
MOST_LOOKS = 64  # second looks of one kind in one stretch
PICTURES = (b"\x89PNG\r\n\x1a\n", b"GIF89a", b"GIF87a")
FILM = re.compile(rb"ftyp(?:avi[fs]|hei[cmsx]|hev[cmsx]|mif[12]|msf1|isom|iso[2-9]|mp4[12]|M4[AV] |qt  )")
JPEG_START = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]")
JPEG_NEXT = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # in a scan FF 00 is a byte and FF D0 to D7 restart it
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SOS, EOI = 0xDA, 0xD9
MOST_SEGMENTS = 1000
TIFF_START = re.compile(rb"II\*\0|MM\0\*")
TIFF_SIDES = frozenset({256, 257})  # the tags of width and height, which no picture leaves out
PACKED = re.compile(rb"\x1f\x8b\x08[\0-\x1f]|[\x48\x58\x68\x78][\x01\x5e\x9c\xda]")
LEAST_UNPACKED = 24  # bytes; what chance unpacks to is shorter
MOST_UNPACKED = 1024 * 1024


def buried(data: bytes) -> str | None:
    """What such bytes begin as or contain, in words; None where they are nothing that is known."""
    if not data:
        return None
    for one in signatures():
        is_start = len(one.magic) > 2 and any(one.magic) and data.startswith(one.magic, one.at)
        if (is_start and not _is_plain(one)) or (_is_sure(one) and one.magic in data):
            return one.words
    if any(magic in data for magic in PICTURES) or next(pictures(data), None) or _tiff(data):
        return "a second picture"
    return "a second picture or a film" if FILM.search(data) else None


def _is_plain(one: Signature) -> bool:
    """Is a signature little more than zeros, as numbers are, too?"""
    return len(one.magic.replace(b"\0", b"")) < 3


def _is_sure(one: Signature) -> bool:
    return not one.at and len(one.magic) >= SURE and not _is_plain(one)


@cache
def _certain() -> tuple[Signature, ...]:
    """Archives and documents; each costs a pass through the whole file."""
    return tuple(one for one in signatures() if _is_sure(one) and len(one.magic) >= CERTAIN and not one.is_picture)


def certain(data: bytes, start: int, stop: int) -> str | None:
    """The file that begins between two offsets, by a signature too long for chance among pixels; in words."""
    return next((one.words for one in _certain() if data.find(one.magic, start, stop) >= 0), None)


def pictures(data: bytes) -> Iterator[bytes]:
    """Each JPEG in these bytes, whole or broken off, outermost first."""
    at = 0
    for _ in range(MOST_LOOKS):
        found = JPEG_START.search(data, at)
        if found is None:
            return
        end = _jpeg_end(data, found.start())
        if end:
            yield data[found.start() : end]
        at = max(end, found.start() + 2)


def _jpeg_end(data: bytes, start: int) -> int:
    """The offset behind a JPEG's end, or behind the bytes where it breaks off; 0 for what has no frame and no scan."""
    at, has_frame, has_scan = start + 2, False, False
    for _ in range(MOST_SEGMENTS):
        found = JPEG_NEXT.search(data, at) if has_scan else JPEG_NEXT.match(data, at)
        if found is None:
            break
        marker = data[found.end() - 1]
        if marker == EOI:
            return found.end() if has_scan else 0
        has_frame |= marker in JPEG_FRAMES
        has_scan |= marker == SOS and has_frame
        at = found.end() + max(2, int.from_bytes(data[found.end() : found.end() + 2], "big"))
    return len(data) if has_frame else 0


def _tiff(data: bytes) -> bool:
    """Is there a TIFF with a picture in it?"""
    for number, found in enumerate(TIFF_START.finditer(data)):
        if number >= MOST_LOOKS:
            return False
        order = "little" if found[0].startswith(b"II") else "big"
        start = found.start()
        at = start + int.from_bytes(data[start + 4 : start + 8], order)  # type: ignore[arg-type]
        count = int.from_bytes(data[at : at + 2], order)  # type: ignore[arg-type]
        table = data[at + 2 : at + 2 + 12 * min(count, 200)]
        tags = {int.from_bytes(table[place : place + 2], order) for place in range(0, len(table), 12)}  # type: ignore[arg-type]
        if tags >= TIFF_SIDES:
            return True
    return False


def unpacked(data: bytes) -> Iterator[bytes]:
    """What gzip and zlib streams in these bytes hold, each up to a mebibyte."""
    at, left = 0, MOST_UNPACKED
    for _ in range(MOST_LOOKS):
        found = PACKED.search(data, at)
        if found is None or left <= 0:
            return
        machine = zlib.decompressobj(47)
        try:
            text = machine.decompress(data[found.start() : found.start() + MOST_UNPACKED], left)
        except zlib.error:
            text = b""
        at = found.start() + 2
        if len(text) >= LEAST_UNPACKED:
            left -= len(text)
            yield text
