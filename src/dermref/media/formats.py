"""Which bytes are an image format we take, judged by content and never by name; and what other bytes are, in words."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Format:
    """An allowed format: its media type, the names such files go by, and the libvips loader that reads it."""

    media_type: str
    suffixes: frozenset[str]
    loader: str


JPEG = Format("image/jpeg", frozenset({"jpg", "jpeg", "jpe", "jfif", "mpo"}), "jpegload_buffer")
PNG = Format("image/png", frozenset({"png", "apng"}), "pngload_buffer")
WEBP = Format("image/webp", frozenset({"webp"}), "webpload_buffer")
GIF = Format("image/gif", frozenset({"gif"}), "gifload_buffer")
TIFF = Format("image/tiff", frozenset({"tif", "tiff"}), "tiffload_buffer")
AVIF = Format("image/avif", frozenset({"avif"}), "heifload_buffer")
# Read only where the decoder was built with HEVC; the wheel of pyvips was not.
HEIC = Format("image/heic", frozenset({"heic", "heif", "hif"}), "heifload_buffer")

SUFFIXES = frozenset().union(*(one.suffixes for one in (JPEG, PNG, WEBP, GIF, TIFF, AVIF, HEIC)))
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
ANY_BRANDS = frozenset({b"mif1", b"mif2", b"msf1", b"miaf"})  # pictures as items, by whatever codec
MAX_BRANDS = 64
SCRIPT = re.compile(rb"<(?:script[\s>/]|\?php\s)", re.IGNORECASE)
TAG = re.compile(
    rb"<(?:!doctype\s|/?(?:html|head|body|script|svg|iframe|object|embed|img|form|style|meta|link|base|a)[\s>/]|\?php\s|\?=)",
    re.IGNORECASE,
)
CALL = re.compile(
    rb"javascript:|(?:\beval|\balert|\bdocument\.\w{1,30}|\bwindow\.\w{1,30}|String\.fromCharCode)\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Signature:
    """How a kind of file begins (or what it holds at an offset), and what it is called."""

    words: str
    magic: bytes
    at: int = 0
    is_picture: bool = False


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
    return _by_brand(data) if head[4:8] == b"ftyp" else None


def _by_brand(data: bytes) -> Format | None:
    """AVIF or HEIC; the major brand decides, and the compatible ones where it only says that there are items."""
    stop = min(int.from_bytes(data[:4], "big"), 16 + 4 * MAX_BRANDS)
    brands = {data[at : at + 4] for at in range(16, stop, 4)} if data[8:12] in ANY_BRANDS else {data[8:12]}
    if brands & AVIF_BRANDS:
        return AVIF
    return HEIC if brands & HEIC_BRANDS else None


@cache
def signatures() -> tuple[Signature, ...]:
    """How other files begin, from `data/signatures.toml`."""
    table = tomllib.loads(files("dermref.media").joinpath("data/signatures.toml").read_text(encoding="utf-8"))
    return tuple(Signature(**{**one, "magic": bytes.fromhex(one["magic"])}) for one in table["signature"])


def describe(data: bytes) -> str:
    """What bytes that are no allowed image look like, in words."""
    if not data:
        return "empty"
    for one in signatures():
        if data.startswith(one.magic, one.at):
            return f"{one.words}, a format that is not taken" if one.is_picture else one.words
    if _is_tar(data[:512]):
        return "a TAR archive"
    if data[1:4] == b"PNG":
        return "a PNG whose first bytes are damaged"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "an SVG drawing"
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        return "a page of HTML or XML"
    return "not in an image format we take"


def _is_tar(head: bytes) -> bool:
    """Whether this is the header of a TAR of the oldest kind: its checksum is all that tells it."""
    said = head[148:156].strip(b" \0")
    if len(head) < 512 or not said.isdigit() or set(said) & set(b"89"):
        return False
    return int(said, 8) == sum(head) - sum(head[148:156]) + 8 * 0x20


def markup(text: bytes) -> re.Match[bytes] | None:
    """The first markup or script in a text, as far as it is any."""
    return TAG.search(text) or CALL.search(text)
