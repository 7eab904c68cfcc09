"""Walks a WebP's RIFF chunks. After RFC 9649."""

from collections.abc import Iterator

from dermref.media.containers.found import MAX_PARTS, Gathered, Structure, is_text, little
from dermref.model.media import BlockKind

ANIMATION, ALPHA, PROFILE = 0x02, 0x10, 0x20
SILENT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})


def walk_webp(data: bytes) -> Structure:
    """The structure of a WebP."""
    gathered = Gathered()
    size = little(data, 4, 4)
    end = 8 + size + size % 2
    flags, frames, stills, has_alpha, types = 0, 0, 0, False, set()
    for kind, start, stop in _chunks(data, min(end, len(data))):
        types.add(kind)
        stills += kind in (b"VP8 ", b"VP8L")
        if kind == b"VP8X":
            flags |= little(data, start, 1)
        elif kind == b"VP8L":
            has_alpha |= bool(little(data, start + 1, 4) >> 28 & 1)
        elif kind == b"ANMF":
            frames += 1
        elif kind not in SILENT:
            _metadata(kind, data[start:stop], gathered)
    return Structure(
        end=min(end, len(data)),
        frames=max(1, frames, stills),
        has_alpha=has_alpha or b"ALPH" in types or bool(flags & ALPHA),
        has_profile=b"ICCP" in types,
        is_whole=8 + size <= len(data) and bool(types & {b"VP8 ", b"VP8L", b"ANMF"}),
        blocks=gathered.all(),
        is_cut=gathered.is_cut,
    )


def _chunks(data: bytes, end: int) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > end:
            return
        size = little(data, at + 4, 4)
        yield data[at : at + 4], at + 8, min(at + 8 + size, end)
        at += 8 + size + size % 2


def _metadata(kind: bytes, body: bytes, gathered: Gathered) -> None:
    if kind == b"EXIF":
        gathered.add_exif(body, "EXIF")
    elif kind == b"XMP ":
        gathered.add(BlockKind.XMP, body, "XMP")
    elif kind == b"C2PA":
        gathered.add(BlockKind.C2PA, body, "a C2PA manifest")
    elif kind == b"ICCP":
        gathered.add_unread(body, "the colour profile")
    elif is_text(body):
        gathered.add(BlockKind.TEXT, body, "an unknown WebP chunk")
    else:
        gathered.add_unread(body, "an unknown WebP chunk")
