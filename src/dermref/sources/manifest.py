"""A folder with a CSV or JSON-lines manifest: for every source that has no interface of its own. All rows are checked
and all faults gathered before the first item is handed on; a row is its own evidence."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, SkinTone, Statement
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source
from dermref.sources.tables import Row, Table, check_cells, printable, read_table

reader = "manifest/1"
is_local = True
is_mirrored = False
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
YEARS = re.compile(r"[0-9]{1,3}")


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of rows in file order. Raises Stopped with every fault of the manifest, by line."""
    manifest = request.folder
    if manifest is None or not manifest.is_file():
        raise Stopped("Say which manifest to read with --from FILE (.csv or .jsonl).")
    table = read_table(manifest)
    rows = table.rows
    faults = [printable(fault) for fault in [*table.faults, *_check_rows(table, manifest)]]
    if not rows and not faults:
        faults = [f"{manifest.name}: no rows"]
    if faults:
        more = [f"… and {len(faults) - MOST_SHOWN} more"] if len(faults) > MOST_SHOWN else []
        raise Stopped(
            "\n".join([f"{manifest.name} has {len(faults)} faults; nothing was taken:", *faults[:MOST_SHOWN], *more])
        )
    start = int(request.cursor) if request.cursor and request.cursor.isdecimal() else 0
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


def _check_rows(table: Table, manifest: Path) -> list[str]:
    rows = table.rows
    unknown = sorted({*(table.columns or ()), *(name for _, row in rows for name in row)} - set(COLUMNS))
    faults = [f"line 1: unknown column “{name}”" for name in unknown]
    times = Counter(row.get("foreign_id", "") for _, row in rows)
    for at, row in rows:
        faults += [f"line {at}: {text}" for text in check_cells(row) or _check_row(row, manifest.parent)]
        foreign_id = row.get("foreign_id", "")
        if foreign_id.strip() and times[foreign_id] > 1:
            faults.append(f"line {at}: foreign_id “{foreign_id}” stands in {times[foreign_id]} rows")
    return faults


def _check_row(row: Row, folder: Path) -> list[str]:
    faults = [f"“{name}” is empty" for name in NEEDED if not row.get(name, "").strip()]
    name = row.get("file", "")
    if name and (PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts):
        faults.append(f"file “{name}” leads out of the folder")
    elif name and not _is_there(folder / name):
        faults.append(f"file “{name}” is not there")
    if row.get("landing_url") and _scheme(row["landing_url"]) not in ("http", "https"):
        faults.append(f"landing_url “{row['landing_url']}” is not a web address")
    if row.get("license_url") and _scheme(row["license_url"]) is None:
        faults.append(f"license_url “{row['license_url']}” is not a link")
    if row.get("age") and not (YEARS.fullmatch(row["age"]) and int(row["age"]) <= 130):
        faults.append(f"age “{row['age']}” is not a whole number of years")
    return faults


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # the name is too long for the disk
        return False


def _scheme(url: str) -> str | None:
    """The scheme of a link with a host, "" when it has none of its own; None for what is no link."""
    try:
        parts = urlsplit(url)
        return parts.scheme if parts.hostname and (parts.port or 0) >= 0 else None
    except ValueError:
        return None
