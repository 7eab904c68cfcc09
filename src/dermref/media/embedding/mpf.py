"""The index of a JPEG with several pictures (CIPA DC-007), after bytes were put before them."""

from dermref.media.containers.found import big, little
from dermref.media.containers.mpf import ENTRIES, ENTRY, MAX_FIELDS

NAME = b"MPF\0"


def moved(segment: bytes, shift: int, *, behind: int) -> bytes:
    """The whole segment, its first picture longer by `shift` bytes, and the others further from it by `behind`."""
    base = segment.index(NAME) + len(NAME)
    order = "big" if segment.startswith(b"MM", base) else "little"
    read = big if order == "big" else little
    index, made = segment[base:], bytearray(segment)
    first = read(index, 4, 4)
    for number in range(min(read(index, first, 2), MAX_FIELDS)):
        at = first + 2 + 12 * number
        if read(index, at, 2) != ENTRIES:
            continue
        start, size = read(index, at + 8, 4), read(index, at + 4, 4)
        for entry in range(start, min(start + size, len(index)) - ENTRY + 1, ENTRY):
            place = read(index, entry + 8, 4)
            where, more = (entry + 8, behind) if place else (entry + 4, shift)
            value = read(index, where, 4) + more
            if 0 < value < 2**32:
                made[base + where : base + where + 4] = value.to_bytes(4, order)  # type: ignore[arg-type]
    return bytes(made)
