"""Is this a sound image within bounds, what does it look like, and what does it hide? Runs in a worker process; alters
nothing."""

import hashlib
import os
from collections.abc import Iterator

os.environ.setdefault("VIPS_CONCURRENCY", "1")  # one image per process; the processes are the parallelism

import numpy as np
import pyvips

from dermref.media.containers.found import Structure
from dermref.media.findings import finding
from dermref.media.fingerprint import Grey, grey_square, likeness
from dermref.media.formats import HEIC, JPEG, SUFFIXES, Format, describe, sniff
from dermref.media.hiding import hidden
from dermref.media.metadata import Metadata, read_metadata
from dermref.media.renditions import base_picture, ladder, make_renditions, medium_of
from dermref.media.structure import look_through
from dermref.media.thumbnails import check_thumbnails
from dermref.media.watermark import check_mark
from dermref.model.evidence import Refusal
from dermref.model.media import BlockKind, Facts, Finding, Inspected, Size, Verdict, Wish

MAX_BYTES = 128 * 1024 * 1024
MAX_PIXELS = 150_000_000
MAX_SIDE = 40_000
SAMPLES = frozenset({"uchar", "ushort"})  # 8 and 16 bits, as pictures have them
STRAY = "extraneous bytes"  # libjpeg's word for data between two parts of a picture that miss nothing
NO_WISH = Wish()

pyvips.cache_set_max(0)


def inspect(data: bytes, *, name: str, wish: Wish = NO_WISH) -> Inspected | Refusal:
    """What `data` is, or why it cannot come in. `name` is its file name there. A finding may still keep it out."""
    kind = sniff(data)
    if len(data) > MAX_BYTES:
        return Refusal("too-large", f"{name} has {len(data):,} bytes; {MAX_BYTES:,} is the limit")
    if kind is None:
        return Refusal("not-an-image", f"{name} is {describe(data)}")
    structure = look_through(data, kind)
    try:
        return _read(data, kind, structure, name=name, wish=wish)
    except pyvips.Error as error:
        return _undecoded(kind, name, _sentence(error))


def _opened(data: bytes, kind: Format, fail_on: str) -> pyvips.Image:
    return pyvips.Operation.call(kind.loader, data, access="sequential", fail_on=fail_on)


def _undecoded(kind: Format, name: str, why: str) -> Refusal:
    if kind is HEIC:
        return Refusal("not-an-image", f"{name} is a HEIC picture, which this decoder cannot read ({why})")
    return Refusal("broken-image", f"{name} cannot be decoded: {why}")


def _read(data: bytes, kind: Format, structure: Structure, *, name: str, wish: Wish) -> Inspected | Refusal:
    image = _opened(data, kind, "error")
    refusal = _bounds(image, structure, name)
    if refusal:
        return refusal
    metadata = read_metadata(structure.blocks)
    orientation = image.get("orientation") if image.get_typeof("orientation") else 1
    places = {field for field in image.get_fields() if field.startswith("exif-ifd3-GPS")} - {"exif-ifd3-GPSVersionID"}
    picture, damage = _picture(data, kind, image)
    width, height = (image.height, image.width) if orientation >= 5 else (image.width, image.height)
    rungs = ladder(picture, full=(width, height))
    grey = _grey(rungs[Size.SMALL])
    is_told = any(one.code == "hidden-file" for one in metadata.findings)
    findings = [
        *damage,
        *_of_name(name, kind),
        *hidden(data, structure, is_told=is_told),
        *_of_metadata(metadata, has_place=bool(places)),
    ]
    findings += check_thumbnails(_thumbnails(structure, metadata), grey, orientation=orientation)
    if wish.needs_mark:
        findings += [one for one in [check_mark(_grey(medium_of(rungs)), wish.mark)] if one]
    refused = next((one for one in findings if one.verdict is Verdict.REFUSE), None)
    if refused:
        return Refusal(refused.code, f"{name}: {refused.text}")
    return Inspected(
        sha256=hashlib.sha256(data).hexdigest(),
        byte_size=len(data),
        facts=_facts(kind, structure, size=(width, height), orientation=orientation, total=len(data)),
        likeness=likeness(grey_square(grey)),
        findings=tuple(findings),
        claims=metadata.claims,
        renditions=make_renditions(rungs, wish.rungs),
    )


def _picture(data: bytes, kind: Format, image: pyvips.Image) -> tuple[pyvips.Image, list[Finding]]:
    """The picture in memory. A JPEG that decodes with warnings is damaged: its decoder goes on over missing or broken
    data, and makes up the rest."""
    if kind is not JPEG:
        return base_picture(image), []
    try:
        return base_picture(_opened(data, kind, "warning")), []
    except pyvips.Error as warning:
        if "memory" in _sentence(warning):
            raise
        code = "stray-data" if STRAY in str(warning) else "damaged"
        return base_picture(image), [finding(code, what=_sentence(warning))]


def _facts(kind: Format, structure: Structure, *, size: tuple[int, int], orientation: int, total: int) -> Facts:
    return Facts(
        media_type=kind.media_type,
        width=size[0],
        height=size[1],
        frames=structure.frames,
        bits=structure.bits,
        colour=structure.colour,
        has_alpha=structure.has_alpha,
        has_profile=structure.has_profile,
        is_interlaced=structure.is_interlaced,
        is_progressive=structure.is_progressive,
        orientation=orientation,
        trailing_bytes=0 if structure.end is None else total - structure.end,
    )


def _bounds(image: pyvips.Image, structure: Structure, name: str) -> Refusal | None:
    pages = image.get("n-pages") if image.get_typeof("n-pages") else 1
    if image.width * image.height > MAX_PIXELS or max(image.width, image.height) > MAX_SIDE:
        return Refusal("too-many-pixels", f"{name} claims {image.width} x {image.height} pixels, more than we decode")
    if max(pages, structure.frames) > 1:
        return Refusal("several-frames", f"{name} holds several pages or frames; an image here is one picture")
    if image.format not in SAMPLES:
        return Refusal("not-an-image", f"{name} holds {image.format} numbers for samples, which no display shows")
    if not structure.is_whole:
        return Refusal("broken-image", f"{name} breaks off before its end")
    return None


def _of_name(name: str, kind: Format) -> Iterator[Finding]:
    suffix = name.rpartition(".")[2].lower()
    if suffix in SUFFIXES and suffix not in kind.suffixes:
        yield finding("wrong-extension", name=name, what=kind.media_type)


def _of_metadata(metadata: Metadata, *, has_place: bool) -> Iterator[Finding]:
    """What the metadata say; a place that only the decoder sees (`has_place`) is not lost."""
    yield from metadata.findings
    if has_place and not any(one.code in ("privacy-gps", "malformed-gps") for one in metadata.findings):
        yield finding("malformed-gps", where="EXIF")


def _thumbnails(structure: Structure, metadata: Metadata) -> Iterator[tuple[str, bytes]]:
    yield from (("EXIF", data) for data in metadata.thumbnails)
    yield from ((block.where, block.data) for block in structure.blocks if block.kind is BlockKind.THUMBNAIL)


def _grey(small: pyvips.Image) -> Grey:
    pixels = np.frombuffer(small.write_to_memory(), dtype=np.uint8).reshape(small.height, small.width, small.bands)
    return pixels.astype(np.float64)


def _sentence(error: pyvips.Error) -> str:
    lines = str(getattr(error, "detail", "") or error).strip().splitlines()
    said = [line for line in lines if not line.startswith("unable to call")]
    return said[0].strip() if said else "the decoder gave up"
