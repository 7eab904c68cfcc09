"""Ingest: idempotent, incremental, fails closed, and says why."""

from pathlib import Path

import pytest

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS, Operator, OperatorKind
from dermref.services import withdrawing
from dermref.services.auditing import audit
from dermref.services.report import Fate
from dermref.services.searching import Wanted, search, shelf_of
from isic_server import IsicServer
from run_types import Run

HAM, CC0 = "ISIC_0024367", "ISIC_0000000"
FILES = Path(__file__).parents[1] / "files"


def shown() -> set[str]:
    return {one.record.foreign_id for one in search(Wanted(), shelf_of(ANONYMOUS)).images}


def some_id(archive: IsicServer, at: int = 0) -> str:
    return sorted(set(archive.objects) - archive.withdrawn)[at]


def codes_of(foreign_id: str) -> list[str]:
    return [reason["code"] for reason in models.Accession.objects.get(foreign_id=foreign_id).reasons]


def test_archive_when_ingested_then_all_published_with_evidence_and_audit_agrees(run: Run, blobs: Blobs) -> None:
    report = run()
    assert (report.state, report.fates[Fate.PUBLISHED]) == ("finished", 12)
    assert len(shown()) == 12
    looked = audit(blobs)
    assert (looked.images, looked.disagreements) == (12, [])
    assert not any(blobs.incoming.iterdir())


def test_archive_when_ingested_twice_then_nothing_changes_and_no_file_is_fetched(run: Run, archive: IsicServer) -> None:
    run()
    before = list(models.Image.objects.values().order_by("pk"))
    archive.requests.clear()
    report = run()
    assert (report.fates[Fate.UNCHANGED], report.seen) == (12, 12)
    assert list(models.Image.objects.values().order_by("pk")) == before
    assert not [one for one in archive.requests if one.path.endswith(".jpg")]


def test_license_when_changed_then_image_follows_with_new_evidence_and_no_download(
    run: Run, archive: IsicServer
) -> None:
    run()
    isic_id = some_id(archive)
    archive.relicense(isic_id, "CC-BY-NC")
    archive.requests.clear()
    assert run().fates[Fate.UPDATED] == 1
    image = models.Image.objects.get(foreign_id=isic_id)
    assert image.policy.license_id == "CC-BY-NC-4.0"
    assert image.evidence.statement == "CC-BY-NC"
    assert image.evidence.supersedes.statement == "CC-0"
    assert not [one for one in archive.requests if one.path.endswith(".jpg")]


