"""The index of likenesses over real ingested pictures: it finds copies however turned, follows the table, and never
trusts its file."""

from pathlib import Path

import pytest
import pyvips
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.fingerprints import save_fingerprint, save_tombstone_fingerprint
from dermref.media.fingerprint import TURNS
from dermref.media.inspect import inspect
from dermref.media.store import Blobs
from dermref.model.media import Inspected, Likeness
from dermref.services import likeness as likeness_service
from dermref.services.fingerprinting import Built, build
from dermref.services.likeness import Likes, index_file
from run_types import Run
from stored import locate

FILES = Path(__file__).parents[1] / "files"
WAYS = {
    "as it is": lambda picture: picture,
    "mirrored left to right": lambda picture: picture.fliphor(),
    "mirrored top to bottom": lambda picture: picture.flipver(),
    "turned upside down": lambda picture: picture.rot180(),
    "mirrored on its diagonal": lambda picture: picture.rot90().fliphor(),
    "turned right": lambda picture: picture.rot90(),
    "turned left": lambda picture: picture.rot270(),
    "mirrored on its other diagonal": lambda picture: picture.rot270().fliphor(),
}


def like(data: bytes) -> Likeness:
    found = inspect(data, name="picture.jpg")
    assert isinstance(found, Inspected)
    return found.likeness


def made(**asked: object) -> Built:
    options = {"is_every": False, "after": 0, "workers": 1, "progress": lambda built: None, **asked}
    return build(**options)  # type: ignore[arg-type]


@pytest.fixture
def first(run: Run) -> models.Image:
    """Twelve images with their fingerprints; the first of them."""
    run()
    assert made().indexed == 12
    return models.Image.objects.order_by("pk")[0]


def bytes_of(image: models.Image, blobs: Blobs) -> bytes:
    path = locate(blobs, image.sha256)
    assert path
    return path.read_bytes()


def rows_near(likes: Likes, likeness: Likeness) -> list[int | None]:
    return [match.image_row for match in likes.near(likeness)]


def test_copies_when_turned_shrunk_and_recoded_then_each_is_found_with_its_turn(
    first: models.Image, blobs: Blobs
) -> None:
    likes, picture = Likes(), pyvips.Image.new_from_buffer(bytes_of(first, blobs), "").resize(0.5)
    back = {"turned left": "turned right", "turned right": "turned left"}  # what brings the copy back
    for way in TURNS:
        (match,) = likes.near(like(WAYS[way](picture).jpegsave_buffer(Q=60)))
        assert (match.image_row, TURNS[match.turn]) == (first.pk, back.get(way, way))
        assert match.agreement > 0.8


def test_pictures_when_different_then_each_finds_only_itself(first: models.Image, blobs: Blobs) -> None:
    likes = Likes()
    for image in models.Image.objects.all():
        assert rows_near(likes, like(bytes_of(image, blobs))) == [image.pk]
    assert likes.near(like((FILES / "hopper.jpg").read_bytes())) == ()


def test_index_when_the_table_is_empty_then_answers_nothing(db: None, blobs: Blobs) -> None:
    likes = Likes()
    assert (len(likes), likes.near(like((FILES / "hopper.jpg").read_bytes()))) == (0, ())


def test_picture_when_replaced_then_the_old_one_no_longer_matches_and_the_new_one_does(
    first: models.Image, blobs: Blobs
) -> None:
    likes, before, after = Likes(), like(bytes_of(first, blobs)), like((FILES / "hopper.jpg").read_bytes())
    save_fingerprint(first.pk, after)
    assert rows_near(likes, before) == []
    likes.refresh()
    assert (rows_near(likes, before), rows_near(likes, after)) == ([], [first.pk])
    assert rows_near(Likes(), after) == [first.pk]


def test_tombstone_when_a_copy_comes_then_it_is_told(first: models.Image) -> None:
    likes, hopper = Likes(), (FILES / "hopper.jpg").read_bytes()
    models.Tombstone.objects.create(sha256="b" * 64, reason="taken down", by="a curator", at=timezone.now())
    save_tombstone_fingerprint("b" * 64, like(hopper))
    likes.refresh()
    mirrored = pyvips.Image.new_from_buffer(hopper, "").fliphor().jpegsave_buffer(Q=70)
    (match,) = likes.near(like(mirrored))
    assert (match.image_row, match.tombstone, TURNS[match.turn]) == (None, "b" * 64, "mirrored left to right")


