"""Photoshop's image resources, as JPEG, TIFF and PNG files carry them: here for IPTC and thumbnails alone.

After "Adobe Photoshop File Formats Specification", Image Resources Section.
"""

from collections.abc import Iterator

from dermref.media.containers.found import Gathered, big
from dermref.model.media import BlockKind

IPTC, THUMBNAIL_OLD, THUMBNAIL, XMP = 0x0404, 0x0409, 0x040C, 0x0424
THUMBNAIL_HEADER = 28  # bytes before the thumbnail's JPEG
MAX_RESOURCES = 10_000


def gather_resources(data: bytes, gathered: Gathered, where: str) -> None:
    """Keep what the resources hold of IPTC, XMP and thumbnails."""
    for number, body in resources(data):
        if number == IPTC:
            gathered.add(BlockKind.IPTC, body, where)
        elif number == XMP:
            gathered.add(BlockKind.XMP, body, where)
        elif number in (THUMBNAIL, THUMBNAIL_OLD):
            gathered.add(BlockKind.THUMBNAIL, body[THUMBNAIL_HEADER:], where)
        else:
            gathered.add_unread(body, where)


def resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each resource's number and contents; what follows the last one has the number 0."""
    at = 0
    for _ in range(MAX_RESOURCES):
        if data[at : at + 4] != b"8BIM":
            yield 0, data[at:]
            return
        name = 1 + big(data, at + 6, 1)
        start = at + 6 + name + name % 2
        size = big(data, start, 4)
        yield big(data, at + 4, 2), data[start + 4 : start + 4 + size]
        at = start + 4 + size + size % 2
