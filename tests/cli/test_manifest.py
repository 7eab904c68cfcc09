"""A curator brings a table in: what each column is, every fault, and an empty table for a source."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from manifest_tables import PAD, ROW, SAMPLES, table, write

HAM = SAMPLES / "ham10000" / "ham10000_metadata.csv"
MILK = SAMPLES / "milk10k" / "milk10k_training_metadata.csv"
CHECK = ("manifest", "check", "--source", PAD.source_id, "--from")
INGEST = ("ingest", "manifest", "--source", "ham10000", "--from", HAM)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def settings(data: Path) -> Mapping[str, str]:
    return {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}


def dermref(data: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "dermref", *map(str, words)]
    return subprocess.run(
        command, env=settings(data), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def on_a_terminal(data: Path, *words: str | Path, typed: str = "") -> tuple[int, str]:
    """The exit code, and all that stood on the screen of somebody who typed this."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dermref", *map(str, words)]
    process = subprocess.Popen(command, env=settings(data), stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, typed.encode())
    seen = b""
    try:
        while chunk := os.read(ours, 65536):
            seen += chunk
    except OSError:  # how a terminal ends when nobody is there any more
        pass
    os.close(ours)
    return process.wait(), seen.decode()


def bad(folder: Path, number: int) -> Path:
    rows = [ROW | {"foreign_id": f"PAT_1_1_{at}", "file": "b.png"} for at in range(number)]
    return write(folder, "m.csv", table(*rows))


@pytest.mark.parametrize("how", ["csv", "tsv", "jsonl"])
def test_template_when_asked_for_then_only_the_columns_on_stdout_and_why_on_stderr(data: Path, how: str) -> None:
    done = dermref(data, "manifest", "template", "visualdx", "--format", how)
    line = done.stdout.removesuffix("\n")
    columns = list(json.loads(line)) if how == "jsonl" else line.split("\t" if how == "tsv" else ",")
    assert done.returncode == 0
    assert columns[:3] == ["file", "foreign_id", "landing_url"]
    assert all(f"\n{name}: " in f"\n{done.stderr}" for name in columns)
    assert "watermark notice on images must remain intact" in done.stderr


def test_template_when_a_license_is_stated_item_by_item_then_its_columns_quote_the_source(data: Path) -> None:
    found = json.loads(dermref(data, "manifest", "template", "isic-archive", "--json").stdout)
    why = {one["column"]: one["why"] for one in found["columns"]}
    assert "Per-image license is visible in the metadata" in why["license"]
    assert "Image courtesy of {contributor}" in why["contributor"]


def test_template_when_filled_in_then_it_passes_the_check(data: Path, tmp_path: Path) -> None:
    done = dermref(data, "manifest", "template", PAD.source_id)
    columns = done.stdout.strip().split(",")
    row = {name: ROW.get(name, "") for name in columns} | {"file": "PAT_1_1_1.png"}
    (tmp_path / "PAT_1_1_1.png").touch()
    assert dermref(data, *CHECK, write(tmp_path, "m.csv", table(row))).returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("manifest", "template", "nope"), 2, "no source “nope”"),
        (("manifest", "template", "scope-to-screen-review"), 1, "no images of its own"),
        (("manifest", "template", "pathologyoutlines"), 1, "only links"),
        (("manifest", "template", "dermnet-nz"), 1, "use “dermref ingest dermnet-nz”"),
        (("manifest", "check", "--source", "dermnet-nz", "--from", HAM), 1, "use “dermref ingest dermnet-nz”"),
        (("manifest", "check", "--source", "fitzpatrick17k", "--from", HAM), 1, "dermref links import fitzpatrick17k"),
        (("ingest", "manifest", "--source", "fitzpatrick17k", "--from", HAM), 1, "dermref links import fitzpatrick17k"),
        (("manifest", "check", "--source", "nope", "--from", HAM), 2, "no source “nope”"),
        (("manifest", "check", "--source", "ham10000", "--from", "no/such.csv"), 2, "does not exist"),
        (("manifest", "check", "--source", "ham10000", "--from", HAM, "--map", "dx"), 2, "COLUMN=FIELD"),
        (("manifest", "check", "--source", "ham10000", "--from", HAM, "--report", "/proc/x"), 2, "cannot be written"),
        (("manifest", "check", "--source", "ham10000", "--from", __file__), 1, "is none of .csv"),
        (("ingest", "dermnet-legacy", "--from", "docs", "--yes"), 2, "columns of a manifest"),
        ((*INGEST,), 2, "--map “image_id=foreign_id”"),
        ((*INGEST, "--map", "nope=title"), 1, "a column “nope”"),
        ((*INGEST, "--map", "dx=nope"), 1, "a field “nope”"),
    ],
)
def test_manifest_when_asked_wrongly_or_refused_then_one_sentence(
    data: Path, words: tuple[str | Path, ...], code: int, sentence: str
) -> None:
    done = dermref(data, *words)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_check_when_sound_then_exit_0_and_nothing_is_written(data: Path) -> None:
    done = dermref(data, "manifest", "check", "--source", "milk10k", "--from", MILK)
    assert (done.returncode, done.stdout) == (0, "3 rows: 3 sound, 0 with faults; 0 faults in all\n")
    assert "skin_tone_class → skin_tone" in done.stderr
    assert "ignored: lesion_id, image_manipulation" in done.stderr
    assert not data.exists()


