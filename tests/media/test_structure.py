"""What the walk through each container tells: kind of picture, end, metadata."""

import struct
import zlib

import pytest
import pyvips

from containers import mpf, read, resource, with_chunk, with_riff_chunk, with_segment
from dermref.media.containers.found import MAX_BLOCK, MAX_BLOCKS, Structure
from dermref.media.formats import sniff
from dermref.media.structure import look_through
from dermref.model.media import BlockKind, Colour

EXIF = b"II*\0\x08\0\0\0\0\0\0\0\0\0"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


def structure(data: bytes) -> Structure:
    kind = sniff(data)
    assert kind is not None
    return look_through(data, kind)


def kept(data: bytes) -> list[tuple[BlockKind, bytes, str]]:
    return [(one.kind, one.data, one.name) for one in structure(data).blocks]


@pytest.mark.parametrize(
    ("name", "bits", "colour", "alpha"),
    [
        ("hopper.jpg", 8, Colour.RGB, False),
        ("cmyk.jpg", 8, Colour.CMYK, False),
        ("png_16bit_grey.png", 16, Colour.GREY, False),
        ("png_16bit_alpha.png", 16, Colour.RGB, True),
        ("hopper.gif", 8, Colour.PALETTE, False),
        ("hopper.webp", 8, Colour.RGB, False),
        ("hopper.avif", 8, Colour.RGB, False),
        ("tiff_16bit.tif", 16, Colour.GREY, False),
    ],
)
def test_structure_when_the_file_is_sound_then_kind_of_picture_and_end_are_told(
    name: str, bits: int, colour: Colour, alpha: bool
) -> None:
    seen = structure(read(name))
    assert (seen.bits, seen.colour, seen.has_alpha) == (bits, colour, alpha)
    assert (seen.frames, seen.is_whole, seen.end) == (1, True, len(read(name)))


@pytest.mark.parametrize(("name", "frames"), [("animated.webp", 10), ("animated.gif", 5), ("multipage.tiff", 3)])
def test_structure_when_there_are_several_pictures_then_counted(name: str, frames: int) -> None:
    assert structure(read(name)).frames == frames


def test_structure_when_pages_point_in_a_circle_then_each_counts_once() -> None:
    assert structure(read("ifd_loop.tiff")).frames == 2


def test_structure_when_png_is_animated_then_its_frames_are_those_it_announces() -> None:
    assert structure(with_chunk(read("png_interlaced.png"), b"acTL", struct.pack(">II", 7, 0))).frames == 7


def test_structure_when_jpeg_lists_a_second_view_then_two_pictures() -> None:
    assert structure(with_segment(read("hopper.jpg"), 0xE2, mpf((0x20030000, 0, 9), (0x20002, 9, 9)))).frames == 2


def test_structure_when_jpeg_lists_only_a_preview_then_one_picture() -> None:
    assert structure(with_segment(read("hopper.jpg"), 0xE2, mpf((0x20030000, 0, 9), (0x10001, 9, 9)))).frames == 1


def test_structure_when_interlaced_or_progressive_then_said() -> None:
    assert structure(read("png_interlaced.png")).is_interlaced
    picture = pyvips.Image.new_from_buffer(read("hopper.jpg"), "")
    assert structure(picture.jpegsave_buffer(interlace=True)).is_progressive
    assert not structure(picture.jpegsave_buffer()).is_progressive