def test_license_when_changed_to_an_unknown_one_then_image_is_gone_at_once(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    run()
    isic_id = some_id(archive)
    archive.relicense(isic_id, "CC-BY-ND-MAYBE")
    report = run()
    assert report.reasons == {"unknown-license": 1}
    assert isic_id not in shown()
    assert audit(blobs).disagreements == []
    archive.relicense(isic_id, "CC-0")
    assert run().fates[Fate.UPDATED] == 1
    assert isic_id in shown()


def test_item_when_withdrawn_then_gone_and_when_back_then_shown_again(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    run()
    isic_id = some_id(archive, 7)
    archive.withdraw(isic_id)
    assert run().fates[Fate.WITHDRAWN] == 1
    assert isic_id not in shown()
    assert models.Image.objects.get(foreign_id=isic_id).evidence.mark == "withdrawal"
    assert audit(blobs).disagreements == []
    assert run().fates[Fate.WITHDRAWN] == 0
    archive.publish(isic_id)
    run()
    assert isic_id in shown()
    assert audit(blobs).disagreements == []


def test_item_when_made_private_then_never_published_and_a_published_one_is_gone(run: Run, archive: IsicServer) -> None:
    new, old = some_id(archive, 0), some_id(archive, 1)
    archive.set_field(new, "public", False)
    assert run().reasons == {"not-public": 1}
    archive.set_field(old, "public", False)
    run()
    assert shown().isdisjoint({new, old})


def test_many_items_when_missing_at_once_then_stopped_before_any_is_withdrawn(
    run: Run, archive: IsicServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(withdrawing, "FEW", 3)
    for _ in range(8):
        archive.withdraw(some_id(archive))
    report = run()
    assert report.state == "stopped"
    assert "nothing was withdrawn" in report.message
    assert len(shown()) == 12


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("copyright_license", None, "no-license"),
        ("copyright_license", "CC-BY-SA", "license-version-unknown"),
        ("attribution", None, "credit-incomplete"),
        ("attribution", "  ", "credit-incomplete"),
        ("attribution", "—", "credit-incomplete"),
        ("files", {}, "no-file"),
    ],
)
def test_item_when_a_right_or_file_is_missing_then_quarantined_and_the_rest_goes_on(
    run: Run, archive: IsicServer, field: str, value: object, code: str
) -> None:
    isic_id = some_id(archive, 3)
    archive.set_field(isic_id, field, value)
    report = run()
    assert (report.fates[Fate.PUBLISHED], report.reasons) == (11, {code: 1})
    assert codes_of(isic_id) == [code]


@pytest.mark.parametrize(
    ("kind", "fate", "code"),
    [
        (403, Fate.QUARANTINED, "http-403"),
        (404, Fate.QUARANTINED, "http-404"),
        ("html", Fate.QUARANTINED, "not-an-image"),
        (500, Fate.FAILED, "http-500"),
        ("drop", Fate.FAILED, "dropped"),
        ("truncate", Fate.FAILED, "dropped"),
    ],
)
def test_file_when_it_cannot_be_had_then_kept_out_with_the_reason_and_taken_next_time(
    run: Run, archive: IsicServer, kind: int | str, fate: Fate, code: str
) -> None:
    isic_id = some_id(archive, 2)
    archive.fail(f"{isic_id}.jpg", kind, times=5, headers={"Retry-After": "0"})
    report = run()
    assert (report.fates[fate], report.fates[Fate.PUBLISHED], report.reasons) == (1, 11, {code: 1})
    archive.faults.clear()
    assert run().fates[Fate.PUBLISHED] == 1
    assert len(shown()) == 12


@pytest.mark.parametrize("name", ["truncated_half.jpg", "animated.webp", "bomb_40000x40000_1bit.png"])
def test_file_when_hostile_then_quarantined_and_no_file_is_left(
    run: Run, archive: IsicServer, blobs: Blobs, name: str
) -> None:
    isic_id = some_id(archive, 2)
    archive.files[isic_id] = FILES / name
    archive.set_field(isic_id, "files.full.size", (FILES / name).stat().st_size)
    report = run()
    assert (report.fates[Fate.QUARANTINED], report.fates[Fate.PUBLISHED]) == (1, 11)
    assert len(list(blobs.keys())) == audit(blobs).files - _shared_files()


def _shared_files() -> int:
    keys = [
        *models.Image.objects.values_list("sha256", flat=True),
        *models.Rendition.objects.values_list("sha256", flat=True),
    ]
    return len(keys) - len(set(keys))


def test_page_when_server_is_down_then_stopped_and_the_next_run_goes_on(run: Run, archive: IsicServer) -> None:
    archive.fail("images/.*cursor", 503, times=5, headers={"Retry-After": "0"})
    report = run()
    assert (report.state, report.fates[Fate.PUBLISHED]) == ("stopped", 5)
    assert "run the same command again" in report.message
    archive.faults.clear()
    archive.requests.clear()
    again = run()
    assert (again.state, again.run_id, again.fates[Fate.PUBLISHED]) == ("finished", report.run_id, 7)


def test_cursor_when_no_longer_known_then_begun_anew(run: Run, archive: IsicServer) -> None:
    archive.fail("images/.*cursor", 503, times=5, headers={"Retry-After": "0"})
    run()
    archive.faults.clear()
    models.IngestRun.objects.update(cursor=f"{archive.api_url}images/?limit=5&cursor=not-a-cursor")
    report = run()
    assert (report.state, report.fates[Fate.UNCHANGED], report.fates[Fate.PUBLISHED]) == ("finished", 5, 7)


def test_limit_when_given_then_only_so_many_and_nothing_is_withdrawn(run: Run) -> None:
    assert run(limit=7).seen == 7
    assert run().fates[Fate.WITHDRAWN] == 0
    assert len(shown()) == 12


def test_dry_run_when_asked_then_nothing_is_written(run: Run, archive: IsicServer, blobs: Blobs) -> None:
    report = run(is_dry=True)
    assert report.fates[Fate.PUBLISHED] == 12
    assert (models.Accession.objects.count(), models.IngestRun.objects.count()) == (0, 0)
    assert not [one for one in archive.requests if one.path.endswith(".jpg")]


def test_commercial_operator_when_ingesting_then_noncommercial_images_stay_out(run: Run, archive: IsicServer) -> None:
    archive.relicense(some_id(archive), "CC-BY-NC")
    report = run(operator=Operator(OperatorKind.COMMERCIAL))
    assert report.reasons == {"nobody-may-see": 1}


def test_many_queries_when_nothing_changed_then_their_number_does_not_grow_with_the_page(
    run: Run, archive: IsicServer, django_assert_max_num_queries
) -> None:
    run()
    with django_assert_max_num_queries(34):
        run()
