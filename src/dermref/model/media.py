"""What inspection learns of a file, and the files made from it."""

from dataclasses import dataclass
from enum import StrEnum


class Size(StrEnum):
    """The named display sizes; the value in pixels is the longest side."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


PIXELS = {Size.SMALL: 256, Size.MEDIUM: 1024, Size.LARGE: 2048}


@dataclass(frozen=True, slots=True)
class Made:
    """One rendition: encoded bytes of the whole picture, proportional, sRGB, without metadata."""

    size: Size
    media_type: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that is a sound image. `width` and `height` are pixels as displayed (orientation applied);
    `phash` and `dhash` are 8 bytes each."""

    sha256: str
    media_type: str
    byte_size: int
    width: int
    height: int
    phash: bytes
    dhash: bytes
    renditions: tuple[Made, ...] = ()
