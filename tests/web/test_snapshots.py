"""The page of a snapshot and its document: public, unchanged, with a visible gap where an image was taken down."""

import hashlib
import json
import re
from html import unescape

import pytest

from dermref.catalog import models
from dermref.model.collection import Sharing, SnapshotRecord
from ingest_fixtures import archive, blobs, run
from institutions import asking_as
from kept_sets import collection, hold, ids, snapshot
from run_types import Run

__all__ = ["archive", "blobs", "run"]


@pytest.fixture
def images(run: Run) -> list[str]:
    run()
    return ids()


@pytest.fixture
def frozen(images: list[str]) -> SnapshotRecord:
    return snapshot(collection("nevi", images[:4], description="As it was."))


def page(path: str = "/collections/nevi/1/") -> str:
    answer = asking_as(None).get(path)
    assert answer.status_code == 200
    return str(answer.body.decode())


def test_document_when_downloaded_then_its_sha256_is_the_content_hash_and_it_need_not_be_asked_for_again(
    frozen: SnapshotRecord,
) -> None:
    client = asking_as(None)
    answer = client.get("/api/v1/collections/nevi/snapshots/1/document")
    assert hashlib.sha256(answer.body).hexdigest() == frozen.sha256
    assert (answer["ETag"], answer["Content-Type"]) == (f'"{frozen.sha256}"', "application/json")
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == 'attachment; filename="nevi-1.json"'
    assert json.loads(answer.body)["collection"] == "nevi"
    unchanged = client.get("/api/v1/collections/nevi/snapshots/1/document", HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (unchanged.status_code, unchanged.body) == (304, b"")
    assert frozen.sha256 in page()
    assert 'href="/api/v1/collections/nevi/snapshots/1/document" download="nevi-1.json"' in page()


def test_snapshot_when_its_collection_is_closed_or_changed_then_stays_as_it_was(frozen: SnapshotRecord) -> None:
    models.Collection.objects.update(sharing=Sharing.NOBODY, title="Another", description="Another")
    text = page()
    assert "The nevi set" in text
    assert "As it was." in text
    assert "Another" not in text
    assert asking_as(None).get("/collections/nevi/").status_code == 404
    assert 'href="/collections/nevi/"' not in text


def test_member_when_withdrawn_then_a_gap_with_id_and_reason_and_nothing_else(
    frozen: SnapshotRecord, images: list[str]
) -> None:
    models.Image.objects.filter(public_id=images[1]).update(title="Quillfeather", condition_as_published="Zebraform")
    hold(images[1])
    text = page()
    gap = re.search(r'<p class="meta at">2\. (.*?)<p class="meta at">3\.', text, re.DOTALL)
    assert gap
    assert images[1] in gap[1]
    assert "The source has withdrawn this image." in gap[1]
    assert [one for one in ("<img", "<a ", "credit", "Quillfeather", "Zebraform") if one in gap[1]] == []
    assert "Quillfeather" not in text
    assert "Zebraform" not in text
    assert "1 on this page may not be shown any more" in text


def test_member_when_its_file_is_another_by_now_then_said(frozen: SnapshotRecord, images: list[str]) -> None:
    models.Image.objects.filter(public_id=images[2]).update(sha256="b" * 64)
    assert page().count("another file by now") == 1


def test_doi_when_there_is_one_then_linked(frozen: SnapshotRecord) -> None:
    models.Snapshot.objects.update(doi="10.5555/nevi.1")
    assert '<a href="https://doi.org/10.5555/nevi.1">' in page()


def test_members_when_paged_then_by_place(images: list[str]) -> None:
    snapshot(collection("nevi", images))
    text = page("/collections/nevi/1/?from=11")
    assert re.findall(r'<p class="meta at">(\d+)\. ', text) == ["11", "12"]
    assert 'rel="prev" href="?from=1"' in text


@pytest.mark.parametrize("query", ["from=x", "from=-1", "from=1e3", "from=99999999999999999999"])
def test_place_when_it_means_nothing_then_one_sentence(frozen: SnapshotRecord, query: str) -> None:
    answer = asking_as(None).get(f"/collections/nevi/1/?{query}")
    assert (answer.status_code, "is no place in the list" in answer.body.decode()) == (400, True)


@pytest.mark.parametrize("number", ["0", "2", "9" * 12, "9" * 30, "9" * 5000, "-1", "x"])
def test_snapshot_when_there_is_none_then_404(frozen: SnapshotRecord, number: str) -> None:
    assert asking_as(None).get(f"/collections/nevi/{number}/").status_code == 404


def test_credit_list_when_drawn_then_the_frozen_one_with_licenses(frozen: SnapshotRecord) -> None:
    models.Image.objects.update(contributor="Somebody else")
    text = unescape(page())
    listed = re.search(r'<ul class="names credits">(.*?)</ul>', text, re.DOTALL)
    assert listed
    assert "Somebody else" not in listed[1]
    assert "4 images" in listed[1]