@pytest.mark.parametrize(
    "name", ["hopper.jpg", "hopper.webp", "hopper.gif", "hopper.avif", "png_interlaced.png", "phi_text.png"]
)
def test_structure_when_the_file_breaks_off_then_not_whole(name: str) -> None:
    data = read(name)
    assert not any(structure(data[:-cut]).is_whole for cut in (1, len(data) // 2))


@pytest.mark.parametrize(
    "name", ["hopper.jpg", "hopper.webp", "hopper.gif", "hopper.avif", "phi_text.png", "tiff_16bit.tif"]
)
def test_structure_when_bytes_follow_then_the_end_stays_where_it_was(name: str) -> None:
    data = read(name)
    assert structure(data + b"PK\x03\x04" + b"more" * 99).end == len(data)


def test_jpeg_when_it_holds_metadata_then_each_kind_is_lifted_out() -> None:
    iptc = b"\x1c\x02\x74\0\x03(c)"
    jpeg = read("hopper.jpg")
    for marker, body in (
        (0xE1, b"Exif\0\0" + EXIF),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        (0xED, b"Photoshop 3.0\0" + resource(0x0404, iptc) + resource(0x040C, bytes(28) + b"\xff\xd8thumb")),
        (0xEB, b"JP\0\1\0\0\0\1" + struct.pack(">I", 30) + b"jumb" + b"\0\0\0\x16jumdc2pa"),
    ):
        jpeg = with_segment(jpeg, marker, body)
    found = kept(jpeg)
    assert (BlockKind.EXIF, EXIF, "") in found
    assert (BlockKind.XMP, XMP, "") in found
    assert (BlockKind.IPTC, iptc, "") in found
    assert (BlockKind.THUMBNAIL, b"\xff\xd8thumb", "") in found
    assert BlockKind.C2PA in [kind for kind, _, _ in found]
    assert BlockKind.TEXT in [kind for kind, _, _ in found]


def test_jpeg_when_xmp_is_extended_then_its_parts_are_joined_in_their_order() -> None:
    head, jpeg = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32, read("hopper.jpg")
    for offset, part in ((0, b"<a>first "), (9, b"second</a>")):  # the later one ends up in front
        jpeg = with_segment(jpeg, 0xE1, head + struct.pack(">II", 19, offset) + part)
    assert (BlockKind.XMP, b"<a>first second</a>", "") in kept(jpeg)


def test_jpeg_when_xmp_has_no_header_then_found_all_the_same() -> None:
    assert [kind for kind, _, _ in kept(read("xmp_no_prefix.jpg"))] == [BlockKind.XMP]


@pytest.mark.parametrize(
    ("kind", "body", "found"),
    [
        (b"eXIf", EXIF, (BlockKind.EXIF, EXIF, "")),
        (b"eXIf", b"Exif\0\0" + EXIF, (BlockKind.EXIF, EXIF, "")),
        (b"caBX", b"box", (BlockKind.C2PA, b"box", "")),
        (b"tEXt", b"Comment\0words", (BlockKind.TEXT, b"words", "Comment")),
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"words"), (BlockKind.TEXT, b"words", "Comment")),
        (b"iTXt", b"Title\0\0\0de\0Titel\0W\xc3\xb6rter", (BlockKind.TEXT, b"W\xc3\xb6rter", "Title")),
        (b"iTXt", b"Title\0\1\0\0\0" + zlib.compress(b"words"), (BlockKind.TEXT, b"words", "Title")),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP, (BlockKind.XMP, XMP, "")),
        (
            b"zTXt",
            b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n  20\n" + (b"Exif\0\0" + EXIF).hex().encode()),
            (BlockKind.EXIF, EXIF, ""),
        ),
        (b"tEXt", b"Raw profile type xmp\0\nxmp\n %d\n" % len(XMP) + XMP.hex().encode(), (BlockKind.XMP, XMP, "")),
        (
            b"tEXt",
            b"Raw profile type iptc\0\niptc\n 9\n" + resource(0x0404, b"\x1c\2x").hex().encode(),
            (BlockKind.IPTC, b"\x1c\2x", ""),
        ),
    ],
)
def test_png_when_a_chunk_holds_metadata_then_lifted_out(
    kind: bytes, body: bytes, found: tuple[BlockKind, bytes, str]
) -> None:
    assert kept(with_chunk(read("png_interlaced.png"), kind, body)) == [found]


@pytest.mark.parametrize(
    ("kind", "found"), [(b"EXIF", BlockKind.EXIF), (b"XMP ", BlockKind.XMP), (b"C2PA", BlockKind.C2PA)]
)
def test_webp_when_a_chunk_holds_metadata_then_lifted_out(kind: bytes, found: BlockKind) -> None:
    webp = with_riff_chunk(read("hopper.webp"), kind, EXIF)
    assert kept(webp) == [(found, EXIF, "")]
    assert structure(webp).end == len(webp)


def test_gif_when_it_holds_comments_and_xmp_then_lifted_out() -> None:
    magic = bytes([1, *range(255, -1, -1), 0])
    xmp = b"\x21\xff\x0bXMP DataXMP" + XMP + magic
    comment = b"\x21\xfe\x05hello\x06 world\0"
    gif = read("hopper.gif")[:-1] + xmp + comment + b";"
    assert kept(gif)[1:] == [(BlockKind.XMP, XMP, ""), (BlockKind.TEXT, b"hello world", "")]


@pytest.mark.parametrize(
    "saver", ["tiffsave_buffer", "heifsave_buffer", "webpsave_buffer", "jpegsave_buffer", "pngsave_buffer"]
)
def test_structure_when_libvips_wrote_metadata_then_all_of_it_is_found(saver: str) -> None:
    picture = pyvips.Image.new_from_buffer(read("hopper.jpg"), "").copy()
    picture.set_type(pyvips.GValue.gint_type, "orientation", 1)
    picture.set_type(pyvips.GValue.blob_type, "xmp-data", XMP)
    options = {"compression": "av1"} if saver.startswith("heif") else {}
    seen = structure(getattr(picture.icc_transform("srgb"), saver)(**options))
    assert {BlockKind.EXIF, BlockKind.XMP} <= {one.kind for one in seen.blocks}
    assert XMP in [one.data for one in seen.blocks]
    assert (seen.has_profile, seen.is_whole, seen.frames) == (True, True, 1)


def test_blocks_when_there_are_more_than_honest_files_have_then_cut_and_said() -> None:
    jpeg = read("hopper.jpg")
    comments = b"\xff\xfe\0\x03a" * (MAX_BLOCKS + 10)
    seen = structure(jpeg[:2] + comments + jpeg[2:])
    assert (len(seen.blocks), seen.is_cut) == (MAX_BLOCKS, True)


def test_text_when_it_inflates_without_measure_then_cut_and_said() -> None:
    bomb = zlib.compress(bytes(3 * MAX_BLOCK), 9)
    seen = structure(with_chunk(read("png_interlaced.png"), b"zTXt", b"Comment\0\0" + bomb))
    assert (len(seen.blocks[0].data), seen.is_cut) == (MAX_BLOCK, True)


def test_tiff_when_it_lists_more_places_than_are_read_then_its_end_is_left_open() -> None:
    many, where = 2_100_000, 100
    lists = b"".join(struct.pack("<HHII", tag, 4, many, where) for tag in (273, 279, 324, 325))
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", 4) + lists + bytes(4)
    seen = structure(head.ljust(where, b"\0") + bytes(4 * many))
    assert (seen.end, seen.frames) == (None, 1)
