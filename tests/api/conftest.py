"""The shared real ingests, and a client that looks at the first images of one."""

import pytest

from dermref.catalog import models
from ingest_fixtures import archive, blobs, legacy, run
from reading_client import ReadingClient
from run_types import Run

__all__ = ["archive", "blobs", "legacy", "run"]
WEBP_FIRST = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"  # as browsers ask for a picture


@pytest.fixture
def client(run: Run) -> ReadingClient:
    run(limit=3)
    return ReadingClient()


@pytest.fixture
def path(client: ReadingClient) -> str:
    return f"/api/image/{models.Image.objects.first().public_id}"
