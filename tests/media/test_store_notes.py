"""Many files that are let go of at once are noted together: one note, which holds until the last is settled."""

from pathlib import Path

import pytest

from dermref.media.store import MANY, Blobs
from dermref.model.media import StorePermit

PERMIT = StorePermit("isic-archive")


@pytest.fixture
def full(tmp_path: Path) -> Blobs:
    blobs = Blobs(tmp_path)
    blobs.settle([blobs.put(b"%d" % at, PERMIT) for at in range(MANY + 20)])
    return blobs


def test_files_when_many_are_doubted_then_one_note_holds_until_all_are_settled(full: Blobs) -> None:
    keys = set(full.keys())
    kept = min(keys)
    full.doubt(keys)
    assert len(list(full.incoming.iterdir())) == 1
    assert full.noted() == keys
    assert full.recover(lambda asked: {kept} & set(asked)) == len(keys) - 1
    assert (list(full.keys()), full.noted(), list(full.incoming.iterdir())) == ([kept], set(), [])


def test_note_of_many_when_it_was_not_written_to_its_end_then_nothing_is_removed(full: Blobs) -> None:
    keys = set(full.keys())
    full.incoming.mkdir(exist_ok=True)
    (full.incoming / "0123456789abcdef.part").write_text("\n".join(keys)[:70])
    assert full.noted() == set()
    full.recover(lambda asked: set())
    assert (set(full.keys()), list(full.incoming.iterdir())) == (keys, [])


def test_file_when_noted_alone_and_with_many_then_both_notes_go(full: Blobs) -> None:
    keys = set(full.keys())
    full.doubt(keys)
    full.doubt({min(keys)})
    assert full.recover(lambda asked: set()) == len(keys)
    assert (list(full.keys()), list(full.incoming.iterdir())) == ([], [])
