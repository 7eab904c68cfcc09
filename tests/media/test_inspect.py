"""Every file of the hostile set gets the verdict its manifest expects, or the stage that will give it is named."""

import csv
from pathlib import Path

import pytest

from dermref.media.inspect import inspect
from dermref.model.evidence import Refusal
from dermref.model.media import Finding, Inspected, MediaType, Rung, Size, Verdict, Wish

FILES = Path(__file__).parents[1] / "files"
ROWS = list(csv.DictReader((FILES / "MANIFEST.csv").read_text(encoding="utf-8").splitlines()))
# Findings that want a curator but do not hinder decoding; inspection of what a file hides is the media issue's.
ALL = Wish(tuple(Rung(size, MediaType.JPEG) for size in Size))
LATER = {"trailing_garbage.jpg", "polyglot_zip.jpg", "html_in_comment.jpg", "xmp_rights_conflict.jpg", "phi_text.png"}


def images(expected: str) -> list[str]:
    names = [Path(row["path"]).name for row in ROWS if row["expected"].startswith(expected)]
    return [name for name in names if (FILES / name).is_file() and name not in LATER]


def verdict(name: str) -> Inspected | Refusal:
    return inspect((FILES / name).read_bytes(), name=name, wish=ALL)


@pytest.mark.parametrize("name", images("accept"))
def test_sound_image_when_inspected_then_accepted_with_whole_renditions(name: str) -> None:
    found = verdict(name)
    assert isinstance(found, Inspected), found
    for made in found.renditions:
        assert abs(made.width / made.height - found.facts.width / found.facts.height) < 0.06 * (
            found.facts.width / found.facts.height
        )


@pytest.mark.parametrize("name", [*images("refuse"), *images("quarantine")])
def test_hostile_file_when_inspected_then_refused_in_one_sentence(name: str) -> None:
    found = verdict(name)
    words = found.text if isinstance(found, Refusal) else waiting(found)[0].text
    assert "\n" not in words
    assert name in words or isinstance(found, Inspected)


def waiting(found: Inspected) -> list[Finding]:
    return [one for one in found.findings if one.verdict is Verdict.QUARANTINE]


def test_orientation_when_turned_then_size_is_as_displayed() -> None:
    found = verdict("orientation_6.jpg")
    assert isinstance(found, Inspected)
    assert [(made.width, made.height) for made in found.renditions][-1] == (found.facts.width, found.facts.height)


def test_renditions_when_resizing_is_barred_then_none_are_made() -> None:
    found = inspect((FILES / "hopper.jpg").read_bytes(), name="hopper.jpg")
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
