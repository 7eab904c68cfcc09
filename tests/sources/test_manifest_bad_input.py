"""What people and spreadsheets do to a manifest: every fault is told with its line, and no row is lost over it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.source import Ingest
from dermref.registry.load import load_source
from dermref.sources.manifest_check import check_rows
from dermref.sources.manifest_columns import match_columns
from dermref.sources.manifest_table import open_sheet, read_lines
from manifest_tables import PAD, ROW, checked, said, table, write

ACCENTED = table(ROW | {"creator": "Müller"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_text_when_in_any_of_its_encodings_then_read_and_a_guess_is_said(tmp_path: Path, encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    path = write(tmp_path, "m.csv", mark + ACCENTED.encode(encoding))
    assert said(path) == []
    assert bool(open_sheet(path).notes) == (encoding in ("cp1252", "latin-1"))


@pytest.mark.parametrize(("name", "delimiter"), [("m.csv", ";"), ("m.csv", "\t"), ("m.tsv", "\t"), ("m.txt", ",")])
def test_delimiter_when_any_of_three_then_told_from_the_first_line(tmp_path: Path, name: str, delimiter: str) -> None:
    assert said(write(tmp_path, name, table(ROW | {"title": "a, b; c"}, delimiter=delimiter))) == []


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("m.doc", b"x", "is none of .csv"),
        ("m.csv", b"file\n\x81\x8d\n", "text in none of UTF-8"),
        ("m.csv", b"\xff\xfea", "text in none of UTF-8"),
        ("m.csv", ",".join(f"c{at}" for at in range(1_001)).encode(), "more than 1,000 columns"),
        ("m.jsonl", b"\n".join(b'{"c%d": 1}' % at for at in range(1_001)), "more than 1,000 columns"),
    ],
)
def test_file_when_it_is_no_table_then_one_sentence(tmp_path: Path, name: str, body: bytes, words: str) -> None:
    with pytest.raises(Stopped, match=words):
        open_sheet(write(tmp_path, name, body))


IOWA = replace(load_source("uiowa-skin-of-color"), ingest=Ingest())  # with its pages on any host


def test_file_when_it_cannot_be_opened_then_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="cannot be read"):
        open_sheet(tmp_path / "missing.csv")


@pytest.mark.parametrize("body", ["", "\n\n", "file,foreign_id\n", "a"])
def test_table_when_it_has_no_rows_then_a_fault(tmp_path: Path, body: str) -> None:
    assert "line 1: no rows follow" in said(write(tmp_path, "m.csv", body))


@pytest.mark.parametrize("name", ["m.csv", "m.jsonl"])
def test_column_when_a_needed_one_is_missing_then_said_once(tmp_path: Path, name: str) -> None:
    row = {key: cell for key, cell in ROW.items() if key != "license"}
    text = table(row) if name == "m.csv" else json.dumps(row)
    (fault,) = said(write(tmp_path, name, text))
    assert fault.startswith("line 1: no column is “license” or “license_url”: each item states its own license")
    assert checked(tmp_path / name)[0].accepted == 0


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("title,title", "the column “title” stands 2 times"),
        (",", "a column without a name stands 2 times"),
        ("dx,diagnosis", "“dx” and “diagnosis” may each be “condition”: say which with --map “dx=condition”"),
        ("\x07,b", "the name of column 1 holds characters"),
    ],
)
def test_header_when_ambiguous_then_a_fault_and_no_row_is_taken(tmp_path: Path, header: str, words: str) -> None:
    text = f"{header},{','.join(ROW)}\n,,{','.join(ROW.values())}\n"
    found, faults = checked(write(tmp_path, "m.csv", text))
    assert any(fault.line == 1 and words in fault.text for fault in faults)
    assert (found.rows, found.accepted) == (1, 0)


def test_rows_when_longer_or_shorter_than_the_header_then_faults(tmp_path: Path) -> None:
    sound = table(ROW)
    faults = said(write(tmp_path, "m.csv", sound + "a.png\n" + sound.splitlines()[1] + ",more\n"))
    assert faults == ["line 3: has 1 cells, and the first line 5", "line 4: has 6 cells, and the first line 5"]


def test_cell_when_it_spans_lines_then_the_next_row_has_its_own_line(tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", table(ROW | {"title": "one\ntwo\n"}, ROW | {"title": "", "file": "b.png"}))
    assert [fault.partition(":")[0] for fault in said(path)] == ["line 2", "line 5", "line 5"]


def test_quote_when_never_closed_then_swallows_no_row_unnoticed(tmp_path: Path) -> None:
    sound = table(ROW)
    found, faults = checked(write(tmp_path, "m.csv", sound + '"a.png,2\n' + "b,c\n"))
    assert (found.rows, found.accepted) == (2, 1)
    assert "cannot be read as cells" in faults[0].text


def test_cell_when_larger_than_the_reader_takes_then_a_fault_beside_the_others(tmp_path: Path) -> None:
    rows = (ROW, ROW | {"creator": "x" * 140_000}, ROW | {"file": "b.png", "foreign_id": "PAT_2_2_2"})
    assert [fault[:26] for fault in said(write(tmp_path, "m.csv", table(*rows)))] == [
        "line 3: cannot be read as ",
        "line 4: file “b.png” is no",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "=1+1",
            "+1",
            "@SUM(A1)",
            "-A1",
            "-2+3",
            " =1",
            "\ufeff=1",
            '"=1',
            "'=1",
            "\t=1",
            "-cmd|' /C calc'!A0",
            "- x",
        ),
        *("\u2003=1+1", "\u200b=1+1", "\u3000=1", "\u2060+1", "'\u200b=1", "\u2800=1", "\u034f=1"),
        *("\uff1d1+1", "\uff0bA1", "\uff0dA1", "\uff20SUM(A1)", "\ufe661"),
    ],
)
def test_formula_when_in_a_matched_column_then_a_fault(tmp_path: Path, cell: str) -> None:
    row = ROW | {"title": cell}
    (fault,) = said(write(tmp_path, "m.csv", table(row)))
    assert "holds a spreadsheet formula, not its value" in fault
    assert said(write(tmp_path, "m.csv", table(row)), {"title": "-"}) == []


@pytest.mark.parametrize("cell", ["-", "-1", "-1.5", "-1,5", "a=b", "1-2", "mail@host", "é=1", "…", "“Nævus”"])
def test_cell_when_it_only_looks_like_a_formula_then_sound(tmp_path: Path, cell: str) -> None:
    assert said(write(tmp_path, "m.csv", table(ROW | {"title": cell}))) == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("/etc/passwd", "leads out"),
        ("../a.png", "leads out"),
        ("x/../../a.png", "leads out"),
        ("..", "leads out"),
        ("C:\\a.png", "leads out"),
        ("C:a.png", "leads out"),
        ("\\\\host\\a.png", "leads out"),
        ("x\\a.png", "leads out"),
        ("b.png", "is not there"),
        ("A.PNG", "is not there"),
        ("sub", "is not there"),
        ("sub/b.png", "is not there"),
        ("no/such/a.png", "is not there"),
        ("x" * 300, "is not there"),
    ],
)
def test_file_when_outside_or_not_there_then_a_fault(tmp_path: Path, file: str, words: str) -> None:
    (tmp_path / "sub").mkdir()
    (fault,) = said(write(tmp_path, "m.csv", table(ROW | {"file": file})))
    assert words in fault


@pytest.mark.parametrize("file", ["sub/c.png", "./a.png", "sub//c.png", " a.png"])
def test_file_when_below_the_folder_then_found(tmp_path: Path, file: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.png").touch()
    assert said(write(tmp_path, "m.csv", table(ROW | {"file": file}))) == []


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"age": "²"}, "age “²” is not"),
        ({"age": "9" * 5000}, "is not a whole number"),
        ({"age": "131"}, "age “131” is not"),
        ({"age": "30.5"}, "age “30.5” is not"),
        ({"landing_url": "https://[x"}, "landing_url “https://[x” is not"),
        ({"landing_url": "https://"}, "landing_url “https://” is not"),
        ({"landing_url": "ftp://example.org/"}, "is not a web address"),
        ({"landing_url": "https://example.org:99999/"}, "is not a web address"),
        ({"license_url": "https://[x"}, "license_url “https://[x” is not"),
        ({"license_url": "https://a@example.org/"}, "is not a link"),
        ({"license_url": "https://example.org/a b"}, "is not a link"),
        ({"license_url": "ftp://example.org/"}, "is not a link"),
        ({"landing_url": "https://user:secret@example.org/"}, "is not a web address"),
        ({"landing_url": "https://example.org@evil.example.org/"}, "is not a web address"),
        ({"landing_url": "https://example.org/a\nb"}, "is not a web address"),
        ({"landing_url": "https://example.org/a\tb"}, "is not a web address"),
        ({"landing_url": "https://example.org/a b"}, "is not a web address"),
        ({"landing_url": 'https://example.org/"onclick="x'}, "is not a web address"),
        ({"landing_url": "https://example.org\\@evil.example.org/"}, "is not a web address"),
        ({"landing_url": "https://example.org/\u202e"}, "is not a web address"),
        ({"foreign_id": "PAT_1_1_1\u200b"}, "holds a sign that cannot be seen"),
        ({"foreign_id": "PAT_1_1_1\ufe0f"}, "holds a sign that cannot be seen"),
        ({"foreign_id": "PAT_1_1_1\u3164"}, "holds a sign that cannot be seen"),
        ({"foreign_id": "PAT_1_1_" + "1" * 400}, "has more than 400 characters"),
        ({"foreign_id": "1"}, "foreign_id “1” is not an id of this source"),
        ({"license": " "}, "“license” or “license_url” is missing"),
        ({"creator": ""}, "“creator” is empty"),
        ({"title": "a\0b"}, "“title” holds characters"),
        ({"title": "a\x1bb"}, "“title” holds characters"),
        ({"title": "a\ud800b"}, "“title” holds characters"),
        ({"title": "x" * 10_001}, "“title” has more than 10,000"),
    ],
)
def test_cell_when_unfit_then_one_fault_of_its_line(tmp_path: Path, cells: Mapping[str, str], words: str) -> None:
    source = load_source("wikimedia-commons") if "creator" in cells else PAD
    row = {**ROW, **cells} if source is PAD else {**ROW, "title": "t", "foreign_id": "M1", **cells}
    row |= {"landing_url": "https://commons.wikimedia.org/x"} if source is not PAD else {}
    (fault,) = said(write(tmp_path, "m.jsonl", json.dumps(row) + "\n"), source=source)
    assert fault.startswith("line 1: ")
    assert words in fault
    assert fault.isprintable()


def test_age_when_a_table_of_numbers_wrote_it_then_sound(tmp_path: Path) -> None:
    assert said(write(tmp_path, "m.csv", table(ROW | {"age": "30.0"}))) == []


def test_landing_url_when_on_another_host_than_the_sources_then_said_at_once(tmp_path: Path) -> None:
    source = load_source("brown-skin-matters")
    (fault,) = said(write(tmp_path, "m.csv", table(ROW)), source=source)
    assert "is not on a host of this source: brownskinmatters.com" in fault


@pytest.mark.parametrize(
    ("tone", "missing"),
    [
        ({"skin_tone": "II"}, ["skin_tone_scale", "skin_tone_assessed_by"]),
        (
            {"skin_tone": "II", "skin_tone_scale": "Fitzpatrick", "skin_tone_assessed_by": " "},
            ["skin_tone_assessed_by"],
        ),
        ({"fst": "II", "skin_tone_assessed_by": "A. Curator"}, []),
        ({"skin_tone": "", "skin_tone_scale": "Fitzpatrick"}, []),
    ],
)
def test_skin_tone_when_without_scale_or_who_saw_it_then_a_fault(
    tmp_path: Path, tone: Mapping[str, str], missing: list[str]
) -> None:
    path = write(tmp_path, "m.csv", table({**ROW, **tone}))
    faults = said(path, source=IOWA)
    assert faults == [f"line 2: skin_tone “II” needs “{field}” beside it" for field in missing]


def test_ids_when_they_stand_twice_then_every_row_says_how_often(tmp_path: Path) -> None:
    rows = [ROW, ROW | {"foreign_id": "PAT_2_2_2"}, ROW, ROW | {"foreign_id": ""}, ROW | {"foreign_id": ""}]
    faults = said(write(tmp_path, "m.csv", table(*rows)), source=IOWA)
    assert faults[-1] == "line 6: “foreign_id” is empty"
    assert [fault for fault in faults if "stands in" in fault] == [
        "line 2: foreign_id “PAT_1_1_1” stands in 2 rows",
        "line 4: foreign_id “PAT_1_1_1” stands in 2 rows",
    ]


@pytest.mark.parametrize(("one", "other"), [("é", "e\u0301"), ("\uff21", "A"), ("ﬁ", "fi"), ("a", "a\u200b")])
def test_ids_when_they_look_the_same_then_they_stand_twice(tmp_path: Path, one: str, other: str) -> None:
    faults = said(write(tmp_path, "m.csv", table(ROW | {"foreign_id": one}, ROW | {"foreign_id": other})), source=IOWA)
    assert [fault[:6] for fault in faults if "stands in 2 rows" in fault] == ["line 2", "line 3"]


@pytest.mark.parametrize("name", ["a-link.png", "sub/private.png", "circle.png"])
def test_file_when_a_link_leads_out_of_the_folder_then_not_there(tmp_path: Path, name: str) -> None:
    folder, outside = tmp_path / "brought", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "private.png").write_bytes(b"private")
    (folder / "a-link.png").symlink_to(outside / "private.png")
    (folder / "sub").symlink_to(outside)
    (folder / "circle.png").symlink_to("circle.png")
    (fault,) = said(write(folder, "m.csv", table(ROW | {"file": name})))
    assert f"file “{name}” is not there" in fault


def test_file_when_a_link_stays_in_the_folder_then_found_also_where_the_folder_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "brought"
    folder.mkdir()
    write(folder, "m.csv", table(ROW | {"file": "b.png"}))
    (folder / "b.png").symlink_to("a.png")
    (tmp_path / "link").symlink_to(folder)
    assert said(tmp_path / "link" / "m.csv") == []


@pytest.mark.parametrize("body", [b"", b"file\nb.png\n", table(ROW).encode() + b"more"])
def test_table_when_it_is_another_than_was_opened_then_stopped(tmp_path: Path, body: bytes) -> None:
    path = write(tmp_path, "m.csv", table(ROW))
    sheet = open_sheet(path)
    path.write_bytes(body)
    with pytest.raises(Stopped, match=r"m\.csv was changed while it was read"):
        check_rows(sheet, match_columns(sheet.columns, {}), PAD, on_fault=lambda fault: None)


def test_table_when_it_is_gone_after_it_was_opened_then_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", table(ROW))
    sheet = open_sheet(path)
    path.unlink()
    with pytest.raises(Stopped, match="cannot be read"):
        list(read_lines(sheet))


def test_jsonl_when_lines_are_no_rows_then_every_one_is_named(tmp_path: Path) -> None:
    lines = ("[" * 100_000, json.dumps(ROW), "[1]", '{"a": NaN}', '{"file": {}}', '{"file": 1, "file": 2}')
    faults = said(write(tmp_path, "m.jsonl", "\n".join(lines)))
    assert [int(fault.split()[1].rstrip(":")) for fault in faults if "is no JSON object" in fault] == [1, 3, 4, 5, 6]
