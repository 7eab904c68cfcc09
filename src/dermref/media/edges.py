"""A picture at any size, and the direction of its edges: what two pictures of different brightness have in common."""

import math

import numpy as np
import numpy.typing as npt

from dermref.media.fingerprint import Grey

Edges = npt.NDArray[np.complex64]
"""Rows x columns: the direction of each edge as a complex number, its length from 0 (no edge) to nearly 1."""
LEAST_LEVEL = 16  # pixels; a smaller picture is not halved again


class Pyramid:
    """A picture at its own size, at half of it, at a quarter …, to be sampled at any size without aliasing."""

    def __init__(self, picture: Grey) -> None:
        self.levels = [picture]
        while min(self.levels[-1].shape) >= LEAST_LEVEL:
            last = self.levels[-1]
            rows, columns = (side // 2 * 2 for side in last.shape)
            halved = (last[:rows:2] + last[1:rows:2]) / 2
            self.levels.append((halved[:, :columns:2] + halved[:, 1:columns:2]) / 2)

    def sample(self, *, left: float, top: float, size: tuple[int, int], scale: float) -> Grey:
        """`size` (columns, rows) pixels of the picture from (`left`, `top`) on, reduced to `scale`; beyond its rim, its
        rim again."""
        level = min(max(0, math.floor(-math.log2(scale) + 0.01)), len(self.levels) - 1)
        picture = self.levels[level]
        rows = _between(picture, (top + (np.arange(size[1]) + 0.5) / scale) / 2**level - 0.5)
        return _between(rows.T, (left + (np.arange(size[0]) + 0.5) / scale) / 2**level - 0.5).T


def _between(picture: Grey, at: Grey) -> Grey:
    """The rows of the picture at these heights, mixed from the two nearest."""
    at = np.clip(at, 0, len(picture) - 1)
    low = np.minimum(at.astype(int), len(picture) - 2)
    share = (at - low)[:, None]
    mixed: Grey = picture[low] * (1 - share) + picture[low + 1] * share
    return mixed


def edges(brightness: Grey, *, floor: float) -> Edges:
    """The direction of the edge at every pixel; a step of `floor` from one neighbour to the
    other gives a length of 0.7, a much higher one nearly 1."""
    slope = np.zeros(brightness.shape, dtype=np.complex64)
    slope.real[:, 1:-1] = brightness[:, 2:] - brightness[:, :-2]
    slope.imag[1:-1, :] = brightness[2:, :] - brightness[:-2, :]
    directed: Edges = slope / np.sqrt(slope.real**2 + slope.imag**2 + np.float32(floor) ** 2)
    return directed
