"""Looks through the container of a file without decoding a pixel: what kind of picture, what else it holds, where the
picture ends."""

from dataclasses import dataclass

from dermref.media.formats import Format
from dermref.model.media import Block, Colour


@dataclass(frozen=True, slots=True)
class Structure:
    """What the container alone tells. `end` is the offset behind the picture's last byte, None where it cannot be told;
    `is_whole` False when the container breaks off."""

    end: int | None = None
    frames: int = 1
    bits: int = 8
    colour: Colour = Colour.RGB
    has_alpha: bool = False
    has_profile: bool = False
    is_interlaced: bool = False
    is_progressive: bool = False
    is_whole: bool = True
    blocks: tuple[Block, ...] = ()


def look_through(data: bytes, kind: Format) -> Structure:
    """The structure of a file of this format; total: what cannot be read is left out."""
    return Structure()
