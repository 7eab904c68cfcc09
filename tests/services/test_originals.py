"""Originals that lie in a folder of the operator's own: served from there, never copied, never trusted blindly."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.services.auditing import audit
from dermref.services.originals import find_original
from dermref.services.repairing import repair, steps, survey
from dermref.services.report import Fate
from isic_server import IsicServer
from reading_client import ReadingClient
from run_types import Run
from stored import locate

ID = "ISIC_0000000"


@pytest.fixture
def folder(archive: IsicServer, blobs: Blobs, tmp_path: Path, settings: Any) -> Path:
    """All originals of the archive, but one under another allowed suffix."""
    folder = tmp_path / "originals"
    folder.mkdir()
    for isic_id, path in archive.files.items():
        shutil.copyfile(path, folder / (f"{isic_id}.JPG" if isic_id == "ISIC_0000001" else path.name))
    settings.DERMREF = replace(settings.DERMREF, originals={"ISIC_IMAGES_PATH": folder})
    return folder


def fetched(archive: IsicServer) -> list[str]:
    return [one.path for one in archive.requests if one.path.endswith(".jpg")]


def served() -> int:
    return ReadingClient().get(f"/api/isic-image/{ID}").status_code


def image() -> models.Image:
    return models.Image.objects.get(foreign_id=ID)


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2] + b"!!")


def test_originals_when_they_lie_there_then_none_is_fetched_or_copied(
    run: Run, archive: IsicServer, blobs: Blobs, folder: Path
) -> None:
    assert run().fates[Fate.PUBLISHED] == 12
    assert fetched(archive) == []
    paths = dict(models.Image.objects.values_list("sha256", "original_path"))
    assert set(paths.values()) <= {path.name for path in folder.iterdir()}
    assert not set(paths) & set(blobs.keys())
    assert ReadingClient().get(f"/api/isic-image/{ID}").body == (folder / f"{ID}.jpg").read_bytes()
    assert ReadingClient().get(f"/api/isic-image/{ID}", {"size": "small"}).status_code == 200
    assert (audit(blobs).disagreements, survey(blobs, deep=True).broken) == ([], [])
    assert run().fates[Fate.UNCHANGED] == 12


def test_original_when_it_has_another_size_than_declared_then_fetched_and_kept(
    run: Run, archive: IsicServer, blobs: Blobs, folder: Path
) -> None:
    (folder / f"{ID}.jpg").write_bytes(b"another picture")
    run()
    assert [path.rpartition("/")[2] for path in fetched(archive)] == [f"{ID}.jpg"]
    assert (image().original_path, locate(blobs, image().sha256) is not None) == ("", True)


@pytest.mark.parametrize("is_gone", [True, False])
def test_original_when_gone_or_longer_then_reported_not_served_and_fetched_next_time(
    run: Run, archive: IsicServer, blobs: Blobs, folder: Path, is_gone: bool
) -> None:
    run()
    path = folder / f"{ID}.jpg"
    path.unlink() if is_gone else path.write_bytes(path.read_bytes() + b"!")
    assert [one.code for one in audit(blobs).disagreements] == ["file-missing" if is_gone else "file-damaged"]
    assert served() == 404
    run()
    assert (len(fetched(archive)), image().original_path, served()) == (1, "", 200)
    assert (audit(blobs).disagreements, survey(blobs, deep=True).broken) == ([], [])


def test_original_when_changed_in_its_size_then_repaired_by_fetching_and_the_folder_is_left_alone(
    run: Run, archive: IsicServer, blobs: Blobs, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    key = image().sha256
    damage(folder / f"{ID}.jpg")
    damaged = (folder / f"{ID}.jpg").read_bytes()
    monkeypatch.setattr("dermref.media.store.CHECK_ONE_IN", 1)
    assert (served(), [one.code for one in audit(blobs).disagreements]) == (404, ["file-damaged"])
    assert [one.action for one in steps(repair(blobs, deep=True))] == ["forget-original", "leave-original"]
    run()
    assert (len(fetched(archive)), image().sha256, image().original_path) == (1, key, "")
    assert (folder / f"{ID}.jpg").read_bytes() == damaged
    assert (audit(blobs).disagreements, survey(blobs, deep=True).broken) == ([], [])


def test_originals_when_the_setting_is_gone_then_missing_and_fetched(
    run: Run, archive: IsicServer, blobs: Blobs, folder: Path, settings: Any
) -> None:
    run()
    settings.DERMREF = replace(settings.DERMREF, originals={})
    assert len(audit(blobs).disagreements) == 12
    assert served() == 404
    assert run().fates[Fate.UPDATED] == 12
    assert (audit(blobs).disagreements, served()) == ([], 200)


def test_original_when_it_was_kept_before_then_the_store_keeps_it(
    run: Run, archive: IsicServer, blobs: Blobs, request: pytest.FixtureRequest
) -> None:
    run()
    request.getfixturevalue("folder")
    assert run().fates[Fate.UNCHANGED] == 12
    assert image().original_path == ""
    assert survey(blobs, deep=True).broken == []


@pytest.mark.parametrize("foreign_id", ["", ".", "..", "../ISIC_0000000", "/etc/passwd", "a/b"])
def test_original_when_its_id_is_no_plain_name_then_not_looked_for(tmp_path: Path, foreign_id: str) -> None:
    (tmp_path / "ISIC_0000000.jpg").write_bytes(b"abc")
    (tmp_path / "in").mkdir()
    assert find_original(tmp_path / "in", foreign_id, size=3) is None


def test_original_when_no_size_is_declared_then_not_taken(tmp_path: Path) -> None:
    (tmp_path / f"{ID}.jpg").write_bytes(b"abc")
    assert find_original(tmp_path, ID, size=None) is None
    assert find_original(tmp_path, ID, size=3) == tmp_path / f"{ID}.jpg"
