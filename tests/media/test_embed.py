"""Words into files: the picture stays, what was said before goes, what cannot be trusted is left alone."""

import hashlib
import random
import struct
import zlib

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st

from containers import FILES, chunk, noise, previewed, read, resource, with_chunk, with_riff_chunk, with_segment
from dermref.media.containers.photoshop import resources
from dermref.media.embed import embed
from dermref.media.formats import sniff
from dermref.media.structure import look_through
from dermref.model.evidence import Refusal
from dermref.model.media import BlockKind, Packet
from embedding import packet, pixels
from metadata_blocks import directory, long_field

WORDS = packet()
OLD = b"<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'>old words</x:xmpmeta><?xpacket end='w'?>"
SMALL = sorted(path.name for path in FILES.iterdir() if path.stat().st_size < 200_000 and "bomb" not in path.name)
WRITABLE = [name for name in SMALL if name.endswith((".jpg", ".png", ".webp", ".tif", ".tiff"))]


def written(data: bytes, words: Packet = WORDS) -> bytes:
    made = embed(data, words)
    assert isinstance(made, bytes), made
    return made


def kept(data: bytes, kind: BlockKind) -> list[bytes]:
    return [one.data for one in look_through(data, sniff(data)).blocks if one.kind is kind]


@pytest.mark.parametrize("name", SMALL)
def test_file_when_written_into_then_the_same_picture_or_a_refusal(name: str) -> None:
    data = read(name)
    made = embed(data, WORDS)
    if isinstance(made, Refusal):
        assert made.code in {"not-an-image", "cannot-carry", "broken-container"}
        return
    assert pixels(made) == pixels(data)
    assert kept(made, BlockKind.XMP) == [WORDS.xmp]
    assert embed(made, WORDS) == made


@pytest.mark.parametrize("name", ["hopper.jpg", "png_16bit_alpha.png", "hopper.webp", "tiff_16bit.tif"])
def test_file_when_written_twice_with_other_words_then_the_last_stand_alone(name: str) -> None:
    long = packet(title="&" * 15_000)
    assert written(written(read(name), long)) == written(read(name))
    assert written(written(read(name)), long) == written(read(name), long)


@pytest.mark.parametrize("name", ["hopper.gif", "animated.gif", "hopper.avif"])
def test_format_when_it_has_no_place_then_refused(name: str) -> None:
    made = embed(read(name), WORDS)
    assert isinstance(made, Refusal)
    assert made.code == "cannot-carry"


def test_jpeg_when_written_into_then_from_its_tables_on_every_byte_stays() -> None:
    data = read("hopper.jpg")
    made = written(data)
    assert made.endswith(data[data.index(b"\xff\xdb") :])
    assert made.startswith(data[: 4 + int.from_bytes(data[4:6])])  # JFIF comes first
    assert made.index(b"http://ns.adobe.com/xap/1.0/\0") < made.index(b"Photoshop 3.0\0") < made.index(b"\xff\xdb")


def test_jpeg_when_it_has_exif_and_a_profile_then_both_stay_and_exif_comes_first() -> None:
    for name in ("orientation_6.jpg", "gps_and_serial.jpg", "ISIC_0000546.jpg"):
        data, made = read(name), written(read(name))
        assert kept(made, BlockKind.EXIF) == kept(data, BlockKind.EXIF)
        assert look_through(made, sniff(made)).has_profile == look_through(data, sniff(data)).has_profile
    assert written(read("orientation_6.jpg")).index(b"Exif\0") < written(read("orientation_6.jpg")).index(b"ns.adobe")


def test_jpeg_when_it_has_other_resources_then_they_stay_and_iptc_has_its_digest() -> None:
    old = resource(0x0404, b"\x1c\x02\x05\0\x03old") + resource(0x03ED, b"odd") + resource(0x0425, b"x" * 16)
    made = written(with_segment(read("hopper.jpg"), 0xED, b"Photoshop 3.0\0" + old))
    body = made[made.index(b"Photoshop 3.0\0") + 14 :]
    found = dict(resources(body[: body.index(b"\xff\xdb")]))
    assert (found[0x0404], found[0x0425]) == (WORDS.iptc, hashlib.md5(WORDS.iptc).digest())
    assert found[0x03ED] == b"odd"
    assert b"old" not in made


@pytest.mark.parametrize(
    "head", [b"http://ns.adobe.com/xap/1.0/\0", b"", b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 40]
)
def test_jpeg_when_it_has_old_xmp_in_any_form_then_it_is_gone(head: bytes) -> None:
    made = written(with_segment(read("hopper.jpg"), 0xE1, head + OLD))
    assert b"old words" not in made
    assert pixels(made) == pixels(read("hopper.jpg"))


def test_jpeg_when_a_preview_follows_then_its_index_still_finds_it() -> None:
    preview = bytes(noise().jpegsave_buffer(Q=50, keep="none"))
    plain = previewed(read("hopper.jpg"), preview)
    made = written(plain)
    assert kept(made, BlockKind.THUMBNAIL) == kept(plain, BlockKind.THUMBNAIL) == [preview]
    assert look_through(made, sniff(made)).end == len(made)


