"""How a picture looks, in numbers: two 64-bit hashes in all eight orientations to find near copies by, and a sketch
for a closer look. Why these, and what they find: docs/media.md."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dermref.model.media import Likeness

Grey = npt.NDArray[np.float64]
SIDE = 32
SKETCH = 24
LUMA = np.array([0.299, 0.587, 0.114])
FINEST = 256  # brightness is told apart in steps of 1/256, so that rounding alone never decides a bit
STEPS = 40  # of a sketch: its values stay within about ±3
SPECTRUM = Path(__file__).parent / "data" / "spectrum.toml"

# What is done to a picture on its eight turns, by number: the 4 mirrors it on its diagonal, the 1 left to right, the 2
# top to bottom, in that order.
TURNS = (
    "as it is",
    "mirrored left to right",
    "mirrored top to bottom",
    "turned upside down",
    "mirrored on its diagonal",
    "turned right",
    "turned left",
    "mirrored on its other diagonal",
)


def likeness(grey: Grey) -> Likeness:
    """How a picture looks, from its 32 x 32 grey square; `turned` is in the order of TURNS."""
    grey = np.round(grey * FINEST) / FINEST
    cosines = _cosines(SKETCH)
    coefficients = cosines @ grey @ cosines.T
    turned = tuple(zip(_phashes(coefficients[:8, :8]), _dhashes(grey), strict=True))
    return Likeness(*turned[0], turned, _sketch(coefficients))


def grey_square(pixels: Grey) -> Grey:
    """The brightness (ITU-R BT.601) of a picture, averaged into 32 x 32 fields; `pixels` is rows x columns x bands."""
    grey = pixels @ LUMA if pixels.shape[2] == len(LUMA) else pixels[:, :, 0]
    return _averaged(_averaged(grey).T).T


def turn_sketch(sketch: bytes, turn: int) -> bytes:
    """The sketch of the picture turned so (TURNS)."""
    square = np.frombuffer(sketch, dtype=np.int8).reshape(SKETCH, SKETCH)
    return turns(square)[turn].tobytes()


def turns(square: npt.NDArray[np.generic]) -> "list[npt.NDArray[np.generic]]":
    """A picture (rows x columns) on its eight TURNS."""
    return [way for one in (square, square.T) for way in (one, one[:, ::-1], one[::-1], one[::-1, ::-1])]


def _averaged(rows: Grey) -> Grey:
    """The rows averaged into 32, each giving to the field it lies in, or to two by the share that lies in each."""
    height = len(rows)
    edges = np.linspace(0, height, SIDE + 1)
    whole = edges.astype(int)
    shares = (edges - whole)[:, None] * rows[np.minimum(whole, height - 1)]
    sums: Grey = np.add.reduceat(rows, whole[:-1], axis=0)
    sums[np.diff(whole) == 0] = 0
    sums += np.diff(shares, axis=0)
    return sums * (SIDE / height)


def _phashes(lowest: Grey) -> list[bytes]:
    """Which of the 64 lowest DCT coefficients lie above their median, for each of the TURNS: mirroring a picture only
    changes the sign of every second coefficient.

    After C. Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010).
    """
    sign = np.where(np.arange(8) % 2, -1.0, 1.0)
    ways = [way for one in (lowest, lowest.T) for way in (one, one * sign, (one.T * sign).T, (one.T * sign).T * sign)]
    flat = np.stack(ways).reshape(8, 64)
    middle = np.sort(flat, axis=1)[:, 31:33].mean(axis=1)
    return _pack(flat > middle[:, None])


def _dhashes(grey: Grey) -> list[bytes]:
    """Where brightness rises from left to right in 8 rows of 9 fields, for each of the TURNS."""
    ways = np.stack([way for one in (grey, grey.T) for way in turns(_fields(one))[:4]])
    return _pack(ways[:, :, 1:] > ways[:, :, :-1])


def _fields(grey: Grey) -> Grey:
    edges = np.linspace(0, SIDE, 10).round().astype(int)
    fields: Grey = np.add.reduceat(grey.reshape(8, 4, SIDE).mean(axis=1), edges[:-1], axis=1)
    return fields / np.diff(edges)


def _sketch(coefficients: Grey) -> bytes:
    """24 x 24 signed bytes: the picture with each frequency divided by its usual strength, then each field by the
    strength around it, so that faint skin counts as much as the lesion. Without light and shade, all of it is 0."""
    back, around = _cosines(SKETCH, SKETCH), _around()
    plain = back.T @ (coefficients / _strength()) @ back
    strength = np.sqrt(around @ (plain * plain) @ around.T)
    even = plain / (strength + 0.3 * np.median(strength) + 0.02)
    return bytes(np.clip(np.round(even * STEPS), -127, 127).astype(np.int8).tobytes())


@cache
def _cosines(count: int, samples: int = SIDE) -> Grey:
    """The first `count` rows of the orthonormal DCT-II matrix."""
    frequency, sample = np.arange(count)[:, None], np.arange(samples)[None, :]
    rows: Grey = np.cos(np.pi * frequency * (2 * sample + 1) / (2 * samples)) * np.sqrt(2 / samples)
    rows[0] /= np.sqrt(2)
    return rows


@cache
def _strength() -> Grey:
    """How strong each frequency usually is; the mean brightness, which is none, counts as endless."""
    rows: Grey = np.array(tomllib.loads(SPECTRUM.read_text("utf-8"))["strength"], dtype=np.float64)
    rows[0, 0] = np.inf
    return rows


@cache
def _around() -> Grey:
    """The matrix that averages 24 fields with their two neighbours on each side, the picture mirrored at its edge."""
    rows = np.zeros((SKETCH, SKETCH))
    for field in range(SKETCH):
        for near in range(field - 2, field + 3):
            rows[field, SKETCH - 1 - abs(SKETCH - 1 - abs(near))] += 0.2
    return rows


def _pack(bits: npt.NDArray[np.bool_]) -> list[bytes]:
    return [row.tobytes() for row in np.packbits(bits.reshape(8, 64), axis=1)]
