"""How a picture looks: the same for its copies, turned or not, and never for another."""

from pathlib import Path

import numpy as np
import pytest
import pyvips

from dermref.media.fingerprint import SKETCH, TURNS, Grey, grey_square, likeness, turn_sketch, turns
from dermref.media.inspect import inspect
from dermref.model.media import Inspected, Likeness

FILES = Path(__file__).parents[1] / "files"
PICTURES = ("ISIC_0000001.jpg", "ISIC_0000546.jpg", "ISIC_0015740.jpg", "ISIC_8390476.jpg", "hopper.jpg")


def pixels(name: str) -> Grey:
    picture = pyvips.Image.new_from_file(str(FILES / name))
    return np.asarray(picture.numpy(), dtype=np.float64)


def like(picture: Grey) -> Likeness:
    return likeness(grey_square(picture))


def sketch_of(sketch: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.int8]]":
    return np.frombuffer(sketch, dtype=np.int8).reshape(SKETCH, SKETCH)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("turn", range(8), ids=TURNS)
def test_picture_when_turned_then_looks_as_foretold_bit_for_bit(name: str, turn: int) -> None:
    picture = pixels(name)
    upright = like(picture)
    way = picture.swapaxes(0, 1) if turn & 4 else picture
    way = way[:, ::-1] if turn & 1 else way
    turned = like(np.ascontiguousarray(way[::-1] if turn & 2 else way))
    assert (turned.phash, turned.dhash) == upright.turned[turn]
    difference = sketch_of(turned.sketch).astype(int) - sketch_of(turn_sketch(upright.sketch, turn))
    assert np.abs(difference).max() <= 1


def test_turns_when_named_then_the_name_is_what_happens() -> None:
    picture = np.arange(9).reshape(3, 3)
    ways = dict(zip(TURNS, turns(picture), strict=True))
    assert (ways["turned right"] == np.rot90(picture, -1)).all()
    assert (ways["turned left"] == np.rot90(picture)).all()
    assert (ways["turned upside down"] == np.rot90(picture, 2)).all()


def test_picture_when_orientation_is_in_the_file_then_looks_like_the_upright_one() -> None:
    upright, stored = (inspect((FILES / name).read_bytes(), name=name) for name in ("hopper.jpg", "orientation_6.jpg"))
    assert isinstance(upright, Inspected)
    assert isinstance(stored, Inspected)
    assert (
        differing(upright.likeness.phash + upright.likeness.dhash, stored.likeness.phash + stored.likeness.dhash) <= 6
    )


def differing(one: bytes, two: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(two)).bit_count()


@pytest.mark.parametrize("name", PICTURES)
def test_picture_when_brighter_then_hashes_hardly_change(name: str) -> None:
    picture = pixels(name)
    before, after = like(picture), like(np.minimum(picture * 1.2, 255))
    assert differing(before.phash, after.phash) <= 6
    assert differing(before.dhash, after.dhash) <= 4


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (7, 3), (33, 31), (171, 256)])
def test_grey_square_when_of_any_size_then_keeps_the_mean(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).uniform(0, 255, (*size, 1))
    square = grey_square(picture)
    assert square.shape == (32, 32)
    assert square.mean() == pytest.approx(picture.mean())


def test_flat_picture_when_sketched_then_there_is_nothing_to_compare() -> None:
    assert set(like(np.full((40, 60, 3), 77.0)).sketch) == {0}
