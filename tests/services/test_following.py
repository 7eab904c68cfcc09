"""A published image follows its source, and only ever towards less until the new file is here too."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS, Operator, OperatorKind
from dermref.model.evidence import Document
from dermref.services import withdrawing
from dermref.services.auditing import audit
from dermref.services.report import Fate
from dermref.services.searching import Wanted, search, shelf_of
from dermref.sources import isic
from isic_server import IsicServer
from run_types import Run

CHANGED = [({"public": False}, "finished"), ({"isic_id": "ISIC_0000042"}, "stopped")]
FILES = Path(__file__).parents[1] / "files"


def shown() -> set[str]:
    return {one.record.foreign_id for one in search(Wanted(), shelf_of(ANONYMOUS)).images}


def ids(archive: IsicServer) -> list[str]:
    return sorted(set(archive.objects) - archive.withdrawn)


def replace_file(archive: IsicServer, isic_id: str, name: str) -> None:
    archive.files[isic_id] = FILES / name
    archive.set_field(isic_id, "files.full.size", (FILES / name).stat().st_size)


def test_file_and_license_when_both_change_and_the_file_cannot_be_had_then_old_bytes_never_get_the_new_license(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id = ids(archive)[0]
    archive.relicense(isic_id, "CC-BY-NC")
    run()
    archive.relicense(isic_id, "CC-0")
    replace_file(archive, isic_id, "hopper.jpg")
    archive.fail(f"{isic_id}.jpg", 500, times=5, headers={"Retry-After": "0"})
    assert run().fates[Fate.FAILED] == 1
    assert isic_id not in shown()
    assert audit(blobs).disagreements == []
    archive.faults.clear()
    assert run().fates[Fate.UPDATED] == 1
    assert isic_id in shown()
    assert models.Image.objects.get(foreign_id=isic_id).width == 128


def test_file_when_replaced_by_a_refused_one_under_the_same_license_then_the_old_one_stays_and_is_tried_again(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id = ids(archive)[0]
    run()
    replace_file(archive, isic_id, "gps_and_serial.jpg")
    assert run().fates[Fate.QUARANTINED] == 1
    assert isic_id in shown()
    replace_file(archive, isic_id, "hopper.jpg")
    assert run().fates[Fate.UPDATED] == 1
    looked = audit(blobs)
    assert looked.disagreements == []
    assert looked.images == 12


def test_withdrawn_image_when_back_with_another_file_then_the_withdrawn_bytes_are_never_served_again(
    run: Run, archive: IsicServer
) -> None:
    isic_id = ids(archive)[0]
    archive.set_field(isic_id, "files.full.size", None)
    run()
    archive.withdraw(isic_id)
    run()
    archive.publish(isic_id)
    archive.files[isic_id] = FILES / "gps_and_serial.jpg"
    run()
    assert isic_id not in shown()
    archive.files[isic_id] = FILES / "hopper.jpg"
    run()
    assert models.Image.objects.get(foreign_id=isic_id).width == 128
    assert isic_id in shown()


def test_legacy_bytes_when_published_by_another_source_before_then_held_there_and_stay_so(
    run: Run, archive: IsicServer, blobs: Blobs, request: pytest.FixtureRequest
) -> None:
    isic_id = ids(archive)[0]
    replace_file(archive, isic_id, "hopper.jpg")
    run()
    assert isic_id in shown()
    request.getfixturevalue("legacy")
    assert isic_id not in shown()
    assert audit(blobs).disagreements == []
    assert run().fates[Fate.UNCHANGED] == 12
    assert isic_id not in shown()
    assert audit(blobs).disagreements == []


def test_listing_when_it_fell_suddenly_then_the_next_run_reads_it_all_again(
    run: Run, archive: IsicServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(withdrawing, "FEW", 3)
    gone = ids(archive)[2:10]
    for isic_id in gone:
        archive.withdraw(isic_id)
    assert run().state == "stopped"
    for isic_id in gone:
        archive.publish(isic_id)
    archive.relicense(ids(archive)[0], "CC-BY-MAYBE")
    report = run()
    assert (report.state, report.reasons) == ("finished", {"unknown-license": 1})
    assert len(shown()) == 11


def test_held_images_when_still_listed_then_never_taken_for_missing(
    run: Run, archive: IsicServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(withdrawing, "FEW", 3)
    for isic_id in ids(archive)[:8]:
        archive.relicense(isic_id, "CC-BY-MAYBE")
    assert run().state == "finished"
    assert run().state == "finished"


@pytest.mark.parametrize(
    ("answer", "state"), [({"public": False}, "finished"), ({"isic_id": "ISIC_0000042"}, "stopped")]
)
def test_item_when_gone_from_the_listing_then_its_own_document_decides(
    run: Run, archive: IsicServer, answer: dict[str, object], state: str
) -> None:
    run()
    isic_id = ids(archive)[0]
    body = json.dumps({**archive.objects[isic_id], **answer}).encode()
    adapter = SimpleNamespace(**vars(isic))
    adapter.ask_again = lambda foreign_id, request, fetch: Document(body, "u")
    archive.withdraw(isic_id)
    assert run(adapter=adapter).state == state
    assert (isic_id in shown()) == (state == "stopped")


def test_id_when_listed_twice_with_different_words_then_refused(run: Run, archive: IsicServer) -> None:
    first, second = ids(archive)[:2]
    archive.objects[second] = {**archive.objects[first], "copyright_license": "CC-BY"}
    report = run()
    assert report.reasons == {"listed-twice": 1}
    assert first not in shown()


def test_files_when_swapped_between_items_then_none_is_lost(run: Run, archive: IsicServer, blobs: Blobs) -> None:
    run()
    chosen = ids(archive)
    for one, other in zip(chosen[::2], chosen[1::2], strict=True):
        archive.files[one], archive.files[other] = archive.files[other], archive.files[one]
        for isic_id in (one, other):
            archive.set_field(isic_id, "files.full.size", archive.files[isic_id].stat().st_size)
            archive.set_field(isic_id, "files.full.url", archive.objects[isic_id]["files"]["full"]["url"] + "?v=2")
    for _ in range(2):
        run(workers=4)
        assert audit(blobs).disagreements == []


def test_bytes_when_the_same_under_many_ids_then_stored_once_and_none_is_lost(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    for isic_id in ids(archive):
        replace_file(archive, isic_id, "hopper.jpg")
    assert run(workers=8).fates[Fate.PUBLISHED] == 12
    assert audit(blobs).disagreements == []
    assert len(list(blobs.keys())) == 2  # 128 pixels: small and medium are the same picture


def test_file_when_lost_from_the_store_then_the_next_run_brings_it_back(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    run()
    blobs.remove(models.Image.objects.get(foreign_id=ids(archive)[0]).sha256)
    assert [one.code for one in audit(blobs).disagreements] == ["file-missing"]
    assert run().fates[Fate.UPDATED] == 1
    assert audit(blobs).disagreements == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("copyright_license", "http://[x"),
        ("copyright_license", "CC-0\x00"),
        ("copyright_license", "\ud800"),
        ("copyright_license", "x" * 20_000),
        ("attribution", "\ud800 Hospital"),
        ("attribution", "Hospital\x00"),
        ("files.full.url", "http://[x"),
        ("files.full.url", "http://a..b/x.jpg"),
        ("files.full.url", "https://" + "a" * 70 + ".example/x.jpg"),
        ("metadata.clinical.sex", "x\x00"),
        ("metadata.clinical.note", "\ud800"),
        ("isic_id", "ISIC_\x00"),
    ],
)
def test_item_when_malformed_then_kept_out_alone_and_the_rest_goes_on(
    run: Run, archive: IsicServer, blobs: Blobs, field: str, value: str
) -> None:
    archive.set_field(ids(archive)[3], field, value)
    report = run()
    assert (report.state, report.fates[Fate.PUBLISHED]) == ("finished", 11), report
    assert audit(blobs).disagreements == []


@pytest.mark.parametrize("age", [float("nan"), float("inf"), 1e30, -5, "fifty", True])
def test_age_when_impossible_then_left_out_and_the_image_is_published(run: Run, archive: IsicServer, age: Any) -> None:
    isic_id = ids(archive)[3]
    archive.set_field(isic_id, "metadata.clinical.age_approx", age)
    assert run().fates[Fate.PUBLISHED] == 12
    assert models.Image.objects.get(foreign_id=isic_id).age in (None, 1)


def test_published_image_when_refused_for_any_reason_then_held_and_the_audit_agrees(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    archive.relicense(ids(archive)[1], "CC-BY-NC")
    run()
    archive.set_field(ids(archive)[0], "attribution", None)
    assert run(operator=Operator(OperatorKind.COMMERCIAL)).reasons == {"credit-incomplete": 1, "nobody-may-see": 1}
    assert audit(blobs).disagreements == []
    assert len(shown()) == 10
