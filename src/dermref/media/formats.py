"""Which bytes are an image format we take, judged by content and never by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """An allowed format: its media type, the names such files go by, and the libvips loader that reads it."""

    media_type: str
    suffixes: frozenset[str]
    loader: str


JPEG = Format("image/jpeg", frozenset({"jpg", "jpeg", "jpe", "jfif"}), "jpegload_buffer")
PNG = Format("image/png", frozenset({"png"}), "pngload_buffer")
WEBP = Format("image/webp", frozenset({"webp"}), "webpload_buffer")
GIF = Format("image/gif", frozenset({"gif"}), "gifload_buffer")
TIFF = Format("image/tiff", frozenset({"tif", "tiff"}), "tiffload_buffer")
AVIF = Format("image/avif", frozenset({"avif"}), "heifload_buffer")

SUFFIXES = frozenset().union(*(one.suffixes for one in (JPEG, PNG, WEBP, GIF, TIFF, AVIF)))
NOT_IMAGES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"8BPS", "a Photoshop document"),
)


def sniff(data: bytes) -> Format | None:
    """The format these bytes begin like, or None."""
    head = data[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return GIF
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return TIFF
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return AVIF
    return None


def describe(data: bytes) -> str:
    """What bytes that are no allowed image look like, in words."""
    if not data:
        return "empty"
    for magic, words in NOT_IMAGES:
        if data.startswith(magic):
            return words
    start = data[:512].lstrip().lower()
    if start.startswith(b"<svg") or b"<svg" in start:
        return "an SVG drawing"
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        return "a page of HTML or XML"
    return "not in an image format we take"
