"""Every file of the hostile set gets the verdict its manifest expects; what a file hides is found and named."""

import csv
import io
import struct
import zipfile

import pytest
import pyvips

from containers import FILES, jpeg_of, previewed, read, resource, small_copy, with_segment
from dermref.media.inspect import inspect
from dermref.model.evidence import Refusal
from dermref.model.media import Inspected, MediaType, Rung, Size, Verdict, Wish

ROWS = list(csv.DictReader((FILES / "MANIFEST.csv").read_text(encoding="utf-8").splitlines()))
ONE_OF_EACH = ["hopper.jpg", "png_interlaced.png", "hopper.webp", "hopper.gif", "tiff_16bit.tif", "hopper.avif"]
ALL = Wish(tuple(Rung(size, MediaType.JPEG) for size in Size))


def verdict(name: str) -> Inspected | Refusal:
    return inspect(read(name), name=name, wish=ALL)


def codes(data: bytes, *, name: str = "picture") -> list[str]:
    """The codes of what is found in a sound picture, or the one it is refused for."""
    found = inspect(data, name=name)
    return [found.code] if isinstance(found, Refusal) else [one.code for one in found.findings]


def word(found: Inspected | Refusal) -> str:
    if isinstance(found, Refusal):
        return "refuse"
    return "quarantine" if any(one.verdict is Verdict.QUARANTINE for one in found.findings) else "accept"


@pytest.mark.parametrize(("name", "expected"), [(row["path"], row["expected"]) for row in ROWS])
def test_file_when_inspected_then_its_verdict_is_the_manifests_in_one_sentence(name: str, expected: str) -> None:
    found = verdict(name)
    assert word(found) == expected.partition(":")[0], found
    texts = [found.text] if isinstance(found, Refusal) else [one.text for one in found.findings]
    assert not any("\n" in text for text in texts)
    assert isinstance(found, Inspected) or found.text.startswith(name)


@pytest.mark.parametrize("name", [row["path"] for row in ROWS if row["expected"].startswith("accept")])
def test_sound_image_when_inspected_then_its_renditions_are_whole(name: str) -> None:
    found = verdict(name)
    assert isinstance(found, Inspected), found
    ratio = found.facts.width / found.facts.height
    assert all(abs(made.width / made.height - ratio) < 0.06 * ratio for made in found.renditions)


@pytest.mark.parametrize(
    ("tail", "code"),
    [
        (b"\0" * 500, "padding"),
        (b"\xff" * 3 + b"\r\n", "padding"),
        (b"\0\0 not empty", "trailing-data"),
        (b"\0" * 9 + b"%PDF-1.7", "hidden-file"),
        (b"words, then Rar!\x1a\x07\x00", "hidden-file"),
        (b"\x1f\x8b\x08\0", "hidden-file"),
        (b"\x7fELF\2", "hidden-file"),
        (b"<svg onload='x'>", "hidden-file"),
        (b"\xff\xd8\xff\xe0 a second picture", "hidden-file"),
        (b"\xff\xff\xff\xd8\xff\xe0 a second picture", "hidden-file"),
        (b"some words \x89PNG\r\n\x1a\n", "hidden-file"),
    ],
)
@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_bytes_behind_the_end_when_found_then_named_for_what_they_are(name: str, tail: bytes, code: str) -> None:
    assert codes(read(name) + tail) == [code]


def test_archive_when_it_hides_inside_the_picture_then_found() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "hidden")
    assert codes(with_segment(read("hopper.jpg"), 0xE5, archive.getvalue())) == ["hidden-file"]


def test_pdf_when_it_begins_in_the_head_of_a_picture_then_found() -> None:
    assert codes(with_segment(read("hopper.jpg"), 0xE5, b"\0\1%PDF-1.4 and so on")) == ["hidden-file"]


@pytest.mark.parametrize(
    "text",
    [b"<img src=x onerror=alert(1)>", b"<?php system(1); ?>", b"\0<\0s\0v\0g\0 \0o", b"javascript:x", b"eval(1)"],
)
def test_comment_when_it_holds_markup_or_script_then_a_curator_looks(text: bytes) -> None:
    assert codes(with_segment(read("hopper.jpg"), 0xFE, text)) == ["active-content"]


