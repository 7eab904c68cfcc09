"""Real ingests: the real adapter against our own ISIC server, into a store of the test's own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dermref.media.store import Blobs
from dermref.model.asking import Operator
from dermref.model.harvest import Fetched, HarvestRequest
from dermref.registry.load import load_source
from dermref.services.ingest import Job, ingest
from dermref.services.registering import register_sources
from dermref.services.report import Fate
from dermref.sources import dermnet_legacy, isic
from dermref.sources.fetch import HttpFetch
from isic_server import IsicServer
from run_types import Run

DEMO = Path(__file__).parents[1] / "demo"


@pytest.fixture
def archive() -> Iterator[IsicServer]:
    """12 images of the demo in pages of 5."""
    with IsicServer(DEMO / "isic-archive", max_page=5) as server:
        for isic_id in sorted(server.objects)[12:]:
            server.withdraw(isic_id)
        yield server


@pytest.fixture
def blobs(settings: Any, tmp_path: Path) -> Blobs:
    """A store of this test alone, where the services look for it."""
    settings.DERMREF = replace(settings.DERMREF, data_dir=tmp_path)
    images = settings.STORAGES["images"] | {"OPTIONS": {"location": tmp_path / "store"}}
    settings.STORAGES = settings.STORAGES | {"images": images}
    return Blobs(tmp_path / "store")


@pytest.fixture
def run(db: None, archive: IsicServer, blobs: Blobs) -> Iterator[Run]:
    """Ingest the archive once; keyword arguments change the job."""
    register_sources()
    source = load_source("isic-archive")
    with HttpFetch(None, base_url=archive.api_url, patience=0.01) as fetch:
        job = Job(
            source=source,
            adapter=isic,
            request=HarvestRequest(source, base_url=archive.api_url),
            fetch=fetch,
            blobs=blobs,
            operator=Operator(),
            workers=1,
        )
        yield lambda **changes: ingest(replace(job, **changes))


@pytest.fixture
def legacy(db: None, blobs: Blobs, tmp_path: Path) -> list[str]:
    """Two dev-only images, made of a test picture in the layout of the legacy data set; their ids."""
    register_sources()
    picture = Path(__file__).parent / "files" / "hopper.jpg"
    folder = tmp_path / "kaggle" / "train" / "Acne and Rosacea Photos"
    folder.mkdir(parents=True)
    (folder / "07PerioralDermEye.jpg").write_bytes(picture.read_bytes())
    (folder / "Psoriasis Chronic-100.jpg").write_bytes((picture.parent / "orientation_2.jpg").read_bytes())
    source = load_source(dermnet_legacy.SOURCE_ID)
    request = HarvestRequest(source, folder=tmp_path / "kaggle")
    report = ingest(
        Job(
            source=source,
            adapter=dermnet_legacy,
            request=request,
            fetch=_no_fetch,
            blobs=blobs,
            operator=Operator(),
            workers=1,
        )
    )
    assert report.fates[Fate.PUBLISHED] == 2, report
    return [f"{source.source_id}:train/Acne and Rosacea Photos/{path.name}" for path in sorted(folder.iterdir())]


def _no_fetch(url: str, *, max_bytes: int) -> Fetched:
    raise AssertionError("a folder needs no network")
