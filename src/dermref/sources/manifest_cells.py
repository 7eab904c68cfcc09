"""What may be wrong with one cell of a manifest, one question each; None where nothing is."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath
from unicodedata import category
from urllib.parse import urlsplit

from dermref.model.manifest import ManifestField as Field
from dermref.model.source import Source
from dermref.sources.reading import one_spelling, web_address

LONGEST_CELL = 10_000
LONGEST_ID = 400  # characters: an index of PostgreSQL takes no more than 2,700 bytes
HALF_FAULT = 150  # characters at either end of a long sentence
Test = Callable[[str], str | None]
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
YEARS = re.compile(r"([0-9]{1,3})(?:\.0+)?")
OLDEST = 130
# A spreadsheet computes a cell that begins so, in wide letters, too; blanks and quotes before it hide it from the eye.
FORMULA = re.compile(r"[\s'\"“”‘’]*[=+\-@]")
PLAIN_MINUS = re.compile(r"-(?:[0-9]+(?:[.,][0-9]+)?)?")
# Beside controls, format signs and breaks, these are drawn as nothing though they count as letters or marks.
UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp"})
UNDRAWN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
NOT_IN_ADDRESS = frozenset('"<>\\^`')  # an address writes them as %22 and so on


def tests_of(source: Source) -> dict[Field, Test]:
    """What each field's cell is held against, where it says anything."""
    pattern, hosts = re.compile(source.ingest.foreign_id_pattern or ".+"), frozenset(source.ingest.hosts)
    return {
        Field.FOREIGN_ID: lambda cell: _foreign_id(cell, pattern),
        Field.LANDING_URL: lambda cell: _landing(cell, hosts),
        Field.LICENSE_URL: lambda cell: None if _license_host(cell) else f"“{cell}” is not a link",
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
    if not cell or cell[0].isalnum():
        return False
    spelled = cell if cell.isascii() else one_spelling(UNDRAWN.sub("", cell))
    return bool(FORMULA.match(spelled)) and not PLAIN_MINUS.fullmatch(cell)


def is_unseen(text: str) -> bool:
    """Whether the text holds a sign that nobody sees: two texts that look alike would not be the same.

    >>> is_unseen("a b"), is_unseen("a\\u200bb")
    (False, True)
    """
    if text.isascii():
        return not text.isprintable()
    return bool(UNDRAWN.search(text)) or any(category(char) in UNSEEN_CATEGORIES for char in text)


def id_as_seen(foreign_id: str) -> str:
    """The id for comparing: two that look the same are the same."""
    return foreign_id if foreign_id.isascii() else one_spelling(UNDRAWN.sub("", foreign_id))


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


def _foreign_id(cell: str, pattern: re.Pattern[str]) -> str | None:
    if len(cell) > LONGEST_ID:
        return f"“{cell}” has more than {LONGEST_ID} characters"
    if is_unseen(cell):
        return f"“{cell}” holds a sign that cannot be seen"
    return None if pattern.fullmatch(cell) else f"“{cell}” is not an id of this source"


def _landing(cell: str, hosts: frozenset[str]) -> str | None:
    host = _host(cell)
    if host is None:
        return f"“{cell}” is not a web address"
    if hosts and host not in hosts:
        return f"“{cell}” is not on a host of this source: {', '.join(sorted(hosts))}"
    return None


def _license_host(cell: str) -> str | None:
    """The host of a license's link, which many tables write without the scheme before its slashes."""
    return _host(f"https:{cell}" if cell.startswith("//") else cell)


@lru_cache(4096)  # the links of licenses, and often of pages, are the same in row after row
def _host(url: str) -> str | None:
    """The host of a web address; None for what is none, or holds a name, a password, a blank or a quote."""
    if web_address(url) is None or not NOT_IN_ADDRESS.isdisjoint(url):
        return None
    try:
        parts = urlsplit(url)
        return parts.hostname if (parts.port or 0) >= 0 and "@" not in parts.netloc else None
    except ValueError:
        return None
