"""A source's mark is compared with what a curator gave; without it, or when it was touched, nothing passes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import marking
from dermref.model.deployment import Stopped
from dermref.model.media import Sighting
from dermref.registry.load import load_source, load_sources
from dermref.services.marks import check_marks, list_marks, set_mark, wish_mark
from dermref.services.registering import register_sources
from dermref.services.start_ingest import Order, start_ingest

SOURCE = "dermnet-nz"
WORD = marking.word("first")


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DERMREF = replace(settings.DERMREF, data_dir=tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    path = tmp_path / "mark.png"
    path.write_bytes(marking.png(WORD))
    return path


def test_sources_when_listed_then_those_with_the_duty_have_places_and_no_others() -> None:
    assert {one.source_id for one in load_sources() if one.watermark} == {
        one.source_id for one in load_sources() if one.keeps_watermark
    }


def test_wish_when_the_source_has_no_mark_then_none_is_needed(data: Path) -> None:
    assert wish_mark(load_source("isic-archive")) == (False, None)


def test_wish_when_there_is_no_reference_then_it_is_needed_and_none(data: Path) -> None:
    assert wish_mark(load_source(SOURCE)) == (True, None)
    assert {one.record for one in list_marks()} == {None}


def test_wish_when_a_reference_is_set_then_has_its_picture_and_the_sources_places(data: Path, reference: Path) -> None:
    record = set_mark(SOURCE, reference, by="A. Curator")
    source = load_source(SOURCE)
    needs, mark = wish_mark(source)
    assert needs
    assert mark is not None
    assert source.watermark is not None
    assert (mark.picture, mark.places) == (reference.read_bytes(), source.watermark.places)
    assert [one.record for one in list_marks() if one.source.source_id == SOURCE] == [record]
    assert (record.by, record.file, len(record.sha256)) == ("A. Curator", "mark.png", 64)


@pytest.mark.parametrize("touched", ["png", "json"])
def test_wish_when_the_kept_reference_was_touched_then_there_is_none(data: Path, reference: Path, touched: str) -> None:
    set_mark(SOURCE, reference, by="A. Curator")
    kept = data / "watermarks" / f"{SOURCE}.{touched}"
    kept.write_bytes(kept.read_bytes() + b"x")
    assert wish_mark(load_source(SOURCE)) == (True, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hopper.jpg", "save the mark as a PNG"),
        ("broken.png", "cannot be decoded"),
        ("active.svg", "an SVG drawing"),
    ],
)
def test_reference_when_it_cannot_serve_then_refused_in_one_sentence(data: Path, name: str, words: str) -> None:
    with pytest.raises(Stopped, match=words):
        set_mark(SOURCE, marking.FILES / name, by="A. Curator")
    assert not (data / "watermarks").exists()


def test_reference_when_nothing_stands_out_then_refused(data: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    empty.write_bytes(marking.png(WORD.new_from_image(0)))
    with pytest.raises(Stopped, match="Nothing stands out"):
        set_mark(SOURCE, empty, by="A. Curator")


def test_files_when_checked_then_each_has_its_verdict(data: Path, reference: Path, tmp_path: Path) -> None:
    set_mark(SOURCE, reference, by="A. Curator")
    marked, bare = tmp_path / "marked.jpg", tmp_path / "bare.jpg"
    marked.write_bytes(marking.jpeg(marking.drawn(marking.picture(), WORD)))
    bare.write_bytes(marking.jpeg(marking.picture()))
    checked = check_marks(SOURCE, (marked, bare, marking.FILES / "broken.png"))
    assert [one.sight.sighting for one in checked] == [Sighting.PRESENT, Sighting.ABSENT, Sighting.ABSENT]
    assert "cannot be decoded" in checked[2].sight.doubt


def test_check_when_the_source_has_no_mark_then_one_sentence(data: Path) -> None:
    with pytest.raises(Stopped, match="asks for no watermark"):
        check_marks("isic-archive", ())


@pytest.mark.django_db
def test_manifest_when_the_source_keeps_its_mark_then_it_starts_only_with_a_reference(
    data: Path, reference: Path, tmp_path: Path
) -> None:
    register_sources()
    manifest = tmp_path / "manifest.csv"
    landing = "https://jddonline.com/project-atlas-a-z/"
    manifest.write_text(f"file,foreign_id,landing_url\nmark.png,acne/one,{landing}\n", "utf-8")
    order = Order("jdd-project-atlas", folder=manifest, is_manifest=True, is_dry=True, workers=1)
    with pytest.raises(Stopped, match="watermarks set"):
        start_ingest(order, lambda report: None)
    set_mark("jdd-project-atlas", reference, by="A. Curator")
    report = start_ingest(order, lambda report: None)
    assert report.state == "finished", report.message


@pytest.mark.django_db
def test_manifest_when_the_source_links_its_topics_too_then_never_started(data: Path, reference: Path) -> None:
    register_sources()
    set_mark(SOURCE, reference, by="A. Curator")
    order = Order(SOURCE, folder=reference, is_manifest=True, is_dry=True, workers=1)
    with pytest.raises(Stopped, match="use “dermref ingest dermnet-nz”"):
        start_ingest(order, lambda report: None)
