"""Walks a TIFF's chain of directories and measures how far its parts reach. After "TIFF Revision 6.0" (Adobe, 1992).
The file itself is its EXIF structure."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dermref.media.containers.found import Gathered, Structure
from dermref.media.containers.photoshop import gather_resources
from dermref.model.media import Block, BlockKind, Colour

HEADER = 8  # bytes
MAX_PAGES = 10_000
MAX_DIRECTORIES = 16  # whose entries are read
MAX_ENTRIES = 4096  # of one directory
MAX_OFFSETS = 4_000_000  # numbers read from lists of strips and tiles
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
SUBTYPE, SUBPICTURES, JPEG_START, JPEG_SIZE = 254, 330, 513, 514
BITS, PHOTOMETRIC, SAMPLES, EXTRA = 258, 262, 277, 338
XMP, IPTC, PHOTOSHOP, PROFILE, C2PA = 700, 33723, 34377, 34675, 52545
CHILDREN = (330, 34665, 34853, 40965)  # sub-pictures, EXIF, GPS, interoperability
# Where pixels lie: the tag of the offsets, the tag of the lengths.
PLACES = ((273, 279), (324, 325), (513, 514))
COLOURS = {0: Colour.GREY, 1: Colour.GREY, 2: Colour.RGB, 3: Colour.PALETTE, 5: Colour.CMYK, 6: Colour.RGB}


Spans = npt.NDArray[np.int64]
"""Rows x 2: the start of each part of the file, and the offset behind it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field: its type, how many values, and where they lie."""

    kind: int
    count: int
    at: int

    @property
    def size(self) -> int:
        """How many bytes the values have."""
        return WIDTHS.get(self.kind, 0) * self.count


@dataclass(slots=True)
class Reach:
    """How far the parts of the file reach, as far as it can be told within bounds."""

    end: int = 8
    is_known: bool = True
    is_inside: bool = True  # whether every directory that something points at lies in the file
    seen: set[int] = field(default_factory=set)
    left: int = MAX_OFFSETS
    spans: list[Spans] = field(default_factory=list)

    def cover(self, start: int, size: int) -> None:
        """Note a part of the file that something points at."""
        self.end = max(self.end, start + size)
        self.spans.append(np.array([[start, start + size]], dtype=np.int64))

    def gaps(self, stop: int) -> list[tuple[int, int]]:
        """The parts (start, stop) of the file before `stop` that nothing points at."""
        spans = np.concatenate([np.array([[0, HEADER]], dtype=np.int64), *self.spans])
        spans = spans[np.argsort(spans[:, 0], kind="stable")]
        reached = np.maximum.accumulate(spans[:, 1])
        starts = np.append(spans[1:, 0], stop)
        is_gap = starts > reached
        return [(int(first), min(int(last), stop)) for first, last in zip(reached[is_gap], starts[is_gap], strict=True)]


class TiffFile:
    """A TIFF's bytes in its own byte order."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.order = ">" if data.startswith(b"MM") else "<"

    def number(self, at: int, size: int) -> int:
        """The unsigned number at `at`."""
        return self.number_of(self.data[at : at + size])

    def number_of(self, piece: bytes) -> int:
        """The unsigned number these bytes are."""
        return int.from_bytes(piece, "big" if self.order == ">" else "little")

    def bytes_of(self, number: int, size: int) -> bytes:
        """So many bytes for an unsigned number."""
        return number.to_bytes(size, "big" if self.order == ">" else "little")

    def entries(self, at: int) -> dict[int, Entry]:
        """The fields of the directory at `at`, the first of each tag."""
        found: dict[int, Entry] = {}
        stop = at + 2 + 12 * min(self.number(at, 2), MAX_ENTRIES)
        for start in range(at + 2, min(stop, len(self.data)), 12):
            kind, count = self.number(start + 2, 2), self.number(start + 4, 4)
            inside = WIDTHS.get(kind, 0) * count <= 4
            entry = Entry(kind, count, start + 8 if inside else self.number(start + 8, 4))
            found.setdefault(self.number(start, 2), entry)
        return found

    def values(self, entry: Entry | None, most: int) -> tuple[int, ...]:
        """The whole numbers of a field, at most so many."""
        width = {3: "H", 4: "I", 13: "I", 1: "B"}.get(entry.kind) if entry else None
        if entry is None or width is None:
            return ()
        room = max(0, len(self.data) - entry.at) // WIDTHS[entry.kind]
        number = min(entry.count, most, room)
        return struct.unpack_from(f"{self.order}{number}{width}", self.data, entry.at) if number > 0 else ()

    def first(self, entry: Entry | None, default: int) -> int:
        """The first value of a field."""
        return next(iter(self.values(entry, 1)), default)

    def contents(self, entry: Entry | None) -> bytes:
        """The bytes of a field."""
        return self.data[entry.at : entry.at + entry.size] if entry else b""


