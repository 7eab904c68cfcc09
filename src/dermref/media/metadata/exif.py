"""What an EXIF block says: places, serials, names, notices, free words, how the picture is turned, its thumbnail."""

import re
from collections.abc import Iterator, Mapping

from dermref.media.metadata import place
from dermref.media.metadata.fields import fields
from dermref.media.metadata.said import Role, Said, decode, tidy
from dermref.media.metadata.strings import ends, strings
from dermref.media.metadata.tiff import Entry, Tiff
from dermref.media.metadata.unread import read_private
from dermref.model.media import Block, BlockKind

COPYRIGHT, XMP, IPTC, PHOTOSHOP, CHILDREN = 0x8298, 0x02BC, 0x83BB, 0x8649, 0x014A
EXIF_DIRECTORY, GPS_DIRECTORY, MAKER, COMMENT = 0x8769, 0x8825, 0x927C, 0x9286
THUMBNAIL_START, THUMBNAIL_LENGTH = 0x0201, 0x0202
WORDS = (2, 129)  # the types of ASCII and UTF-8
PLAIN = (1, 6, 7)  # the types of bytes
LEAST_PLAIN = 16  # bytes of a value that can hold something
MOST_CHILDREN = 16  # directories that hang on one
WINDOWS = range(0x9C9B, 0x9CA0)  # UTF-16, little endian, whatever the order of the structure
READ = frozenset({XMP, IPTC, COMMENT})
OWN = {MAKER: "MakerNote", PHOTOSHOP: "Photoshop resources"}
MAX_WORDS = 400_000  # bytes of one directory's words whose tags nobody here knows
MAX_PRIVATE = 4 * 1024 * 1024  # bytes of one directory's values that nothing here reads
AXES = (("lat", 1, 2), ("lon", 3, 4), ("lat", 19, 20), ("lon", 21, 22))  # axis, tag of N/S/E/W, tag of the degrees
AREA = 28
GPS_ENTRY = re.compile(rb"\x88\x25\x00[\x04\x0d]\x00\x00\x00\x01|\x25\x88[\x04\x0d]\x00\x01\x00\x00\x00")


def read_exif(block: Block) -> Iterator[Said | Block]:
    """Everything it says, and the blocks it holds. What cannot be read is searched as plain bytes. `block.data` is a
    TIFF structure, with or without the six bytes that JPEG puts before it."""
    data = memoryview(block.data)[6:] if block.data.startswith(b"Exif\0") else memoryview(block.data)
    tiff = Tiff(data)
    entries, following = tiff.directory(start) if (start := tiff.start()) else ([], 0)
    for pointer in [one for one in entries if one.tag == EXIF_DIRECTORY]:
        entries += tiff.directory(_first(tiff, pointer))[0]
    for pointer in [one for one in entries if one.tag == CHILDREN]:
        for child in tiff.numbers(pointer, most=MOST_CHILDREN):
            entries += tiff.directory(child)[0]
    said = [*_said_by(entries, tiff), *_placed(entries, tiff), *_second(following, tiff, block)]
    yield from said
    yield from _inner(entries, tiff, block)
    yield from _private(entries, tiff, block)
    if not tiff.is_whole:
        yield Said(Role.BROKEN, block.where)
        yield from strings(data, where=block.where)
        if not any(one.tag == GPS_DIRECTORY for one in entries) and GPS_ENTRY.search(ends(data)):
            yield Said(Role.DARK_PLACE, block.where)


def _first(tiff: Tiff, entry: Entry) -> int:
    return next(iter(tiff.numbers(entry)), 0)


def _said_by(entries: list[Entry], tiff: Tiff) -> Iterator[Said]:
    known, left = fields().exif, MAX_WORDS
    for entry in entries:
        if entry.tag in known:
            role, name = known[entry.tag]
            for text in _texts(entry, tiff):
                yield Said(role, f"EXIF {name}", text)
        elif entry.tag == MAKER and (hit := fields().maker_serial.search(tiff.value(entry))):
            yield Said(Role.SERIAL, "EXIF MakerNote", hit[1].decode("ascii", errors="replace"))
        elif entry.type in WORDS and entry.size:
            yield Said(
                Role.TEXT, f"EXIF tag {entry.tag:04X}", decode(tiff.value(entry, most=left).replace(b"\0", b"\n"))
            )
            left = max(0, left - entry.size)
    if not left:
        yield Said(Role.MORE, "EXIF")


