"""The store keeps whole files once, and forgets what was never committed: in a folder, and in a bucket over HTTP."""

import errno
import hashlib
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from dermref.media import store
from dermref.media.s3 import S3Shelf
from dermref.media.storage import LocalShelf, place_of
from dermref.media.store import Blobs, Fault, Kept
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from s3_fixtures import bucket, bucket_blobs, endpoint
from stored import PERMIT, locate

__all__ = ["bucket", "bucket_blobs", "endpoint"]

KEY = hashlib.sha256(b"abc").hexdigest()
ABC = Kept(KEY, 3)


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return request.getfixturevalue(f"{request.param}_blobs")


@pytest.fixture
def folder_blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "store")


def content(blobs: Blobs, kept: Kept) -> bytes | None:
    stream = blobs.open(kept)
    if stream is None:
        return None
    with stream:
        return stream.read()


def damage(blobs: Blobs, key: str, data: bytes) -> None:
    """What a failing disk, or somebody with the credentials, does."""
    blobs.shelf.keep(place_of(key), data)


def test_put_when_given_bytes_then_they_are_there_under_their_hash(blobs: Blobs) -> None:
    assert blobs.put(b"abc", PERMIT) == KEY
    assert blobs.fault(ABC, deep=True) is None
    assert content(blobs, ABC) == b"abc"
    assert list(blobs.keys()) == [KEY]


@pytest.mark.parametrize("forged", [None, "a-source", Refusal("tier-link-only", "only links")])
def test_put_when_there_is_no_permit_then_nothing_is_written(blobs: Blobs, forged: Any) -> None:
    with pytest.raises(TypeError, match="permit"):
        blobs.put(b"abc", forged)
    assert (list(blobs.keys()), blobs.noted()) == ([], set())


