"""A curator at the command line: a private picture, one picture under two licenses, bytes that must never return."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests" / "files"
WORD = ("--by", "A. Curator", "--why", "looked at it")
SOURCE = "pad-ufes-20"
PRIVATE, COPY = f"{SOURCE}:PAT_1_1_1", f"{SOURCE}:PAT_2_2_2"
ORIGINAL = "isic-archive:ISIC_0024338"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue with a picture that waits, and a pair of one picture under CC BY-NC and CC BY."""
    folder = tmp_path_factory.mktemp("curated")
    place = folder / "brought"
    place.mkdir()
    pages = [json.loads(page.read_text("utf-8")) for page in sorted((ROOT / "demo/isic-archive").glob("images-*.json"))]
    item = next(one for page in pages for one in page["results"] if one["isic_id"] == ORIGINAL.partition(":")[2])
    (place / "images-1.json").write_text(json.dumps({**pages[-1], "count": 1, "results": [item]}), encoding="utf-8")
    (place / "files").mkdir()
    picture = (ROOT / "demo/isic-archive/files" / f"{item['isic_id']}.jpg").read_bytes()
    (place / "files" / f"{item['isic_id']}.jpg").write_bytes(picture)
    (place / "copy.jpg").write_bytes(picture)
    (place / "private.jpg").write_bytes((FILES / "gps_and_serial.jpg").read_bytes())
    with (place / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "foreign_id", "title", "creator", "license", "landing_url"])
        page = "https://data.mendeley.com/datasets/zr7vgbcyr2/1"
        table.writerow(["private.jpg", PRIVATE.partition(":")[2], "A picture", "Jane Doe", "CC BY 4.0", page])
        table.writerow(["copy.jpg", COPY.partition(":")[2], "A picture", "Jane Doe", "CC BY 4.0", page])
    dermref(folder, "ingest", "isic-archive", "--from", str(place))
    dermref(folder, "ingest", "manifest", "--source", SOURCE, "--from", str(place / "manifest.csv"))
    return folder


def dermref(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "dermref", *words]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)


def read(data: Path, *words: str) -> object:
    done = dermref(data, *words, "--json")
    assert done.stderr == ""
    return json.loads(done.stdout)


def shown(data: Path) -> set[str]:
    found = read(data, "images", "list")
    assert isinstance(found, dict)
    return {one["id"] for one in found["images"]}


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("quarantine", "accept", *WORD), 2, "Name the items"),
        (("quarantine", "accept", "--source", SOURCE, *WORD), 2, "Name the items"),
        (("quarantine", "accept", f"{SOURCE}:nobody", *WORD), 1, "does not wait for a curator"),
        (("quarantine", "accept", PRIVATE, "--by", " ", "--why", "x"), 2, "neither may be empty"),
        (("duplicates", "show", "99"), 2, "no pair 99"),
        (("duplicates", "decide", "99", "--same", *WORD), 1, "no pair 99"),
        (("duplicates", "decide", "1", *WORD), 2, "--same or --different"),
        (("duplicates", "decide", "1", "--same", "--release", "nobody:1", *WORD), 1, "is not in pair 1"),
        (("tombstones", "add", "no/such/thing", *WORD), 1, "neither an image or item here nor a file"),
    ],
)
def test_command_when_asked_wrongly_then_one_sentence_and_the_right_code(
    data: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = dermref(data, *words)
    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


def test_pair_when_shown_then_both_licenses_and_their_evidence_stand_side_by_side(data: Path) -> None:
    assert shown(data) == {ORIGINAL}
    text = dermref(data, "duplicates", "show", "1").stdout
    for said in ("the same bytes", "CC-BY-NC-4.0", "CC-BY-4.0", "held until decided", "CC-BY-NC", "Jane Doe"):
        assert said in text
    sheet = data / "pair.html"
    assert "for your eyes alone" in dermref(data, "duplicates", "show", "1", "--sheet", str(sheet)).stderr
    page = sheet.read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 2
    assert "Held until decided" in page
    (pair,) = read(data, "duplicates", "list")  # type: ignore[misc]
    assert {one["license"]: one["held"] for one in pair["images"]} == {"CC-BY-NC-4.0": False, "CC-BY-4.0": True}


def test_curator_when_accepting_deciding_and_burying_then_each_does_what_it_says(data: Path) -> None:
    waiting = dermref(data, "quarantine", "list").stdout
    assert PRIVATE in waiting
    assert "privacy-gps" in waiting
    assert dermref(data, "quarantine", "recheck").returncode == 1
    accepted = dermref(data, "quarantine", "accept", PRIVATE, *WORD)
    assert accepted.returncode == 0, accepted.stderr + accepted.stdout
    freed = read(data, "duplicates", "decide", "1", "--same", "--release", COPY, *WORD)
    assert freed == {"pair": 1, "verdict": "same", "freed": [COPY]}
    assert read(data, "duplicates", "list") == []
    assert shown(data) == {ORIGINAL, COPY, PRIVATE}
    described = read(data, "images", "show", ORIGINAL)
    assert isinstance(described, dict)
    assert described["same_picture"] == [COPY]
    assert dermref(data, "audit").returncode == 0
    buried = dermref(data, "tombstones", "add", PRIVATE, *WORD)
    assert f"held: {PRIVATE}" in buried.stdout
    assert "A. Curator: looked at it" in dermref(data, "tombstones", "list").stdout
    assert shown(data) == {ORIGINAL, COPY}
    assert dermref(data, "audit").returncode == 0
