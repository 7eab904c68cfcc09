"""A manifest is checked whole before anything is taken."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.harvest import Fetched, HarvestRequest
from dermref.registry.load import load_source
from dermref.sources import manifest

DEMO = Path(__file__).parents[2] / "demo" / "pad-ufes-20"
SOURCE = load_source("pad-ufes-20")


ROW = {"file": "a.png", "foreign_id": "1", "landing_url": "https://example.org/1"}


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


def faults(path: Path) -> str:
    with pytest.raises(Stopped) as caught:
        harvest(path)
    assert str(caught.value).replace("\n", "").isprintable()
    return str(caught.value)


def test_foreign_id_when_its_column_is_missing_then_said_of_every_row(tmp_path: Path) -> None:
    said = faults(write(tmp_path, "m.csv", "file,landing_url\n" + "a.png,https://example.org/\n" * 2))
    assert "line 2: “foreign_id” is empty" in said
    assert "line 3: “foreign_id” is empty" in said
    assert "stands in" not in said


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"age": "²"}, "age “²” is not"),
        ({"age": "9" * 5000}, "is not a whole number"),
        ({"age": 131}, "age “131” is not"),
        ({"landing_url": "https://[x"}, "landing_url “https://[x” is not"),
        ({"landing_url": "https://"}, "landing_url “https://” is not"),
        ({"landing_url": "https://example.org:99999/"}, "is not a web address"),
        ({"license_url": "https://[x"}, "license_url “https://[x” is not"),
        ({"title": "a\0b"}, "“title” holds characters"),
        ({"title": "a\ud800b"}, "“title” holds characters"),
        ({"title": "x" * 10_001}, "“title” has more than 10,000"),
        ({"file": "x" * 300}, "is not there"),
        ({"\ud800\0": "x"}, "unknown column “\\ud800\\u0000”"),
        ({"title": float("nan")}, "not a JSON object of texts and numbers"),
        ({"title": ["x"]}, "not a JSON object of texts and numbers"),
    ],
)
def test_cell_when_unfit_then_a_fault_of_its_line(tmp_path: Path, cells: Mapping[str, object], words: str) -> None:
    said = faults(write(tmp_path, "m.jsonl", json.dumps(ROW | cells) + "\n"))
    assert "m.jsonl has 1 faults" in said
    assert words in said


def test_csv_when_a_cell_is_larger_than_its_reader_takes_then_a_fault_beside_the_others(tmp_path: Path) -> None:
    text = f"file,foreign_id,landing_url,title\na.png,1,ftp://x,\na.png,2,https://example.org/,{'x' * 140_000}\n"
    said = faults(write(tmp_path, "m.csv", text))
    assert "line 2: landing_url" in said
    assert "line 3: field larger than field limit" in said


def test_jsonl_when_lines_are_no_rows_then_every_one_is_named(tmp_path: Path) -> None:
    lines = ("[" * 100_000, json.dumps(ROW), "[1]", '{"a": NaN}', '{"a": {}}')
    said = faults(write(tmp_path, "m.jsonl", "\n".join(lines)))
    assert [line for line in (1, 2, 3, 4, 5) if f"line {line}: not a JSON object" in said] == [1, 3, 4, 5]


def test_jsonl_when_numbers_and_line_breaks_stand_in_cells_then_kept_as_written(tmp_path: Path) -> None:
    text = json.dumps(ROW | {"title": "a\u2028b\u0085c"}, ensure_ascii=False)[:-1] + ', "creator": 1e999}'
    (item,) = harvest(write(tmp_path, "m.jsonl", text))
    assert (item.depiction.title, item.creator) == ("a\u2028b\u0085c", "1e999")


@pytest.mark.parametrize("link", ["//creativecommons.org/licenses/by/4.0/", "http://creativecommons.org/x", ""])
def test_license_url_when_it_is_a_link_then_taken_as_it_is(tmp_path: Path, link: str) -> None:
    (item,) = harvest(write(tmp_path, "m.jsonl", json.dumps(ROW | {"license_url": link})))
    assert [one.url for one in item.statements] == [link] * bool(link)


@pytest.mark.parametrize(
    "text",
    [
        "\ufefffile,foreign_id,landing_url\r\na.png,1,https://example.org/1\r\n",
        "file;foreign_id;landing_url\na.png;1;https://example.org/1\n",
    ],
    ids=["bom", "semicolons"],
)
def test_csv_when_a_spreadsheet_of_another_country_wrote_it_then_read_alike(tmp_path: Path, text: str) -> None:
    (item,) = harvest(write(tmp_path, "m.csv", text))
    assert (item.foreign_id, item.landing_url) == ("1", "https://example.org/1")


def test_csv_when_it_is_latin_1_then_one_sentence_says_where(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(
        "file,foreign_id,landing_url,title\na.png,1,https://example.org/,Nävus".encode("latin-1")
    )
    assert "line 2 holds the byte 0xe4. Save it again as “CSV UTF-8”." in faults(tmp_path / "m.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,foreign_id,landing_url,title\na.png,1,https://example.org/,=1+1\n", "“title” begins like a formula"),
        ("file,foreign_id,landing_url,file\na.png,1,https://example.org/,b.png\n", "two columns are called “file”"),
        ("file,foreign_id,landing_url\na.png,1,https://example.org/,more\n", "line 2: more cells than the header"),
    ],
)
def test_csv_when_a_table_is_unsound_then_a_fault(tmp_path: Path, text: str, words: str) -> None:
    assert words in faults(write(tmp_path, "m.csv", text))
