"""A full disk and a store that cannot be written: the ingest stops, both sides agree, the next one finishes."""

import errno
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dermref.catalog import models
from dermref.media.storage import LocalShelf
from dermref.media.store import Blobs
from dermref.services.auditing import audit
from dermref.services.repairing import survey
from isic_server import IsicServer
from run_types import Run

DEMO = Path(__file__).parents[2] / "demo" / "isic-archive"


@dataclass
class Disk:
    """How many more files the disk takes, and what it says afterwards."""

    room: int
    number: int


class FailingShelf(LocalShelf):
    """A folder on a disk that fails when it has no more room, halfway through a file."""

    disk: Disk

    def keep(self, name: str, data: bytes) -> None:
        self.disk.room -= 1
        if self.disk.room < 0:
            (Path(self.location) / "incoming" / "x.1-1.part").write_bytes(data[: len(data) // 2])
            raise OSError(self.disk.number, os.strerror(self.disk.number))
        super().keep(name, data)


@contextmanager
def failing(blobs: Blobs, room: int, number: int) -> Iterator[Blobs]:
    shelf = FailingShelf(location=blobs.root)
    shelf.disk = Disk(room, number)
    yield Blobs(blobs.root, shelf)


@pytest.mark.parametrize(
    ("room", "number", "words"),
    [
        (0, errno.EROFS, "cannot be written"),
        (1, errno.ENOSPC, "is full"),
        (8, errno.EDQUOT, "is full"),
        (17, errno.ENOSPC, "is full"),
        (17, errno.EIO, "run the same command again"),
    ],
)
def test_disk_when_it_fails_then_stopped_in_agreement_and_finished_by_the_same_command(
    run: Run, blobs: Blobs, room: int, number: int, words: str
) -> None:
    with failing(blobs, room, number) as failing_blobs:
        report = run(blobs=failing_blobs)
    assert report.state == "stopped"
    assert words in report.message
    assert audit(blobs).disagreements == []
    assert run().state == "finished"
    assert models.Image.objects.count() == 12
    assert (audit(blobs).disagreements, survey(blobs).broken, blobs.noted()) == ([], [], set())


def test_disk_when_full_at_the_note_of_a_replaced_file_then_the_row_stays_as_it_was(
    run: Run, blobs: Blobs, archive: IsicServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(limit=1)
    before = models.Image.objects.get()
    other = archive.files[sorted(archive.files)[1]]
    archive.files[before.foreign_id] = other
    archive.set_field(before.foreign_id, "files.full.size", other.stat().st_size)

    def full(self: Blobs, keys: set[str]) -> None:
        with self._spoken():
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Blobs, "doubt", full)
        report = run(limit=1)
    assert (report.state, "is full" in report.message) == ("stopped", True)
    assert models.Image.objects.get().sha256 == before.sha256
    assert audit(blobs).disagreements == []
    assert run(limit=1).state == "finished"
    assert models.Image.objects.get().sha256 != before.sha256
    assert (audit(blobs).disagreements, survey(blobs).broken) == ([], [])


@contextmanager
def files_cut_at(most: int) -> Iterator[None]:
    """No file of this process may grow beyond `most` bytes: what writes more meets EFBIG in the middle of it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_files_when_the_system_cuts_them_off_then_stopped_in_agreement_and_finished_later(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    sizes = sorted(archive.files[one].stat().st_size for one in set(archive.objects) - archive.withdrawn)
    with files_cut_at(sizes[len(sizes) // 2]):
        report = run()
    assert (report.state, "is full" in report.message) == ("stopped", True)
    assert (audit(blobs).disagreements, list(blobs.incoming.glob("*.part"))) == ([], [])
    assert run().state == "finished"
    assert (audit(blobs).disagreements, survey(blobs).broken, models.Image.objects.count()) == ([], [], 12)


def dermref(data: Path, *words: str, most: int | None = None) -> "subprocess.CompletedProcess[str]":
    """The command, where no file may grow beyond `most` bytes: what writes more meets EFBIG in the middle of it."""

    def limit() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "dermref", *words], env=environ, capture_output=True, text=True, check=False,
        preexec_fn=limit,
    )  # fmt: skip


@pytest.mark.parametrize("most", [20_000, 200_000])
def test_database_when_the_system_cuts_it_off_then_agreement_and_the_same_command_finishes(
    tmp_path: Path, most: int
) -> None:
    ingest = ("ingest", "isic-archive", "--from", str(DEMO), "--limit", "20", "--json")
    report: dict[str, Any] = json.loads(dermref(tmp_path, *ingest[:-2], "1", "--json").stdout)
    assert report["published"] == 1
    cut = dermref(tmp_path, *ingest, most=most)
    assert (cut.returncode, "Traceback" in cut.stderr) == (1, False)
    assert dermref(tmp_path, "audit").returncode == 0
    assert dermref(tmp_path, *ingest).returncode == 0
    assert dermref(tmp_path, "audit").stdout.startswith("audit: 20 images")
    assert json.loads(dermref(tmp_path, "doctor", "--deep", "--repair", "--json").stdout)["steps"] == []


def test_folder_when_it_cannot_be_written_then_stopped_in_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    report = run()
    assert report.state == "stopped"
    assert models.Image.objects.count() == 0
    (tmp_path / "store").unlink()
    assert run().state == "finished"
