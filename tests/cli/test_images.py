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
