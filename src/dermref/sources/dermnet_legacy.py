"""The legacy Dermnet data set as a local folder: train|test/<class>/<file>. It has no license file and no record per
image; a class folder is a label, not a diagnosis."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dermref.model.deployment import Stopped
from dermref.model.evidence import Depiction, Document, FileRef, Harvested, Refusal
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.source import Source

SOURCE_ID = "dermnet-legacy"
reader = "dermnet-legacy/1"
is_local = True
is_mirrored = False
is_listing_complete = False

SPLITS = ("train", "test")
PAGE_SIZE = 100


def harvest(request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
    """Pages of files in name order. The folder is read, never fetched."""
    if request.folder is None:
        raise Stopped("This source is a local folder; say where it lies with --from DIR.")
    if request.query or request.since or request.base_url:
        raise Stopped("A local folder takes neither --query nor --since nor --base-url.")
    files = _files(request.folder)
    if not files:
        raise Stopped(f"{request.folder} has no train/ or test/ folder with classes of images in it.")
    names = [path.relative_to(request.folder).as_posix() for path in files]
    start = names.index(request.cursor) if request.cursor in names else 0
    for at in range(start, len(names), PAGE_SIZE):
        chosen = files[at : at + PAGE_SIZE]
        items = tuple(_item(path, request.folder, request.source) for path in chosen)
        following = names[at + PAGE_SIZE] if at + PAGE_SIZE < len(names) else None
        yield Page(items, following, len(names))


def read(document: Document, source: Source) -> Harvested:
    """What the record made of one file says: where it lay, and its hash."""
    record = json.loads(document.body)
    path, label = str(record["path"]), str(record["class"])
    return Harvested(
        source_id=source.source_id,
        foreign_id=path,
        landing_url=source.homepage_url,
        file=FileRef(path, None, int(record["bytes"]), str(record["sha256"])),
        document=document,
        statements=(),
        depiction=Depiction(title=Path(path).stem),
        metadata={"split": record["split"], "class_label": label, "sha256": record["sha256"]},
        faults=() if record["bytes"] else (Refusal("not-an-image", f"{path} is empty"),),
    )


def ask_again(foreign_id: str, request: HarvestRequest, fetch: Fetch) -> Document | None:
    """A folder cannot be asked; a missing file withdraws nothing."""
    raise Stopped("A local folder does not tell what was withdrawn.")


def _files(folder: Path) -> list[Path]:
    found = (path for split in SPLITS for path in (folder / split).glob("*/*") if path.is_file())
    return sorted(found, key=lambda path: path.as_posix())


def _item(path: Path, folder: Path, source: Source) -> Harvested:
    data = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    record: dict[str, Any] = {
        "path": name,
        "split": path.parts[-3],
        "class": path.parent.name,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    document = Document(json.dumps(record, ensure_ascii=False, sort_keys=True).encode(), f"folder:{name}")
    item = read(document, source)
    return replace(item, file=FileRef(name, path, len(data), record["sha256"]))
