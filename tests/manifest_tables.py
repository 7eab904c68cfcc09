"""Manifests as people write them, for the tests that read them."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from dermref.model.source import Source
from dermref.registry.load import load_source
from dermref.sources.manifest_check import Checked, RowFault, check_rows
from dermref.sources.manifest_columns import match_columns
from dermref.sources.manifest_table import open_sheet

SAMPLES = Path(__file__).parent / "manifests"
PAD = load_source("pad-ufes-20")
# A sound row of that source; its file is made by `write`.
ROW = {
    "file": "a.png",
    "foreign_id": "PAT_1_1_1",
    "landing_url": "https://example.org/1",
    "license": "CC BY 4.0",
    "creator": "Jane Doe",
}


def table(*rows: Mapping[str, str], delimiter: str = ",") -> str:
    """The rows as text, with the columns of the first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """The manifest, beside the one file that `ROW` names."""
    (folder / "a.png").write_bytes(b"x")
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def checked(
    path: Path, chosen: Mapping[str, str] | None = None, *, source: Source = PAD
) -> tuple[Checked, list[RowFault]]:
    """The check of the whole manifest, and every fault that it told."""
    sheet, faults = open_sheet(path), list[RowFault]()
    found = check_rows(sheet, match_columns(sheet.columns, chosen or {}), source, on_fault=faults.append)
    assert found.faults == len(faults)
    return found, faults


def said(path: Path, chosen: Mapping[str, str] | None = None, *, source: Source = PAD) -> list[str]:
    """Every fault as a sentence."""
    return [str(fault) for fault in checked(path, chosen, source=source)[1]]
