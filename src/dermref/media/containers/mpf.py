"""Reads the index of a JPEG that lists several pictures. After CIPA DC-007, "Multi-Picture Format"."""

from dataclasses import dataclass

from dermref.media.containers.found import big, little

COUNT, ENTRIES = 0xB001, 0xB002
ENTRY = 16  # bytes
MAX_FIELDS = 64
PREVIEW = 0x01  # the class of pictures that only preview the first one
UNDEFINED = 0x000000  # the type of pictures that go with the first one, such as the gain maps of phones


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
        Listed(_is_preview(kind, start), start, size)
        for kind, size, start in (
            tuple(read(entries, at + place, 4) for place in (0, 4, 8))
            for at in range(0, min(len(entries), ENTRY * count), ENTRY)
        )
    ]
    return found + [Listed(False, 0, 0)] * (count - len(found))


def _is_preview(kind: int, start: int) -> bool:
    """A picture that is no view of its own; the file's first picture, whatever its type, is one."""
    return kind >> 16 & 0xFF == PREVIEW or (kind & 0xFFFFFF == UNDEFINED and start != 0)