def test_row_when_its_number_is_given_anew_after_a_rollback_then_the_index_follows(
    first: models.Image, blobs: Blobs
) -> None:
    likes, before = Likes(), like(bytes_of(first, blobs))
    after = like((FILES / "hopper.jpg").read_bytes())
    models.Fingerprint.objects.filter(image=first).update(
        phash=int.from_bytes(after.phash, signed=True),
        dhash=int.from_bytes(after.dhash, signed=True),
        sketch=after.sketch,
    )
    assert rows_near(likes, before) == []
    likes.refresh()
    assert rows_near(likes, after) == [first.pk]


DAMAGE = {
    "cut short": lambda data: data[:-24],
    "a bit flipped": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "another version": lambda data: data.replace(b"likeness 1", b"likeness 0"),
    "empty": lambda data: b"",
    "its head alone": lambda data: data[:20],
}


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the file is read again from the table, so what is wrong with it would be seen."""
    monkeypatch.setattr(likeness_service, "READ_AGAIN", 0)


@pytest.mark.usefixtures("trusting")
def test_file_when_sound_then_it_is_the_beginning(first: models.Image, blobs: Blobs) -> None:
    gone = like(bytes_of(first, blobs))
    models.Fingerprint.objects.filter(image=first).delete()
    likes = Likes()
    assert (len(likes), rows_near(likes, gone)) == (12, [])


@pytest.mark.usefixtures("trusting")
def test_file_when_damaged_then_the_table_is_read(first: models.Image, blobs: Blobs) -> None:
    whole, likeness = index_file().read_bytes(), like(bytes_of(first, blobs))
    models.Fingerprint.objects.filter(image=models.Image.objects.last()).delete()
    for damage, harm in DAMAGE.items():
        index_file().write_bytes(harm(whole))
        likes = Likes()
        assert (damage, len(likes), rows_near(likes, likeness)) == (damage, 11, [first.pk])


@pytest.mark.usefixtures("trusting")
def test_file_when_of_another_catalogue_then_the_table_is_read(first: models.Image, blobs: Blobs) -> None:
    """The same row ids, other pictures: as after a restored backup, or with another database over the same folder."""
    likes, likeness = Likes(), like(bytes_of(first, blobs))
    likes._rows[1:] = ~likes._rows[1:]
    likes.keep()
    assert rows_near(Likes(), likeness) == [first.pk]


@pytest.mark.usefixtures("trusting")
def test_file_when_a_row_of_the_table_is_not_in_it_then_the_table_is_read(first: models.Image, blobs: Blobs) -> None:
    likes, likeness = Likes(), like(bytes_of(first, blobs))
    likes._rows, likes._size = likes._rows[:, 1:], 11
    likes.keep()
    assert rows_near(Likes(), likeness) == [first.pk]


@pytest.mark.usefixtures("trusting")
def test_file_when_older_than_the_table_then_what_is_new_is_read_besides(first: models.Image, blobs: Blobs) -> None:
    likeness = like(bytes_of(first, blobs))
    save_fingerprint(first.pk, likeness)
    likes = Likes()
    assert (len(likes), rows_near(likes, likeness)) == (13, [first.pk])


def test_build_when_run_again_then_makes_what_is_missing_alone(first: models.Image) -> None:
    models.Fingerprint.objects.filter(image=first).delete()
    assert (made().made, made().made) == (1, 0)
    assert made(is_every=True).made == 12


def test_build_when_it_goes_on_after_a_row_then_makes_the_rest(first: models.Image) -> None:
    assert made(is_every=True, after=first.pk).made == 11


def test_build_when_a_file_is_missing_or_no_image_then_it_is_named_and_the_rest_is_made(
    first: models.Image, blobs: Blobs
) -> None:
    second = models.Image.objects.order_by("pk")[1]
    blobs.remove(first.sha256)
    path = locate(blobs, second.sha256)
    assert path
    path.write_bytes(b"<html>")
    built = made(is_every=True)
    assert (built.made, built.missing, built.indexed) == (10, [first.public_id], 12)
    assert [public_id for public_id, _ in built.unsound] == [second.public_id]
