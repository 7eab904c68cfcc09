"""Files made for display: the whole picture, proportional, upright, sRGB, no metadata. Never a crop."""

import pyvips

from dermref.model.media import PIXELS, Made, Size

QUALITY = 85


def base_picture(image: pyvips.Image) -> pyvips.Image:
    """The picture in memory at no more than the largest display size, upright and in sRGB.

    Reads every pixel of `image` in one streaming pass, so a broken file fails here (pyvips.Error).
    """
    limit = PIXELS[Size.LARGE]
    shrunk = image.thumbnail_image(limit, height=limit, size="down", no_rotate=True).copy_memory()
    return _flat_srgb(shrunk.autorot())


def make_renditions(picture: pyvips.Image, *, full: tuple[int, int]) -> tuple[Made, ...]:
    """Small and medium of `picture`, and large where the original (`full`, pixels) is larger than medium."""
    sizes = [size for size in Size if size is not Size.LARGE or max(full) > PIXELS[Size.MEDIUM]]
    made: list[Made] = []
    for size in reversed(sizes):
        picture = _fit(picture, PIXELS[size])
        made.append(Made(size, "image/jpeg", picture.width, picture.height, _jpeg(picture)))
    return tuple(reversed(made))


def _fit(picture: pyvips.Image, limit: int) -> pyvips.Image:
    if max(picture.width, picture.height) <= limit:
        return picture
    return picture.thumbnail_image(limit, height=limit, size="down").copy_memory()


def _jpeg(picture: pyvips.Image) -> bytes:
    return bytes(picture.jpegsave_buffer(Q=QUALITY, keep="none"))


def _flat_srgb(picture: pyvips.Image) -> pyvips.Image:
    if picture.get_typeof("icc-profile-data"):
        picture = picture.icc_transform("srgb", embedded=True, intent="perceptual")
    elif picture.interpretation not in ("srgb", "b-w"):
        picture = picture.colourspace("srgb")
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    return picture.cast("uchar").copy_memory()