@pytest.mark.parametrize("text", [b"made with <3", b"a < b > c", b"the patient was alert (awake)", b"formed of images"])
def test_comment_when_it_only_looks_like_markup_then_nothing_is_said(text: bytes) -> None:
    assert "active-content" not in codes(with_segment(read("hopper.jpg"), 0xFE, text))


def test_script_when_it_stands_in_an_unknown_part_then_found() -> None:
    assert codes(with_segment(read("hopper.jpg"), 0xE5, b"\0\1\2<SCRIPT >\0\1")) == ["active-content"]


def test_extension_when_it_is_another_formats_then_noted() -> None:
    assert codes(read("hopper.webp"), name="hopper.png") == ["wrong-extension"]
    assert codes(read("hopper.webp"), name="hopper.bin") == []


def thumbnailed(jpeg: bytes, thumbnail: bytes) -> list[str]:
    body = b"Photoshop 3.0\0" + resource(0x040C, bytes(28) + thumbnail)
    return codes(with_segment(jpeg, 0xED, body))


@pytest.mark.parametrize("name", ["ISIC_0000001.jpg", "orientation_6.jpg", "orientation_8.jpg", "orientation_2.jpg"])
def test_thumbnail_when_it_is_the_picture_as_it_lies_in_the_file_then_only_noted(name: str) -> None:
    assert thumbnailed(read(name), jpeg_of(small_copy(read(name)), quality=60)) == ["thumbnail"]


def test_thumbnail_when_black_bars_fill_its_shape_then_still_the_picture() -> None:
    small = small_copy(read("ISIC_0000546.jpg"))
    barred = small.gravity("centre", small.width * 4 // 3, small.height, extend="black")
    assert thumbnailed(read("ISIC_0000546.jpg"), jpeg_of(barred)) == ["thumbnail"]


@pytest.mark.parametrize("other", ["hopper.jpg", "ISIC_0000546.jpg", "ISIC_8390476.jpg"])
def test_thumbnail_when_it_shows_another_picture_then_a_curator_looks(other: str) -> None:
    assert thumbnailed(read("ISIC_0000001.jpg"), jpeg_of(small_copy(read(other)))) == ["hidden-thumbnail"]


def test_thumbnail_when_it_shows_more_than_the_picture_does_then_a_curator_looks() -> None:
    whole = pyvips.Image.new_from_buffer(read("hopper.jpg"), "")
    part = jpeg_of(whole.crop(0, 0, 64, 64))
    assert thumbnailed(part, jpeg_of(whole)) == ["hidden-thumbnail"]


def test_thumbnail_when_it_cannot_be_decoded_then_a_curator_looks() -> None:
    assert thumbnailed(read("hopper.jpg"), b"\xff\xd8\xff\xe0 no picture") == ["hidden-thumbnail"]


def test_preview_when_a_camera_put_it_behind_the_picture_then_it_is_a_thumbnail_and_no_trailing_bytes() -> None:
    jpeg = read("ISIC_0000001.jpg")
    preview = jpeg_of(small_copy(jpeg, side=400))
    assert codes(previewed(jpeg, preview)) == ["thumbnail"]
    assert codes(previewed(jpeg, jpeg_of(small_copy(read("hopper.jpg"))))) == ["hidden-thumbnail"]
    assert codes(previewed(jpeg, preview + b"and more")) == ["hidden-file"]
    assert codes(previewed(jpeg, preview) + b"and more") == ["trailing-data", "thumbnail"]


def test_metadata_when_there_is_more_than_is_read_then_a_curator_looks() -> None:
    jpeg = read("hopper.jpg")
    assert codes(jpeg[:2] + b"\xff\xfe\0\3a" * 300 + jpeg[2:]) == ["too-much-metadata"]


def test_heic_when_the_decoder_lacks_its_codec_then_refused_in_those_words() -> None:
    heic = read("hopper.avif").replace(b"ftypavif", b"ftypheic").replace(b"av01", b"hvc1").replace(b"av1C", b"hvcC")
    found = inspect(heic, name="picture.heic")
    assert isinstance(found, Refusal)
    assert found.code == "not-an-image"
    assert "a HEIC picture, which this decoder cannot read" in found.text


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"BM\x36\0", "a BMP picture"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"\0" * 128 + b"DICM", "a DICOM file"),
        (b"\0" * 257 + b"ustar", "a TAR archive"),
        (b"\xff\x0a\xfa", "a JPEG XL codestream"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"MZ\x90\0", "a Windows program"),
        (b"\0\0\0\x18ftypmp42", "a film"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "a page of HTML or XML"),
        (b"neither", "not in an image format we take"),
    ],
)
def test_file_when_it_is_no_image_we_take_then_said_what_it_is(head: bytes, words: str) -> None:
    found = inspect(head, name="file")
    assert isinstance(found, Refusal)
    assert (found.code, words in found.text) == ("not-an-image", True)


