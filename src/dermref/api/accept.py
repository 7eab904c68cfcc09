"""Which of two picture formats a client would rather have, by its Accept header (RFC 9110, section 12.5.1)."""

from dermref.model.media import MediaType

ANY_IMAGE = ("image/jpeg", "image/*", "*/*")  # the ways to accept a JPEG, the most specific first


def wanted_format(header: str) -> MediaType:
    """WebP for a client that names it and likes it no less than JPEG; JPEG for everybody else."""
    liked = _qualities(header)
    webp = liked.get("image/webp", 0.0)
    jpeg = next((liked[one] for one in ANY_IMAGE if one in liked), 0.0)
    return MediaType.WEBP if webp > 0 and webp >= jpeg else MediaType.JPEG


def _qualities(header: str) -> dict[str, float]:
    """How much each media range is liked, 0 to 1; one whose weight cannot be read is not liked at all."""
    ranges = (part.split(";") for part in header.lower().split(","))
    return {name.strip(): _weight(parameters) for name, *parameters in ranges}


def _weight(parameters: list[str]) -> float:
    pairs = (one.partition("=") for one in parameters)
    said = next((value.strip() for name, _, value in pairs if name.strip() == "q"), "1")
    if not said.replace(".", "", 1).isdecimal() or not said.isascii():
        return 0.0
    weight = float(said)
    return weight if weight <= 1 else 0.0
