"""Puts parts into real files, and makes small real pictures: what the tests of inspection are made of."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pyvips

FILES = Path(__file__).parent / "files"


def read(name: str) -> bytes:
    return (FILES / name).read_bytes()


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment behind its first two bytes."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    """A PNG with one more chunk behind its header."""
    return png[:33] + chunk(kind, body) + png[33:]


def with_riff_chunk(webp: bytes, kind: bytes, body: bytes) -> bytes:
    whole = webp[8:] + kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def resource(number: int, body: bytes) -> bytes:
    """One of Photoshop's image resources."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(body)) + body + b"\0" * (len(body) % 2)


def mpf(*pictures: tuple[int, int, int]) -> bytes:
    """A multi-picture index that lists (kind, offset, size)."""
    entries = b"".join(struct.pack(">IIIHH", kind, size, start, 0, 0) for kind, start, size in pictures)
    fields = struct.pack(">HHIIHHII", 0xB001, 4, 1, len(pictures), 0xB002, 7, len(entries), 38)
    return b"MPF\0MM\0*" + struct.pack(">IH", 8, 2) + fields + b"\0" * 4 + entries


def previewed(jpeg: bytes, preview: bytes) -> bytes:
    """A JPEG as cameras write it: with a larger preview behind the picture, listed in an index."""
    size = len(with_segment(jpeg, 0xE2, mpf((0x20030000, 0, 0), (0x10001, 0, 0))))
    base = 2 + 4 + 4  # the index counts from its own byte order mark
    index = mpf((0x20030000, 0, size), (0x10001, size - base, len(preview)))
    return with_segment(jpeg, 0xE2, index) + preview


def jpeg_of(picture: "pyvips.Image", *, quality: int = 85) -> bytes:
    return bytes(picture.jpegsave_buffer(Q=quality, keep="none"))


def small_copy(jpeg: bytes, *, side: int = 96) -> "pyvips.Image":
    """The picture made small, as it lies in the file."""
    return pyvips.Image.thumbnail_buffer(jpeg, side, no_rotate=True)


def noise(*, width: int = 64, height: int = 64, seed: int = 4) -> "pyvips.Image":
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")