def _texts(entry: Entry, tiff: Tiff) -> list[str]:
    value = tiff.value(entry)
    if entry.tag in WINDOWS:
        return [tidy(value.decode("utf-16-le", errors="replace"))]
    if entry.tag == COMMENT:
        return [_comment(value, tiff.order)]
    if fields().exif[entry.tag][0] is Role.TEXT:
        return [decode(value.strip(b"\0").replace(b"\0", b"\n"))]
    parts = 2 if entry.tag == COPYRIGHT else 1  # the photographer's, NUL, the editor's
    return [decode(part) for part in value.split(b"\0")[:parts]]


def _comment(value: bytes, order: str) -> str:
    charset, text = value[:8].rstrip(b"\0 ").upper(), value[8:]
    if charset == b"UNICODE":
        is_big = text.startswith(b"\xfe\xff") or text[::2].count(0) > text[1::2].count(0)
        is_little = text.startswith(b"\xff\xfe") or text[1::2].count(0) > text[::2].count(0)
        big = order == ">" if is_big == is_little else is_big
        return tidy(text.decode("utf-16-be" if big else "utf-16-le", errors="replace"))
    if charset == b"JIS":
        return tidy(text.decode("iso2022_jp", errors="replace"))
    return decode(text if charset in (b"", b"ASCII", b"UTF-8") else value)


def _placed(entries: list[Entry], tiff: Tiff) -> Iterator[Said]:
    for pointer in [one for one in entries if one.tag == GPS_DIRECTORY]:
        was_whole, tiff.is_whole = tiff.is_whole, True
        found, _ = tiff.directory(_first(tiff, pointer))
        is_broken, tiff.is_whole = not tiff.is_whole, tiff.is_whole and was_whole
        by_tag = {one.tag: one for one in reversed(found)}
        places = list(_places(by_tag, tiff))
        yield from (Said(Role.PLACE, "EXIF GPS", words) for words in places)
        if not places and (is_broken or by_tag.keys() - fields().quiet_gps):
            yield Said(Role.DARK_PLACE, "EXIF GPS")


def _places(by_tag: Mapping[int, Entry], tiff: Tiff) -> Iterator[str]:
    degrees = []
    for axis, ref, tag in AXES:
        parts = tiff.fractions(by_tag[tag]) if tag in by_tag else ()
        side = decode(tiff.value(by_tag[ref], most=4)) if ref in by_tag else ""
        degrees.append(place.from_fractions(parts, ref=side, axis=axis))
    yield from filter(None, (place.rounded(*degrees[:2]), place.rounded(*degrees[2:])))
    if AREA in by_tag and (area := decode(tiff.value(by_tag[AREA])[8:])):
        yield f"the name of an area ({len(area)} characters)"


def _second(offset: int, tiff: Tiff, block: Block) -> Iterator[Said | Block]:
    """The directory after the first one: the thumbnail's, in EXIF."""
    entries = tiff.directory(offset)[0] if offset else []
    yield from _said_by(entries, tiff)
    yield from _private(entries, tiff, block)
    by_tag = {one.tag: _first(tiff, one) for one in entries if one.tag in (THUMBNAIL_START, THUMBNAIL_LENGTH)}
    start, length = by_tag.get(THUMBNAIL_START, 0), by_tag.get(THUMBNAIL_LENGTH, 0)
    if start and length:
        tiff.is_whole &= start + length <= len(tiff.data)
        yield Block(BlockKind.THUMBNAIL, bytes(tiff.data[start : start + length]), f"{block.where} thumbnail")


def _private(entries: list[Entry], tiff: Tiff, block: Block) -> Iterator[Said | Block]:
    """Fields that nothing here reads: a maker's own as such, the others joined, as a file may be cut up."""
    unread = bytearray()
    for entry in entries:
        if entry.type not in PLAIN or entry.size < LEAST_PLAIN or entry.tag in READ or entry.tag in fields().exif:
            continue
        if entry.tag in (MAKER, PHOTOSHOP):
            yield from read_private(tiff.value(entry, most=MAX_PRIVATE), where=f"{block.where} {OWN[entry.tag]}")
        else:
            unread += tiff.value(entry, most=MAX_PRIVATE - len(unread))
    if len(unread) >= MAX_PRIVATE:
        yield Said(Role.MORE, block.where)
    if unread:
        yield Block(BlockKind.UNREAD, bytes(unread), f"{block.where} fields")


def _inner(entries: list[Entry], tiff: Tiff, block: Block) -> Iterator[Block]:
    kinds = {XMP: BlockKind.XMP, IPTC: BlockKind.IPTC}
    for entry in entries:
        if entry.tag in kinds and entry.size:
            yield Block(
                kinds[entry.tag],
                tiff.value(entry, most=len(tiff.data)),
                f"{kinds[entry.tag].upper()} inside {block.where}",
            )
