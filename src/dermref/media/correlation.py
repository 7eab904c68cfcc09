"""Finds a small picture inside a larger one, whatever its size there, its opacity and its polarity: compares the
directions of edges, coarsely over all sizes and places first, then closely where that looked best."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dermref.media.edges import Edges, Pyramid, edges
from dermref.media.fingerprint import Grey
from dermref.model.media import Place

RIM = 2  # pixels of background around the template: its outer edges count too
CANDIDATES = 6  # coarse findings looked at closely
CLOSE = (-0.75, -0.375, 0.0, 0.375, 0.75)  # close sizes around a coarse one, in steps of its ladder
CLOSEST = (-0.2, -0.1, 0.0, 0.1, 0.2)
SHIFTS = (0, 0.5, 0.5j, 0.5 + 0.5j)  # pixels, across and down
TEMPLATE_FLOOR = 0.25  # of the template's whole contrast
MOST_PARTS = 8  # along the longer side of a template
LEAST_PART = 0.03  # of all edges; a part with less of them says nothing


# Of each place, across and down: at the low end, in the middle, at the high end, or anywhere.
LOW, MIDDLE, HIGH, ALL = 0.0, 0.5, 1.0, None
SIDES: dict[Place, tuple[float | None, float | None]] = {
    Place.TOP_LEFT: (LOW, LOW),
    Place.TOP: (MIDDLE, LOW),
    Place.TOP_RIGHT: (HIGH, LOW),
    Place.LEFT: (LOW, MIDDLE),
    Place.CENTRE: (MIDDLE, MIDDLE),
    Place.RIGHT: (HIGH, MIDDLE),
    Place.BOTTOM_LEFT: (LOW, HIGH),
    Place.BOTTOM: (MIDDLE, HIGH),
    Place.BOTTOM_RIGHT: (HIGH, HIGH),
    Place.ANYWHERE: (ALL, ALL),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How to look. `coarse` and `fine` are the template's mean side in pixels, `reach` the pixels that a size between
    two rungs may be off at the template's end, `floor` the step in brightness (0 to 255) below which an edge counts
    ever less, `least` the smallest mean side that can be told, `margin` how far from its place a mark may lie (share).
    """

    coarse: float
    fine: float
    reach: float
    floor: float
    least: float
    margin: float


class Match(NamedTuple):
    """The best likeness found: of the whole template and of its least like part (both -1 to 1), and where: the left
    upper corner and the width in pixels. `missed` says that some sizes were too small to be told."""

    score: float
    weakest: float
    place: str
    left: float
    top: float
    width: float
    missed: bool


class _Guess(NamedTuple):
    score: float
    place: str
    left: float
    top: float
    width: float
    step: float
    is_close: bool = False


class _Area(NamedTuple):
    """Where the left upper corner of a mark may lie, in pixels."""

    left: float
    right: float
    top: float
    bottom: float


class _Patch(NamedTuple):
    """A part of the picture as edges, reduced to `scale`; a template laid on its first pixel is a mark that begins at
    (`left`, `top`) of the picture."""

    edges: Edges
    left: float
    top: float
    scale: float

    def best(self, template: Edges, guess: "_Guess") -> tuple["_Guess", Grey]:
        """Where the template fits best, and how alike each of its pixels is there."""
        raw = _correlated(self.edges, template)
        y, x = np.unravel_index(np.argmax(np.abs(raw)), raw.shape)
        window = self.edges[y : y + template.shape[0], x : x + template.shape[1]]
        alike = np.sign(raw[y, x]) * (window * template.conj()).real
        at = guess._replace(
            score=float(abs(raw[y, x])), left=self.left + float(x) / self.scale, top=self.top + float(y) / self.scale
        )
        return at, alike


def find(picture: Grey, shape: Grey, *, places: Iterable[str], widths: tuple[float, float], look: Look) -> Match | None:
    """The best match of `shape` in `picture` (both brightness, rows x columns) at these places, `widths` pixels wide.
    None where no size could be looked for at all."""
    search = _Search(picture, shape, look)
    guesses, missed = search.coarsely(tuple(places), widths)
    if not guesses:
        return None
    return search.at_last(max(map(search.closely, guesses)))._replace(missed=missed)


