"""Is a source's own watermark on a picture? Compares with a reference at the places where that source puts its mark.
Never draws, takes away or alters one."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pyvips

from dermref.media.correlation import Look, Match, find
from dermref.media.findings import finding
from dermref.media.fingerprint import LUMA, Grey
from dermref.media.formats import sniff
from dermref.media.renditions import base_picture, ladder, medium_of
from dermref.model.media import Finding, Mark, Sight, Sighting

MAX_REFERENCE = 4_000_000  # pixels of a reference
LEAST_REFERENCE = 8  # pixels on its shorter side
PLAIN = 8.0  # how much (0 to 255, standard deviation) the rim of a reference may vary and still be a background
CONTRAST = 24.0  # how much (0 to 255) a reference must stand out from its background


@dataclass(frozen=True, slots=True)
class _Limits:
    look: Look
    present: float
    weakest: float
    absent: float
    least_picture: int


def check_mark(grey: Grey, mark: Mark | None) -> Finding | None:
    """None when the mark is there; else why the picture stays out or has to wait. `grey` is rows x columns x bands."""
    sight = see_mark(grey, mark)
    if sight.sighting is Sighting.UNSURE:
        return finding("watermark-unsure", what=sight.doubt)
    return finding("no-watermark") if sight.sighting is Sighting.ABSENT else None


def see_mark(pixels: Grey, mark: Mark | None) -> Sight:
    """How sure we are that the mark is on the picture; `pixels` is rows x columns x bands, 0 to 255."""
    if mark is None:
        return _unsure("there is no reference to compare with")
    limits = _limits()
    if min(pixels.shape[:2]) < limits.least_picture:
        return _unsure(f"the picture has less than {limits.least_picture} pixels on a side")
    shape = read_shape(mark.picture)
    if shape is None:
        return _unsure("the reference cannot be read")
    grey = pixels @ LUMA if pixels.shape[2] == len(LUMA) else pixels[:, :, 0]
    least, most = (share * grey.shape[1] for share in mark.widths)
    match = find(grey, shape, places=mark.places, widths=(least, most), look=limits.look)
    return _judged(match, grey.shape[1], limits)


def see_mark_in(data: bytes, mark: Mark) -> Sight:
    """The same for an encoded picture that inspection found sound. Raises pyvips.Error for one that is not."""
    image = _opened(data)
    if image is None:
        return _unsure("it is no picture")
    picture = base_picture(image)
    return see_mark(_pixels(medium_of(ladder(picture, full=(picture.width, picture.height)))), mark)


def _judged(match: Match | None, width: int, limits: _Limits) -> Sight:
    if match is None:
        return _unsure("a mark on a picture this small could not be read")
    seen = (match.score, match.weakest, match.place, match.width / width)
    if match.score >= limits.present and match.weakest >= limits.weakest:
        return Sight(Sighting.PRESENT, *seen)
    if match.score <= limits.absent and not match.missed:
        return Sight(Sighting.ABSENT, *seen)
    if match.score <= limits.absent:
        return Sight(Sighting.UNSURE, *seen, "on a picture this small, a small mark could not be read")
    if match.score >= limits.present:
        return Sight(Sighting.UNSURE, *seen, "a part of the mark is missing or covered")
    return Sight(Sighting.UNSURE, *seen, f"something like it is there, with a likeness of {match.score:.2f}")


def _unsure(doubt: str) -> Sight:
    return Sight(Sighting.UNSURE, doubt=doubt)


def read_shape(picture: bytes) -> Grey | None:
    """The mark as it stands out from its background (which is 0), cut to its own extent; rows x columns. None for
    bytes that are no picture, and for one on which nothing stands out."""
    try:
        image = _opened(picture)
        if image is None or image.width * image.height > MAX_REFERENCE:
            return None
        pixels = _pixels(image.copy_memory().colourspace("srgb").cast("uchar"))
    except pyvips.Error:
        return None
    shape = _standing_out(pixels)
    return None if min(shape.shape) < LEAST_REFERENCE or float(np.ptp(shape)) < CONTRAST else shape


def _opened(data: bytes) -> pyvips.Image | None:
    kind = sniff(data)
    return getattr(pyvips.Image, kind.loader)(data, access="sequential", fail_on="error") if kind else None


def _pixels(image: pyvips.Image) -> Grey:
    flat = np.frombuffer(image.write_to_memory(), dtype=np.uint8)
    return flat.reshape(image.height, image.width, image.bands).astype(np.float64)


def _standing_out(pixels: Grey) -> Grey:
    grey, alpha = pixels[:, :, :3] @ LUMA, pixels[:, :, 3:]
    if alpha.size and alpha.min() < 128:
        return _trimmed(_lifted(grey, alpha[:, :, 0] / 255))
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    shape: Grey = grey - float(np.median(rim))
    return _trimmed(shape) if float(rim.std()) < PLAIN else shape


def _lifted(grey: Grey, alpha: Grey) -> Grey:
    """The mark over the background that it stands out from: light ones over black, dark ones over white."""
    mean = float((grey * alpha).sum() / max(float(alpha.sum()), 1.0))
    ground = 0.0 if mean >= 128 else 255.0
    lifted: Grey = (grey - ground) * alpha
    return lifted


def _trimmed(shape: Grey) -> Grey:
    is_mark = np.abs(shape) > CONTRAST
    rows, columns = (np.flatnonzero(is_mark.any(axis=axis)) for axis in (1, 0))
    return shape[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else shape[:0, :0]


@cache
def _limits() -> _Limits:
    table = tomllib.loads(files("dermref.media").joinpath("data/watermark.toml").read_text(encoding="utf-8"))
    thresholds = {name: float(value) for name, value in table["thresholds"].items()}
    look = Look(**{name: float(value) for name, value in table["look"].items()})
    return _Limits(look, **thresholds, least_picture=int(table["picture"]["least"]))
