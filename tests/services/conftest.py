"""Real ingests: the real adapter against our own ISIC server, into a store of the test's own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dermref.media.store import LocalBlobs
from dermref.model.asking import Operator
from dermref.model.harvest import HarvestRequest
from dermref.registry.load import load_source
from dermref.services.ingest import Job, ingest
from dermref.services.registering import register_sources
from dermref.services.report import Report
from dermref.sources import isic
from dermref.sources.fetch import HttpFetch
from isic_server import IsicServer

DEMO = Path(__file__).parents[2] / "demo"
Run = Callable[..., Report]


@pytest.fixture
def archive() -> Iterator[IsicServer]:
    """12 images of the demo in pages of 5."""
    with IsicServer(DEMO / "isic-archive", max_page=5) as server:
        for isic_id in sorted(server.objects)[12:]:
            server.withdraw(isic_id)
        yield server


@pytest.fixture
def blobs(settings: Any, tmp_path: Path) -> LocalBlobs:
    """A store of this test alone, where the services look for it."""
    settings.DERMREF = replace(settings.DERMREF, data_dir=tmp_path)
    return LocalBlobs(tmp_path / "store")


@pytest.fixture
def run(db: None, archive: IsicServer, blobs: LocalBlobs) -> Iterator[Run]:
    """Ingest the archive once; keyword arguments change the job."""
    register_sources()
    source = load_source("isic-archive")
    with HttpFetch(None, base_url=archive.api_url) as fetch:
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
