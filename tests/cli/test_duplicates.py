"""`dermref duplicates` as a curator meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def dermref(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "dermref", *words], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_build_when_run_then_makes_all_says_so_in_json_and_goes_on_after_a_row(tmp_path: Path) -> None:
    assert dermref(tmp_path, "ingest", "isic-archive", "--from", "demo/isic-archive", "--limit", "3").returncode == 0
    built = dermref(tmp_path, "duplicates", "build", "--all", "--json")
    told = json.loads(built.stdout)
    assert (built.returncode, told["made"], told["indexed"], told["missing"]) == (0, 3, 3, [])
    assert (tmp_path / "likeness.index").is_file()
    rest = dermref(tmp_path, "duplicates", "build", "--all", "--after", str(told["last"] - 1))
    assert rest.stdout == "duplicates: 1 fingerprints made, 0 left out, 0 pairs, 3 in the index\n"


def test_build_when_it_shall_go_on_without_all_then_asked_wrongly(tmp_path: Path) -> None:
    asked = dermref(tmp_path, "duplicates", "build", "--after", "3")
    assert (asked.returncode, "--after goes with --all" in asked.stderr) == (2, True)
