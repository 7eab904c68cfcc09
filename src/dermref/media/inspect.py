"""Is this a sound image within bounds, and what does it look like? Runs in a worker process; alters nothing."""

import hashlib
import os

os.environ.setdefault("VIPS_CONCURRENCY", "1")  # one image per process; the processes are the parallelism

import numpy as np
import pyvips

from dermref.media.fingerprint import Grey, dhash, grey_square, phash
from dermref.media.formats import SUFFIXES, Format, describe, sniff
from dermref.media.renditions import base_picture, ladder, make_renditions
from dermref.model.evidence import Refusal
from dermref.model.media import Inspected, Size

MAX_BYTES = 128 * 1024 * 1024
MAX_PIXELS = 150_000_000
MAX_SIDE = 40_000

pyvips.cache_set_max(0)


def inspect(data: bytes, *, name: str, may_resize: bool) -> Inspected | Refusal:
    """What `data` is, or why it cannot come in. `name` is its file name there; `may_resize` makes renditions."""
    kind = sniff(data)
    if len(data) > MAX_BYTES:
        return Refusal("too-large", f"{name} has {len(data):,} bytes; {MAX_BYTES:,} is the limit")
    if kind is None:
        return Refusal("not-an-image", f"{name} is {describe(data)}")
    suffix = name.rpartition(".")[2].lower()
    if suffix in SUFFIXES and suffix not in kind.suffixes:
        return Refusal("mislabelled", f"{name} is called .{suffix} but holds {kind.media_type}")
    try:
        return _read(data, kind, name=name, may_resize=may_resize)
    except pyvips.Error as error:
        return Refusal("broken-image", f"{name} cannot be decoded: {_sentence(error)}")


def _read(data: bytes, kind: Format, *, name: str, may_resize: bool) -> Inspected | Refusal:
    image = getattr(pyvips.Image, kind.loader)(data, access="sequential", fail_on="error")
    refusal = _bounds(image, name) or _findings(image, name)
    if refusal:
        return refusal
    picture = base_picture(image)
    turned = image.get_typeof("orientation") and image.get("orientation") >= 5
    width, height = (image.height, image.width) if turned else (image.width, image.height)
    rungs = ladder(picture, full=(width, height))
    grey = _grey(rungs[Size.SMALL])
    return Inspected(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=kind.media_type,
        byte_size=len(data),
        width=width,
        height=height,
        phash=phash(grey),
        dhash=dhash(grey),
        renditions=make_renditions(rungs) if may_resize else (),
    )


def _bounds(image: pyvips.Image, name: str) -> Refusal | None:
    pages = image.get("n-pages") if image.get_typeof("n-pages") else 1
    if image.width * image.height > MAX_PIXELS or max(image.width, image.height) > MAX_SIDE:
        return Refusal("too-many-pixels", f"{name} claims {image.width} x {image.height} pixels, more than we decode")
    if pages > 1:
        return Refusal("several-frames", f"{name} holds {pages} pages or frames; an image here is one picture")
    return None


def _findings(image: pyvips.Image, name: str) -> Refusal | None:
    if any(field.startswith("exif-ifd3-GPS") for field in image.get_fields()):
        return Refusal("privacy-gps", f"{name} carries the place where it was taken (GPS)")
    return None


def _grey(small: pyvips.Image) -> Grey:
    pixels = np.frombuffer(small.write_to_memory(), dtype=np.uint8).reshape(small.height, small.width, small.bands)
    return grey_square(pixels.astype(np.float64))


def _sentence(error: pyvips.Error) -> str:
    detail = str(getattr(error, "detail", "") or error).strip().splitlines()
    return detail[0] if detail else "the decoder gave up"
