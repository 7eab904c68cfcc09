"""Writes XMP and IPTC into a JPEG: behind JFIF and Exif, before everything else. From the first scan on, every byte
stays. After XMP part 3 (1.1.3) and CIPA DC-007."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from dermref.media.containers.found import MAX_PARTS, big
from dermref.media.containers.jpeg import (
    APP0,
    APP1,
    APP2,
    APP13,
    EOI,
    FRAMES,
    PHOTOSHOP,
    SOI,
    SOS,
    XMP_MORE,
    XMP_PREFIX,
    XMP_SIGNS,
)
from dermref.media.embedding.mpf import moved
from dermref.media.embedding.parts import Broken, broken
from dermref.media.embedding.resources import with_iptc
from dermref.model.evidence import Refusal
from dermref.model.media import Packet

MOST_BODY = 65_533  # bytes behind a segment's length
MOST_MORE = MOST_BODY - len(XMP_MORE) - 40  # of further XMP: behind its GUID, its whole length and its place
STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
SEARCHED = 4096  # bytes of a segment in which XMP without its header is looked for
MPF = b"MPF\0"


@dataclass(frozen=True, slots=True)
class _Segment:
    """A marker, and the bounds of the whole segment."""

    marker: int
    start: int
    stop: int
    body: bytes

    @property
    def is_first(self) -> bool:
        """Is it one that readers want in front?"""
        is_jfif = self.marker == APP0 and self.body.startswith((b"JFIF\0", b"JFXX\0"))
        return is_jfif or (self.marker == APP1 and self.body.startswith(b"Exif\0"))

    @property
    def is_xmp(self) -> bool:
        """Does it hold XMP, with or without its header?"""
        if self.marker != APP1 or self.is_first:
            return False
        start = self.body[:SEARCHED]
        return start.startswith((XMP_PREFIX, XMP_MORE)) or any(sign in start for sign in XMP_SIGNS)

    @property
    def is_photoshop(self) -> bool:
        """Does it hold image resources?"""
        return self.marker == APP13 and self.body.startswith(PHOTOSHOP)


def write_jpeg(data: bytes, packet: Packet) -> bytes | Refusal:
    """The file with the packet instead of what XMP and IPTC there was."""
    try:
        segments = list(_segments(data))
    except Broken as why:
        return broken("JPEG", str(why))
    place = 1 + max((at for at, one in enumerate(segments) if one.is_first), default=-1)
    resources = b"".join(one.body[len(PHOTOSHOP) :] for one in segments if one.is_photoshop)
    made = b"".join([*_xmp(packet), *_photoshop(with_iptc(resources, packet.iptc))])
    stays = [None if one.is_xmp or one.is_photoshop else one for one in segments]
    kept = [*filter(None, stays[:place]), None, *filter(None, stays[place:])]
    pieces = [made if one is None else data[one.start : one.stop] for one in kept]
    scan = segments[-1].stop
    shift = 2 + sum(map(len, pieces)) - scan
    return b"".join([data[:2], *_indexed(kept, pieces, shift), data[scan:]])


def _indexed(kept: list[_Segment | None], pieces: list[bytes], shift: int) -> Iterator[bytes]:
    """The pieces; an index of further pictures among them finds those again, all moved by `shift` bytes."""
    at = 2
    for one, piece in zip(kept, pieces, strict=True):
        is_index = one is not None and one.marker == APP2 and one.body.startswith(MPF)
        yield moved(piece, shift, behind=shift - (at - one.start)) if one and is_index else piece
        at += len(piece)


def _segments(data: bytes) -> Iterator[_Segment]:
    """Every segment before the first scan. Raises Broken where they do not follow each other as they should."""
    at, has_frame = 2, False
    for _ in range(MAX_PARTS):
        start = at
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        marker = data[at + 1] if data[at : at + 1] == b"\xff" and at + 1 < len(data) else 0
        if marker == SOS:
            if not has_frame:
                raise Broken("its picture begins without a header")
            return
        if marker in STANDALONE or marker in (0, SOI, EOI):
            raise Broken("its segments do not follow each other")
        stop = at + 2 + big(data, at + 2, 2)
        if stop < at + 4 or stop > len(data):
            raise Broken("a segment is longer than the file")
        has_frame |= marker in FRAMES
        yield _Segment(marker, start, stop, data[at + 4 : stop])
        at = stop
    raise Broken("it has too many segments")


def _xmp(packet: Packet) -> Iterator[bytes]:
    yield _segment(APP1, XMP_PREFIX + packet.main)
    guid = hashlib.md5(packet.more, usedforsecurity=False).hexdigest().upper().encode()
    size = len(packet.more).to_bytes(4, "big")
    for at in range(0, len(packet.more), MOST_MORE):
        place = at.to_bytes(4, "big")
        yield _segment(APP1, XMP_MORE + guid + size + place + packet.more[at : at + MOST_MORE])


def _photoshop(resources: bytes) -> Iterator[bytes]:
    most = MOST_BODY - len(PHOTOSHOP)
    for at in range(0, len(resources), most):
        yield _segment(APP13, PHOTOSHOP + resources[at : at + most])


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body
