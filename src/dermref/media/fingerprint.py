"""Perceptual fingerprints: 64-bit pHash and dHash of a picture, for finding near copies."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dermref.model.media import Likeness

Grey = npt.NDArray[np.float64]
SIDE = 32
LUMA = np.array([0.299, 0.587, 0.114])


def _cosines() -> Grey:
    """The first eight rows of the orthogonal DCT-II matrix for 32 samples."""
    frequency = np.arange(8)[:, None]
    sample = np.arange(SIDE)[None, :]
    return np.cos(np.pi * frequency * (2 * sample + 1) / (2 * SIDE))


COSINES = _cosines()


def likeness(grey: Grey) -> Likeness:
    """How a picture looks, from its 32 x 32 grey square."""
    views = [side for turn in range(4) for side in (np.rot90(grey, turn), np.fliplr(np.rot90(grey, turn)))]
    turned = tuple((phash(one), dhash(one)) for one in views)
    sketch = grey.reshape(16, 2, 16, 2).mean(axis=(1, 3)).round().astype(np.uint8).tobytes()
    return Likeness(*turned[0], turned, sketch)


def grey_square(pixels: Grey) -> Grey:
    """The brightness (ITU-R BT.601) of a picture, averaged into 32 x 32 fields; `pixels` is rows x columns x bands."""
    grey = pixels @ LUMA if pixels.shape[2] == len(LUMA) else pixels[:, :, 0]
    if min(grey.shape) < SIDE:
        grey = np.kron(grey, np.ones((SIDE, SIDE)))
    return _averaged(_averaged(grey).T).T


def _averaged(rows: Grey) -> Grey:
    """The rows averaged into 32."""
    edges = np.linspace(0, len(rows), SIDE + 1).astype(int)
    sums: Grey = np.add.reduceat(rows, edges[:-1], axis=0)
    return sums / np.diff(edges)[:, None]


def phash(grey: Grey) -> bytes:
    """8 bytes from a 32 x 32 grey picture: which of the 64 lowest DCT coefficients lie above their median.

    After C. Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010).
    """
    coefficients = COSINES @ grey @ COSINES.T
    return _pack(coefficients > np.median(coefficients))


def dhash(grey: Grey) -> bytes:
    """8 bytes from a 32 x 32 grey picture reduced to 8 rows of 9: where brightness rises from left to right."""
    rows = grey.reshape(8, 4, SIDE).mean(axis=1)
    edges = np.linspace(0, SIDE, 10).round().astype(int)
    columns = np.stack([rows[:, a:b].mean(axis=1) for a, b in pairwise(edges)], axis=1)
    return _pack(columns[:, 1:] > columns[:, :-1])


def _pack(bits: npt.NDArray[np.bool_]) -> bytes:
    return np.packbits(bits.ravel()).tobytes()
