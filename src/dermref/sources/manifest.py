"""A folder with a CSV, TSV or JSON-lines manifest: for every source that has no interface of its own. All rows are
checked and all faults told before the first item is handed on; a row is its own evidence."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, FileRef, Harvested, Refusal
from dermref.model.harvest import BadCursor, Fetch, HarvestRequest, Missed, Page
from dermref.model.manifest import IGNORED
from dermref.sources.manifest_check import RowFault, check_rows
from dermref.sources.manifest_columns import Matching, match_columns
from dermref.sources.manifest_evidence import read, row_document
from dermref.sources.manifest_folder import own_path
from dermref.sources.manifest_needs import given_by
from dermref.sources.manifest_rows import Given
from dermref.sources.manifest_table import Line, Sheet, open_sheet, read_lines

__all__ = ["ask_again", "harvest", "read"]

reader = "manifest/2"
FIRST_READER = "manifest/1"  # rows under our own column names, which `read` still reads
is_local = True
is_mirrored = False
is_listing_complete = False

PAGE_SIZE = 100
MOST_SHOWN = 40


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of rows in file order. Raises Stopped with the faults of the manifest by line, or where its columns have
    other names than the fields and nobody said which is which."""
    manifest = request.folder
    if manifest is None or not manifest.is_file():
        raise Stopped("Say which manifest to read with --from FILE (.csv, .tsv or .jsonl).")
    sheet = open_sheet(manifest)
    matching = match_columns(sheet.columns, dict(request.columns or ()))
    if request.columns is None and not matching.is_own and not matching.faults:
        raise Stopped(unconfirmed(matching))
    total = _check(sheet, matching, request)
    given = (*given_by(request.source), *matching.implied)
    start = _start(request.cursor, sheet)
    lines = islice(read_lines(sheet), start, None)
    for at in range(start, total, PAGE_SIZE):
        found = [_outcome(line, matching, given, manifest, request) for line in islice(lines, PAGE_SIZE)]
        following = f"{at + PAGE_SIZE}@{sheet.sha256}" if at + PAGE_SIZE < total else None
        items = tuple(one for one in found if isinstance(one, Harvested))
        yield Page(items, following, total, missed=tuple(one for one in found if isinstance(one, Missed)))


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """A manifest cannot be asked; a row that is gone withdraws nothing."""
    raise Stopped("A manifest does not tell what was withdrawn.")


def unconfirmed(matching: Matching) -> str:
    """What to say where the columns bear other names than the fields."""
    pairs = [f"--map “{name}={field}”" for name, field in matching.said if field not in (name, IGNORED)]
    chosen = f", or by {' '.join(pairs)}" if pairs else ""
    return f"Its columns are not all named as the fields are; confirm how they were matched by --yes{chosen}."


def _check(sheet: Sheet, matching: Matching, request: HarvestRequest) -> int:
    """How many rows there are. Raises Stopped with the first faults, and how many more there are."""
    shown: list[str] = []

    def tell(fault: RowFault) -> None:
        if len(shown) < MOST_SHOWN:
            shown.append(str(fault))

    checked = check_rows(sheet, matching, request.source, on_fault=tell)
    if not checked.faults:
        return checked.rows
    more = f"… and {checked.faults - MOST_SHOWN:,} more; “dermref manifest check” lists them all"
    named = "1 fault" if checked.faults == 1 else f"{checked.faults:,} faults"
    last = [more] if checked.faults > MOST_SHOWN else []
    raise Stopped("\n".join([f"{sheet.path.name} has {named}; nothing was taken:", *shown, *last]))


def _start(cursor: str | None, sheet: Sheet) -> int:
    """How many rows an earlier run has dealt with. Raises BadCursor where that was another table."""
    if cursor is None:
        return 0
    found = re.fullmatch(r"([0-9]{1,12})@([0-9a-f]{64})", cursor)
    if found is None or found[2] != sheet.sha256:
        raise BadCursor("The manifest is not the one that the last run read.")
    return int(found[1])


def _outcome(
    line: Line, matching: Matching, given: Given, manifest: Path, request: HarvestRequest
) -> Harvested | Missed:
    """The row as an item, with its file; missed where the file went away since the check."""
    unread = row_document(line.cells, matching, given, sha256="", manifest=manifest.name)
    item = read(unread, request.source)
    assert item.file is not None  # every row of a checked manifest has one
    path = manifest.parent / item.file.url
    try:
        real = own_path(path, manifest.parent)
        if real is None:
            return Missed(item.foreign_id, Refusal("file-outside", f"{item.file.url} leads out of the folder"))
        with real.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        return Missed(item.foreign_id, Refusal("file-gone", f"{item.file.url} cannot be read: {error.strerror}"))
    document = row_document(line.cells, matching, given, sha256=sha256, manifest=manifest.name)
    return replace(read(document, request.source), file=FileRef(item.file.url, path, size, sha256))
