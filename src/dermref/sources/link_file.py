"""A table of links: a curator's own, or the annotation table of a data set release, told apart by their columns. It
reads what stands there and gathers every fault by line; whether an address may be linked to is not its to say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dermref.model.link import NewLink
from dermref.sources.tables import Row, Table, check_cells, read_table
from dermref.sources.words import load_words

SOURCE = "source_id"
NEEDED = ("url", "title")
FOR_WHAT = ("condition", "topic")
WORDS = (*NEEDED, *FOR_WHAT, "language", "note")


@dataclass(frozen=True, slots=True)
class LinkFile:
    """The links of a file in its order, every fault, and how many rows a release's table has that lead nowhere."""

    links: tuple[NewLink, ...]
    faults: tuple[str, ...] = ()
    left_out: int = 0


def read_links(path: Path, source_id: str | None) -> LinkFile:
    """The links in a file, all of one source, or each of the one that its row names. Raises Stopped with one sentence
    where it cannot be read as a table."""
    table = read_table(path)
    columns = table.columns
    release = next((one for one in load_words("link_columns")["release"] if {*one["known_by"]} <= {*columns}), None)
    found = _of_release(table, release, source_id) if release and source_id else _of_curator(table, columns, source_id)
    if not found.links and not found.faults:
        return LinkFile((), (f"{path.name}: no rows",), found.left_out)
    return found


def _of_curator(table: Table, columns: tuple[str, ...], source_id: str | None) -> LinkFile:
    needed = NEEDED if source_id else (SOURCE, *NEEDED)
    names, header = _names(columns, needed)
    if header:  # every row would be at fault for the same reason
        return LinkFile((), (*header, *table.faults))
    faults = [*table.faults]
    links: list[NewLink] = []
    for line, row in table.rows:
        cells = {names[name]: value.strip() for name, value in row.items() if name in names}
        said = check_cells(row) or _check_row(cells, needed)
        faults += [f"line {line}: {text}" for text in said]
        if not said:
            links.append(_link(cells, source_id, line))
    return LinkFile(tuple(links), (*faults, *_repeated(links)))


def _link(cells: Mapping[str, str], source_id: str | None, line: int) -> NewLink:
    words = {name: cells.get(name, "") for name in WORDS}
    is_login = bool(_answer(cells.get("needs_login", "")))
    return NewLink(source_id or cells[SOURCE], **words, needs_login=is_login, line=line)


def _names(columns: tuple[str, ...], needed: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """Our name for each column, and the faults of the header."""
    ours = {_plain(alias): name for name, aliases in load_words("link_columns")["columns"].items() for alias in aliases}
    names = {column: ours[_plain(column)] for column in columns if _plain(column) in ours}
    faults = [f"line 1: unknown column “{column}”" for column in columns if column not in names]
    times = Counter(names.values())
    faults += [f"line 1: two columns mean “{name}”" for name, number in times.items() if number > 1]
    faults += [f"line 1: no column “{name}”" for name in needed if name not in times]
    if SOURCE in times and SOURCE not in needed:
        faults.append(f"line 1: “{SOURCE}” says whose page each row is; say “each” in place of a source")
    if not any(name in times for name in FOR_WHAT):
        faults.append("line 1: no column “condition” and none “topic”")
    return names, faults


def _check_row(cells: Mapping[str, str], needed: tuple[str, ...]) -> list[str]:
    faults = [f"“{name}” is empty" for name in needed if not cells.get(name)]
    if sum(bool(cells.get(name)) for name in FOR_WHAT) != 1:
        faults.append("a link is for a condition or for a topic: one of the two has to be there, and not both")
    if _answer(cells.get("needs_login", "")) is None:
        faults.append(f"needs_login “{cells['needs_login']}” is neither yes nor no")
    return faults


def _answer(cell: str) -> bool | None:
    answers = load_words("link_columns")["answers"]
    return next((said == "yes" for said, words in answers.items() if cell.casefold() in words), None)


def _of_release(table: Table, release: Mapping[str, Any], source_id: str) -> LinkFile:
    links: list[NewLink] = []
    faults = list(table.faults)
    known: set[tuple[str, str]] = set()
    left_out = 0
    for line, row in table.rows:
        wanted = {name: row.get(name, "").strip() for name in release["known_by"]}
        url, condition, title = (wanted[release[name]] for name in ("url", "condition", "title"))
        said = check_cells(wanted)
        if not said and (not url or (url, condition) in known):
            left_out += 1
            continue
        faults += [f"line {line}: {text}" for text in said or _missing(condition)]
        known.add((url, condition))
        note = "; ".join(_notes(release, wanted))
        links.append(NewLink(source_id, url, title, condition, note=note, line=line))
    return LinkFile(tuple(links), tuple(faults), left_out)


def _missing(condition: str) -> list[str]:
    return [] if condition else ["the label is empty"]


def _notes(release: Mapping[str, Any], row: Row) -> list[str]:
    told = [(one, row[one["column"]]) for one in release["note"]]
    return [one["text"].format(value) for one, value in told if value and value in one.get("only", [value])]


def _repeated(links: list[NewLink]) -> list[str]:
    first: dict[tuple[str, ...], int] = {}
    faults = []
    for link in links:
        at = first.setdefault((link.source_id, link.url, link.condition.casefold(), link.topic.casefold()), link.line)
        if at != link.line:
            faults.append(f"line {link.line}: the same link as in line {at}")
    return faults


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
