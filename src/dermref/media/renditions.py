"""Files made for display: the whole picture, proportional, upright, sRGB, no metadata. Never a crop."""

from collections.abc import Iterable, Mapping

import pyvips

from dermref.model.media import PIXELS, Made, MediaType, Rung, Size

QUALITY = 85


def base_picture(image: pyvips.Image) -> pyvips.Image:
    """The picture in memory at no more than the largest display size, upright and in sRGB.

    Reads every pixel of `image` in one streaming pass, so a broken file fails here (pyvips.Error).
    """
    limit = PIXELS[Size.LARGE]
    if max(image.width, image.height) > limit:
        image = image.thumbnail_image(limit, height=limit, size="down", no_rotate=True)
    picture = image.copy_memory()
    plain = _flat_srgb(_upright(picture))
    return picture if plain is picture else plain.copy_memory()


def ladder(picture: pyvips.Image, *, full: tuple[int, int]) -> dict[Size, pyvips.Image]:
    """The picture at each display size, large first; large only where the original (`full`, pixels) exceeds medium."""
    sizes = [size for size in reversed(Size) if size is not Size.LARGE or max(full) > PIXELS[Size.MEDIUM]]
    rungs: dict[Size, pyvips.Image] = {}
    for size in sizes:
        picture = rungs[size] = fit(picture, PIXELS[size])
    return rungs


def make_renditions(pictures: Mapping[Size, pyvips.Image], wanted: Iterable[Rung]) -> tuple[Made, ...]:
    """The wanted files of those sizes that there are."""
    return tuple(_made(rung, pictures[rung.size]) for rung in wanted if rung.size in pictures)


def _made(rung: Rung, picture: pyvips.Image) -> Made:
    encode = _webp if rung.media_type is MediaType.WEBP else _jpeg
    return Made(rung.size, rung.media_type, picture.width, picture.height, encode(picture))


def fit(picture: pyvips.Image, limit: int) -> pyvips.Image:
    """The whole picture in memory, shrunk until its longest side is at most `limit` pixels; never enlarged."""
    longest = max(picture.width, picture.height)
    return picture if longest <= limit else picture.resize(limit / longest, gap=1.0).copy_memory()


def _jpeg(picture: pyvips.Image) -> bytes:
    return bytes(picture.jpegsave_buffer(Q=QUALITY, keep="none"))


def _webp(picture: pyvips.Image) -> bytes:
    return bytes(picture.webpsave_buffer(Q=QUALITY, effort=2, keep="none"))


def _upright(picture: pyvips.Image) -> pyvips.Image:
    turned = picture.get_typeof("orientation") and picture.get("orientation") != 1
    return picture.autorot() if turned else picture


def _flat_srgb(picture: pyvips.Image) -> pyvips.Image:
    if picture.get_typeof("icc-profile-data"):
        picture = picture.icc_transform("srgb", embedded=True, intent="perceptual")
    elif picture.interpretation not in ("srgb", "b-w"):
        picture = picture.colourspace("srgb")
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    if picture.format != "uchar":
        picture = picture.cast("uchar")
    return picture
