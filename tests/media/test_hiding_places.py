"""Every part of a container that is neither picture nor read as metadata is looked at: other files, private words."""

import struct
import zlib

import pytest
import pyvips

from containers import (
    chunk,
    jpeg_of,
    mpf,
    noise,
    previewed,
    read,
    small_copy,
    with_chunk,
    with_riff_chunk,
    with_segment,
)
from dermref.media.inspect import inspect
from dermref.model.evidence import Refusal

JPEG = read("hopper.jpg")
SOUND = pyvips.Image.new_from_buffer(JPEG, "")
PNG, WEBP, GIF, TIFF = (
    bytes(SOUND.write_to_buffer(suffix, keep="none")) for suffix in (".png", ".webp", ".gif", ".tif")
)
AVIF = read("hopper.avif")
OTHER = jpeg_of(noise())
RAR = b"Rar!\x1a\x07\x01\0" + bytes(range(200))
WORDS = b"Patient name: Jane Example"
WIDE = WORDS.decode().encode("utf-16")
RUSSIAN = "\x01\x02\x03\x04дата рождения: 12.03.1961".encode()


def codes(data: bytes) -> set[str]:
    found = inspect(data, name="a file")
    return {found.code} if isinstance(found, Refusal) else {one.code for one in found.findings}


def with_extension(label: int, body: bytes) -> bytes:
    """A GIF with one more extension behind its palette."""
    at = 13 + (3 << ((GIF[10] & 7) + 1) if GIF[10] & 0x80 else 0)
    blocks = b"".join(bytes([len(body[i : i + 255])]) + body[i : i + 255] for i in range(0, len(body), 255))
    return GIF[:at] + bytes([0x21, label]) + blocks + b"\0" + GIF[at:]


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def with_field(tag: int, kind: int, body: bytes, *, is_place: bool = False, before: bytes = b"") -> bytes:
    """A TIFF with one more field; `is_place`: whose value is where `body` begins. `before` is pointed at by nothing."""
    first = int.from_bytes(TIFF[4:8], "little")
    count = int.from_bytes(TIFF[first : first + 2], "little")
    fields = [TIFF[first + 2 + 12 * number :][:12] for number in range(count)]
    data = TIFF + before + b"\0" * (len(TIFF + before) % 2)
    value = struct.pack("<HHII", tag, kind, 1 if is_place else len(body), len(data))
    data += body + b"\0" * (len(body) % 2)
    table = b"".join(sorted([*fields, value], key=lambda one: int.from_bytes(one[:2], "little")))
    head = data[:4] + struct.pack("<I", len(data)) + data[8:]
    return head + struct.pack("<H", count + 1) + table + b"\0" * 4


def exif(*fields: tuple[int, int, bytes]) -> bytes:
    at, entries, values = 8 + 2 + 12 * len(fields) + 4, b"", b""
    for tag, kind, value in fields:
        entries += struct.pack("<HHII", tag, kind, len(value), at + len(values))
        values += value + b"\0" * (len(value) % 2)
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + entries + b"\0" * 4 + values


@pytest.mark.parametrize("data", [JPEG, PNG, WEBP, GIF, TIFF, AVIF], ids=["jpeg", "png", "webp", "gif", "tiff", "avif"])
def test_a_sound_file_when_nothing_is_hidden_then_no_finding(data: bytes) -> None:
    assert codes(data) == set()


FILES_HIDDEN = {
    "jpeg-application-picture": with_segment(JPEG, 0xE7, b"X\0" + OTHER),
    "jpeg-application-archive": with_segment(JPEG, 0xE7, RAR),
    "jpeg-comment": with_segment(JPEG, 0xFE, OTHER),
    "jpeg-jumbf": with_segment(JPEG, 0xEB, b"JP\0\1\0\0\0\1" + box(b"jumb", OTHER)),
    "jpeg-between-segments": JPEG[:20] + RAR + JPEG[20:],
    "jpeg-in-the-scan": JPEG[:-2] + RAR.replace(b"\xff", b"\xfe") + JPEG[-2:],
    "png-private-picture": with_chunk(PNG, b"prVt", OTHER),
    "png-private-packed": with_chunk(PNG, b"prVt", b"\1\2\3\4" + zlib.compress(OTHER)),
    "png-behind-pixels": PNG[:-12] + chunk(b"IDAT", RAR) + PNG[-12:],
    "webp-unknown": with_riff_chunk(WEBP, b"XTRA", OTHER),
    "gif-unknown": with_extension(0x77, OTHER),
    "gif-application": with_extension(0xFF, b"UNKNOWN1234" + OTHER),
    "avif-free": AVIF + box(b"free", OTHER),
    "avif-store": AVIF + box(b"mdat", OTHER),
    "avif-skip": AVIF + box(b"skip", RAR),
    "tiff-private": with_field(50000, 7, OTHER),
    "tiff-gap": with_field(50000, 7, b"nothing here", before=RAR),
    "exif-private": with_segment(JPEG, 0xE1, exif((0x9999, 7, OTHER))),
}


@pytest.mark.parametrize("data", FILES_HIDDEN.values(), ids=FILES_HIDDEN)
def test_a_second_file_when_hidden_anywhere_then_found(data: bytes) -> None:
    assert "hidden-file" in codes(data)


