"""Reads a table that somebody typed or exported: CSV in the ways of several programs, tab-separated text, JSON lines.
It gathers what is wrong by line and guesses nothing: text that is not UTF-8 is not read."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from dermref.model.deployment import Stopped

LONGEST_CELL = 10_000
HALF_FAULT = 150  # characters at either end of a long sentence
DELIMITERS = {
    ".csv": ",;\t",
    ".tsv": "\t",
}  # the first is what the suffix says; programs of many countries write others
JSON_LINES = (".jsonl", ".ndjson")
# What a spreadsheet would run when the table is opened again; a minus before a number, or a name with an @, is no such.
FORMULA = re.compile(r"\s*(?:=|[+@-]\S*[(|!])")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows with their line numbers, and the faults of what is none. `columns` are those of the header; JSON lines
    have none, and name theirs row by row."""

    rows: Sequence[tuple[int, Row]]
    faults: Sequence[str] = ()
    columns: tuple[str, ...] | None = None


def read_table(path: Path) -> Table:
    """The table in a file. Raises Stopped with one sentence where it cannot be read as one."""
    text = _text(path)
    if path.suffix.lower() in DELIMITERS:
        return _csv(text, DELIMITERS[path.suffix.lower()])
    if path.suffix.lower() in JSON_LINES:
        return _json_lines(text)
    raise Stopped(f"{path.name} is neither {', '.join(DELIMITERS)} nor {JSON_LINES[0]}.")


def check_cells(row: Row) -> list[str]:
    """What no database or page could hold, or a spreadsheet would run."""
    long = [f"“{name}” has more than {LONGEST_CELL:,} characters" for name in row if len(row[name]) > LONGEST_CELL]
    odd = [f"“{name}” holds characters that no text has" for name in row if not _is_text(row[name])]
    run = [f"“{name}” begins like a formula of a spreadsheet" for name in row if FORMULA.match(row[name])]
    return long + odd + run


def printable(fault: str) -> str:
    """One line for a terminal, whatever the table holds."""
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in fault)
    return shown if len(shown) <= 2 * HALF_FAULT else f"{shown[:HALF_FAULT]}…{shown[-HALF_FAULT:]}"


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Stopped(f"{path.name} cannot be read: {error.strerror}.") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Stopped(
            f"{path.name} cannot be read as UTF-8 text: line {line} holds the byte {data[error.start]:#04x}."
            " Save it again as “CSV UTF-8”."
        ) from None


def _csv(text: str, delimiters: str) -> Table:
    delimiter = _delimiter(text, delimiters)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, Row]] = []
    faults: list[str] = []
    columns: tuple[str, ...] = ()
    try:
        columns = tuple(table.fieldnames or ())
        faults += [
            f"line 1: two columns are called “{one}”" for one in sorted({c for c in columns if columns.count(c) > 1})
        ]
        for row in table:
            if None in row:
                faults.append(f"line {table.line_num}: more cells than the header has columns")
            cells = {key: value or "" for key, value in row.items() if key is not None}
            rows.append((table.line_num, cells))
    except csv.Error as error:
        faults.append(f"line {table.reader.line_num}: {error}")
    return Table(rows, faults, columns)


def _delimiter(text: str, delimiters: str) -> str:
    """What parts the header into most columns; the first of them where none parts it."""
    header = text.partition("\n")[0][:LONGEST_CELL]
    parted = {one: len(next(csv.reader([header], delimiter=one), [])) for one in delimiters}
    return max(delimiters, key=parted.__getitem__)


def _json_lines(text: str) -> Table:
    rows: list[tuple[int, Row]] = []
    faults: list[str] = []
    for at, line in enumerate(text.split("\n"), 1):  # only here: a string may hold the other line breaks of Unicode
        if line.strip():
            row = _json_row(line)
            if row is None:
                faults.append(f"line {at}: not a JSON object of texts and numbers")
            else:
                rows.append((at, row))
    return Table(rows, faults)


def _json_row(line: str) -> Row | None:
    """The cells as text, numbers in their own digits."""
    try:
        value = json.loads(line, parse_int=str, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or any(isinstance(item, dict | list) for item in value.values()):
        return None
    return {key: "" if item is None else str(item) for key, item in value.items()}


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _is_text(cell: str) -> bool:
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in cell)
