"""A table of links is read in the ways people write one, checked whole, and never guessed at."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.link import NewLink
from dermref.sources.link_file import LinkFile, read_links

FOLDER = Path(__file__).parent / "links"
HEADER = "url,title,condition,topic,language,needs_login,note"
ROW = "https://example.org/a,Spitz nevus,Spitz nevus,,en,no,"
LINK = NewLink("s", "https://example.org/a", "Spitz nevus", "Spitz nevus", language="en", line=2)


def read(folder: Path, text: str | bytes, *, name: str = "links.csv") -> LinkFile:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_links(path, "s")


def test_documents_when_hashed_then_as_their_manifest_says() -> None:
    with (FOLDER / "MANIFEST.csv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            assert hashlib.sha256((FOLDER / row["file"]).read_bytes()).hexdigest() == row["sha256"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{HEADER}\n{ROW}\n", "links.csv"),
        (f"\ufeff{HEADER}\r\n{ROW}\r\n", "links.csv"),
        (f"{HEADER}\n{ROW}\n".replace(",", ";"), "links.csv"),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "links.tsv"),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "links.CSV"),
        ("Address,Page Title,Diagnosis,Lang\nhttps://example.org/a,Spitz nevus, Spitz nevus ,en", "links.csv"),
    ],
    ids=["plain", "bom", "semicolons", "tabs", "tabs as csv", "other names"],
)
def test_table_when_written_in_the_way_of_some_program_then_read_alike(tmp_path: Path, text: str, name: str) -> None:
    assert read(tmp_path, text, name=name) == LinkFile((LINK,))


def test_table_when_json_lines_then_read_alike(tmp_path: Path) -> None:
    row = {"url": "https://example.org/a", "title": "Spitz nevus", "condition": "Spitz nevus", "language": "en"}
    assert read(tmp_path, json.dumps(row), name="links.jsonl").links[0].title == "Spitz nevus"
    assert read(tmp_path, "[1]\n{]", name="links.jsonl").faults[-2:] == (
        "line 1: is no JSON object of texts and numbers, each key once",
        "line 2: is no JSON object of texts and numbers, each key once",
    )


def test_table_when_its_encoding_has_to_be_guessed_then_one_sentence_says_how_to_save_it(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="CSV UTF-8"):
        read(tmp_path, f"{HEADER}\nhttps://example.org/a,Nävus,Nävus,,,,".encode("latin-1"))


def test_table_when_it_says_itself_that_it_is_utf_16_then_read_alike(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEADER}\n{ROW}\n".encode("utf-16")) == LinkFile((LINK,))


@pytest.mark.parametrize("name", ["links.xlsx", "links"])
def test_file_when_of_another_kind_then_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(Stopped, match="is none of"):
        read(tmp_path, HEADER, name=name)


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("url,condition", ("line 1: no column “title”",)),
        ("title,topic", ("line 1: no column “url”",)),
        ("url,title", ("line 1: no column “condition” and none “topic”",)),
        ("url,title,topic,stars", ("line 1: unknown column “stars”",)),
        ("url,title,topic,address", ("line 1: two columns mean “url”",)),
        ("url,title,topic,title", ("line 1: two columns are called “title”",)),
    ],
)
def test_header_when_columns_are_wrong_then_said_once_and_no_row_is_read(
    tmp_path: Path, header: str, faults: tuple[str, ...]
) -> None:
    assert read(tmp_path, f"{header}\nx,x,x,x").faults[: len(faults)] == faults


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",Spitz,Spitz,,,,", "“url” is empty"),
        ("https://example.org/a, ,Spitz,,,,", "“title” is empty"),
        ("https://example.org/a,Spitz,,,,,", "for a condition or for a topic"),
        ("https://example.org/a,Spitz,Spitz,Nevi,,,", "for a condition or for a topic"),
        ("https://example.org/a,Spitz,Spitz,,,maybe,", "needs_login “maybe” is neither yes nor no"),
        ("https://example.org/a,=HYPERLINK(1),Spitz,,,,", "“title” holds a spreadsheet formula"),
        ("https://example.org/a,Spitz,Spitz,,,,@SUM(1+1)", "“note” holds a spreadsheet formula"),
        ("https://example.org/a,Spitz,Spitz,,,,-2+3+cmd|' /C calc'!D2", "“note” holds a spreadsheet formula"),
        ("https://example.org/a,Spi\0tz,Spitz,,,,", "“title” holds characters that no text has"),
        (f"https://example.org/a,{'x' * 10_001},Spitz,,,,", "“title” has more than 10,000 characters"),
        ("https://example.org/a,Spitz,Spitz,,,,,,extra", "has 9 cells, and the first line 7"),
    ],
)
def test_row_when_at_fault_then_named_by_its_line(tmp_path: Path, row: str, words: str) -> None:
    faults = read(tmp_path, f"{HEADER}\n{ROW}\n{row}\n").faults
    assert len(faults) == 1
    assert faults[0].startswith("line 3: ")
    assert words in faults[0]


def test_rows_when_the_same_link_twice_then_both_lines_are_named(tmp_path: Path) -> None:
    again = ROW.replace("Spitz nevus,,", "spitz NEVUS,,")
    assert read(tmp_path, f"{HEADER}\n{ROW}\n{again}\n").faults == ("line 3: the same link as in line 2",)


@pytest.mark.parametrize("note", ["-5", "1=2", "a=(b)", "a+b@c"])
def test_cell_when_it_only_looks_a_little_like_a_formula_then_taken(tmp_path: Path, note: str) -> None:
    assert read(tmp_path, f"{HEADER}\n{ROW}{note}\n").links[0].note == note


def test_table_when_it_has_no_rows_then_a_fault(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEADER}\n").faults == ("links.csv: no rows",)


def test_release_when_its_annotation_table_is_read_then_rows_become_links_with_their_notes() -> None:
    found = read_links(FOLDER / "RECONSTRUCTED_annotations.csv", "s")
    assert (len(found.links), found.left_out, found.faults) == (8, 2, ())  # one row has no address, one stood before
    first, *_ = found.links
    assert (first.condition, first.title, first.url) == (
        "psoriasis",
        "psoriasis",
        "https://pictures.example.org/p/psoriasis/psoriasis1.jpg",
    )
    assert first.note == "Fitzpatrick type 3 as annotated by Fitzpatrick17k; md5 00000000000000000000000000000001"
    unrated = next(link for link in found.links if link.condition == "necrobiosis lipoidica")
    assert unrated.note == "md5 00000000000000000000000000000004"


def test_release_when_a_label_is_empty_or_odd_then_a_fault_of_its_line(tmp_path: Path) -> None:
    text = (FOLDER / "RECONSTRUCTED_annotations.csv").read_text("utf-8")
    damaged = text.replace("vitiligo,", ",").replace("syringoma,", "=syringoma(1),")
    assert read(tmp_path, damaged).faults == (
        "line 7: “label” holds a spreadsheet formula, not its value",
        "line 11: the label is empty",
    )


def test_release_when_a_column_of_its_table_is_missing_then_refused_and_not_misread(tmp_path: Path) -> None:
    text = (FOLDER / "RECONSTRUCTED_annotations.csv").read_text("utf-8").replace("fitzpatrick_scale,", "scale,")
    assert "line 1: unknown column “md5hash”" in read(tmp_path, text).faults
