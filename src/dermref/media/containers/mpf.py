"""Reads the index of a JPEG that lists several pictures. After CIPA DC-007, "Multi-Picture Format"."""

from dataclasses import dataclass

from dermref.media.containers.found import big, little

COUNT, ENTRIES = 0xB001, 0xB002
ENTRY = 16  # bytes
MAX_FIELDS = 64
PREVIEW = 0x01  # the class of pictures that only preview the first one


@dataclass(frozen=True, slots=True)
class Listed:
    """One picture of the index; `start` counts from the index's byte order mark, 0 for the file itself."""

    is_preview: bool
    start: int
    size: int


def listed(index: bytes) -> list[Listed]:
    """The pictures of an index, from its byte order mark on; those that it counts without describing them included."""
    read = big if index.startswith(b"MM") else little
    first = read(index, 4, 4)
    count, entries = 1, b""
    for number in range(min(read(index, first, 2), MAX_FIELDS)):
        at = first + 2 + 12 * number
        tag, size, value = read(index, at, 2), read(index, at + 4, 4), read(index, at + 8, 4)
        if tag == COUNT:
            count = min(value, len(index))
        elif tag == ENTRIES:
            entries = index[value : value + size]
    found = [
        Listed(read(entries, at, 4) >> 16 & 0xFF == PREVIEW, read(entries, at + 8, 4), read(entries, at + 4, 4))
        for at in range(0, min(len(entries), ENTRY * count), ENTRY)
    ]
    return found + [Listed(False, 0, 0)] * (count - len(found))
