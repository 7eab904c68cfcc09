"""Walks a GIF's blocks up to its trailer. After "Graphics Interchange Format, Version 89a" (CompuServe, 1990)."""

from dataclasses import dataclass

from dermref.media.containers.found import Gathered, Structure, big
from dermref.model.media import BlockKind, Colour

EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
CONTROL, COMMENT, PLAIN_TEXT, APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
CONTROL_SIZE = 4  # bytes
MAX_SUB_BLOCKS = 1_000_000  # each holds 255 bytes at most, so that large pictures have many
XMP = b"XMP DataXMP"
XMP_MAGIC = 257  # bytes behind the XMP packet that lead a reader of sub-blocks back on its way; the terminator follows


@dataclass(slots=True)
class _Walk:
    """Where the walk is, and what it has met."""

    data: bytes
    at: int
    gathered: Gathered
    frames: int = 0
    parts: int = 0
    bits: int = 8
    has_alpha: bool = False
    has_profile: bool = False
    is_interlaced: bool = False


def walk_gif(data: bytes) -> Structure:
    """The structure of a GIF."""
    flags = big(data, 10, 1)
    walk = _Walk(data, 13 + _table(flags), Gathered(), bits=(flags & 7) + 1)
    while _step(walk):
        pass
    is_whole = data[walk.at : walk.at + 1] == bytes([TRAILER])
    return Structure(
        end=walk.at + 1 if is_whole else None,
        frames=max(1, walk.frames),
        bits=walk.bits,
        colour=Colour.PALETTE,
        has_alpha=walk.has_alpha,
        has_profile=walk.has_profile,
        is_interlaced=walk.is_interlaced,
        is_whole=is_whole,
        blocks=walk.gathered.all(),
        is_cut=walk.gathered.is_cut,
    )


def _step(walk: _Walk) -> bool:
    """Past one block; False where the walk ends."""
    walk.parts += 1
    kind = big(walk.data, walk.at, 1)
    if walk.parts > MAX_SUB_BLOCKS or kind not in (EXTENSION, IMAGE):
        return False
    (_extension if kind == EXTENSION else _image)(walk)
    return walk.at < len(walk.data)


def _image(walk: _Walk) -> None:
    flags = big(walk.data, walk.at + 9, 1)
    walk.frames += 1
    walk.is_interlaced |= bool(flags & 0x40)
    if flags & 0x80:
        walk.bits = (flags & 7) + 1
    walk.at += 11 + _table(flags)  # the picture's head, its palette, and the size of its first code
    _pass_by(walk)


def _extension(walk: _Walk) -> None:
    label = big(walk.data, walk.at + 1, 1)
    start = walk.at = walk.at + 2
    if label == CONTROL:
        walk.has_alpha |= bool(big(walk.data, start + 1, 1) & 1)
    name = walk.data[start + 1 : start + 12]
    if label in (COMMENT, PLAIN_TEXT):
        walk.gathered.add(BlockKind.TEXT, b"".join(_pass_by(walk, keep=True)), "a GIF comment")
        return
    if label == APPLICATION:
        walk.has_profile |= name == b"ICCRGBG1012"
    contents = b"".join(_pass_by(walk, keep=True))
    if label == APPLICATION and name == XMP:
        walk.gathered.add(BlockKind.XMP, walk.data[start + 12 : max(start + 12, walk.at - XMP_MAGIC - 1)], "XMP")
    elif label != CONTROL or len(contents) > CONTROL_SIZE:
        walk.gathered.add_unread(contents, "a GIF extension")


def _pass_by(walk: _Walk, *, keep: bool = False) -> list[bytes]:
    """Past the sub-blocks that begin here and the empty one that ends them; their contents when they are wanted."""
    kept: list[bytes] = []
    while walk.at < len(walk.data) and walk.parts <= MAX_SUB_BLOCKS:
        walk.parts += 1
        size = walk.data[walk.at]
        if keep:
            kept.append(walk.data[walk.at + 1 : walk.at + 1 + size])
        walk.at += 1 + size
        if not size:
            break
    return kept


def _table(flags: int) -> int:
    """How many bytes the palette has that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
