"""Renditions on demand: made once, kept whole or not at all, and never anything else than the whole picture."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from django.db import DatabaseError, connection

from dermref.catalog import models
from dermref.catalog.reading import FileRecord, ImageRecord, find_image
from dermref.catalog.renditions import keep_rendition
from dermref.config.env import read_environment
from dermref.media.renditions import render
from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS
from dermref.model.deployment import WrongSetting
from dermref.model.evidence import Refusal
from dermref.model.media import AHEAD, PIXELS, MediaType, Rung, Size, fitted, sizes_of
from dermref.services.auditing import audit
from dermref.services.rendering import Rendition, rendition_of
from dermref.services.serving import Bytes, Missing, open_bytes
from isic_server import IsicServer
from run_types import Run
from stored import PERMIT, locate

FILES = Path(__file__).parents[1] / "files"
STYLES = Path(__file__).parents[2] / "src" / "dermref" / "web"
JPEG, WEBP = MediaType.JPEG, MediaType.WEBP
SKIN = [200, 120, 90]


@pytest.fixture
def record(run: Run, archive: IsicServer) -> ImageRecord:
    run(limit=1, ahead=())
    found = find_image(models.Image.objects.get().public_id)
    assert found is not None
    return found


@pytest.fixture
def full(record: ImageRecord, blobs: Blobs) -> Iterator[None]:
    """A store that takes nothing more: something else stands where drafts go, which stops even root."""
    shutil.rmtree(blobs.incoming)
    blobs.incoming.write_text("full", encoding="utf-8")
    yield
    blobs.incoming.unlink()


@dataclass(frozen=True, slots=True)
class Made:
    """A rendition whose bytes were read."""

    file: FileRecord
    data: bytes


def made(record: ImageRecord, size: Size = Size.SMALL, media_type: MediaType = WEBP) -> Made:
    found = rendition_of(record, size=size, media_type=media_type)
    assert isinstance(found, Rendition), found
    with found.stream as stream:
        return Made(found.file, stream.read())


def ask(record: ImageRecord, size: str) -> object:
    return open_bytes(record.source_id, record.foreign_id, size=size, viewer=ANONYMOUS, media_type=WEBP)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("media_type", MediaType)
@pytest.mark.parametrize("size", Size)
def test_rendition_when_asked_for_then_made_once_whole_and_kept(
    record: ImageRecord, blobs: Blobs, size: Size, media_type: MediaType
) -> None:
    first = made(record, size, media_type)
    picture = pyvips.Image.new_from_buffer(first.data, "")
    assert (picture.width, picture.height) == (first.file.width, first.file.height)
    assert (picture.width, picture.height) == fitted(record.width, record.height, size)
    assert hashlib.sha256(first.data).hexdigest() == first.file.sha256
    before = files_in(blobs.root)
    assert made(record, size, media_type) == first
    assert files_in(blobs.root) == before
    assert (models.Rendition.objects.count(), audit(blobs).disagreements) == (1, [])


def test_rendition_when_the_picture_is_smaller_then_it_is_never_enlarged(record: ImageRecord) -> None:
    longest = max(record.width, record.height)
    for size in Size:
        assert max(made(record, size).file.width, made(record, size).file.height) <= min(longest, PIXELS[size])
    is_large = longest > PIXELS[Size.MEDIUM]
    assert made(record, Size.LARGE).file.size == (Size.LARGE if is_large else Size.MEDIUM)


def test_row_when_its_file_is_missing_then_made_again(record: ImageRecord, blobs: Blobs) -> None:
    first = made(record)
    blobs.remove(first.file.sha256)
    models.Rendition.objects.update(sha256="0" * 64)  # made by another version of the encoder
    assert made(record) == first
    assert audit(blobs).disagreements == []


def test_file_when_it_is_there_without_a_row_then_the_row_is_written(record: ImageRecord, blobs: Blobs) -> None:
    first = made(record)
    models.Rendition.objects.all().delete()
    assert made(record) == first
    assert (models.Rendition.objects.count(), audit(blobs).disagreements) == (1, [])


def test_rendition_when_the_image_has_other_bytes_by_now_then_not_kept(record: ImageRecord, blobs: Blobs) -> None:
    models.Image.objects.update(sha256="1" * 64)
    before = files_in(blobs.root)
    assert made(record).data
    assert (models.Rendition.objects.count(), files_in(blobs.root)) == (0, before)


def test_image_when_replaced_while_its_rendition_is_made_then_gone_for_this_request(record: ImageRecord) -> None:
    models.Image.objects.update(sha256="1" * 64)
    assert isinstance(ask(record, "small"), Missing)


@pytest.mark.usefixtures("full")
def test_store_when_it_takes_nothing_then_what_was_made_is_sent_and_nothing_is_noted(record: ImageRecord) -> None:
    found = ask(record, "small")
    assert isinstance(found, Bytes)
    with found.stream as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == found.file.sha256
    assert models.Rendition.objects.count() == 0


def test_catalogue_when_it_takes_nothing_then_what_was_made_is_sent(record: ImageRecord, blobs: Blobs) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT"):
            raise DatabaseError("attempt to write a readonly database")
        return execute(sql, params, many, context)

    before = files_in(blobs.root)
    with connection.execute_wrapper(refuse):
        assert made(record).data
    assert files_in(blobs.root) == before


def test_stored_file_when_missing_or_broken_then_refused_and_never_sent_in_its_place(
    record: ImageRecord, blobs: Blobs
) -> None:
    path = locate(blobs, record.sha256)
    assert path is not None
    path.write_bytes(b"broken")
    assert isinstance(rendition_of(record, size=Size.SMALL, media_type=WEBP), Refusal)
    assert isinstance(ask(record, "medium"), Missing)
    path.unlink()
    assert isinstance(ask(record, "medium"), Missing)


def test_file_when_placed_by_many_at_once_then_whole_and_nothing_is_left_over(tmp_path: Path) -> None:
    store, data = Blobs(tmp_path), os.urandom(300_000)
    key = hashlib.sha256(data).hexdigest()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: store.place(key, data, PERMIT), range(16)))
    assert files_in(tmp_path) == [key]
    assert store.noted() == set()


def test_note_when_written_twice_then_there_is_one(record: ImageRecord) -> None:
    first = made(record)
    assert keep_rendition(record, first.file)
    assert models.Rendition.objects.count() == 1


@pytest.mark.parametrize("ahead", [(), AHEAD, (Rung(Size.SMALL, JPEG), Rung(Size.LARGE, WEBP))])
def test_ingest_when_told_what_to_make_ahead_then_that_is_made(run: Run, ahead: tuple[Rung, ...]) -> None:
    run(limit=2, ahead=ahead)
    for image in models.Image.objects.all():
        there = {one for one in ahead if one.size in sizes_of(image.width, image.height)}
        assert {Rung(Size(one.size), MediaType(one.media_type)) for one in image.renditions.all()} == there


@pytest.mark.parametrize(
    ("said", "rungs"),
    [("", AHEAD), ("none", ()), ("medium.jpeg, small.webp", (Rung(Size.MEDIUM, JPEG), Rung(Size.SMALL, WEBP)))],
)
def test_setting_when_read_then_it_names_renditions(said: str, rungs: tuple[Rung, ...], tmp_path: Path) -> None:
    env = {"DERMREF_DATA_DIR": str(tmp_path), "DERMREF_RENDITIONS_AHEAD": said}
    assert read_environment(env).ahead == rungs


@pytest.mark.parametrize("wrong", ["small", "small.gif", "tiny.webp", "small.webp,"])
def test_setting_when_wrong_then_one_sentence_names_it(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=r"^DERMREF_RENDITIONS_AHEAD has “.*”; say none, or some of small\.jpeg"):
        read_environment({"DERMREF_DATA_DIR": str(tmp_path), "DERMREF_RENDITIONS_AHEAD": wrong})


def skin(width: int = 2400, height: int = 1800) -> pyvips.Image:
    return pyvips.Image.black(width, height).new_from_image(SKIN).copy(interpretation="srgb").cast("uchar")


def files_of_one_colour() -> dict[str, tuple[bytes, list[int]]]:
    plain = skin()
    deep = (plain.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    grey, on_white = plain.colourspace("b-w"), [(one + 255) // 2 for one in SKIN]
    wide, inks = plain.icc_transform("p3", input_profile="srgb"), plain.icc_transform("cmyk", input_profile="srgb")
    return {
        "a JPEG": (plain.jpegsave_buffer(Q=95), SKIN),
        "a wide gamut, JPEG": (wide.jpegsave_buffer(Q=95), SKIN),
        "a wide gamut, WebP": (wide.webpsave_buffer(Q=95), SKIN),
        "a wide gamut, PNG": (wide.pngsave_buffer(compression=1), SKIN),
        "four inks, TIFF": (inks.tiffsave_buffer(), SKIN),
        "four inks, JPEG": (inks.jpegsave_buffer(Q=100), SKIN),
        "four inks, no profile": (inks.jpegsave_buffer(Q=100, keep="none"), SKIN),
        "grey": (grey.jpegsave_buffer(Q=95), [140, 140, 140]),
        "another picture's profile": (with_profile(grey, wide.get("icc-profile-data")), [140, 140, 140]),
        "a damaged profile": (with_profile(plain, b"damaged" * 30), SKIN),
        "16 bits": (deep.pngsave_buffer(compression=1), SKIN),
        "half transparent, 16 bits": (see_through(deep, 32768).pngsave_buffer(compression=1), on_white),
        "half transparent, WebP": (see_through(plain, 128).webpsave_buffer(lossless=True, effort=0), on_white),
    }


def with_profile(picture: pyvips.Image, profile: bytes) -> bytes:
    changed = picture.copy()
    changed.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return bytes(changed.jpegsave_buffer(Q=95))


def see_through(picture: pyvips.Image, alpha: int) -> pyvips.Image:
    return picture.bandjoin(alpha).cast(picture.format).copy(interpretation=picture.interpretation)


ONE_COLOUR = files_of_one_colour()


@pytest.mark.parametrize("rungs", [(Rung(Size.SMALL, JPEG),), tuple(Rung(size, JPEG) for size in Size)])
@pytest.mark.parametrize("kind", ONE_COLOUR)
def test_colours_when_rendered_then_they_stay_as_they_were(kind: str, rungs: tuple[Rung, ...]) -> None:
    data, colour = ONE_COLOUR[kind]
    files = render(data, rungs=rungs)
    assert isinstance(files, tuple)
    assert len(files) == len(rungs)
    for one in files:
        picture = pyvips.Image.new_from_buffer(one.data, "")
        assert picture.format == "uchar"
        assert not {"icc-profile-data", "exif-data", "xmp-data"} & set(picture.get_fields())
        mean = [picture.colourspace("srgb")[band].avg() for band in range(3)]
        assert np.abs(np.array(mean) - colour).max() <= 3, mean


@pytest.mark.parametrize("save", ["jpegsave_buffer", "webpsave_buffer", "tiffsave_buffer"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_when_it_lies_then_its_rendition_is_upright(orientation: int, save: str) -> None:
    lying = skin(500, 300).embed(0, 0, 1000, 500, background=[0, 0, 255])
    lying.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    upright = lying.autorot()
    files = render(getattr(lying, save)(), rungs=[Rung(Size.SMALL, JPEG)])
    assert isinstance(files, tuple)
    picture = pyvips.Image.new_from_buffer(files[0].data, "")
    assert (picture.width, picture.height) == fitted(upright.width, upright.height, Size.SMALL)
    expected = upright.resize(picture.width / upright.width, vscale=picture.height / upright.height)
    assert np.abs(picture.numpy().astype(float) - expected.numpy()).mean() < 4


@pytest.mark.parametrize(("width", "height"), [(551, 2332), (938, 2422), (2578, 2965), (105, 2661), (3, 2049), (1, 1)])
def test_pixels_when_reckoned_beforehand_then_those_are_made(width: int, height: int) -> None:
    for data in (skin(width, height).jpegsave_buffer(), skin(width, height).pngsave_buffer(compression=1)):
        rungs = [Rung(size, JPEG) for size in sizes_of(width, height)]
        for asked in (rungs, *([one] for one in rungs)):
            files = render(data, rungs=asked)
            assert isinstance(files, tuple)
            assert [(one.width, one.height) for one in files] == [fitted(width, height, one.size) for one in asked]
            assert all(pyvips.Image.new_from_buffer(one.data, "").width == one.width for one in files)


def test_styles_when_read_then_no_picture_is_cropped() -> None:
    styles = "".join(path.read_text("utf-8") for path in STYLES.rglob("*") if path.suffix in (".css", ".html"))
    assert "object-fit: contain" in styles
    for word in ("object-fit: cover", "object-fit:cover", "object-position", "background-image", "clip-path: circle"):
        assert word not in styles
