"""The boxes and the items of an AVIF or HEIC file: what kinds there are (iinf), and where each lies (iloc). After
ISO/IEC 14496-12."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dermref.media.containers.found import MAX_PARTS, big

BOX = tuple[bytes, int, int]  # its type, and the bounds of its contents
MAX_ITEMS = 65_536
MAX_OFFSET = 1 << 63
MAX_EXTENTS = 100_000  # of all items together


@dataclass(slots=True)
class Item:
    """One item: its type, the content type of a mime item, and the pieces of the file it is made of."""

    kind: bytes
    content_type: bytes = b""
    extents: list[tuple[int, int]] = field(default_factory=list)

    def contents(self, data: bytes, most: int) -> bytes:
        """Its bytes, at most so many."""
        kept, left = [], most
        for start, size in self.extents:
            piece = data[start : start + min(size, left)]
            kept.append(piece)
            left -= len(piece)
            if left <= 0:
                break
        return b"".join(kept)


def items_of(data: bytes, start: int, stop: int) -> list[Item]:
    """The items that the contents of a meta box name, with their places."""
    inner = list(boxes(data, start, min(stop, len(data))))
    bounds = {kind: (first, min(last, stop, len(data))) for kind, first, last in reversed(inner)}
    items: dict[int, Item] = {}
    if b"iinf" in bounds:
        items = dict(_named(data, *bounds[b"iinf"]))
    if b"iloc" in bounds:
        _locate(data, *bounds[b"iloc"], items, bounds.get(b"idat", (0, 0))[0])
    return list(items.values())


def boxes(data: bytes, start: int, stop: int) -> Iterator[BOX]:
    """Each box between two offsets: its type and the bounds of its contents, which may reach behind `stop`."""
    at = start
    for _ in range(MAX_PARTS):
        size, head = big(data, at, 4), 8
        if size == 1:
            size, head = big(data, at + 8, 8), 16
        elif size == 0:
            size = stop - at
        if at + head > stop or size < head:
            return
        yield data[at + 4 : at + 8], at + head, at + size
        at += size


def _named(data: bytes, start: int, stop: int) -> Iterator[tuple[int, Item]]:
    count_width = 4 if big(data, start, 1) else 2
    for kind, first, last in boxes(data, start + 4 + count_width, stop):
        version = big(data, first, 1)
        if kind != b"infe" or version < 2:
            continue
        width = 4 if version >= 3 else 2
        at = first + 4 + width + 2
        words = data[at + 4 : min(last, at + 1024)].split(b"\0")
        yield big(data, first + 4, width), Item(data[at : at + 4], words[1] if len(words) > 1 else b"")


def _locate(data: bytes, start: int, stop: int, items: dict[int, Item], idat: int) -> None:
    """Read the places of all items into `items`; where the table breaks off, the rest have none."""
    version = big(data, start, 1)
    sizes = big(data, start + 4, 2)
    offset, length, base, index = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15 if version else 0
    wide = 4 if version >= 2 else 2
    at, left = start + 6 + wide, MAX_EXTENTS
    for _ in range(min(big(data, start + 6, wide), MAX_ITEMS)):
        item = items.get(big(data, at, wide))
        at += wide
        is_inside = bool(version and big(data, at, 2) & 15 == 1)
        at += (2 if version else 0) + 2
        origin = big(data, at, base) + (idat if is_inside else 0)
        at += base
        for _ in range(min(big(data, at, 2), left)):
            left -= 1
            place = at + 2 + index
            if item is not None:
                item.extents.append((origin + big(data, place, offset), big(data, place + offset, length)))
            at += index + offset + length
        at += 2
        if at > stop or left <= 0:
            return


def uncovered(extents: list[tuple[int, int]], stores: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts (start, stop) of the stores that no extent (start, size) uses; an extent of size 0 has all the rest."""
    used = sorted((start, start + size if size else MAX_OFFSET) for start, size in extents)
    place = 0
    at = 0
    for first, last in sorted(stores):
        at = max(at, first)
        while at < last and place < len(used):
            if used[place][0] >= last:
                break
            if used[place][0] > at:
                yield at, used[place][0]
            at = max(at, used[place][1])
            place += at < last
        if at < last:
            yield at, last
