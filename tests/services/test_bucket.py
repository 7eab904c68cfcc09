"""The files in a bucket instead of a folder: ingest, gate, audit, doctor and repair work the same."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dermref.catalog import models
from dermref.media.storage import place_of
from dermref.media.store import Blobs
from dermref.services.auditing import audit
from dermref.services.deployment import blobs as deployed
from dermref.services.repairing import repair, survey
from isic_server import IsicServer
from reading_client import ReadingClient
from run_types import Run
from s3_fixtures import bucket, bucket_blobs, endpoint

__all__ = ["bucket", "bucket_blobs", "endpoint"]

NOBODY = "http://127.0.0.1:9"  # nothing listens there
DEMO = Path(__file__).parents[2] / "demo" / "isic-archive"


@pytest.fixture
def store(blobs: Blobs, bucket: str, endpoint: str, settings: Any) -> Blobs:
    """The bucket where the services look for it, set as `DERMREF_STORE` sets it."""
    options = {"bucket_name": bucket, "location": "pictures", "endpoint_url": endpoint, "region_name": "us-east-1"}
    images = {"BACKEND": "dermref.media.s3.S3Shelf", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"images": images}
    return deployed()


def test_archive_when_ingested_into_a_bucket_then_served_audited_and_idempotent(run: Run, store: Blobs) -> None:
    assert run(blobs=store).state == "finished"
    assert not (store.root / "sha256").exists()
    client, path = ReadingClient(), "/api/isic-image/ISIC_0000000"
    whole = client.get(path)
    assert whole["ETag"] == f'"{hashlib.sha256(whole.body).hexdigest()}"'
    assert int(whole["Content-Length"]) == len(whole.body)
    part = client.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.body) == (206, whole.body[10:20])
    assert client.get(path, {"size": "small"}).status_code == 200
    assert (audit(store).disagreements, survey(store, deep=True).broken, store.noted()) == ([], [], set())
    assert {fate: number for fate, number in run(blobs=store).fates.items() if number} == {"unchanged": 12}


def test_bucket_when_damaged_then_not_served_repaired_and_brought_anew(run: Run, store: Blobs) -> None:
    run(blobs=store)
    key = models.Image.objects.get(foreign_id="ISIC_0000000").sha256
    store.shelf.keep(place_of(key), b"not the picture")
    store.shelf.keep(place_of(hashlib.sha256(b"orphan").hexdigest()), b"orphan")
    assert ReadingClient().get("/api/isic-image/ISIC_0000000").status_code == 404
    assert len(repair(store).broken) == 2
    run(blobs=store)
    assert (audit(store).disagreements, survey(store, deep=True).broken) == ([], [])


def test_ingest_when_the_bucket_does_not_answer_then_stopped_and_resumable(
    run: Run, archive: IsicServer, store: Blobs, settings: Any
) -> None:
    good = settings.STORAGES
    options = good["images"]["OPTIONS"] | {"bucket_name": "nobodys"}
    settings.STORAGES = good | {"images": good["images"] | {"OPTIONS": options}}
    report = run(blobs=deployed())
    assert (report.state, "s3://nobodys" in report.message) == ("stopped", True)
    assert models.Image.objects.count() == 0
    settings.STORAGES = good
    assert run(blobs=deployed()).state == "finished"
    settings.STORAGES = good | {"images": good["images"] | {"OPTIONS": options | {"endpoint_url": NOBODY}}}
    report = run(blobs=deployed())  # asks whether the files of known items are there
    assert (report.state, "run the same command again" in report.message) == ("stopped", True)
    settings.STORAGES = good
    assert (audit(deployed()).disagreements, deployed().noted()) == ([], set())


def test_command_when_the_store_is_a_bucket_by_setting_then_the_whole_command_line_works(
    tmp_path: Path, bucket: str, endpoint: str
) -> None:
    place = f"s3://{bucket}/pictures?endpoint_url={endpoint}&region_name=us-east-1&addressing_style=path"
    environ = {**os.environ, "DERMREF_DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DERMREF_STORE": place}

    def dermref(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "dermref", *words]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    assert dermref("ingest", "isic-archive", "--from", str(DEMO), "--limit", "3").returncode == 0
    assert dermref("audit").stdout == "audit: 3 images, 6 files, 0 disagreements\n"
    doctor = dermref("doctor", "--deep")
    assert (doctor.returncode, f"s3://{bucket}/pictures, 6 files, 0 orphans" in doctor.stdout) == (0, True)
