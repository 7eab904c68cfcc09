"""Reads the directories of a TIFF structure, as EXIF is: every offset checked, every directory once, never raising.

Ours and not a library's, because inspection must know whether a structure could be read to its end. Pillow's reader
(13.0) drops what it cannot read without a word, raises on a foreign header, and hands back the text of a GPS entry that
is no directory; it would also be a second image decoder in every worker.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}  # bytes of a type
NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I"}
FRACTIONS = {5: "II", 10: "ii"}


class Entry(NamedTuple):
    """A field of a directory: its tag and type, where its value starts, and how many bytes it has (0 where it lies
    outside). A tuple and no dataclass: it takes a third of the time, and a file has a hundred."""

    tag: int
    type: int
    start: int
    size: int


@dataclass(slots=True)
class Tiff:
    """A structure under reading. `is_whole` turns False at the first offset or type that cannot be followed."""

    data: memoryview
    order: str = "<"
    is_whole: bool = True
    seen: set[int] = field(default_factory=set)

    def start(self) -> int:
        """The offset of the first directory, 0 where this is no TIFF structure."""
        head = bytes(self.data[:8])
        self.order = ">" if head[:2] == b"MM" else "<"
        is_tiff = len(head) == 8 and head[:4] in (b"II*\0", b"MM\0*")
        self.is_whole = is_tiff
        return int(struct.unpack(self.order + "I", head[4:])[0]) if is_tiff else 0

    def directory(self, offset: int) -> tuple[list[Entry], int]:
        """The fields of the directory there, and the offset of the next one, 0 where there is none. A tag is to stand
        there once; of more, two are read, so that many that share one long value cost no more."""
        if not 8 <= offset <= len(self.data) - 2 or offset in self.seen:
            self.is_whole = False
            return [], 0
        self.seen.add(offset)
        table = self.data[offset + 2 :]
        count = struct.unpack_from(self.order + "H", self.data, offset)[0]
        present = min(count, len(table) // 12)
        entries = self._entries(table[: 12 * present], start=offset + 2)
        after = table[12 * present : 12 * present + 4]
        self.is_whole &= present == count
        is_told = present == count and len(after) == 4  # some writers leave the last "next" out
        return entries, int(struct.unpack(self.order + "I", after)[0]) if is_told else 0

    def _entries(self, table: memoryview, *, start: int) -> list[Entry]:
        entries, once, twice = [], set[int](), set[int]()
        for place, (tag, kind, count, offset) in enumerate(struct.iter_unpack(self.order + "HHII", table)):
            size = count * WIDTHS.get(kind, 0)
            at = offset if size > 4 else start + 12 * place + 8
            is_inside = at + size <= len(self.data) and kind in WIDTHS
            self.is_whole &= is_inside
            if tag not in twice:
                entries.append(Entry(tag, kind, at, size if is_inside else 0))
                (twice if tag in once else once).add(tag)
        return entries

    def value(self, entry: Entry, *, most: int = 400_000) -> bytes:
        """The raw value of a field, at most so many bytes."""
        return bytes(self.data[entry.start : entry.start + min(entry.size, most)])

    def numbers(self, entry: Entry, *, most: int = 4) -> tuple[int, ...]:
        """The first whole numbers of a field, none where it holds something else."""
        return tuple(one[0] for one in self._unpacked(entry, NUMBERS, most))

    def fractions(self, entry: Entry) -> tuple[tuple[int, int], ...]:
        """The first fractions of a field as (numerator, denominator), none where it holds something else."""
        return tuple((one[0], one[1]) for one in self._unpacked(entry, FRACTIONS, 4))

    def _unpacked(self, entry: Entry, forms: dict[int, str], most: int) -> Iterator[tuple[int, ...]]:
        form = forms.get(entry.type)
        if not form:
            return iter(())
        return struct.iter_unpack(self.order + form, self.value(entry, most=most * WIDTHS[entry.type]))
