"""Fingerprints as rows: a changed picture gets a new row, and a row comes back as it went in."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dermref.catalog import fingerprints, models
from dermref.catalog.fingerprints import count_up_to, rows_after, save_fingerprint, save_tombstone_fingerprint
from dermref.model.media import Likeness

HIGH, LOW = b"\xff" * 7 + b"\xfe", b"\x00" * 7 + b"\x01"


def like(phash: bytes, dhash: bytes) -> Likeness:
    return Likeness(phash, dhash, ((phash, dhash),) * 8, b"\x00\xffsketch")


def all_rows(after: int = 0) -> list[list[int]]:
    pages = list(rows_after(after))
    return np.concatenate(pages, axis=1).T.tolist() if pages else []


@pytest.fixture
def image_row(insert_image: Callable[..., None]) -> int:
    insert_image()
    return models.Image.objects.get().pk


@pytest.fixture
def tombstone(db: None) -> str:
    return models.Tombstone.objects.create(sha256="b" * 64, reason="taken down", by="a curator", at=timezone.now()).pk


def test_fingerprint_when_saved_then_every_bit_comes_back(image_row: int) -> None:
    save_fingerprint(image_row, like(HIGH, LOW))
    ((row, phash, dhash),) = all_rows()
    assert (phash, dhash) == (-2, 1)
    kept = fingerprints.sketches_of([row, row + 1])[row]
    assert (kept.image_row, kept.tombstone, kept.phash, kept.dhash) == (image_row, None, -2, 1)
    assert kept.sketch == b"\x00\xffsketch"


def test_picture_when_replaced_then_its_fingerprint_is_a_new_row(image_row: int) -> None:
    save_fingerprint(image_row, like(HIGH, LOW))
    ((before, *_),) = all_rows()
    save_fingerprint(image_row, like(LOW, HIGH))
    ((after, phash, _),) = all_rows(before)
    assert (after > before, phash) == (True, 1)
    assert fingerprints.sketches_of([before]) == {}
    assert (count_up_to(before), count_up_to(after)) == (0, 1)


def test_tombstone_when_it_has_a_fingerprint_then_is_read_beside_the_images(image_row: int, tombstone: str) -> None:
    save_fingerprint(image_row, like(HIGH, LOW))
    save_tombstone_fingerprint(tombstone, like(LOW, LOW))
    rows = [row for row, *_ in all_rows()]
    assert [kept.tombstone for kept in fingerprints.sketches_of(rows).values()] == [None, tombstone]


def test_image_when_deleted_then_its_fingerprint_goes(image_row: int) -> None:
    save_fingerprint(image_row, like(HIGH, LOW))
    models.Image.objects.all().delete()
    assert all_rows() == []


def test_fingerprint_when_the_transaction_fails_then_the_one_before_stands(image_row: int) -> None:
    save_fingerprint(image_row, like(HIGH, LOW))
    before = all_rows()
    with pytest.raises(DatabaseError), transaction.atomic():
        save_fingerprint(image_row, like(LOW, HIGH))
        models.Fingerprint.objects.create(phash=0, dhash=0, sketch=b"")
    assert all_rows() == before


def test_rows_when_more_than_a_page_then_all_are_read_in_order(
    tombstone: str, image_row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprints, "PAGE", 1)
    save_tombstone_fingerprint(tombstone, like(HIGH, HIGH))
    save_fingerprint(image_row, like(LOW, LOW))
    rows = all_rows()
    assert [phash for _, phash, _ in rows] == [-2, 1]
    assert all_rows(rows[0][0]) == rows[1:]


def test_images_when_some_have_no_fingerprint_then_those_are_named(image_row: int) -> None:
    def named(**asked: Any) -> list[int]:
        return [one.row for one in fingerprints.images_to_print(limit=10, **asked)]

    assert named(after=0, is_every=False) == [image_row]
    save_fingerprint(image_row, like(HIGH, LOW))
    assert named(after=0, is_every=False) == []
    assert named(after=0, is_every=True) == [image_row]
    assert named(after=image_row, is_every=True) == []
