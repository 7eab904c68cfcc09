"""`dermref watermarks` as a curator meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import marking

SOURCE = "dermnet-nz"
WORD = marking.word("first")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def watermarks(data: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "dermref", "watermarks", *map(str, words)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_reference_when_set_then_listed_and_files_are_checked_by_it(data: Path, tmp_path: Path) -> None:
    reference, marked, bare = (tmp_path / name for name in ("mark.png", "marked.jpg", "bare.jpg"))
    reference.write_bytes(marking.png(WORD))
    marked.write_bytes(marking.jpeg(marking.drawn(marking.picture(), WORD)))
    bare.write_bytes(marking.jpeg(marking.picture()))
    assert json.loads(watermarks(data, "set", SOURCE, reference, "--by", "A. Curator", "--json").stdout)["sha256"]
    listed = {one["source"]: one["reference"] for one in json.loads(watermarks(data, "list", "--json").stdout)}
    assert listed[SOURCE]["by"] == "A. Curator"
    assert sum(one is not None for one in listed.values()) == 1
    good = watermarks(data, "check", SOURCE, marked)
    assert (good.returncode, good.stdout.split("\t")[0]) == (0, "present")
    both = watermarks(data, "check", SOURCE, marked, bare, "--json")
    assert both.returncode == 1
    assert [one["sighting"] for one in json.loads(both.stdout)] == ["present", "absent"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("set", SOURCE, marking.FILES / "hopper.jpg"), 2, "--by"),
        (("set", SOURCE, marking.FILES / "hopper.jpg", "--by", " "), 2, "may not be empty"),
        (("set", SOURCE, marking.FILES / "hopper.jpg", "--by", "A. Curator"), 1, "save the mark as a PNG"),
        (("check", SOURCE, marking.FILES / "hopper.jpg"), 1, "watermarks set"),
        (("check", "nope", marking.FILES / "hopper.jpg"), 2, "no source “nope”"),
        (("check", SOURCE), 2, "FILES"),
    ],
)
def test_watermarks_when_asked_wrongly_or_refused_then_one_sentence(
    data: Path, words: tuple[str | Path, ...], code: int, sentence: str
) -> None:
    done = watermarks(data, *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
