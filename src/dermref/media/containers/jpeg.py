"""Walks a JPEG's segments up to the end of its image. After ITU-T T.81 annex B; CIPA DC-007 for several pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dermref.media.containers.found import MAX_BLOCK, MAX_PARTS, MAX_UNREAD, Gathered, Structure, big, is_text
from dermref.media.containers.mpf import listed
from dermref.media.containers.photoshop import gather_resources
from dermref.model.media import BlockKind, Colour

# In a scan FF 00 is a byte and FF D0 to D7 restart it; anything else after FF is the next marker.
NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
EOI, SOS, COM, APP0, APP1, APP2, APP11, APP13, APP15 = 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xE2, 0xEB, 0xED, 0xEF
BARE = frozenset({0x01, *range(0xD0, 0xD9)})
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
COLOURS = {1: Colour.GREY, 3: Colour.RGB, 4: Colour.CMYK}
XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
XMP_SIGNS = (b"<x:xmpmeta", b"<?xpacket", b"<rdf:RDF")
PHOTOSHOP = b"Photoshop 3.0\0"
MAX_PREVIEWS = 8
PROFILE = b"ICC_PROFILE\0"
PROFILE_HEADER = 14  # bytes before a part of a profile: the name, its number, how many there are
OWN = (b"JFIF\0", b"Adobe", b"Ducky")
SOI = 0xD8
GAP = -1  # no marker: bytes that belong to no segment


@dataclass(slots=True)
class _Pieces:
    """What several segments make up together."""

    gathered: Gathered = field(default_factory=Gathered)
    exif: list[tuple[bool, bytes]] = field(default_factory=list)
    xmp: dict[bytes, list[tuple[int, bytes]]] = field(default_factory=dict)
    photoshop: list[bytes] = field(default_factory=list)
    boxes: dict[bytes, list[bytes]] = field(default_factory=dict)
    previews: list[tuple[int, int]] = field(default_factory=list)
    frames: int = 1
    has_profile: bool = False


def walk_jpeg(data: bytes) -> Structure:
    """The structure of a JPEG."""
    pieces, end = _Pieces(), None
    header, marker_of_frame = b"", 0
    for marker, start, stop in _segments(data):
        if marker == GAP:
            pieces.gathered.add_unread(data[start:stop], "between the JPEG segments")
        elif marker == EOI:
            end = start
        elif marker in FRAMES and not header:
            header, marker_of_frame = data[start:stop], marker
        elif marker == COM:
            pieces.gathered.add(BlockKind.TEXT, data[start:stop], "a JPEG comment")
        elif marker == APP2 and data.startswith(b"MPF\0", start):
            _index(data[start + 4 : stop], start + 4, pieces)
        elif APP0 <= marker <= APP15:
            _application(marker, data[start:stop], pieces)
    if end is not None:
        end = _previews(data, end, pieces)
    _join(pieces)
    return Structure(
        end=end,
        frames=pieces.frames,
        bits=big(header, 0, 1) or 8,
        colour=COLOURS.get(big(header, 5, 1), Colour.OTHER),
        has_profile=pieces.has_profile,
        is_progressive=marker_of_frame in PROGRESSIVE,
        is_whole=end is not None,
        blocks=pieces.gathered.all(),
        is_cut=pieces.gathered.is_cut,
    )


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each marker with the bounds of its contents; the last one is EOI unless the file breaks off. Bytes between
    segments come as a GAP, and so does a second beginning of a picture with what follows it."""
    at, in_scan, is_second = 2, False, False
    for _ in range(MAX_PARTS):
        found = NEXT_MARKER.search(data, at)
        if found is None:
            return
        marker, start = data[found.end() - 1], found.end()
        if found.start() > at and not in_scan:
            yield GAP, at, found.start()
        if marker == EOI:
            yield EOI, start, start
            return
        if marker in BARE:
            if marker == SOI and not is_second:
                is_second = True
                yield GAP, found.start(), found.start() + MAX_UNREAD
            at = start
            continue
        size = big(data, start, 2)
        yield marker, start + 2, start + max(2, size)
        at, in_scan = start + max(2, size), in_scan or marker == SOS


def _index(index: bytes, base: int, pieces: _Pieces) -> None:
    """Note how many pictures there are besides previews, and where the previews lie."""
    pictures = listed(index)
    pieces.frames = max(pieces.frames, sum(not one.is_preview for one in pictures))
    previews = [(base + one.start, one.size) for one in pictures if one.is_preview]
    pieces.previews = (pieces.previews + previews)[:MAX_PREVIEWS]