def test_orientation_when_turned_then_size_is_as_displayed() -> None:
    found = verdict("orientation_6.jpg")
    assert isinstance(found, Inspected)
    assert [(made.width, made.height) for made in found.renditions][-1] == (found.facts.width, found.facts.height)


def test_renditions_when_resizing_is_barred_then_none_are_made() -> None:
    found = inspect(read("hopper.jpg"), name="hopper.jpg")
    assert isinstance(found, Inspected)
    assert found.renditions == ()


def test_renditions_when_made_then_they_carry_no_metadata() -> None:
    found = verdict("orientation_6.jpg")
    assert isinstance(found, Inspected)
    assert all(b"Exif" not in made.data and b"ICC_PROFILE" not in made.data for made in found.renditions)


def test_fingerprints_when_picture_is_recoded_then_they_stay_close() -> None:
    first = verdict("ISIC_0000001.jpg")
    assert isinstance(first, Inspected)
    again = inspect(first.renditions[-1].data, name="again.jpg")
    other = verdict("hopper.jpg")
    assert isinstance(again, Inspected)
    assert isinstance(other, Inspected)
    assert (
        distance(first.likeness.phash, again.likeness.phash) <= 4 < distance(first.likeness.phash, other.likeness.phash)
    )
    assert (
        distance(first.likeness.dhash, again.likeness.dhash) <= 4 < distance(first.likeness.dhash, other.likeness.dhash)
    )


def distance(one: bytes, two: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(two)).bit_count()


def test_jpeg_when_its_scan_is_cut_and_closed_again_then_a_curator_looks_first() -> None:
    data = (FILES / "ISIC_0000001.jpg").read_bytes()
    found = inspect(data[: len(data) * 6 // 10] + b"\xff\xd9", name="cut.jpg")
    assert isinstance(found, Inspected)
    assert "damaged" in {one.code for one in found.findings}


@pytest.mark.parametrize("sample", ["float", "uint"])
def test_tiff_when_its_samples_are_no_brightness_then_refused(sample: str) -> None:
    image = pyvips.Image.black(64, 64).cast(sample)
    found = inspect(bytes(image.tiffsave_buffer()), name="numbers.tif")
    assert isinstance(found, Refusal)
    assert found.code == "not-an-image"


@pytest.mark.parametrize(("bar", "code"), [(None, "thumbnail"), ((0.25, 0.06), "hidden-thumbnail")])
def test_thumbnail_when_it_shows_what_a_bar_covers_then_hidden(bar: tuple[float, float] | None, code: str) -> None:
    image = pyvips.Image.new_from_buffer((FILES / "ISIC_0000001.jpg").read_bytes(), "")
    inside = bytes(image.thumbnail_image(160).jpegsave_buffer(Q=75, keep="none"))
    if bar:
        image = image.draw_rect([0, 0, 0], 200, 200, int(image.width * bar[0]), int(image.height * bar[1]), fill=True)
    found = inspect(with_thumbnail(bytes(image.jpegsave_buffer(Q=90, keep="none")), inside), name="x.jpg")
    assert isinstance(found, Inspected)
    assert {one.code for one in found.findings} == {code}


def with_thumbnail(data: bytes, thumbnail: bytes) -> bytes:
    """A JPEG with EXIF whose second directory holds this picture."""
    place = struct.pack("<HHHIIHHIIII", 2, 0x201, 4, 1, 44, 0x202, 4, 1, len(thumbnail), 0, 0)[:-4]
    body = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HI", 0, 14) + place + thumbnail
    return with_segment(data, 0xE1, body)