class _Search:
    """One picture and one shape, the templates kept that were made of it."""

    def __init__(self, picture: Grey, shape: Grey, look: Look) -> None:
        self.height, self.width = picture.shape
        self.picture = Pyramid(picture)
        self.shape = Pyramid(np.pad(shape, 1))
        self.ratio = shape.shape[0] / shape.shape[1]
        self.columns = shape.shape[1]
        self.look = look
        self.templates: dict[tuple[int, int], Edges] = {}

    def coarsely(self, places: tuple[str, ...], widths: tuple[float, float]) -> tuple[list[_Guess], bool]:
        """The most promising sizes and places, and whether some sizes were too small to be told."""
        least = self.look.least / math.sqrt(self.ratio)
        most = min(widths[1], self.width, self.height / self.ratio)
        found: list[_Guess] = []
        width = max(widths[0], least)
        while width <= most:
            step = 1 + 4 * self.look.reach / max(self._template_size(width, self.look.coarse))
            found += [self._farther(_Guess(0, place, 0, 0, width, step)) for place in places]
            width = most if width < most < width * step else width * step
        found.sort(reverse=True)
        return found[:CANDIDATES], widths[0] < least

    def closely(self, guess: _Guess) -> _Guess:
        """The best match near a coarse one."""
        return max(self._near(guess, guess.width * guess.step**share)[0] for share in CLOSE)

    def at_last(self, guess: _Guess) -> Match:
        """The best match within a step of a close one, in size and by half pixels in place."""
        tries = [(guess.width * guess.step**share, shift) for share in CLOSEST for shift in SHIFTS]
        at, weakest = max(self._near(guess, width, shift=shift) for width, shift in tries)
        return Match(at.score, weakest, at.place, at.left, at.top, at.width, missed=False)

    def _near(self, guess: _Guess, width: float, *, shift: complex = 0) -> tuple[_Guess, float]:
        """The best match of just this width near the guess, and the likeness of its least like part."""
        width = min(width, self.width, self.height / self.ratio)
        columns, rows = self._template_size(width, self.look.fine)
        pixel = width / columns
        known_to = 1.0 if guess.is_close else 1.5 * self.look.fine / self.look.coarse  # pixels
        slack = known_to * pixel + abs(width - guess.width) / 2
        left = guess.left + (guess.width - width) / 2 + shift.real * pixel
        top = guess.top + (guess.width - width) * self.ratio / 2 + shift.imag * pixel
        area = self._inside(_Area(left - slack, left + slack, top - slack, top + slack), width)
        template = self._template(columns, rows)
        at, alike = self._edges(area, width, columns).best(template, guess._replace(width=width, is_close=True))
        return at, _weakest(alike, np.abs(template))

    def _farther(self, guess: _Guess) -> _Guess:
        """The best match of just this width in the whole of its place."""
        columns, rows = self._template_size(guess.width, self.look.coarse)
        patch = self._edges(self._area(guess.place, guess.width), guess.width, columns)
        return patch.best(self._template(columns, rows), guess)[0]

    def _template_size(self, width: float, side: float) -> tuple[int, int]:
        """Columns and rows of the template for a mark `width` pixels wide, at a mean side of `side` or its own."""
        scale = min(1.0, side / (width * math.sqrt(self.ratio)))
        columns = max(4, round(width * scale))
        return columns, max(4, round(columns * self.ratio))

    def _template(self, columns: int, rows: int) -> Edges:
        """The edges of the shape at this size, with a rim of its background."""
        if (columns, rows) not in self.templates:
            scale = columns / self.columns
            rim = (RIM + 1) / scale - 1
            size = (columns + 2 * (RIM + 1), rows + 2 * (RIM + 1))
            brightness = self.shape.sample(left=-rim, top=-rim, size=size, scale=scale)
            self.templates[columns, rows] = edges(brightness / (np.ptp(brightness) or 1.0), floor=TEMPLATE_FLOOR)
        return self.templates[columns, rows]

    def _area(self, place: str, width: float) -> _Area:
        """Where a mark of this width may lie in this place."""
        across, down = SIDES[Place(place)]
        left, right = _range(across, self.width, self.width - width, self.look.margin)
        top, bottom = _range(down, self.height, self.height - width * self.ratio, self.look.margin)
        return _Area(left, right, top, bottom)

    def _inside(self, area: _Area, width: float) -> _Area:
        right, bottom = self.width - width, self.height - width * self.ratio
        return _Area(
            min(max(area.left, 0), right), max(0, min(area.right, right)),
            min(max(area.top, 0), bottom), max(0, min(area.bottom, bottom)),
        )  # fmt: skip

    def _edges(self, area: _Area, width: float, columns: int) -> _Patch:
        """The edges of the part of the picture where a mark in this area may lie."""
        scale = columns / width
        rim = (RIM + 1) / scale
        wide, high = area.right - area.left + width, area.bottom - area.top + width * self.ratio
        size = math.ceil((wide + 2 * rim) * scale), math.ceil((high + 2 * rim) * scale)
        part = self.picture.sample(left=area.left - rim, top=area.top - rim, size=size, scale=scale)
        return _Patch(edges(part, floor=self.look.floor), area.left, area.top, scale)


def _range(side: float | None, length: float, room: float, margin: float) -> tuple[float, float]:
    """From where to where a mark may begin, when `room` of the `length` is left beside it."""
    if side is None:
        return 0.0, room
    return max(0.0, side * room - margin * length), min(room, side * room + margin * length)


def _correlated(patch: Edges, template: Edges) -> Grey:
    """How alike patch and template are for every place of the template within the patch: -1 (light and dark are
    exchanged) to 1."""
    rows, columns = (max(1, p - t + 1) for p, t in zip(patch.shape, template.shape, strict=True))
    sides = tuple(-(-side // 12) * 12 for side in patch.shape)  # a transform is slow for a side with a large prime
    spectrum = np.fft.fft2(patch, sides) * np.fft.fft2(template, sides).conj()
    likeness: Grey = np.fft.ifft2(spectrum).real[:rows, :columns] / np.abs(template).sum()
    return likeness


def _weakest(alike: Grey, weight: Grey) -> float:
    """The likeness of the part that is least alike, of the fields of a grid laid over the template."""
    rows, columns = weight.shape
    grid = _grid(columns / rows) if columns >= rows else _grid(rows / columns)[::-1]
    parts = zip(_fields(alike, grid), _fields(weight, grid), strict=True)
    enough = LEAST_PART * float(weight.sum())
    return min((float(part.sum() / its.sum()) for part, its in parts if its.sum() >= enough), default=0.0)


def _grid(longer: float) -> tuple[int, int]:
    """In how many parts to cut across the shorter and along the longer side, which is so many times as long: about
    square ones, and none so small that noise decides."""
    across = 3 if longer < 1.5 else 2 if longer < 4.5 else 1
    return across, min(max(round(longer), 3), MOST_PARTS)


def _fields(pixels: Grey, grid: tuple[int, int]) -> list[Grey]:
    bands = np.array_split(pixels, grid[0], axis=0)
    return [field for band in bands for field in np.array_split(band, grid[1], axis=1)]