def test_put_when_the_same_bytes_come_again_then_nothing_is_written(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs.put(b"abc", PERMIT)
    monkeypatch.setattr(type(blobs.shelf), "keep", lambda *_: pytest.fail("written twice"))
    assert blobs.put(b"abc", PERMIT) == KEY


@pytest.mark.parametrize("bad", [b"abX", b"ab", b""])
def test_put_when_the_file_in_place_is_damaged_then_it_is_replaced(blobs: Blobs, bad: bytes) -> None:
    blobs.put(b"abc", PERMIT)
    damage(blobs, KEY, bad)
    assert blobs.fault(ABC, deep=True) is Fault.DAMAGED
    blobs.put(b"abc", PERMIT)
    assert content(blobs, ABC) == b"abc"


def test_file_when_opened_then_it_seeks_and_reads_ranges(blobs: Blobs) -> None:
    data = bytes(range(256)) * 40_000  # more than is held in memory
    stream = blobs.open(Kept(blobs.put(data, PERMIT), len(data)))
    assert stream is not None
    with stream:
        stream.seek(5_000_001)
        assert stream.read(3) == data[5_000_001:5_000_004]
        stream.seek(0)
        assert hashlib.sha256(stream.read()).hexdigest() == hashlib.sha256(data).hexdigest()


def test_file_when_missing_then_not_opened_and_logged(blobs: Blobs, caplog: pytest.LogCaptureFixture) -> None:
    assert blobs.open(ABC) is None
    assert (blobs.fault(ABC), blobs.fault(ABC, deep=True)) == (Fault.MISSING, Fault.MISSING)
    assert [one.getMessage() for one in caplog.records] == [
        f"The file {KEY} is missing; “dermref doctor --repair” says what to do."
    ]


def test_file_when_its_size_changed_then_never_opened_and_logged(
    blobs: Blobs, caplog: pytest.LogCaptureFixture
) -> None:
    blobs.put(b"abc", PERMIT)
    damage(blobs, KEY, b"ab")
    assert blobs.open(ABC) is None
    assert blobs.fault(ABC) is Fault.DAMAGED
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    assert "has changed and is not served" in caplog.text


def test_file_when_its_bytes_changed_then_a_sampled_read_refuses_it(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs.put(b"abc", PERMIT)
    damage(blobs, KEY, b"abX")
    monkeypatch.setattr(store, "CHECK_ONE_IN", 1)
    assert content(blobs, ABC) is None
    damage(blobs, KEY, b"abc")
    assert content(blobs, ABC) == b"abc"


def test_file_when_read_often_then_some_reads_are_checked(folder_blobs: Blobs) -> None:
    folder_blobs.put(b"abc", PERMIT)
    damage(folder_blobs, KEY, b"abX")
    assert None in (content(folder_blobs, ABC) for _ in range(2000))  # all 2000 unchecked: 3 in 10^18


def test_recover_when_catalogue_knows_then_kept_and_when_not_then_gone(blobs: Blobs) -> None:
    kept, lost = blobs.put(b"kept", PERMIT), blobs.put(b"lost", PERMIT)
    (blobs.incoming / "half.123.part").write_bytes(b"half a fi")
    assert blobs.recover(lambda keys: {kept}) == 1
    assert list(blobs.keys()) == [kept]
    assert list(blobs.incoming.iterdir()) == []
    assert blobs.fault(Kept(lost, 4)) is Fault.MISSING


def test_recover_when_the_process_died_between_note_and_file_then_only_the_note_goes(blobs: Blobs) -> None:
    blobs.doubt({KEY})
    assert blobs.recover(lambda keys: set()) == 1
    assert blobs.noted() == set()


def test_recover_when_settled_then_nothing_is_asked_or_removed(blobs: Blobs) -> None:
    key = blobs.put(b"abc", PERMIT)
    blobs.settle([key])
    assert blobs.recover(lambda keys: set()) == 0
    assert blobs.fault(ABC) is None


def test_file_when_doubted_and_the_process_is_killed_then_the_next_run_removes_or_keeps_it(blobs: Blobs) -> None:
    old, shared = blobs.put(b"old", PERMIT), blobs.put(b"shared", PERMIT)
    blobs.settle([old, shared])
    blobs.doubt({old, shared})
    assert blobs.recover(lambda keys: {shared}) == 1
    assert list(blobs.keys()) == [shared]


def test_files_when_listed_then_all_are_there_in_order_of_key_with_their_sizes(blobs: Blobs) -> None:
    sizes = {blobs.put(bytes(number), PERMIT): number for number in range(60)}
    assert list(blobs.files()) == sorted(sizes.items())
    blobs.remove(KEY)
    blobs.remove(first := min(sizes))
    assert first not in dict(blobs.files())


def test_only_writer_when_held_then_a_second_one_is_refused(blobs: Blobs) -> None:
    with blobs.only_writer(), pytest.raises(Stopped, match="Another ingest"), blobs.only_writer():
        pass


def test_only_writer_when_its_work_fails_then_the_fault_is_not_taken_for_ours(blobs: Blobs) -> None:
    with pytest.raises(BlockingIOError), blobs.only_writer():
        raise BlockingIOError


def test_file_when_kept_beside_an_ingest_then_recover_waits_for_its_commit(blobs: Blobs) -> None:
    committed: set[str] = set()
    recovering = threading.Thread(target=blobs.recover, args=(lambda keys: committed & set(keys),))
    with blobs.under_way():
        key = blobs.put(b"made on demand", PERMIT)
        recovering.start()
        committed.add(key)
    recovering.join()
    assert (list(blobs.keys()), blobs.noted()) == ([key], set())


def test_outside_file_when_damaged_or_gone_then_told_and_not_opened(folder_blobs: Blobs, tmp_path: Path) -> None:
    path = tmp_path / "ISIC_0000000.jpg"
    path.write_bytes(b"abc")
    outside = Kept(KEY, 3, path)
    assert content(folder_blobs, outside) == b"abc"
    path.write_bytes(b"abcd")
    assert (content(folder_blobs, outside), folder_blobs.fault(outside)) == (None, Fault.DAMAGED)
    path.unlink()
    assert (content(folder_blobs, outside), folder_blobs.fault(outside)) == (None, Fault.MISSING)


def test_folder_when_a_file_is_put_then_it_lies_where_the_layout_says(folder_blobs: Blobs) -> None:
    folder_blobs.put(b"abc", PERMIT)
    path = locate(folder_blobs, KEY)
    assert path is not None
    assert path.relative_to(folder_blobs.root).as_posix() == f"sha256/{KEY[:2]}/{KEY[2:4]}/{KEY}"
    assert [one.name for one in folder_blobs.incoming.iterdir()] == [KEY]


def test_folder_when_strangers_lie_in_it_then_they_are_passed_over(folder_blobs: Blobs) -> None:
    folder_blobs.put(b"abc", PERMIT)
    for name in ("sha256/readme", f"sha256/{KEY[:2]}/note", f"sha256/{KEY[:2]}/{KEY[2:4]}/.DS_Store"):
        (folder_blobs.root / name).write_text("x")
    assert list(folder_blobs.keys()) == [KEY]


def test_bucket_when_strangers_lie_in_it_then_they_are_passed_over(bucket_blobs: Blobs) -> None:
    key = bucket_blobs.put(b"ours", PERMIT)
    client = bucket_blobs.shelf.connection.meta.client  # type: ignore[attr-defined]
    for name in ("zz/" + "0" * 64, "ff/ff/readme", "0" * 64):
        client.put_object(Bucket=bucket_blobs.shelf.bucket_name, Key=f"pictures/sha256/{name}", Body=b"x")  # type: ignore[attr-defined]
    assert list(bucket_blobs.keys()) == [key]


def test_bucket_when_asked_for_a_path_then_says_it_has_none(bucket_blobs: Blobs) -> None:
    with pytest.raises(NotImplementedError):
        locate(bucket_blobs, KEY)


def test_bucket_when_a_file_is_put_then_one_plain_put_under_the_prefix(bucket_blobs: Blobs) -> None:
    bucket_blobs.put(b"abc", PERMIT)
    assert [one.key for one in bucket_blobs.shelf.bucket.objects.all()] == [f"pictures/{place_of(KEY)}"]


def test_bucket_when_it_cannot_be_used_then_stopped_in_one_sentence(bucket_blobs: Blobs, endpoint: str) -> None:
    gone = Blobs(bucket_blobs.root, S3Shelf(bucket_name="nobodys", endpoint_url=endpoint, region_name="us-east-1"))
    with pytest.raises(Stopped, match="s3://nobodys"):
        gone.put(b"abc", PERMIT)
    with pytest.raises(Stopped, match="run the same command again"):
        list(gone.keys())


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "is full"), (errno.EFBIG, "is full"), (errno.EROFS, "cannot be written"), (errno.EIO, "again")],
)
def test_put_when_the_disk_fails_then_stopped_in_one_sentence_and_nothing_is_in_place(
    folder_blobs: Blobs, number: int, words: str
) -> None:
    class Failing(LocalShelf):
        def keep(self, name: str, data: bytes) -> None:
            raise OSError(number, "as the disk says")

    with pytest.raises(Stopped, match=words):
        Blobs(folder_blobs.root, Failing(location=folder_blobs.root)).put(b"abc", PERMIT)
    assert list(folder_blobs.keys()) == []
