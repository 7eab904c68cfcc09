"""Searches bytes that cannot be read as what they should be: the printable strings in them, and words of a place."""

import re
from collections.abc import Iterator

from dermref.media.metadata.said import Role, Said, decode

MOST = 1_000_000  # bytes searched, half at the start and half at the end
PRINTED = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xc5][\x80-\xbf]){4,4000}")
WIDE = re.compile(rb"(?:[\x20-\x7e]\0){4,4000}|(?:\0[\x20-\x7e]){4,4000}")
PLACE = re.compile(rb"GPSL(?:at|ong)itude|gpsl(?:at|ong)itude|G\0?P\0?S\0?L\0?(?:a\0?t|o\0?n\0?g)\0?i\0?t\0?u\0?d\0?e")


def ends(data: bytes | memoryview) -> bytes:
    """The part that is searched: all of it, or its start and its end."""
    return bytes(data) if len(data) <= MOST else bytes(data[: MOST // 2]) + bytes(data[-MOST // 2 :])


def strings(data: bytes | memoryview, *, where: str) -> Iterator[Said]:
    """The strings of four characters and more, ASCII (with the accents of UTF-8) and UTF-16; and that a place is told
    where its field is named."""
    part = ends(data)
    narrow = [decode(found) for found in PRINTED.findall(part)]
    wide = [found.replace(b"\0", b"").decode("ascii") for found in WIDE.findall(part)]
    text = "\n".join([*narrow, *wide])
    if text:
        yield Said(Role.DEBRIS, where, text)
    if PLACE.search(part):
        yield Said(Role.DARK_PLACE, where)
