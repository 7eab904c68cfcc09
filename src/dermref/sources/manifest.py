"""A folder with a CSV or JSON-lines manifest: for every source that has no interface of its own. All rows are checked
and all faults gathered before the first item is handed on; a row is its own evidence."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, SkinTone, Statement
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source

reader = "manifest/1"
is_local = True
is_listing_complete = False

COLUMNS = (
    "file",
    "foreign_id",
    "title",
    "creator",
    "license",
    "license_url",
    "attribution",
    "landing_url",
    "condition",
    "modality",
    "body_site",
    "skin_tone_scale",
    "skin_tone",
    "age",
    "sex",
)
NEEDED = ("file", "foreign_id", "landing_url")
PAGE_SIZE = 100
MOST_SHOWN = 40
Row = Mapping[str, str]


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of rows in file order. Raises Stopped with every fault of the manifest, by line."""
    manifest = request.folder
    if manifest is None or not manifest.is_file():
        raise Stopped("Say which manifest to read with --from FILE (.csv or .jsonl).")
    rows = _rows(manifest)
    faults = _check_rows(rows, manifest)
    if faults:
        more = [f"… and {len(faults) - MOST_SHOWN} more"] if len(faults) > MOST_SHOWN else []
        raise Stopped(
            "\n".join([f"{manifest.name} has {len(faults)} faults; nothing was taken:", *faults[:MOST_SHOWN], *more])
        )
    start = int(request.cursor) if request.cursor and request.cursor.isdigit() else 0
    for at in range(start, len(rows), PAGE_SIZE):
        items = tuple(_item(row, manifest, request.source) for _, row in rows[at : at + PAGE_SIZE])
        following = str(at + PAGE_SIZE) if at + PAGE_SIZE < len(rows) else None
        yield Page(items, following, len(rows))


def read(document: Document, source: Source) -> Harvested:
    """What one stored row says."""
    row: Row = json.loads(document.body)
    has_license = bool(row.get("license") or row.get("license_url"))
    statement = Statement(row.get("license", ""), row.get("license_url") or None)
    return Harvested(
        source_id=source.source_id,
        foreign_id=row["foreign_id"],
        landing_url=row["landing_url"],
        file=FileRef(row["file"]),
        document=document,
        statements=(statement,) if has_license else (),
        creator=row.get("creator") or None,
        contributor=row.get("attribution") or None,
        rights_holder=row.get("creator") or None,
        depiction=_depiction(row),
        metadata=dict(row),
    )


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """A manifest cannot be asked; a row that is gone withdraws nothing."""
    raise Stopped("A manifest does not tell what was withdrawn.")


def _depiction(row: Row) -> Depiction:
    tone = row.get("skin_tone")
    scale = row.get("skin_tone_scale") or "not stated"
    return Depiction(
        title=row.get("title") or None,
        condition=row.get("condition") or None,
        modality=row.get("modality") or None,
        body_site=row.get("body_site") or None,
        age=int(row["age"]) if row.get("age") else None,
        sex=row.get("sex") or None,
        skin_tones=(SkinTone(scale, tone, "as the manifest says"),) if tone else (),
    )


def _item(row: Row, manifest: Path, source: Source) -> Harvested:
    data = (manifest.parent / row["file"]).read_bytes()
    kept = {key: value for key, value in row.items() if value} | {"sha256": hashlib.sha256(data).hexdigest()}
    body = json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()
    item = read(Document(body, f"manifest:{manifest.name}"), source)
    file = FileRef(row["file"], manifest.parent / row["file"], len(data), kept["sha256"])
    return replace(item, file=file)


def _rows(manifest: Path) -> list[tuple[int, Row]]:
    """Rows with their line numbers. Raises Stopped where the file cannot be read as a table."""
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Stopped(f"{manifest.name} cannot be read as UTF-8 text.") from None
    if manifest.suffix.lower() == ".csv":
        table = csv.DictReader(io.StringIO(text, newline=""))
        return [
            (table.line_num, {key or "": (value or "") if isinstance(value, str) else "" for key, value in row.items()})
            for row in table
        ]
    if manifest.suffix.lower() in (".jsonl", ".ndjson"):
        return [(at, _json_row(line, at, manifest)) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    raise Stopped(f"{manifest.name} is neither .csv nor .jsonl.")


def _json_row(line: str, at: int, manifest: Path) -> Row:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Stopped(f"{manifest.name}, line {at}: not a JSON object.")
    return {str(key): "" if item is None else str(item) for key, item in value.items()}


def _check_rows(rows: list[tuple[int, Row]], manifest: Path) -> list[str]:
    if not rows:
        return [f"{manifest.name}: no rows"]
    unknown = sorted(set().union(*(row.keys() for _, row in rows)) - set(COLUMNS))
    faults = [f"line 1: unknown column “{name}”" for name in unknown]
    times = Counter(row.get("foreign_id", "") for _, row in rows)
    for at, row in rows:
        faults += [f"line {at}: {text}" for text in _check_row(row, manifest.parent)]
        if times[row.get("foreign_id", "")] > 1:
            faults.append(f"line {at}: foreign_id “{row.get('foreign_id')}” stands in {times[row['foreign_id']]} rows")
    return faults


def _check_row(row: Row, folder: Path) -> list[str]:
    faults = [f"“{name}” is empty" for name in NEEDED if not row.get(name, "").strip()]
    name = row.get("file", "")
    if name and (PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts):
        faults.append(f"file “{name}” leads out of the folder")
    elif name and not (folder / name).is_file():
        faults.append(f"file “{name}” is not there")
    if row.get("landing_url") and not row["landing_url"].startswith(("https://", "http://")):
        faults.append(f"landing_url “{row['landing_url']}” is not a web address")
    if row.get("age") and not (row["age"].isdigit() and int(row["age"]) <= 130):
        faults.append(f"age “{row['age']}” is not a whole number of years")
    return faults
