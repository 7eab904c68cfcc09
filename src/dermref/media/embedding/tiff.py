"""Writes XMP and IPTC into a TIFF: the first page's directory is written anew at the end of the file, its pixels and
the other pages stay where they are. After "TIFF Revision 6.0" and XMP part 3 (1.1.8)."""

from collections.abc import Iterator

import numpy as np

from dermref.media.containers.tiff import (
    HEADER,
    IPTC,
    MAX_ENTRIES,
    PHOTOSHOP,
    XMP,
    Entry,
    Spans,
    TiffFile,
    chain,
    reach_of,
)
from dermref.media.embedding.parts import Broken, broken
from dermref.media.embedding.resources import without_iptc
from dermref.model.evidence import Refusal
from dermref.model.media import Packet

REPLACED = frozenset({XMP, IPTC, PHOTOSHOP})
BYTE, UNDEFINED = 1, 7
FIELD = 12  # bytes
MOST = 2**32 - 1


def write_tiff(data: bytes, packet: Packet) -> bytes | Refusal:
    """The file with the packet instead of what XMP and IPTC there was."""
    file = TiffFile(data)
    try:
        at, following = _first_page(file)
        base = _without_old(file, at)
    except Broken as why:
        return broken("TIFF", str(why))
    values = {XMP: (BYTE, packet.xmp), IPTC: (UNDEFINED, packet.iptc)}
    resources = without_iptc(file.contents(file.entries(at).get(PHOTOSHOP)))
    if resources:
        values[PHOTOSHOP] = (BYTE, resources)
    fields = [one for one in _fields(file, at) if file.number_of(one[:2]) not in REPLACED]
    directory = _directory(file, fields, values, at=len(base), following=following)
    if len(base) + len(directory) > MOST:
        return broken("TIFF", "it would be too large")
    base[4:8] = file.bytes_of(len(base), 4)
    return bytes(base + directory)


def _first_page(file: TiffFile) -> tuple[int, int]:
    """Where the first directory is, and what stands behind it. Raises Broken where the chain leads nowhere or back."""
    pages = list(chain(file))
    if not pages:
        raise Broken("it has no page")
    at = pages[0]
    number = file.number(at, 2)
    if at < HEADER or not 0 < number <= MAX_ENTRIES or at + 6 + FIELD * number > len(file.data):
        raise Broken("its first page is not whole")
    last = file.number(pages[-1] + 2 + FIELD * file.number(pages[-1], 2), 4)
    if last:
        raise Broken("its pages lead back to one another, or out of the file")
    return at, file.number(at + 2 + FIELD * number, 4)


def _fields(file: TiffFile, at: int) -> Iterator[bytes]:
    """Every field of the directory as it stands."""
    for start in range(at + 2, at + 2 + FIELD * file.number(at, 2), FIELD):
        yield file.data[start : start + FIELD]


def _without_old(file: TiffFile, at: int) -> bytearray:
    """The file up to where the new directory begins, on an even offset. What was written here before is cut off; other
    old XMP and IPTC is blanked, unless something else lies in the same bytes."""
    reach = reach_of(file, list(chain(file)), without=REPLACED)
    if not reach.is_known:
        raise Broken("it has too many parts")
    if reach.end > len(file.data) or not reach.is_inside:
        raise Broken("parts of it lie behind its end")  # and would be found in what is added there
    entries = file.entries(at)
    old = [one for tag, one in entries.items() if tag in REPLACED and 4 < one.size <= len(file.data) - one.at]
    ends = (at, at + 6 + FIELD * file.number(at, 2))
    if _is_tail(file.data, [ends, *((one.at, one.at + one.size) for one in old)], reach.end):
        return bytearray(file.data[:at])
    base = bytearray(file.data)
    others = np.concatenate([np.array([[0, HEADER], ends], dtype=np.int64), *reach.spans])
    for one in old:
        if not _overlaps(one, others):
            base[one.at : one.at + one.size] = bytes(one.size)
    return base + b"\0" * (len(base) % 2)


def _is_tail(data: bytes, parts: list[tuple[int, int]], end: int) -> bool:
    """Do the first directory and its XMP and IPTC alone make up the end of the file, from an even offset on?"""
    start = reached = parts[0][0]
    for first, last in sorted(parts):
        if first < reached or data[reached:first].strip(b"\0") or first - reached > 1:
            return False
        reached = last
    return start % 2 == 0 and end <= start and len(data) - reached <= 1 and not data[reached:].strip(b"\0")


def _overlaps(entry: Entry, spans: Spans) -> bool:
    return bool(((spans[:, 0] < entry.at + entry.size) & (entry.at < spans[:, 1])).any())


def _directory(
    file: TiffFile, fields: list[bytes], values: dict[int, tuple[int, bytes]], *, at: int, following: int
) -> bytes:
    """A directory for the offset `at`, with these fields as they are and those values behind it."""
    number = len(fields) + len(values)
    place, made, behind = at + 6 + FIELD * number, list(fields), b""
    for tag, (kind, value) in values.items():
        head = file.bytes_of(tag, 2) + file.bytes_of(kind, 2) + file.bytes_of(len(value), 4)
        padded = value + b"\0" * (len(value) % 2)
        is_inside = len(value) <= 4
        made.append(head + (value.ljust(4, b"\0") if is_inside else file.bytes_of(place + len(behind), 4)))
        behind += b"" if is_inside else padded
    made.sort(key=lambda one: file.number_of(one[:2]))
    return file.bytes_of(number, 2) + b"".join(made) + file.bytes_of(following, 4) + behind