WORDS_HIDDEN = {
    "jpeg-application-wide": with_segment(JPEG, 0xEA, b"APP\0" + WIDE),
    "jpeg-application-russian": with_segment(JPEG, 0xEA, RUSSIAN),
    "jpeg-adobe": with_segment(JPEG, 0xED, b"Adobe_CM\0" + WORDS),
    "jpeg-ducky": with_segment(JPEG, 0xEC, b"Ducky" + WORDS),
    "jpeg-profile": with_segment(JPEG, 0xE2, b"ICC_PROFILE\0\1\1" + WORDS),
    "jpeg-jumbf": with_segment(JPEG, 0xEB, b"JP\0\1\0\0\0\1" + box(b"jumb", b"\0" + WORDS)),
    "exif-software": with_segment(JPEG, 0xE1, exif((0x0131, 2, WORDS))),
    "exif-unknown": with_segment(JPEG, 0xE1, exif((0x9999, 2, WORDS))),
    "exif-maker": with_segment(JPEG, 0xE1, exif((0x927C, 7, b"Canon\0\0\1\2" + WORDS + b"\0"))),
    "png-private-packed": with_chunk(PNG, b"prVt", zlib.compress(WORDS)),
    "png-private-wide": with_chunk(PNG, b"prVt", WIDE),
    "png-profile-name": with_chunk(PNG, b"iCCP", WORDS + b"\0\0" + zlib.compress(b"nothing")),
    "png-palette": with_chunk(PNG, b"sPLT", WORDS + b"\0\x08" + b"\0" * 6),
    "png-false-profile": with_chunk(PNG, b"tEXt", b"Raw profile type icc\0" + WORDS),
    "webp-profile": with_riff_chunk(WEBP, b"ICCP", WORDS),
    "gif-unknown": with_extension(0x77, WORDS),
    "avif-store": AVIF + box(b"mdat", WORDS),
    "tiff-private": with_field(50000, 2, WORDS),
}


@pytest.mark.parametrize("data", WORDS_HIDDEN.values(), ids=WORDS_HIDDEN)
def test_words_of_a_patient_when_hidden_anywhere_then_found(data: bytes) -> None:
    assert "privacy-patient" in codes(data)


def test_unread_bytes_when_they_hold_a_mail_address_a_place_or_a_script_then_said() -> None:
    assert codes(with_segment(JPEG, 0xE7, b"\1\2\3\4\5" + b"jane@clinic.example")) == {"privacy-person"}
    assert codes(with_segment(JPEG, 0xE7, b"\1\2\3\4\5\6" + b"GPSLatitude")) == {"malformed-gps"}
    assert codes(with_chunk(PNG, b"prVt", zlib.compress(b"<script>alert(1)</script>"))) == {"active-content"}


def test_a_second_still_when_in_one_webp_then_several_frames() -> None:
    assert codes(with_riff_chunk(WEBP, WEBP[12:16], WEBP[20:])) == {"several-frames"}


def moved(by: int, *, kind: int) -> bytes:
    """A whole small TIFF of another picture from its first directory on, moved; its kind (NewSubfileType) set."""
    small = bytes(noise(width=8, height=8).tiffsave_buffer(keep="none"))
    first = int.from_bytes(small[4:8], "little")
    count = int.from_bytes(small[first : first + 2], "little")
    entries = []
    for number in range(count):
        tag, width, many, value = struct.unpack("<HHII", small[first + 2 + 12 * number :][:12])
        is_far = {2: 1, 3: 2, 4: 4, 5: 8}.get(width, 1) * many > 4
        entries.append((tag, width, many, value + by if is_far or tag == 273 else value))
    entries = sorted([*(one for one in entries if one[0] != 254), (254, 4, 1, kind)])
    table = b"".join(struct.pack("<HHII", *one) for one in entries)
    return struct.pack("<H", len(entries)) + table + b"\0" * 4 + small


@pytest.mark.parametrize(("kind", "code"), [(0, "several-frames"), (1, "hidden-thumbnail")])
def test_a_subpicture_when_it_is_no_smaller_copy_then_a_frame(kind: int, code: str) -> None:
    start = len(TIFF) + len(TIFF) % 2
    table = 2 + 12 * int.from_bytes(moved(0, kind=kind)[:2], "little") + 4
    assert code in codes(with_field(330, 4, moved(start + table, kind=kind), is_place=True))


def test_a_makers_preview_when_in_its_own_block_then_a_thumbnail() -> None:
    copy, other = (with_segment(JPEG, 0xE1, exif((0x927C, 7, b"MAKER\0\0\1" + one))) for one in (
        jpeg_of(small_copy(JPEG)), OTHER))  # fmt: skip
    assert codes(copy) == {"thumbnail"}
    assert codes(other) == {"hidden-thumbnail"}


def test_a_listed_picture_when_its_type_is_undefined_then_judged_like_a_preview() -> None:
    gain_map = previewed(JPEG, jpeg_of(small_copy(JPEG))).replace(struct.pack(">I", 0x10001), struct.pack(">I", 0))
    assert codes(gain_map) == {"thumbnail"}
    assert codes(with_segment(JPEG, 0xE2, mpf((0x20030000, 0, 9), (0x20002, 9, 9)))) == {"several-frames"}
