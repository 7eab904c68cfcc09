"""A manifest's file as lines of cells: which encoding, which delimiter, which columns. It reads the file as a stream,
as often as asked and the very same bytes each time, and knows nothing of what the columns mean."""

import codecs
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn, TextIO

from dermref.model.deployment import Stopped
from dermref.sources.manifest_bytes import CHUNK, Digests, SameBytes, digests_of
from dermref.sources.manifest_columns import recognised

DELIMITERS = {".csv": ",;\t", ".txt": ",;\t", ".tsv": "\t"}
JSON_LINES = (".jsonl", ".ndjson")
UTF_8, UTF_16, WINDOWS = "utf-8-sig", "utf-16", "cp1252"
MOST_COLUMNS = 1_000  # real tables have a tenth of it
NOT_UTF_8 = "it is not UTF-8 and was read as Windows-1252: look at a name with an accent before you take it"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that can be read as a table. `delimiter` is None for JSON lines; `notes` are sentences for who brings it;
    `digests` are those of its bytes when it was opened."""

    path: Path
    digests: Digests
    encoding: str
    delimiter: str | None
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """That of its bytes (hex)."""
        return self.digests.whole


class Line(NamedTuple):
    """One row with the number of the line it begins on; `fault` says why it is none, and then it has no cells."""

    number: int
    cells: list[str]
    fault: str | None = None


def open_sheet(path: Path) -> Sheet:
    """How `path` is to be read. Raises Stopped for what is no table at all."""
    kind = path.suffix.lower()
    if kind not in DELIMITERS and kind not in JSON_LINES:
        raise Stopped(f"{path.name} is none of {', '.join((*DELIMITERS, *JSON_LINES))}.")
    try:
        digests = digests_of(path)
    except OSError as error:
        raise Stopped(f"{path.name} cannot be read: {error.strerror}.") from None
    encoding = _encoding(path, digests)
    notes = (NOT_UTF_8,) if encoding == WINDOWS else ()
    same = _Same(path, digests, encoding)
    delimiter, columns = (None, _keys(same)) if kind in JSON_LINES else _cells(same, kind)
    if len(columns) > MOST_COLUMNS:
        raise Stopped(f"{path.name} has more than {MOST_COLUMNS:,} columns: it is no manifest.")
    return Sheet(path, digests, encoding, delimiter, columns, notes)


def read_lines(sheet: Sheet) -> Iterator[Line]:
    """Every row of the sheet in its order, sound or not; empty lines are none. Raises Stopped where the file is not any
    more what it was."""
    with _text(_Same(sheet.path, sheet.digests, sheet.encoding), sheet.delimiter) as stream:
        if sheet.delimiter is None:
            yield from _json_lines(stream, sheet.columns)
        else:
            yield from _table_lines(stream, sheet.delimiter, len(sheet.columns))


class _Same(NamedTuple):
    """The file with what its bytes were, and its encoding."""

    path: Path
    digests: Digests
    encoding: str


def _text(same: _Same, delimiter: str | None) -> TextIO:
    """JSON lines end in a line feed alone: a string in them may hold the other line breaks."""
    stream = io.BufferedReader(SameBytes(same.path, same.digests), CHUNK)
    return io.TextIOWrapper(stream, encoding=same.encoding, newline="\n" if delimiter is None else "")


def _encoding(path: Path, digests: Digests) -> str:
    with io.BufferedReader(SameBytes(path, digests)) as file:
        start = file.read(2)
    tried = (UTF_16,) if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else (UTF_8, WINDOWS)
    found = next((one for one in tried if _is_encoded(path, digests, one)), None)
    if found is None:
        raise Stopped(f"{path.name} is text in none of UTF-8, UTF-16 with its mark and Windows-1252; save it as UTF-8.")
    return found


def _is_encoded(path: Path, digests: Digests, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with io.BufferedReader(SameBytes(path, digests), CHUNK) as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _cells(same: _Same, kind: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter under which most columns are known, and then most columns are; and those columns."""
    headers = {one: _header(same, one) for one in DELIMITERS[kind]}
    best = max(headers, key=lambda one: (sum(map(recognised, headers[one])), len(headers[one])))
    return best, headers[best]


def _header(same: _Same, delimiter: str) -> tuple[str, ...]:
    """The cells of the first line that has any; none where it cannot be read so."""
    with _text(same, delimiter) as stream:
        try:
            return next((tuple(cells) for cells in csv.reader(stream, delimiter=delimiter, strict=True) if cells), ())
        except csv.Error:
            return ()


def _keys(same: _Same) -> tuple[str, ...]:
    """Every key that any object has, in the order they are met."""
    found: dict[str, None] = {}
    with _text(same, None) as stream:
        for line in stream:
            found |= dict.fromkeys(_object(line) or ())
            if len(found) > MOST_COLUMNS:
                break
    return tuple(found)


def _table_lines(stream: TextIO, delimiter: str, width: int) -> Iterator[Line]:
    """Strictly read: a quote that is never closed swallows no row unnoticed."""
    table = csv.reader(stream, delimiter=delimiter, strict=True)
    is_header = True
    while True:
        number = table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(number, [], f"cannot be read as cells: {error}")
            continue
        if not cells:
            continue
        if is_header:
            is_header = False
        elif len(cells) != width:
            yield Line(number, [], f"has {len(cells)} cells, and the first line {width}")
        else:
            yield Line(number, cells)


def _json_lines(stream: TextIO, columns: tuple[str, ...]) -> Iterator[Line]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        row = _object(line)
        if row is None:
            yield Line(number, [], "is no JSON object of texts and numbers, each key once")
        else:
            yield Line(number, [row.get(name, "") for name in columns])


def _object(line: str) -> dict[str, str] | None:
    """The cells as text, numbers in their own digits; None for what is no row."""
    try:
        value = json.loads(
            line, parse_int=str, parse_float=str, parse_constant=_no_number, object_pairs_hook=_each_key_once
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or any(isinstance(item, dict | list) for item in value.values()):
        return None
    return {key: "" if item is None else str(item) for key, item in value.items()}


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object says a key twice")
    return found
