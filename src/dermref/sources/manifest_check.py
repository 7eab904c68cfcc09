"""Checks every row of a manifest and tells every fault with its line, before anything is taken. It reads the file as a
stream and keeps no row, so that a million rows need little memory."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dermref.model.manifest import ManifestField as Field
from dermref.model.source import Source
from dermref.sources.manifest_cells import (
    CONTROL,
    LONGEST_CELL,
    Test,
    id_as_seen,
    is_formula,
    leads_out,
    printable,
    tests_of,
    unreadable,
)
from dermref.sources.manifest_columns import Matching
from dermref.sources.manifest_folder import Folder, Hashes
from dermref.sources.manifest_needs import Need, given_by, needs_of
from dermref.sources.manifest_rows import TONE, filled
from dermref.sources.manifest_table import Sheet, read_lines

Cells = list[str]


class RowFault(NamedTuple):
    """What is wrong, and the line of the file on which the row begins."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Checked:
    """How many rows there are, how many of them may be taken, and how many faults were told. Where the first line is at
    fault, no row may."""

    rows: int
    accepted: int
    faults: int

    @property
    def faulty(self) -> int:
        """Rows that may not be taken."""
        return self.rows - self.accepted


def check_rows(sheet: Sheet, matching: Matching, source: Source, *, on_fault: Callable[[RowFault], None]) -> Checked:
    """Check the whole manifest; `on_fault` is told every fault, in the order of the lines."""
    plan = _Plan(sheet, matching, source)
    rows = sound = faults = 0
    for text in plan.header_faults():
        faults += 1
        on_fault(RowFault(1, printable(text)))
    is_readable = not faults
    for line in read_lines(sheet):
        rows += 1
        texts = [line.fault] if line.fault else list(plan.faults(line.cells))
        sound += not texts
        faults += len(texts)
        for text in texts:
            on_fault(RowFault(line.number, printable(text)))
    if not rows:
        faults += 1
        on_fault(RowFault(1, "no rows follow"))
    return Checked(rows, sound if is_readable else 0, faults)


class _Plan:
    """What every row of this sheet is held against, worked out once."""

    def __init__(self, sheet: Sheet, matching: Matching, source: Source) -> None:
        self._columns = sheet.columns
        self._matching = matching
        self._given = {**dict(given_by(source)), **dict(matching.implied)}
        self._place = {field: at for at, field in enumerate(matching.fields) if field is not None}
        tests = tests_of(source)
        self._test_id: Test = tests.pop(Field.FOREIGN_ID)
        self._tests = [(self._place[field], field, test) for field, test in tests.items() if field in self._place]
        self._mapped = [(at, field) for field, at in self._place.items()]
        needs = [need for need in needs_of(source) if not any(field in self._given for field in need.fields)]
        columns = {need: [self._place[field] for field in need.fields if field in self._place] for need in needs}
        self._lacking = [need for need, places in columns.items() if not places]
        self._needed = [(_unsaid(need), places) for need, places in columns.items() if places]
        self._folder = Folder(sheet.path.parent)
        self._times = self._count_ids(sheet)

    def header_faults(self) -> Iterator[str]:
        yield from self._matching.faults
        yield from (f"no column is {need.named}: {_why(need)}" for need in self._lacking)

    def faults(self, cells: Cells) -> Iterator[str]:
        """What is wrong with one row."""
        whole = "\n".join(cells)
        if len(whole) > LONGEST_CELL or CONTROL.search(whole):
            bad = list(unreadable(self._columns, cells))
            if bad:
                yield from bad
                return
        yield from (unsaid for unsaid, places in self._needed if not _is_said(cells, places))
        for at, field in self._mapped:
            cell = cells[at]
            if is_formula(cell):
                yield f"{field} “{cell}” holds a spreadsheet formula, not its value"
        for at, field, test in self._tests:
            cell = cells[at].strip()
            if cell and (text := test(cell)):
                yield f"{field} {text}"
        yield from self._id_faults(self._value(Field.FOREIGN_ID, cells))
        yield from self._file_faults(self._value(Field.FILE, cells))
        yield from self._tone_faults(cells)

    def _id_faults(self, foreign_id: str) -> Iterator[str]:
        if foreign_id and (text := self._test_id(foreign_id)):
            yield f"foreign_id {text}"
        if foreign_id and (times := self._times.get(id_as_seen(foreign_id), 1)) > 1:
            yield f"foreign_id “{foreign_id}” stands in {times} rows"

    def _file_faults(self, name: str) -> Iterator[str]:
        if name and leads_out(name):
            yield f"file “{name}” leads out of the folder"
        elif name and not self._folder.has(name):
            yield f"file “{name}” is not there"

    def _tone_faults(self, cells: Cells) -> Iterator[str]:
        at = self._place.get(Field.SKIN_TONE)
        if at is None or not cells[at].strip():
            return
        for field in TONE:
            beside = self._place.get(field)
            if field not in self._given and (beside is None or not cells[beside].strip()):
                yield f"skin_tone “{cells[at].strip()}” needs “{field}” beside it"

    def _value(self, field: Field, cells: Cells) -> str:
        """The row's id or file, from its cell or as it is given."""
        at = self._place.get(field)
        own = cells[at].strip() if at is not None else ""
        if own or field not in self._given:
            return own
        other = Field.FILE if field is Field.FOREIGN_ID else Field.FOREIGN_ID
        beside = self._place.get(other)
        said = {other: cells[beside].strip()} if beside is not None else {}
        return filled(self._given[field], said) or ""

    def _count_ids(self, sheet: Sheet) -> Counter[str]:
        """How often each id stands that stands more than once, as it is seen."""
        twice = Hashes(one for one in self._ids(sheet) if one).repeated()
        return Counter(one for one in self._ids(sheet) if one and hash(one) in twice) if twice else Counter()

    def _ids(self, sheet: Sheet) -> Iterator[str]:
        rows = (line.cells for line in read_lines(sheet) if not line.fault)
        return (id_as_seen(self._value(Field.FOREIGN_ID, cells)) for cells in rows)


def _is_said(cells: Cells, places: list[int]) -> bool:
    return any(cells[at] and not cells[at].isspace() for at in places)


def _unsaid(need: Need) -> str:
    return f"{need.named} is empty" if len(need.fields) == 1 else f"{need.named} is missing: {_why(need)}"


def _why(need: Need) -> str:
    return f"{need.why} (“{need.phrase}”)" if need.phrase else need.why
