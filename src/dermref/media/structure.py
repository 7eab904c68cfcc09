"""Looks through the container of a file without decoding a pixel: what kind of picture, what else it holds, where the
picture ends."""

from collections.abc import Callable, Mapping

from dermref.media.containers.boxes import walk_boxes
from dermref.media.containers.found import Structure
from dermref.media.containers.gif import walk_gif
from dermref.media.containers.jpeg import walk_jpeg
from dermref.media.containers.png import walk_png
from dermref.media.containers.tiff import walk_tiff
from dermref.media.containers.webp import walk_webp
from dermref.media.formats import AVIF, GIF, HEIC, JPEG, PNG, TIFF, WEBP, Format

WALKERS: Mapping[Format, Callable[[bytes], Structure]] = {
    JPEG: walk_jpeg,
    PNG: walk_png,
    WEBP: walk_webp,
    GIF: walk_gif,
    TIFF: walk_tiff,
    AVIF: walk_boxes,
    HEIC: walk_boxes,
}


def look_through(data: bytes, kind: Format) -> Structure:
    """The structure of a file of this format; total: what cannot be read is left out."""
    return WALKERS[kind](data)
