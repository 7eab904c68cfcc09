"""Every file of the hostile set gets the verdict its manifest expects, or the stage that will give it is named."""

import csv
from pathlib import Path

import pytest

from dermref.media.inspect import inspect
from dermref.model.evidence import Refusal
from dermref.model.media import Inspected

FILES = Path(__file__).parents[1] / "files"
ROWS = list(csv.DictReader((FILES / "MANIFEST.csv").read_text(encoding="utf-8").splitlines()))
# Findings that want a curator but do not hinder decoding; inspection of what a file hides is the media issue's.
LATER = {"trailing_garbage.jpg", "polyglot_zip.jpg", "html_in_comment.jpg", "xmp_rights_conflict.jpg", "phi_text.png"}


def images(expected: str) -> list[str]:
    names = [Path(row["path"]).name for row in ROWS if row["expected"].startswith(expected)]
    return [name for name in names if (FILES / name).is_file() and name not in LATER]


def verdict(name: str) -> Inspected | Refusal:
    return inspect((FILES / name).read_bytes(), name=name, may_resize=True)


@pytest.mark.parametrize("name", images("accept"))
def test_sound_image_when_inspected_then_accepted_with_whole_renditions(name: str) -> None:
    found = verdict(name)
    assert isinstance(found, Inspected), found
    for made in found.renditions:
        assert abs(made.width / made.height - found.width / found.height) < 0.06 * (found.width / found.height)


@pytest.mark.parametrize("name", [*images("refuse"), *images("quarantine")])
def test_hostile_file_when_inspected_then_refused_in_one_sentence(name: str) -> None:
    found = verdict(name)
    assert isinstance(found, Refusal), found
    assert "\n" not in found.text
    assert name in found.text


def test_orientation_when_turned_then_size_is_as_displayed() -> None:
    found = verdict("orientation_6.jpg")
    assert isinstance(found, Inspected)
    assert [(made.width, made.height) for made in found.renditions][-1] == (found.width, found.height)


def test_renditions_when_resizing_is_barred_then_none_are_made() -> None:
    found = inspect((FILES / "hopper.jpg").read_bytes(), name="hopper.jpg", may_resize=False)
    assert isinstance(found, Inspected)
    assert found.renditions == ()


def test_renditions_when_made_then_they_carry_no_metadata() -> None:
    found = verdict("orientation_6.jpg")
    assert isinstance(found, Inspected)
    assert all(b"Exif" not in made.data and b"ICC_PROFILE" not in made.data for made in found.renditions)


def test_fingerprints_when_picture_is_recoded_then_they_stay_close() -> None:
    first = verdict("ISIC_0000001.jpg")
    assert isinstance(first, Inspected)
    again = inspect(first.renditions[-1].data, name="again.jpg", may_resize=False)
    other = verdict("hopper.jpg")
    assert isinstance(again, Inspected)
    assert isinstance(other, Inspected)
    assert distance(first.phash, again.phash) <= 4 < distance(first.phash, other.phash)
    assert distance(first.dhash, again.dhash) <= 4 < distance(first.dhash, other.dhash)


def distance(one: bytes, two: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(two)).bit_count()
