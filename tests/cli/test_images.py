"""`dermref images list` as a researcher asks it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert dermref(folder, "ingest", "isic-archive", "--from", "demo/isic-archive").returncode == 0
    return folder


def dermref(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "dermref", *words]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)


def licenses(data: Path, *words: str) -> set[str]:
    found = json.loads(dermref(data, "images", "list", "--limit", "200", "--json", *words).stdout)
    assert found["count"] == len(found["images"])
    return {one["license"]["id"] for one in found["images"]}


def test_images_when_listed_by_use_and_purpose_then_only_what_both_allow(data: Path) -> None:
    everything = licenses(data)
    noncommercial = {one for one in everything if "-NC" in one}
    assert noncommercial
    assert licenses(data, "--may", "train") == everything - noncommercial
    assert licenses(data, "--may", "train", "--purpose", "research") == everything
    assert licenses(data, "--may", "redistribute", "--purpose", "commercial") == everything - noncommercial


def test_images_when_listed_by_body_site_then_only_those(data: Path) -> None:
    rows = json.loads(dermref(data, "images", "list", "--limit", "200", "--json").stdout)["images"]
    site = next(one["body_site"] for one in rows if one["body_site"])
    found = json.loads(dermref(data, "images", "list", "--json", "--limit", "200", "--body-site", site).stdout)
    assert found["count"] == sum(one["body_site"] == site for one in rows)
    assert {one["body_site"] for one in found["images"]} == {site}


@pytest.mark.parametrize("words", [("--may", "steal"), ("--purpose", "fun")])
def test_images_when_asked_for_no_such_use_then_one_sentence(data: Path, words: tuple[str, str]) -> None:
    done = dermref(data, "images", "list", *words)
    assert done.returncode == 2
    assert words[1] in done.stderr


def test_images_when_copied_then_each_has_its_rights_inside_and_its_credit_beside(data: Path, tmp_path: Path) -> None:
    rows = json.loads(dermref(data, "images", "list", "--limit", "2", "--json").stdout)["images"]
    done = dermref(data, "images", "copy", *(one["id"] for one in rows), "--to", str(tmp_path), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    for row, made in zip(rows, json.loads(done.stdout), strict=True):
        assert (made["id"], made["has_credit"]) == (row["id"], True)
        assert b"xmpRights:WebStatement" in Path(made["path"]).read_bytes()
        assert row["attribution"]["text"] in Path(made["credit"]).read_text("utf-8")
    again = dermref(data, "images", "copy", rows[0]["id"], "--to", str(tmp_path))
    assert again.returncode == 1
    assert "is there already" in again.stderr


@pytest.mark.parametrize("image_id", ["isic-archive:ISIC_9999999", "no-such:1", "nonsense", ""])
def test_images_when_there_is_none_to_copy_then_one_sentence(data: Path, tmp_path: Path, image_id: str) -> None:
    done = dermref(data, "images", "copy", image_id, "--to", str(tmp_path), "--size", "small")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert list(tmp_path.iterdir()) == []