def test_check_when_piped_then_every_fault_and_the_report_has_the_same(data: Path, tmp_path: Path) -> None:
    done = dermref(data, *CHECK, bad(tmp_path, 60), "--report", tmp_path / "faults.txt")
    assert done.returncode == 1
    *faults, last = done.stdout.splitlines()
    assert (len(faults), last) == (60, "60 rows: 0 sound, 60 with faults; 60 faults in all")
    assert (tmp_path / "faults.txt").read_text("utf-8").splitlines() == faults


@pytest.mark.parametrize("name", ["m.csv", "kept.txt"])
def test_report_when_its_file_is_there_then_refused_and_left_as_it_is(data: Path, tmp_path: Path, name: str) -> None:
    path = bad(tmp_path, 2)
    (tmp_path / "kept.txt").write_text("kept", "utf-8")
    before = (tmp_path / name).read_bytes()
    done = dermref(data, *CHECK, path, "--report", tmp_path / name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is there already; give --report the name of a new file" in done.stderr
    assert (tmp_path / name).read_bytes() == before


def test_check_when_asked_for_json_then_every_fault_with_its_line(data: Path, tmp_path: Path) -> None:
    found = json.loads(dermref(data, *CHECK, bad(tmp_path, 60), "--json").stdout)
    assert [one["line"] for one in found["faults"]] == list(range(2, 62))
    assert (found["rows"], found["accepted"], found["faulty"]) == (60, 0, 60)
    assert found["columns"] == {name: name for name in ROW}


def test_check_when_on_a_terminal_then_the_first_forty_and_how_many_more(data: Path, tmp_path: Path) -> None:
    code, seen = on_a_terminal(data, *CHECK, bad(tmp_path, 60))
    assert (code, seen.count("is not there")) == (1, 40)
    assert "… and 20 more; --report FILE keeps them all" in seen


def test_check_when_the_text_is_no_utf_8_then_said(data: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", table(ROW | {"creator": "Müller"}).encode("latin-1"))
    assert "read as Windows-1252" in dermref(data, *CHECK, path).stderr


@pytest.mark.parametrize("answer", [("--yes",), ("--map", "dx=condition"), ("--map", "dx=-")])
def test_ingest_when_the_columns_are_confirmed_then_published_and_audited(data: Path, answer: tuple[str, ...]) -> None:
    done = dermref(data, *INGEST, *answer, "--json")
    assert json.loads(done.stdout)["published"] == 2
    assert "image_id → foreign_id" in done.stderr
    assert json.loads(dermref(data, *INGEST, *answer, "--json").stdout)["unchanged"] == 2
    assert dermref(data, "audit").returncode == 0


@pytest.mark.parametrize(("typed", "code", "published"), [("y\n", 0, True), ("n\n", 1, False)])
def test_ingest_when_somebody_is_asked_then_it_does_as_they_say(
    data: Path, typed: str, code: int, published: bool
) -> None:
    found, seen = on_a_terminal(data, *INGEST, "--dry-run", typed=typed)
    assert found == code
    assert "dx → condition" in seen
    assert "Are the columns meant so?" in seen
    assert ("published           2" in seen) == published


def test_ingest_when_two_columns_are_one_field_then_nothing_is_taken_whatever_is_confirmed(
    data: Path, tmp_path: Path
) -> None:
    path = write(tmp_path, "m.csv", table(ROW | {"dx": "nv", "diagnosis": "mel"}))
    done = dermref(data, "ingest", "manifest", "--source", PAD.source_id, "--from", path, "--yes")
    assert done.returncode == 1
    assert "line 1: “dx” and “diagnosis” may each be “condition”" in done.stderr
