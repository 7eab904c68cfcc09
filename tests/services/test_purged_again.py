"""A real item of a source that needs a grant: in by the letter, out when it is revoked, in again by the next."""

import csv
from pathlib import Path

import pytest
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.grants import revoke_grant
from dermref.catalog.policies import key_of
from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS, Action, Viewer, ViewerKind
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.model.policy import Hold
from dermref.services.auditing import audit
from dermref.services.deciding import answers, question_of
from dermref.services.purging import purge
from dermref.services.registering import register_sources
from dermref.services.repairing import commands, repair, survey
from dermref.services.report import Fate, Report
from dermref.services.serving import Bytes, Refused, Shown, open_bytes, show
from dermref.services.start_ingest import Order, start_ingest
from kept_in_writing import GRANTED, permit
from reading_client import ReadingClient
from stored import locate

FILES = Path(__file__).parents[1] / "files"
PUBLIC_ID = f"{GRANTED}:one"
WHY = "They took it back"


@pytest.fixture
def manifest(db: None, blobs: Blobs, tmp_path: Path) -> Path:
    register_sources()
    (tmp_path / "one.jpg").write_bytes((FILES / "hopper.jpg").read_bytes())
    row = {
        "file": "one.jpg",
        "foreign_id": "one",
        "landing_url": "https://www.pathologyoutlines.com/one",
        "title": "One",
    }
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    return tmp_path / "manifest.csv"


def take_in(manifest: Path) -> Report:
    report = start_ingest(Order(GRANTED, folder=manifest, is_manifest=True, workers=1), lambda report: None)
    assert report.state == "finished", report.message
    assert not report.reasons, report.details
    return report


def revoke_and_purge(blobs: Blobs) -> models.Image:
    revoke_grant("letter-1", author=Author("A. Curator", WHY), at=timezone.now())
    purge(blobs)
    return models.Image.objects.get(public_id=PUBLIC_ID)


def test_image_when_purged_then_held_audited_and_never_repaired_back(manifest: Path, blobs: Blobs) -> None:
    permit()
    assert take_in(manifest).fates[Fate.PUBLISHED] == 1
    image = revoke_and_purge(blobs)
    assert key_of(image.policy).holds == (Hold.PURGED,)
    assert (audit(blobs).disagreements, list(blobs.keys())) == ([], [])
    found = repair(blobs)
    assert (found.broken, commands(found), list(blobs.keys())) == ([], [], [])
    with pytest.raises(Stopped, match="never stored"):
        take_in(manifest)


def test_image_when_a_new_grant_is_recorded_then_the_next_ingest_brings_it_back_with_new_evidence(
    manifest: Path, blobs: Blobs
) -> None:
    permit()
    take_in(manifest)
    before = models.Image.objects.get()
    revoke_and_purge(blobs)
    permit("letter-2")
    assert audit(blobs).disagreements == []
    assert take_in(manifest).fates[Fate.UPDATED] == 1
    after = models.Image.objects.get()
    assert (key_of(after.policy).holds, after.evidence.supersedes_id) == ((), before.evidence_id)
    assert locate(blobs, after.sha256)
    assert models.Fingerprint.objects.filter(image=after).exists()
    assert (audit(blobs).disagreements, survey(blobs, deep=True).broken, purge(blobs)) == ([], [], ())
    assert isinstance(show(PUBLIC_ID, viewer=ANONYMOUS), Shown)
    opened = open_bytes(GRANTED, "one", size="small", viewer=ANONYMOUS)
    assert isinstance(opened, Bytes)
    opened.stream.close()


def test_purged_image_when_a_curator_asks_then_told_when_and_why_and_others_only_that_it_is_gone(
    manifest: Path, blobs: Blobs
) -> None:
    permit()
    take_in(manifest)
    revoke_and_purge(blobs)
    for kind in ViewerKind:
        verdict = show(PUBLIC_ID, viewer=Viewer(kind))
        assert isinstance(verdict, Refused)
        (reason,) = verdict.decision.reasons
        assert reason.code == "hold-purged"
        assert (WHY in reason.text) is (kind is ViewerKind.CURATOR), kind
    asked = answers(PUBLIC_ID, question_of(Action.PRESENT, viewer=Viewer(ViewerKind.CURATOR)), [Action.PRESENT])
    assert isinstance(asked, dict)
    assert "was revoked on" in asked[Action.PRESENT].reasons[0].text


def test_purged_image_when_its_page_and_record_are_asked_for_then_refused_with_its_reason(
    manifest: Path, blobs: Blobs
) -> None:
    permit()
    take_in(manifest)
    revoke_and_purge(blobs)
    client = ReadingClient()
    page = client.get(f"/images/{PUBLIC_ID}/")
    assert (page.status_code, "This image was removed" in page.body.decode()) == (403, True)
    record = client.get(f"/api/v1/images/{PUBLIC_ID}")
    assert (record.status_code, record.json()["decision"]["reasons"][0]["code"]) == (403, "hold-purged")
    assert client.get(f"/api/image/{PUBLIC_ID}").status_code == 403
    assert client.get("/api/v1/images").json()["count"] == 0
