"""Searches bytes that cannot be read as what they should be: the printable strings in them, and words of a place."""

import re
from collections.abc import Iterator

from dermref.media.metadata.said import Role, Said, decode

MOST = 1_000_000  # bytes searched, half at the start and half at the end
PRINTED = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xc5\xd0\xd1][\x80-\xbf]){4,4000}")
WIDE = re.compile(
    rb"(?:[\x20-\x7e\xa0-\xff]\0|[\x01-\x5f]\x04){4,4000}|(?:\0[\x20-\x7e\xa0-\xff]|\x04[\x01-\x5f]){4,4000}"
)  # Latin and Cyrillic, little endian and big
PLACE = re.compile(rb"GPSL(?:at|ong)itude|gpsl(?:at|ong)itude|G\0?P\0?S\0?L\0?(?:a\0?t|o\0?n\0?g)\0?i\0?t\0?u\0?d\0?e")


def ends(data: bytes | memoryview) -> bytes:
    """The part that is searched: all of it, or its start and its end."""
    return bytes(data) if len(data) <= MOST else bytes(data[: MOST // 2]) + bytes(data[-MOST // 2 :])


def strings(data: bytes | memoryview, *, where: str, most: int = MOST) -> Iterator[Said]:
    """The strings of four characters and more, ASCII (with the accents and the Cyrillic of UTF-8) and UTF-16; and that
    a place is told where its field is named. Of more than `most` bytes the start and the end are searched."""
    part = bytes(data) if len(data) <= most else ends(data)
    narrow = [decode(found) for found in PRINTED.findall(part)]
    wide = [found.decode("utf-16-be" if found[0] in b"\0\x04" else "utf-16-le") for found in WIDE.findall(part)]
    text = "\n".join([*narrow, *wide])
    if text:
        yield Said(Role.DEBRIS, where, text)
    if PLACE.search(part):
        yield Said(Role.DARK_PLACE, where)
