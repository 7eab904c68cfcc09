"""Files made for display: the whole picture, proportional, upright, sRGB, no metadata. Never a crop."""

import pyvips

from dermref.model.media import PIXELS, Made, Size

QUALITY = 85


def base_picture(image: pyvips.Image) -> pyvips.Image:
    """The picture in memory at no more than the largest display size, upright and in sRGB.

    Reads every pixel of `image` in one streaming pass, so a broken file fails here (pyvips.Error).
    """
    limit = PIXELS[Size.LARGE]
    if max(image.width, image.height) > limit:
        image = image.thumbnail_image(limit, height=limit, size="down", no_rotate=True)
    return _flat_srgb(_upright(image.copy_memory()))


def make_renditions(picture: pyvips.Image, *, full: tuple[int, int]) -> tuple[Made, ...]:
    """Small and medium of `picture`, and large where the original (`full`, pixels) is larger than medium."""
    sizes = [size for size in Size if size is not Size.LARGE or max(full) > PIXELS[Size.MEDIUM]]
    made: list[Made] = []
    for size in reversed(sizes):
        picture = fit(picture, PIXELS[size])
        made.append(Made(size, "image/jpeg", picture.width, picture.height, _jpeg(picture)))
    return tuple(reversed(made))


def fit(picture: pyvips.Image, limit: int) -> pyvips.Image:
    """The whole picture in memory, shrunk until its longest side is at most `limit` pixels; never enlarged."""
    longest = max(picture.width, picture.height)
    return picture if longest <= limit else picture.resize(limit / longest, gap=1.0).copy_memory()


def _jpeg(picture: pyvips.Image) -> bytes:
    return bytes(picture.jpegsave_buffer(Q=QUALITY, keep="none"))


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
    return picture.copy_memory()