def test_png_when_it_has_old_words_then_they_are_gone_and_other_texts_stay() -> None:
    raw = b"\niptc\n      4\n1c020500\n"
    data = with_chunk(read("phi_text.png"), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + OLD)
    data = with_chunk(data, b"tEXt", b"Raw profile type iptc\0" + raw)
    data = with_chunk(data, b"zTXt", b"Raw profile type xmp\0\0" + zlib.compress(OLD.hex().encode()))
    app1 = b"http://ns.adobe.com/xap/1.0/\0" + OLD
    data = with_chunk(data, b"zTXt", b"Raw profile type APP1\0\0" + zlib.compress(b"\nx\n 9\n" + app1.hex().encode()))
    made = written(data)
    assert made == written(read("phi_text.png"))
    assert kept(made, BlockKind.TEXT) == kept(read("phi_text.png"), BlockKind.TEXT) != []


def test_png_when_written_into_then_its_chunk_is_sound_and_before_the_pixels() -> None:
    made = written(read("png_interlaced.png"))
    expected = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + WORDS.xmp)
    assert made.index(expected) < made.index(b"IDAT")
    assert made.replace(expected, b"") == read("png_interlaced.png")


@pytest.mark.parametrize(("options", "has_alpha"), [({"lossless": True}, True), ({"Q": 80}, True), ({}, False)])
def test_webp_when_simple_or_with_alpha_then_extended_with_the_right_flags(
    options: dict[str, object], has_alpha: bool
) -> None:
    picture = noise().bandjoin(128) if has_alpha else noise()
    data = bytes(picture.webpsave_buffer(keep="none", **options))
    made = written(data)
    assert made[12:16] == b"VP8X"
    assert (bool(made[20] & 0x10), bool(made[20] & 0x04)) == (has_alpha, True)
    assert struct.unpack("<I", made[4:8])[0] == len(made) - 8
    assert made[-8 - len(WORDS.xmp) - len(WORDS.xmp) % 2 :][:4] == b"XMP "
    assert pyvips.Image.new_from_buffer(made, "").bands == picture.bands
    assert pixels(made) == pixels(data)


def test_webp_when_animated_or_with_old_words_then_frames_stay_and_words_go() -> None:
    data = with_riff_chunk(read("animated.webp"), b"XMP ", OLD + b"!" * (1 - len(OLD) % 2))
    made = written(data)
    assert b"old words" not in made
    assert look_through(made, sniff(made)).frames == look_through(data, sniff(data)).frames > 1
    assert pixels(made) == pixels(data)


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff_when_of_either_order_then_the_words_are_read_and_the_picture_stays(order: str) -> None:
    short = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 277: 1, 278: 8, 279: 64}
    fields = {tag: (3, struct.pack(f"{order}H", value)) for tag, value in short.items()}
    size = len(directory(fields | {273: long_field(0, order)}, at=8, order=order))
    table = directory(fields | {273: long_field(8 + size, order)}, at=8, order=order)
    data = (b"MM" if order == ">" else b"II") + struct.pack(order + "HI", 42, 8) + table + bytes(range(64))
    made = written(data)
    assert pixels(made) == pixels(data) is not None
    assert (kept(made, BlockKind.XMP), kept(made, BlockKind.IPTC)) == ([WORDS.xmp], [WORDS.iptc])
    assert made[8 : len(data)] == data[8:]


def test_tiff_when_old_words_cannot_be_cut_off_then_blanked_and_the_pages_stay() -> None:
    made = written(written(read("multipage.tiff"), packet(title="old words")) + b"\0\0tail")
    assert b"old words" not in made
    assert pixels(made) == pixels(read("multipage.tiff"))


def test_tiff_when_its_parts_lie_behind_its_end_then_nothing_is_put_there() -> None:
    data = bytearray(read("tiff_16bit.tif"))
    at = struct.unpack("<I", data[4:8])[0] + 2
    entry = next(one for one in range(at, at + 12 * 20, 12) if data[one : one + 2] == b"\x11\x01")  # StripOffsets
    data[entry + 8 : entry + 12] = struct.pack("<I", len(data) - 100)
    refused = embed(bytes(data), WORDS)
    assert isinstance(refused, Refusal)
    assert refused.code == "broken-container"


@pytest.mark.parametrize("name", WRITABLE)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_file_when_damaged_then_no_exception_and_never_another_picture(name: str, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(read(name))
    for _ in range(chance.choice((1, 3, 10))):
        if data:
            data[chance.randrange(min(len(data), chance.choice((64, 1000, len(data)))))] = chance.randrange(256)
    made = embed(bytes(data), WORDS)
    if isinstance(made, Refusal):
        return
    assert embed(made, WORDS) == made
    if _is_small(bytes(data)):  # a damaged header may tell of any size
        assert pixels(made) == pixels(bytes(data))


def _is_small(data: bytes) -> bool:
    kind = sniff(data)
    try:
        image = pyvips.Operation.call(kind.loader, data, fail_on="none") if kind else None
    except pyvips.Error:
        return False
    return bool(image) and image.width * image.height < 1_000_000
