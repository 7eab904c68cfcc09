"""Writes what is said of an image's rights into its file: other words, the same picture. Decides nothing; what cannot
carry them is refused and stays as it is."""

from collections.abc import Callable, Mapping

from dermref.media.embedding.jpeg import write_jpeg
from dermref.media.embedding.png import write_png
from dermref.media.embedding.tiff import write_tiff
from dermref.media.embedding.webp import write_webp
from dermref.media.formats import JPEG, PNG, TIFF, WEBP, Format, describe, sniff
from dermref.model.evidence import Refusal
from dermref.model.media import Packet

REVISION = 1  # goes up whenever the same file and the same words come out as other bytes
WRITERS: Mapping[Format, Callable[[bytes, Packet], bytes | Refusal]] = {
    JPEG: write_jpeg,
    PNG: write_png,
    WEBP: write_webp,
    TIFF: write_tiff,
}
CARRIERS = frozenset(kind.media_type for kind in WRITERS)


def embed(data: bytes, packet: Packet) -> bytes | Refusal:
    """The file with this packet instead of what XMP and IPTC there was; what else it holds stays byte for byte, and
    written twice is written once. A Refusal where its format has no place for it, or it is not as its format says.
    """
    kind = sniff(data)
    if kind is None:
        return Refusal("not-an-image", f"nothing is written into what is {describe(data)}")
    writer = WRITERS.get(kind)
    if writer is None:
        return Refusal("cannot-carry", f"a file of the type {kind.media_type} goes as it is, its credit beside it")
    return writer(data, packet)
