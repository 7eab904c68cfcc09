"""What the data sets of an IPTC block (IIM 4.2) say."""

from collections.abc import Iterator

from dermref.media.metadata.fields import fields
from dermref.media.metadata.said import Role, Said, decode
from dermref.media.metadata.strings import strings
from dermref.model.media import Block

UTF_8 = b"\x1b%G"  # as the data set 1:90 announces it
CHARSET = (1, 90)
MOST = 5_000  # data sets


def read_iptc(block: Block) -> Iterator[Said]:
    """The words of each data set that we know. What cannot be read is searched as plain bytes."""
    sets, is_whole = _sets(block.data)
    is_utf_8 = (CHARSET, UTF_8) in sets
    for number, value in sets:
        if number in fields().iptc:
            role, name = fields().iptc[number]
            yield Said(role, f"IPTC {name}", decode(value.decode("utf-8", "replace").encode() if is_utf_8 else value))
    if not is_whole:
        yield Said(Role.BROKEN, block.where)
        yield from strings(block.data, where=block.where)


def _sets(data: bytes) -> tuple[list[tuple[tuple[int, int], bytes]], bool]:
    """((record, data set), value) up to the first fault, and whether there was none. NULs may follow."""
    found: list[tuple[tuple[int, int], bytes]] = []
    at = 0
    while data[at : at + 1] == b"\x1c" and at + 5 <= len(data) and len(found) < MOST:
        start, size = at + 5, int.from_bytes(data[at + 3 : at + 5])
        if size & 0x8000:  # a long data set: so many bytes hold its length
            start, size = _long(data, start, size & 0x7FFF)
        if start + size > len(data):
            return [*found, ((data[at + 1], data[at + 2]), data[start:])], False
        found.append(((data[at + 1], data[at + 2]), data[start : start + size]))
        at = start + size
    return found, not data[at:].strip(b"\0")


def _long(data: bytes, start: int, width: int) -> tuple[int, int]:
    return start + width, int.from_bytes(data[start : start + min(width, 8)])
