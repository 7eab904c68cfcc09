"""`dermref inspect`: exit codes, JSON alone on stdout, and calm words; with neither database nor settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from containers import FILES

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("DERMREF_", "DATABASE_"))}
KEYS = ["path", "verdict", "format", "width", "height", "findings", "sha256", "phash", "facts", "claims"]


def inspect(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "dermref", "inspect", *words]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def test_inspect_when_all_files_are_sound_then_exits_0_with_the_json_of_each() -> None:
    done = inspect(str(FILES / "hopper.jpg"), str(FILES / "hopper.webp"), "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert [(row["verdict"], row["format"], row["width"]) for row in rows] == [
        ("accept", "image/jpeg", 128),
        ("accept", "image/webp", 128),
    ]
    assert len(rows[0]["phash"]) == 16


def test_inspect_when_a_file_is_refused_then_exits_1_and_its_reason_is_the_finding() -> None:
    done = inspect(str(FILES / "bomb.bmp"), "--json")
    (row,) = json.loads(done.stdout)
    assert (done.returncode, row["verdict"], row["format"], row["width"], row["phash"]) == (
        1,
        "refuse",
        None,
        None,
        None,
    )
    assert [one["code"] for one in row["findings"]] == ["not-an-image"]
    assert len(row["sha256"]) == 64


def test_inspect_when_read_by_people_then_one_calm_block_a_file() -> None:
    done = inspect(str(FILES / "polyglot_zip.jpg"), str(FILES / "hopper.jpg"))
    assert done.returncode == 1
    assert "polyglot_zip.jpg: waits for a curator (quarantine)" in done.stdout
    assert "! beside its picture the file holds a ZIP archive [hidden-file]" in done.stdout
    assert "hopper.jpg: comes in (accept)\n  image/jpeg, 128 x 128 pixels, 8 bits, rgb" in done.stdout


@pytest.mark.parametrize(("name", "words"), [(".", "is a folder"), ("missing.jpg", "cannot be read"), ("", "")])
def test_inspect_when_asked_wrongly_then_exits_2_in_one_sentence(name: str, words: str, tmp_path: Path) -> None:
    done = inspect(*([str(tmp_path / name)] if name else []))
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