def _application(marker: int, body: bytes, pieces: _Pieces) -> None:
    if marker == APP1:
        _app1(body, pieces)
    elif marker == APP2 and body.startswith(PROFILE):
        pieces.has_profile = True
        pieces.gathered.add_unread(body[PROFILE_HEADER:], "the colour profile")
    elif marker == APP11 and body.startswith(b"JP"):
        known = pieces.boxes.setdefault(body[2:4], [])
        known.append(body[16:] if known else body[8:])  # each further part repeats the box's header
    elif marker == APP13 and body.startswith(PHOTOSHOP):
        pieces.photoshop.append(body[len(PHOTOSHOP) :])
    elif marker == APP0 and body.startswith((b"JFIF\0", b"JFXX\0")):
        _jfif(body, pieces.gathered)
    elif not body.startswith(OWN) and is_text(body):
        pieces.gathered.add(BlockKind.TEXT, body, f"the JPEG segment APP{marker - APP0}")
    else:
        own = next((name for name in OWN if body.startswith(name)), b"")
        pieces.gathered.add_unread(body[len(own) :], f"the JPEG segment APP{marker - APP0}")


def _app1(body: bytes, pieces: _Pieces) -> None:
    if body.startswith(b"Exif\0"):
        is_more = bool(pieces.exif) and body[6:8] not in (b"II", b"MM")
        pieces.exif.append((is_more, body[6:]))
    elif body.startswith(XMP_MORE):
        at = len(XMP_MORE)
        part = (big(body, at + 36, 4), body[at + 40 :])
        pieces.xmp.setdefault(body[at : at + 32], []).append(part)
    elif body.startswith(XMP_PREFIX):
        pieces.gathered.add(BlockKind.XMP, body[len(XMP_PREFIX) :], "XMP")
    elif any(sign in body for sign in XMP_SIGNS):
        pieces.gathered.add(BlockKind.XMP, body[body.index(b"<") :], "XMP without its header")
    elif is_text(body):
        pieces.gathered.add(BlockKind.TEXT, body, "the JPEG segment APP1")
    else:
        pieces.gathered.add_unread(body, "the JPEG segment APP1")


def _jfif(body: bytes, gathered: Gathered) -> None:
    """The thumbnail in the file's first segment: plain pixels, handed on as a PPM picture, or a JPEG."""
    if body.startswith(b"JFXX\0"):
        gathered.add(BlockKind.THUMBNAIL, body[6:], "the JFIF extension")
        return
    width, height = big(body, 12, 1), big(body, 13, 1)
    pixels = 14 + 3 * width * height
    if width and height:
        thumbnail = b"P6 %d %d 255\n" % (width, height) + body[14:pixels]
        gathered.add(BlockKind.THUMBNAIL, thumbnail, "the JFIF header")
    gathered.add_unread(body[pixels:], "the JFIF header")


def _previews(data: bytes, end: int, pieces: _Pieces) -> int:
    """Keep the previews that lie right behind the picture, and what they say; the offset behind the last of them."""
    for start, size in sorted(pieces.previews):
        preview = data[start : start + size]
        if start < end or data[end:start].translate(None, b"\0\xff"):
            break
        parts = list(_segments(preview))
        if not parts or parts[-1][0] != EOI or preview[parts[-1][1] :].translate(None, b"\0\xff"):
            break
        pieces.gathered.add(BlockKind.THUMBNAIL, preview, "the preview behind the picture")
        for marker, first, last in parts:
            if APP0 <= marker <= APP15 and not preview.startswith(b"MPF\0", first):
                _application(marker, preview[first:last], pieces)
        end = start + len(preview)
    return end


def _join(pieces: _Pieces) -> None:
    for one in _rejoined(pieces.exif):
        pieces.gathered.add(BlockKind.EXIF, one, "EXIF")
    for parts in pieces.xmp.values():
        whole = b"".join(part for _, part in sorted(parts, key=lambda each: each[0]))
        pieces.gathered.add(BlockKind.XMP, whole, "extended XMP")
    gather_resources(b"".join(pieces.photoshop), pieces.gathered, "the Photoshop segment")
    for boxes in pieces.boxes.values():
        box = b"".join(boxes)
        if b"c2pa" in box[:MAX_BLOCK]:
            pieces.gathered.add(BlockKind.C2PA, box, "a C2PA manifest")
        else:
            pieces.gathered.add_unread(box, "the JPEG segment APP11")


def _rejoined(parts: list[tuple[bool, bytes]]) -> Iterator[bytes]:
    """EXIF blocks too long for one segment, made whole."""
    pending: list[bytes] = []
    for is_more, part in parts:
        if pending and not is_more:
            yield b"".join(pending)
            pending = []
        pending.append(part)
    yield b"".join(pending)
