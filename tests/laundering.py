"""One picture brought in twice: the archive's, and a copy of it as an item of another source."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import pyvips

from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS, Operator
from dermref.model.change import Author
from dermref.model.harvest import Fetched, HarvestRequest
from dermref.model.pair import PairVerdict
from dermref.registry.load import load_source
from dermref.services.ingest import Job, ingest
from dermref.services.report import Report
from dermref.services.searching import Wanted, search, shelf_of
from dermref.services.twins import PairRecord, list_pairs
from dermref.sources.adapters import MANIFEST
from isic_server import IsicServer
from run_types import Run

COMMONS = "wikimedia-commons"
Bring = Callable[..., Report]
Copy = Callable[..., tuple[PairRecord, bytes]]
COPY = f"{COMMONS}:M1"
CURATOR = Author("A. Curator", "looked at it")


@pytest.fixture
def bring(run: Run, blobs: Blobs, tmp_path: Path) -> Bring:
    """Bring one file in as an item of another source."""

    def once(data: bytes, license_: str, *, foreign_id: str = "M1", modality: str = "") -> Report:
        folder = tmp_path / "other"
        folder.mkdir(exist_ok=True)
        (folder / f"{foreign_id}.jpg").write_bytes(data)
        text = io.StringIO()
        row = {
            "file": f"{foreign_id}.jpg",
            "foreign_id": foreign_id,
            "title": "A picture",
            "creator": "Somebody Else",
            "license": license_,
            "landing_url": "https://commons.wikimedia.org/wiki/File:Copy.jpg",
            "modality": modality,
        }
        table = csv.DictWriter(text, row)
        table.writeheader()
        table.writerow(row)
        (folder / "manifest.csv").write_text(text.getvalue(), encoding="utf-8")
        source = load_source(COMMONS)
        return ingest(
            Job(
                source=source,
                adapter=MANIFEST,
                request=HarvestRequest(source, folder=folder / "manifest.csv"),
                fetch=_no_fetch,
                blobs=blobs,
                operator=Operator(),
                workers=1,
            )
        )

    return once


@pytest.fixture
def copied(run: Run, archive: IsicServer, bring: Bring) -> Copy:
    """Bring in an image of the archive under a license, and then a copy under another: the one pair found, and
    the bytes of the original."""

    def once(
        license_: str, claimed: str = "CC0 1.0", change: Callable[[bytes], bytes] = bytes
    ) -> tuple[PairRecord, bytes]:
        _, data = original(archive, license_)
        run()
        bring(change(data), claimed)
        (pair,) = list_pairs(verdict=PairVerdict.OPEN, limit=9)
        return pair, data

    return once


def _no_fetch(url: str, *, max_bytes: int) -> Fetched:
    raise AssertionError("a folder needs no network")


def original(archive: IsicServer, license_: str) -> tuple[str, bytes]:
    """The id and the bytes of an image of the archive, under this license."""
    isic_id = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.relicense(isic_id, license_)
    return isic_id, archive.files[isic_id].read_bytes()


def shown() -> set[str]:
    """The ids of all images that anybody may see."""
    return {one.record.public_id for one in search(Wanted(), shelf_of(ANONYMOUS)).images}


def reduced(data: bytes, quality: int = 60) -> bytes:
    """A smaller and recompressed copy."""
    return bytes(pyvips.Image.thumbnail_buffer(data, 300).jpegsave_buffer(Q=quality))
