"""Small pictures left inside a file: is each a copy of the picture, or does it show what the picture no longer does?"""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pyvips

from dermref.media.findings import finding
from dermref.media.fingerprint import LUMA, Grey, grey_square
from dermref.media.formats import sniff
from dermref.model.media import Finding

MAX_SIDE = 4096
MAX_PIXELS = 4_000_000
MOST = 16  # thumbnails looked at in one file; one more is answered for unseen
# Correlation from which two are one picture. Measured on 45 thumbnails of real files: copies from 0.954; a copy that
# shows the slide's frame as well 0.869; 1,440 pairs of different pictures (many of them dermoscopies) at most 0.858.
ALIKE = 0.9
# The largest difference of one field of 16 x 16: 31 in the copies, from 51 where a bar of a quarter by a twentieth of
# the picture covers what the thumbnail still shows (21 photographs, four kinds of bars).
COVERED = 40.0
PPM = re.compile(rb"P6 ([1-9]\d{0,2}) ([1-9]\d{0,2}) 255\n")
FLAT = 2.0  # standard deviation of brightness below which there is nothing to correlate


def check_thumbnails(thumbnails: Iterable[tuple[str, bytes]], picture: Grey, *, orientation: int) -> Iterator[Finding]:
    """A finding for each (where it stood, encoded picture). `picture` is the upright picture, rows x columns x bands;
    `orientation` (EXIF) is how it was turned to become so. The same bytes twice count once."""
    for number, (data, where) in enumerate({data: where for where, data in thumbnails}.items()):
        grey = _decoded(data) if number < MOST else None
        is_copy = grey is not None and any(_is_copy(grey, picture, turn) for turn in {1, orientation})
        yield finding("thumbnail" if is_copy else "hidden-thumbnail", where=where)


def _decoded(data: bytes) -> Grey | None:
    """Rows x columns of brightness; None where it is no picture, or more than a thumbnail may be."""
    kind = sniff(data)
    try:
        if kind is None:
            return _plain_pixels(data)
        image = pyvips.Operation.call(kind.loader, data, access="sequential")
        if max(image.width, image.height) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
            return None
        small = image.colourspace("b-w").extract_band(0).cast("uchar")
        pixels = np.frombuffer(small.write_to_memory(), dtype=np.uint8).reshape(small.height, small.width)
    except pyvips.Error:
        return None
    return pixels.astype(np.float64)


def _plain_pixels(data: bytes) -> Grey | None:
    """The brightness of a PPM picture as the walk through a JPEG writes it."""
    found = PPM.match(data)
    if found is None:
        return None
    width, height = int(found[1]), int(found[2])
    pixels = np.frombuffer(data[found.end() :], dtype=np.uint8)[: 3 * width * height]
    if pixels.size < 3 * width * height:
        return None
    grey: Grey = pixels.reshape(height, width, 3) @ LUMA
    return grey


def _is_copy(thumbnail: Grey, picture: Grey, orientation: int) -> bool:
    """Whether the whole thumbnail, or its middle where black bars fill up the shape, shows the picture and no more."""
    upright = _turned(thumbnail, orientation)
    middle = _middle(upright, picture.shape[1] / picture.shape[0])
    whole = grey_square(picture)
    views = (grey_square(one[:, :, None]) for one in (upright, middle))
    return any(_correlation(one, whole) >= ALIKE and _largest_difference(one, whole) <= COVERED for one in views)


def _largest_difference(one: Grey, two: Grey) -> float:
    """How much brighter or darker one field of 16 x 16 is in `two`, brightness and contrast of the whole left aside."""
    gain = float(((one - one.mean()) * (two - two.mean())).mean()) / (float(one.var()) or 1.0)
    difference = (one - one.mean()) * gain - (two - two.mean())
    return float(np.abs(difference.reshape(16, 2, 16, 2).mean(axis=(1, 3))).max())


def _turned(grey: Grey, orientation: int) -> Grey:
    """Turned upright as EXIF's `orientation` (1 to 8) demands."""
    if orientation in (5, 6, 7, 8):
        grey = grey.T
    if orientation in (2, 3, 6, 7):
        grey = grey[:, ::-1]
    return grey[::-1] if orientation in (3, 4, 7, 8) else grey


def _middle(grey: Grey, ratio: float) -> Grey:
    """The largest middle part of this ratio of width to height."""
    rows, columns = grey.shape
    width = max(1, min(columns, round(rows * ratio)))
    height = max(1, min(rows, round(columns / ratio)))
    top, left = (rows - height) // 2, (columns - width) // 2
    return grey[top : top + height, left : left + width]


def _correlation(one: Grey, two: Grey) -> float:
    """Pearson's correlation; of two flat fields, whether they are equally bright."""
    if one.std() < FLAT and two.std() < FLAT:
        return 1.0 if abs(one.mean() - two.mean()) < 16 else 0.0
    spread = float(one.std() * two.std())
    return float(((one - one.mean()) * (two - two.mean())).mean()) / spread if spread else 0.0
