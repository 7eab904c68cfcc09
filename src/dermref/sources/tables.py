"""A small table as rows by the names of its columns, read as manifests are: every fault by its line, and no guess at an
encoding where a curator cannot look at it first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dermref.model.deployment import Stopped
from dermref.sources.manifest_cells import is_formula, unreadable
from dermref.sources.manifest_table import open_sheet, read_lines

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows with their line numbers, the faults of what is none, and the columns."""

    rows: Sequence[tuple[int, Row]]
    faults: Sequence[str]
    columns: tuple[str, ...]


def read_table(path: Path) -> Table:
    """The table in a file. Raises Stopped with one sentence where it cannot be read as one."""
    sheet = open_sheet(path)
    if sheet.notes:
        raise Stopped(f"{path.name} cannot be read as UTF-8 text; save it again as “CSV UTF-8”.")
    twice = sorted({one for one in sheet.columns if sheet.columns.count(one) > 1})
    lines = list(read_lines(sheet))
    return Table(
        rows=[(one.number, dict(zip(sheet.columns, one.cells, strict=True))) for one in lines if one.fault is None],
        faults=[
            *(f"line 1: two columns are called “{one}”" for one in twice),
            *(f"line {one.number}: {one.fault}" for one in lines if one.fault is not None),
        ],
        columns=sheet.columns,
    )


def check_cells(row: Row) -> list[str]:
    """What no database or page could hold, or a spreadsheet would run."""
    run = [f"“{name}” holds a spreadsheet formula, not its value" for name in row if is_formula(row[name])]
    return [*unreadable(tuple(row), list(row.values())), *run]
