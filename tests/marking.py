"""Draws marks of our own on test pictures: two without any font, and what may have happened to a mark since."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips

from dermref.media.fingerprint import Grey
from dermref.model.media import Mark, Place

FILES = Path(__file__).parent / "files"
CORNERS = (Place.TOP_LEFT, Place.TOP_RIGHT, Place.BOTTOM_LEFT, Place.BOTTOM_RIGHT)
WORDS = {
    "first": ("####.#..#.###..####.#...#", "#....#..#.#..#.#....##.##", "###..#..#.###..###..#.#.#",
              "#....#..#.#.#..#....#...#", "#.....##..#..#.####.#...#"),
    "second": ("#..#.####.###...##..#..#.", "##.#.#..#.#..#.#..#.#..#.", "#.##.#..#.###..####..##..",
               "#..#.#..#.#....#..#..##..", "#..#.####.#....#..#..##.."),
}  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """How a mark is drawn: its width is a share of the picture's, light is white and dark is black."""

    width: float = 0.2
    opacity: float = 0.6
    light: bool = True
    place: Place = Place.BOTTOM_RIGHT
    inset: int = 15


def word(name: str) -> pyvips.Image:
    """A word of squares as opacity (0 to 255)."""
    fields = np.array([[255 * (field == "#") for field in row] for row in WORDS[name]], dtype=np.uint8)
    return _opacity(np.kron(fields, np.ones((12, 12), dtype=np.uint8)))


def ring() -> pyvips.Image:
    """A ring around three bars, as opacity."""
    y, x = np.mgrid[-150:150, -150:150]
    drawn = (np.hypot(x, y) < 148) & (np.hypot(x, y) > 122)
    for at, end in ((-60, 15), (0, 95), (60, 55)):
        drawn |= (abs(y - at) < 16) & (x > -85) & (x < end)
    return _opacity((drawn * 255).astype(np.uint8))


def mark(opacity: pyvips.Image, *, places: tuple[Place, ...] = CORNERS) -> Mark:
    """The reference of a mark, white on clear ground."""
    return Mark(png(opacity), places, (0.08, 0.35))


def png(opacity: pyvips.Image) -> bytes:
    """The mark in white on clear ground."""
    white = opacity.new_from_image([255, 255, 255]).copy(interpretation="srgb")
    return bytes(white.bandjoin(opacity).pngsave_buffer())


def picture(name: str = "ISIC_0000546.jpg") -> pyvips.Image:
    return pyvips.Image.new_from_file(str(FILES / name))


def drawn(ground: pyvips.Image, opacity: pyvips.Image, how: Drawing = Drawing()) -> pyvips.Image:
    """The picture with the mark."""
    small, left, top = placed(ground, opacity, how)
    share = small.embed(left, top, ground.width, ground.height) * (how.opacity / 255)
    return (ground * (1 - share) + share * (255 if how.light else 0)).cast("uchar")


def placed(ground: pyvips.Image, opacity: pyvips.Image, how: Drawing) -> tuple[pyvips.Image, int, int]:
    """The mark at its size, and its left upper corner."""
    small = opacity.resize(ground.width * how.width / opacity.width)
    left = how.inset if how.place.endswith("left") else ground.width - small.width - how.inset
    top = how.inset if how.place.startswith("top") else ground.height - small.height - how.inset
    return small, left, top


def covered(made: pyvips.Image, opacity: pyvips.Image, how: Drawing, *, share: float) -> pyvips.Image:
    """A plain box over this share of the mark."""
    small, left, top = placed(made, opacity, how)
    box = made.crop(left, top, round(small.width * share), small.height)
    return made.insert(box.new_from_image([box[band].avg() for band in range(3)]).cast("uchar"), left, top)


def jpeg(made: pyvips.Image, quality: int = 70) -> bytes:
    return bytes(made.jpegsave_buffer(Q=quality, keep="none"))


def pixels(made: pyvips.Image, quality: int = 70) -> Grey:
    """What is compared, after a JPEG of this quality."""
    whole = pyvips.Image.new_from_buffer(jpeg(made, quality), "")
    flat = np.frombuffer(whole.write_to_memory(), dtype=np.uint8)
    return flat.reshape(whole.height, whole.width, whole.bands).astype(np.float64)


def _opacity(pixels_: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> pyvips.Image:
    return pyvips.Image.new_from_memory(pixels_.tobytes(), pixels_.shape[1], pixels_.shape[0], 1, "uchar")
