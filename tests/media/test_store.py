"""The store keeps whole files once, and forgets what was never committed."""

import errno
import hashlib
from pathlib import Path

import pytest

from dermref.media import store
from dermref.media.store import LocalBlobs
from dermref.model.deployment import Stopped

KEY = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "store")


def test_put_when_given_bytes_then_they_lie_under_their_hash(blobs: LocalBlobs) -> None:
    assert blobs.put(b"abc") == KEY
    path = blobs.locate(KEY)
    assert path is not None
    assert path.read_bytes() == b"abc"
    assert path.relative_to(blobs.root).as_posix() == f"sha256/{KEY[:2]}/{KEY[2:4]}/{KEY}"


def test_recover_when_catalogue_knows_then_kept_and_when_not_then_gone(blobs: LocalBlobs) -> None:
    kept, lost = blobs.put(b"kept"), blobs.put(b"lost")
    (blobs.incoming / "half.123.part").write_bytes(b"half a fi")
    assert blobs.recover(lambda keys: {kept}) == 2
    assert blobs.locate(kept)
    assert blobs.locate(lost) is None
    assert list(blobs.incoming.iterdir()) == []


def test_recover_when_settled_then_nothing_is_asked_or_removed(blobs: LocalBlobs) -> None:
    key = blobs.put(b"abc")
    blobs.settle([key])
    assert blobs.recover(lambda keys: set()) == 0
    assert blobs.locate(key)


def test_put_when_disk_is_full_then_stopped_in_one_sentence(blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(draft: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(Stopped, match="is full"):
        blobs.put(b"abc")
    assert blobs.locate(KEY) is None


def test_only_writer_when_held_then_a_second_one_is_refused(blobs: LocalBlobs) -> None:
    with blobs.only_writer(), pytest.raises(Stopped, match="Another ingest"), blobs.only_writer():
        pass


def test_file_when_doubted_and_the_process_is_killed_then_the_next_run_removes_or_keeps_it(blobs: LocalBlobs) -> None:
    old, shared = blobs.put(b"old"), blobs.put(b"shared")
    blobs.settle([old, shared])
    blobs.doubt({old, shared})
    assert blobs.recover(lambda keys: {shared}) == 1
    assert blobs.locate(old) is None
    assert blobs.locate(shared)
