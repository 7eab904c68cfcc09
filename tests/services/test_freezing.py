"""Snapshots: frozen as just anybody may see it, the same for ever, with visible gaps where something had to go."""

import hashlib
import json
from typing import Any

import pytest

from breaking import execute, on_sqlite, refused, replace
from collected import CURATOR, NC, hold, make_collection, make_image
from dermref.catalog import models
from dermref.catalog.snapshots import give_doi
from dermref.model.asking import ANONYMOUS
from dermref.model.collection import Keeper, Sharing, SnapshotRecord
from dermref.model.deployment import Stopped
from dermref.model.policy import Hold
from dermref.model.snapshot import read_frozen
from dermref.services.collecting import describe, remove, take_out
from dermref.services.freezing import (
    Gap,
    check,
    document_of,
    entries,
    find_snapshot,
    freeze,
    read_snapshot,
    snapshots_of,
)
from dermref.services.serving import Shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen() -> SnapshotRecord:
    ids = [make_image("ISIC_1", NC, contributor="B Hospital"), make_image("ISIC_2"), make_image("ISIC_3")]
    return freeze(make_collection("nevi", ids, description="For teaching"), keeper=CURATOR).snapshot


def said(snapshot: SnapshotRecord) -> Any:
    return json.loads(document_of(snapshot))


def test_document_when_frozen_then_its_hash_names_it_and_it_says_everything(frozen: SnapshotRecord) -> None:
    assert hashlib.sha256(document_of(frozen)).hexdigest() == frozen.sha256
    document = said(frozen)
    assert document["format"] == "dermref-snapshot/1"
    assert [one["id"] for one in document["members"]] == [f"isic-archive:ISIC_{one}" for one in "123"]
    first = document["members"][0]
    assert (first["sha256"], first["evidence"]) == ("a" * 64, "d" * 64)
    assert first["credit"] == "Image courtesy of B Hospital via ISIC Archive (CC BY-NC 4.0) · ISIC_1"
    assert document["policies"][first["policy"]]["license"] == NC
    assert [one["name"] for one in document["credits"]] == ["A Hospital", "B Hospital"]
    assert document["sources"][0]["terms"] == models.Source.objects.get(pk="isic-archive").digest


def test_document_when_read_then_the_same_comes_back(frozen: SnapshotRecord) -> None:
    assert read_frozen(document_of(frozen)) == read_snapshot(frozen)
    with pytest.raises(ValueError, match="no document of the form"):
        read_frozen(b'{"format": "another"}')


def test_collection_when_nothing_changed_then_it_is_not_frozen_twice(frozen: SnapshotRecord) -> None:
    record = models.Collection.objects.get(slug="nevi")
    again = freeze(_record(), keeper=Keeper("B", is_curator=True))
    assert (again.snapshot, again.is_new) == (frozen, False)
    assert record.snapshot_set.count() == 1


def test_collection_when_it_changed_then_the_next_snapshot_has_the_next_number(frozen: SnapshotRecord) -> None:
    take_out(_record(), ["isic-archive:ISIC_2"], keeper=CURATOR)
    second = freeze(_record(), keeper=CURATOR)
    assert (second.snapshot.name, second.snapshot.images, second.is_new) == ("nevi@2", 2, True)
    assert [one.number for one in snapshots_of("nevi")] == [2, 1]
    assert find_snapshot("nevi", 1) == frozen


def test_member_when_taken_down_later_then_a_gap_with_its_reason_and_nothing_else(frozen: SnapshotRecord) -> None:
    hold("isic-archive:ISIC_2", Hold.TAKEDOWN)
    found = entries(read_snapshot(frozen).members, viewer=ANONYMOUS)
    gap = found[1].now
    assert isinstance(gap, Gap)
    assert gap.code == "hold-takedown"
    assert [isinstance(one.now, Shown) for one in found] == [True, False, True]
    report = check(frozen)
    assert (report.is_whole, [one for one, _ in report.gaps], report.other_files) == (True, ["isic-archive:ISIC_2"], ())


def test_member_when_its_file_is_another_one_then_it_is_told(frozen: SnapshotRecord) -> None:
    models.Image.objects.filter(foreign_id="ISIC_3").update(sha256="c" * 64)
    assert [one.is_same_file for one in entries(read_snapshot(frozen).members, viewer=ANONYMOUS)] == [True, True, False]
    assert check(frozen).other_files == ("isic-archive:ISIC_3",)


def test_member_when_taken_out_of_the_collection_then_the_snapshot_still_has_it(frozen: SnapshotRecord) -> None:
    take_out(_record(), ["isic-archive:ISIC_1"], keeper=CURATOR)
    describe(_record(), title="Another", sharing=Sharing.NOBODY, keeper=CURATOR)
    assert len(entries(read_snapshot(frozen).members, viewer=ANONYMOUS)) == 3
    assert read_snapshot(frozen).title == "Nevi"


def test_freezing_when_not_just_anybody_may_see_some_then_they_stay_out_and_are_counted() -> None:
    ids = [make_image("ISIC_1"), make_image("ISIC_2")]
    record = make_collection("part", ids)
    hold(ids[0])
    done = freeze(record, keeper=CURATOR)
    assert (done.snapshot.images, done.left_out) == (1, 1)
    assert "isic-archive:ISIC_1" not in document_of(done.snapshot).decode()


def test_freezing_when_every_member_is_withdrawn_then_one_sentence_and_no_snapshot() -> None:
    image = make_image("ISIC_1")
    record = make_collection("gone", [image])
    hold(image, Hold.WITHDRAWN)
    with pytest.raises(Stopped, match="nothing to freeze"):
        freeze(record, keeper=CURATOR)
    assert snapshots_of("gone") == ()


def test_freezing_when_somebody_elses_then_refused() -> None:
    with pytest.raises(Stopped, match="Only who made"):
        freeze(make_collection("mine", [make_image("ISIC_1")]), keeper=Keeper("n", 1))


def test_collection_when_frozen_then_it_cannot_be_taken_away(frozen: SnapshotRecord) -> None:
    with pytest.raises(Stopped, match="has snapshots"):
        remove(_record(), keeper=CURATOR)


@pytest.mark.parametrize(
    "change",
    [
        "number = 7",
        "title = 'x'",
        "images = 1",
        "frozen_by = 'x'",
        "frozen_at = '2020-01-01 00:00:00'",
        "document_id = 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd'",
    ],
)
def test_snapshot_when_anything_would_change_then_the_database_refuses(frozen: SnapshotRecord, change: str) -> None:
    assert "never changes" in refused(lambda: execute(f"UPDATE catalog_snapshot SET {change}"))


def test_snapshot_when_deleted_then_the_database_refuses(frozen: SnapshotRecord) -> None:
    assert "never deleted" in refused(lambda: execute("DELETE FROM catalog_snapshot"))


@on_sqlite
def test_snapshot_when_replaced_then_the_database_refuses(frozen: SnapshotRecord) -> None:
    assert "there already" in refused(lambda: replace("snapshot", id="id", title="'x'"))
    assert "there already" in refused(lambda: replace("snapshot", title="'x'"))


def test_doi_when_given_once_then_it_stays(frozen: SnapshotRecord) -> None:
    assert give_doi(frozen, "10.5072/a")
    assert not give_doi(frozen, "10.5072/b")
    found = find_snapshot("nevi", 1)
    assert found is not None
    assert found.doi == "10.5072/a"
    assert "never changes" in refused(lambda: execute("UPDATE catalog_snapshot SET doi = 'x'"))


def _record() -> Any:
    from dermref.services.collection_view import find_collection

    return find_collection("nevi", keeper=CURATOR)
