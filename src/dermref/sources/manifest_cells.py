"""What may be wrong with one cell of a manifest, one question each; None where nothing is."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from dermref.model.manifest import ManifestField as Field
from dermref.model.source import Source

LONGEST_CELL = 10_000
HALF_FAULT = 150  # characters at either end of a long sentence
Test = Callable[[str], str | None]
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
YEARS = re.compile(r"([0-9]{1,3})(?:\.0+)?")
OLDEST = 130
# A spreadsheet computes a cell that begins so; the byte order mark, space and quotes before it hide it from the eye.
FORMULA = re.compile(r"[\s\ufeff'\"“”‘’]*[=+\-@]")
PLAIN_MINUS = re.compile(r"-(?:[0-9]+(?:[.,][0-9]+)?)?")
FORMULA_BEGINS = frozenset("=+-@\ufeff'\"“”‘’ \t\r\n\v\f\xa0")


def tests_of(source: Source) -> dict[Field, Test]:
    """What each field's cell is held against, where it says anything."""
    pattern, hosts = re.compile(source.ingest.foreign_id_pattern or ".+"), frozenset(source.ingest.hosts)
    return {
        Field.FOREIGN_ID: lambda cell: None if pattern.fullmatch(cell) else f"“{cell}” is not an id of this source",
        Field.LANDING_URL: lambda cell: _landing(cell, hosts),
        Field.LICENSE_URL: lambda cell: f"“{cell}” is not a link" if _host(cell) is None else None,
        Field.AGE: lambda cell: f"“{cell}” is not a whole number of years" if years(cell) is None else None,
    }


def unreadable(columns: tuple[str, ...], cells: list[str]) -> Iterator[str]:
    """Cells that no database or page could hold."""
    for name, cell in zip(columns, cells, strict=True):
        if len(cell) > LONGEST_CELL:
            yield f"“{name}” has more than {LONGEST_CELL:,} characters"
        if CONTROL.search(cell):
            yield f"“{name}” holds characters that no text has"


def printable(fault: str) -> str:
    """One line for a terminal, whatever the manifest holds."""
    if not fault.isprintable():
        fault = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in fault)
    return fault if len(fault) <= 2 * HALF_FAULT else f"{fault[:HALF_FAULT]}…{fault[-HALF_FAULT:]}"


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute the cell rather than show it."""
    if not cell or cell[0] not in FORMULA_BEGINS:
        return False
    return bool(FORMULA.match(cell)) and not PLAIN_MINUS.fullmatch(cell)


def years(cell: str) -> int | None:
    """The age in whole years, also where a table wrote it with zeros behind a point."""
    found = YEARS.fullmatch(cell)
    return int(found[1]) if found and int(found[1]) <= OLDEST else None


def leads_out(name: str) -> bool:
    """Whether a path leads out of the manifest's folder, or would on another system."""
    if name.isalnum() or ("/" not in name and "\\" not in name and ":" not in name and name != ".."):
        return False
    windows = PureWindowsPath(name)
    return "\\" in name or name.startswith("/") or bool(windows.drive) or ".." in PurePosixPath(name).parts


def _landing(cell: str, hosts: frozenset[str]) -> str | None:
    host = _host(cell)
    if not host or not cell.startswith(("https://", "http://")):
        return f"“{cell}” is not a web address"
    if hosts and host not in hosts:
        return f"“{cell}” is not on a host of this source: {', '.join(sorted(hosts))}"
    return None


@lru_cache(4096)  # the links of licenses, and often of pages, are the same in row after row
def _host(url: str) -> str | None:
    """The host of a link that has one; None for what is no link."""
    try:
        parts = urlsplit(url)
        return parts.hostname if (parts.port or 0) >= 0 else None
    except ValueError:
        return None
