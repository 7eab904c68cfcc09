"""Files made for display: the whole picture, proportional, upright, sRGB, no metadata. Never a crop."""

from collections.abc import Collection, Iterable, Mapping

import pyvips

from dermref.media.formats import JPEG, WEBP, Format, sniff
from dermref.model.evidence import Refusal
from dermref.model.media import Made, MediaType, Rung, Size, fitted, sizes_of

QUALITY = 85  # of both formats; a WebP then has seven tenths of the JPEG's bytes (measured in docs/performance.md)
EFFORT = 2  # of WebP: 4 takes twice the time for 4 % fewer bytes, 0 half the time for 11 % more
SHRINKING = frozenset({JPEG, WEBP})  # their decoders can leave pixels out while they read
SHRINK = {"size": "force", "fail_on": "error"}  # not to sRGB at once, which takes more than twice as long


def render(data: bytes, *, rungs: Iterable[Rung]) -> tuple[Made, ...] | Refusal:
    """These renditions of a stored picture, as far as there are such of a picture of its size."""
    wanted, kind = tuple(rungs), sniff(data)
    if kind is None:
        return Refusal("not-an-image", "the stored file is not in an image format we take")
    try:
        return _render(data, kind, wanted)
    except pyvips.Error as error:
        return Refusal("broken-image", f"the stored file cannot be decoded: {error}")


def _render(data: bytes, kind: Format, wanted: Iterable[Rung]) -> tuple[Made, ...]:
    image = getattr(pyvips.Image, kind.loader)(data, access="sequential", fail_on="error")
    present = [rung for rung in wanted if rung.size in sizes_of(image.width, image.height)]
    full = _upright_size(image)
    largest = max((rung.size for rung in present), key=list(Size).index, default=Size.LARGE)
    if kind in SHRINKING and fitted(*full, largest) != full:
        width, height = fitted(*full, largest)
        shrunk = pyvips.Image.thumbnail_buffer(data, width, height=height, **SHRINK)
        picture = _flat_srgb(shrunk.copy_memory())
    else:
        picture = base_picture(image)
    return make_renditions(_descend(picture, {rung.size for rung in present}, full=full), present)


def base_picture(image: pyvips.Image) -> pyvips.Image:
    """The picture in memory at no more than the largest display size, upright and in sRGB.

    Reads every pixel of `image` in one streaming pass, so a broken file fails here (pyvips.Error).
    """
    width, height = fitted(image.width, image.height, Size.LARGE)
    if width < image.width or height < image.height:
        image = image.thumbnail_image(width, height=height, size="force", no_rotate=True)
    picture = image.copy_memory()
    plain = _flat_srgb(_upright(picture))
    return picture if plain is picture else plain.copy_memory()


def ladder(picture: pyvips.Image, *, full: tuple[int, int]) -> dict[Size, pyvips.Image]:
    """The picture at each display size that there is of an original of `full` pixels, large first."""
    return _descend(picture, sizes_of(*full), full=full)


def medium_of(rungs: Mapping[Size, pyvips.Image]) -> pyvips.Image:
    """The picture at medium size, or as small as it is."""
    return rungs.get(Size.MEDIUM, rungs[Size.SMALL])


def _descend(picture: pyvips.Image, sizes: Collection[Size], *, full: tuple[int, int]) -> dict[Size, pyvips.Image]:
    """Each size from the one above it. Their pixels are reckoned from `full`, so that they are known beforehand."""
    rungs: dict[Size, pyvips.Image] = {}
    for size in [one for one in reversed(Size) if one in sizes]:
        picture = rungs[size] = _resized(picture, fitted(*full, size))
    return rungs


def _resized(picture: pyvips.Image, target: tuple[int, int]) -> pyvips.Image:
    width, height = target
    if (picture.width, picture.height) == target:
        return picture
    return picture.resize(width / picture.width, vscale=height / picture.height, gap=1.0).copy_memory()


def make_renditions(pictures: Mapping[Size, pyvips.Image], wanted: Iterable[Rung]) -> tuple[Made, ...]:
    """The wanted files of those sizes that there are."""
    return tuple(_made(rung, pictures[rung.size]) for rung in wanted if rung.size in pictures)


def _made(rung: Rung, picture: pyvips.Image) -> Made:
    encode = _webp if rung.media_type is MediaType.WEBP else _jpeg
    return Made(rung.size, rung.media_type, picture.width, picture.height, encode(picture))


def _jpeg(picture: pyvips.Image) -> bytes:
    return bytes(picture.jpegsave_buffer(Q=QUALITY, keep="none"))


def _webp(picture: pyvips.Image) -> bytes:
    return bytes(picture.webpsave_buffer(Q=QUALITY, effort=EFFORT, keep="none"))


def _upright_size(image: pyvips.Image) -> tuple[int, int]:
    is_turned = image.get_typeof("orientation") and image.get("orientation") >= 5  # EXIF: 5 to 8 swap the sides
    return (image.height, image.width) if is_turned else (image.width, image.height)


def _upright(picture: pyvips.Image) -> pyvips.Image:
    turned = picture.get_typeof("orientation") and picture.get("orientation") != 1
    return picture.autorot() if turned else picture


def _flat_srgb(picture: pyvips.Image) -> pyvips.Image:
    if picture.get_typeof("icc-profile-data"):
        picture = _profile_applied(picture)
    if picture.interpretation not in ("srgb", "b-w"):
        picture = picture.colourspace("srgb")
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    if picture.format != "uchar":
        picture = picture.cast("uchar")
    return picture


def _profile_applied(picture: pyvips.Image) -> pyvips.Image:
    """In sRGB by its own profile; as if it had none where the profile is damaged or for another kind of picture, which
    is what browsers do."""
    try:
        return picture.icc_transform("srgb", embedded=True, intent="perceptual")
    except pyvips.Error:
        return picture