def walk_tiff(data: bytes) -> Structure:
    """The structure of a TIFF."""
    file, gathered = TiffFile(data), Gathered()
    pages = list(chain(file))
    first = file.entries(pages[0]) if pages else {}
    gathered.add(BlockKind.XMP, file.contents(first.get(XMP)), "XMP")
    gathered.add(BlockKind.IPTC, file.contents(first.get(IPTC)), "IPTC")
    gathered.add(BlockKind.C2PA, file.contents(first.get(C2PA)), "a C2PA manifest")
    gather_resources(file.contents(first.get(PHOTOSHOP)), gathered, "the Photoshop field")
    gathered.add_unread(file.contents(first.get(PROFILE)), "the colour profile")
    reach = reach_of(file, pages)
    end = min(reach.end + reach.end % 2, len(data)) if reach.is_known and pages else None
    for start, stop in reach.gaps(end) if end else ():
        gathered.add_unread(data[start:stop], "what no field of the file points at")
    return Structure(
        end=end,
        frames=max(1, len(pages)) + _subpictures(file, first, gathered),
        bits=file.first(first.get(BITS), 1),
        colour=COLOURS.get(file.first(first.get(PHOTOMETRIC), 1), Colour.OTHER),
        has_alpha=any(extra in (1, 2) for extra in file.values(first.get(EXTRA), 8)),
        has_profile=PROFILE in first,
        is_whole=bool(first),
        blocks=((Block(BlockKind.EXIF, data, "EXIF"), *gathered.all()) if first else ()),
        is_cut=gathered.is_cut,
    )


def chain(file: TiffFile) -> Iterator[int]:
    """Where each directory begins; a chain that leads back to itself ends there."""
    at, seen = file.number(4, 4), set[int]()
    while 0 < at < len(file.data) and at not in seen and len(seen) < MAX_PAGES:
        seen.add(at)
        yield at
        at = file.number(at + 2 + 12 * file.number(at, 2), 4)


def _subpictures(file: TiffFile, first: dict[int, Entry], gathered: Gathered) -> int:
    """How many pictures hang on the first page; those that are marked as its smaller copies are kept as thumbnails."""
    number, seen = 0, set[int]()
    for at in file.values(first.get(SUBPICTURES), MAX_DIRECTORIES):
        if at in seen or not HEADER <= at < len(file.data):
            continue
        seen.add(at)
        entries = file.entries(at)
        if not file.first(entries.get(SUBTYPE), 0) & 1:
            number += 1
            continue
        start, size = (file.first(entries.get(tag), 0) for tag in (JPEG_START, JPEG_SIZE))
        pointed = file.data[:4] + at.to_bytes(4, "big" if file.order == ">" else "little") + file.data[HEADER:]
        thumbnail = file.data[start : start + size] if start and size else pointed
        gathered.add(BlockKind.THUMBNAIL, thumbnail, "a smaller copy of the page")
    return number


def reach_of(file: TiffFile, pages: list[int], *, without: frozenset[int] = frozenset()) -> Reach:
    """Everything that anything in the file points at, as far as that can be told; where tags of the first page are left
    out (`without`), its directory is, too."""
    reach, waiting = Reach(), list(pages[:MAX_DIRECTORIES])
    while waiting and reach.is_known:
        at = waiting.pop()
        reach.is_inside &= at < len(file.data)
        if at in reach.seen or not 0 < at < len(file.data):
            continue
        reach.seen.add(at)
        reach.is_known &= len(reach.seen) <= MAX_DIRECTORIES
        entries = file.entries(at)
        if without and at == pages[0]:
            entries = {tag: entry for tag, entry in entries.items() if tag not in without}
        else:
            reach.cover(at, 6 + 12 * file.number(at, 2))
        _fields(file, entries, reach)
        for tag in CHILDREN:
            waiting += file.values(entries.get(tag), MAX_DIRECTORIES)
    return reach


def _fields(file: TiffFile, entries: dict[int, Entry], reach: Reach) -> None:
    for entry in entries.values():
        if entry.size > 4:
            reach.cover(entry.at, entry.size)
    for places, lengths in PLACES:
        starts = file.values(entries.get(places), reach.left)
        sizes = file.values(entries.get(lengths), reach.left)
        reach.left -= len(starts) + len(sizes)
        reach.is_known &= reach.left > 0
        if starts and sizes:
            pairs = np.array([(starts[: len(sizes)]), (sizes[: len(starts)])], dtype=np.int64).T
            pairs[:, 1] += pairs[:, 0]
            reach.end = max(reach.end, int(pairs[:, 1].max()))
            reach.spans.append(pairs)
