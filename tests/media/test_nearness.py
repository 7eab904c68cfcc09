"""The search in arrays: exact up to its thresholds, and nothing beyond them."""

from pathlib import Path

import numpy as np
import pytest

from dermref.media.fingerprint import turn_sketch
from dermref.media.inspect import inspect
from dermref.media.nearness import AGREEMENT, HASHES_REACH, PHASH_REACH, Hashes, agreements, find_candidates
from dermref.model.media import Inspected, Likeness

FILES = Path(__file__).parents[1] / "files"


def like(name: str) -> Likeness:
    found = inspect((FILES / name).read_bytes(), name=name)
    assert isinstance(found, Inspected)
    return found.likeness


def number(hash_: bytes, *, flipped: int = 0) -> int:
    return int.from_bytes(hash_) ^ ((1 << flipped) - 1)


def arrays(*pairs: tuple[int, int]) -> tuple[Hashes, Hashes]:
    phashes, dhashes = np.array(pairs, dtype=np.uint64).T
    return phashes, dhashes


@pytest.mark.parametrize(
    ("of_phash", "of_dhash", "is_found"),
    [
        (0, 0, True),
        (0, HASHES_REACH, True),
        (0, HASHES_REACH + 1, False),
        (PHASH_REACH, HASHES_REACH - PHASH_REACH, True),
        (PHASH_REACH, HASHES_REACH - PHASH_REACH + 1, False),
        (PHASH_REACH + 1, 0, False),
    ],
)
def test_hashes_when_at_the_threshold_then_found_and_one_bit_beyond_not(
    of_phash: int, of_dhash: int, is_found: bool
) -> None:
    asked = like("hopper.jpg")
    stored = (number(asked.phash, flipped=of_phash), number(asked.dhash, flipped=of_dhash))
    found = find_candidates(*arrays(stored), asked=asked)
    assert [(0, of_phash + of_dhash)] * is_found == list(
        zip(found.places.tolist(), found.distances.tolist(), strict=True)
    )


@pytest.mark.parametrize("turn", range(8))
def test_turned_picture_when_stored_then_found_by_that_turn(turn: int) -> None:
    asked = like("ISIC_0000546.jpg")
    stored = tuple(number(hash_) for hash_ in asked.turned[turn])
    found = find_candidates(*arrays((0, 0), stored), asked=asked)
    assert (found.places[0], found.turns[0], found.distances[0]) == (1, turn, 0)


def test_search_when_of_many_then_as_exact_as_comparing_each() -> None:
    asked = like("ISIC_0000001.jpg")
    random = np.random.default_rng(7)
    near = np.array([number(asked.phash), number(asked.dhash)], dtype=np.uint64)
    bits = random.random((70_000, 128)) < random.uniform(0, 0.5, (70_000, 1))
    rows = np.packbits(bits, axis=1).view(">u8").astype(np.uint64) ^ near
    found = find_candidates(rows[:, 0].copy(), rows[:, 1].copy(), asked=asked, most=1_000_000)
    expected = set()
    for turn, (phash, dhash) in enumerate(asked.turned):
        one = np.bitwise_count(rows[:, 0] ^ np.uint64(int.from_bytes(phash)))
        both = one + np.bitwise_count(rows[:, 1] ^ np.uint64(int.from_bytes(dhash)))
        places = np.flatnonzero((one <= PHASH_REACH) & (both <= HASHES_REACH))
        expected |= {(place, turn, both[place]) for place in places.tolist()}
    assert len(expected) > 1000
    assert (
        set(zip(*(column.tolist() for column in (found.places, found.turns, found.distances)), strict=True)) == expected
    )
    assert (np.diff(found.distances) >= 0).all()


def test_search_when_of_nothing_then_finds_nothing() -> None:
    empty = np.zeros(0, dtype=np.uint64)
    assert len(find_candidates(empty, empty, asked=like("hopper.jpg")).places) == 0


def test_sketch_when_of_the_same_picture_turned_then_agrees_in_that_turn_alone() -> None:
    asked = like("ISIC_0015740.jpg").sketch
    agreed = agreements([turn_sketch(asked, 5)] * 8, turns=range(8), asked=asked)
    assert agreed[5] == pytest.approx(1)
    assert max(*agreed[:5], *agreed[6:]) < AGREEMENT


def test_sketch_when_of_another_picture_empty_or_of_another_method_then_never_agrees() -> None:
    asked, other = like("ISIC_0015740.jpg").sketch, like("ISIC_0000546.jpg").sketch
    agreed = agreements([other, bytes(len(asked)), b"old"], turns=[0, 0, 0], asked=asked)
    assert agreed[0] < AGREEMENT
    assert agreed[1:].tolist() == [0, 0]
