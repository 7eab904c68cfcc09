"""A manifest is checked whole before anything is taken."""

import json
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.harvest import Fetched, HarvestRequest
from dermref.registry.load import load_source
from dermref.sources import manifest

DEMO = Path(__file__).parents[2] / "demo" / "pad-ufes-20"
SOURCE = load_source("pad-ufes-20")


def no_fetch(url: str, *, max_bytes: int) -> Fetched:
    raise AssertionError("a manifest needs no network")


def harvest(path: Path) -> list[object]:
    return [item for page in manifest.harvest(HarvestRequest(SOURCE, folder=path), no_fetch) for item in page.items]


def write(folder: Path, name: str, text: str) -> Path:
    (folder / "a.png").write_bytes(b"x")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_demo_manifest_when_read_then_every_row_has_a_license_and_its_file() -> None:
    items = harvest(DEMO / "manifest.csv")
    assert len(items) >= 15
    for item in items:
        assert item.statements
        assert item.file.path.is_file()
        assert json.loads(item.document.body)["license"]
        assert manifest.read(item.document, SOURCE).depiction == item.depiction


def test_manifest_when_rows_are_bad_then_all_faults_by_line_and_nothing_taken(tmp_path: Path) -> None:
    text = (
        "file,foreign_id,landing_url,age,licence\n"
        "a.png,1,https://example.org/1,12,\n"
        "../secret.png,1,https://example.org/2,old,\n"
        "b.png,,ftp://x,,\n"
    )
    with pytest.raises(Stopped) as caught:
        harvest(write(tmp_path, "m.csv", text))
    said = str(caught.value)
    for words in (
        "unknown column “licence”",
        "line 3: file “../secret.png” leads out",
        "age “old”",
        "stands in 2 rows",
        "line 4: “foreign_id” is empty",
        "line 4: file “b.png” is not there",
        "line 4: landing_url",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("name", "text"), [("m.csv", "file,foreign_id\n"), ("m.txt", "x"), ("m.jsonl", "{]\n"), ("m.jsonl", "[1]\n")]
)
def test_manifest_when_unreadable_then_one_sentence(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(Stopped):
        harvest(write(tmp_path, name, text))


def test_jsonl_when_sound_then_read_like_csv(tmp_path: Path) -> None:
    row = {"file": "a.png", "foreign_id": "1", "landing_url": "https://example.org/1", "license": "CC BY 4.0", "age": 7}
    (item,) = harvest(write(tmp_path, "m.jsonl", json.dumps(row) + "\n\n"))
    assert item.depiction.age == 7
    assert item.statements[0].text == "CC BY 4.0"
