"""When what allowed images to be kept ends, everything of them goes, and nothing else; a signed record stays."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.grants import revoke_grant
from dermref.catalog.policies import key_of
from dermref.catalog.purging import purge_of
from dermref.media.store import Blobs
from dermref.model.asking import OperatorKind
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.model.policy import Hold
from dermref.services.auditing import audit
from dermref.services.fingerprinting import count_images
from dermref.services.likeness import Likes, index_file
from dermref.services.purge_records import tell
from dermref.services.purging import due, purge
from dermref.services.registering import register_sources
from dermref.services.repairing import repair, survey
from dermref.sources.remembered import Memory
from kept_in_writing import FREE, GRANTED, HOUR, SUBSCRIBED, keep_file, keep_image, keep_waiting, permit, subscribe
from stored import locate


@pytest.fixture
def store(db: None, blobs: Blobs) -> Blobs:
    register_sources()
    return blobs


def everything() -> list[list[tuple[object, ...]]]:
    tables = (models.Image, models.Rendition, models.Fingerprint, models.Accession, models.Purge, models.Document)
    return [list(one.objects.order_by("pk").values_list()) for one in tables]


def codes(blobs: Blobs) -> set[str]:
    """What the audit says of purged and due images; the rows of these tests stand on no real document."""
    return {one.code for one in audit(blobs).disagreements} - {"document-damaged"}


def is_purged(image: models.Image) -> bool:
    image.refresh_from_db()
    return Hold.PURGED in key_of(image.policy).holds


def test_purge_when_a_subscription_ended_then_file_rendition_fingerprint_and_waiting_file_are_gone(
    store: Blobs,
) -> None:
    subscribe(ends=timezone.now() - HOUR)
    image, waiting = keep_image(store, SUBSCRIBED, "one"), keep_waiting(store, SUBSCRIBED, "two")
    other = keep_image(store, FREE, "ISIC_1")
    (done,) = purge(store)
    assert (done.images, done.files, is_purged(image), is_purged(other)) == (1, 3, True, False)
    assert (image.renditions.count(), models.Fingerprint.objects.filter(image=image).count()) == (0, 0)
    waiting.refresh_from_db()
    assert (waiting.sha256, waiting.state) == ("", "quarantined")
    assert sorted(store.keys()) == sorted([other.sha256, other.renditions.get().sha256])
    assert (models.Fingerprint.objects.count(), store.noted()) == (1, set())


def test_purge_when_everything_may_be_kept_then_nothing_is_due_or_written(store: Blobs) -> None:
    subscribe(ends=timezone.now() + HOUR)
    permit()
    for source_id in (SUBSCRIBED, GRANTED, FREE):
        keep_image(store, source_id, "one")
    before = everything()
    assert (due(), purge(store)) == ((), ())
    assert (everything(), codes(store)) == (before, set())


@pytest.mark.parametrize("kind", ["individual", "trial"])
def test_purge_when_only_another_kind_of_subscription_runs_then_due(store: Blobs, kind: str) -> None:
    subscribe(kind=kind)
    keep_image(store, SUBSCRIBED, "one")
    (found,) = due()
    assert (found.images, found.is_ended) == (1, False)
    assert "current institutional subscription" in found.reason


def test_reason_when_a_subscription_was_ended_early_then_says_whose_when_and_why(store: Blobs) -> None:
    row = subscribe(ends=timezone.now() + HOUR)
    models.Subscription.objects.filter(pk=row.pk).update(ended_at=row.starts + HOUR, ended_why="Not renewed.")
    keep_image(store, SUBSCRIBED, "one")
    when = f"{row.starts + HOUR:%Y-%m-%d %H:%M} UTC"
    (found,) = due()
    assert found.reason == f"The institutional subscription of Riverside University ended on {when}: Not renewed."


def test_reason_when_a_grant_was_revoked_then_says_when_by_whom_and_why(store: Blobs) -> None:
    permit()
    keep_image(store, GRANTED, "one")
    at = timezone.now()
    revoke_grant("letter-1", author=Author("A. Curator", "They took it back."), at=at)
    (found,) = due()
    said = f"Grant letter-1 of The Society was revoked on {at:%Y-%m-%d %H:%M} UTC by A. Curator: They took it back."
    assert (found.reason, found.is_ended) == (said, True)


def test_grant_when_it_is_given_to_another_domain_then_due_but_left_to_a_person(store: Blobs, settings: Any) -> None:
    permit(domain="atlas.example.org")
    image = keep_image(store, GRANTED, "one")
    operator = replace(settings.DERMREF.operator, domains=("elsewhere.example",))
    settings.DERMREF = replace(settings.DERMREF, operator=operator)
    assert purge(store, only_ended=True) == ()
    assert not is_purged(image)
    (done,) = purge(store)
    assert "letter-1 is given to another site or operator than this deployment" in done.reason
    assert is_purged(image)


def test_subscription_when_it_ended_beside_a_grant_for_another_site_then_it_is_the_reason_and_the_worker_purges(
    store: Blobs,
) -> None:
    subscribe(ends=timezone.now() - HOUR)
    permit("other", source_id=SUBSCRIBED, domain="atlas.example.org")
    image = keep_image(store, SUBSCRIBED, "one")
    (done,) = purge(store, only_ended=True)
    assert (done.images, is_purged(image), "Riverside University ended on" in done.reason) == (1, True, True)


def test_grant_when_it_ended_long_before_the_registry_changed_then_it_is_no_reason(store: Blobs, settings: Any) -> None:
    permit("old", ends=timezone.now() - 1000 * HOUR, domain="atlas.example.org")
    permit("letter-1", domain="atlas.example.org")
    image = keep_image(store, GRANTED, "one")
    operator = replace(settings.DERMREF.operator, domains=("elsewhere.example",))
    settings.DERMREF = replace(settings.DERMREF, operator=operator)
    (found,) = due()
    assert (found.is_ended, "old" in found.reason) == (False, False)
    assert (purge(store, only_ended=True), is_purged(image)) == ((), False)


def test_purge_when_it_was_interrupted_and_a_setting_shuts_the_door_now_then_the_worker_leaves_it_to_a_person(
    store: Blobs, settings: Any
) -> None:
    permit(operators=tuple(one for one in OperatorKind if one is not OperatorKind.COMMERCIAL))
    image = keep_image(store, GRANTED, "one")
    models.Purge.objects.create(source_id=GRANTED, reason="Grant old ended.", begun_at=timezone.now())
    operator = replace(settings.DERMREF.operator, kind=OperatorKind.COMMERCIAL)
    assert due() == ()
    settings.DERMREF = replace(settings.DERMREF, operator=operator)
    assert (purge(store, only_ended=True), is_purged(image)) == ((), False)


def test_image_when_another_purge_came_later_then_its_own_is_told(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    first = keep_image(store, SUBSCRIBED, "one")
    (removed,) = purge(store)
    other = keep_image(store, SUBSCRIBED, "two")
    (later,) = purge(store)
    models.Image.objects.filter(pk=first.pk).update(updated_at=timezone.now())
    found = [purge_of(one.pk) for one in (first, other)]
    assert [one and one.id for one in found] == [removed.id, later.id]


def test_grant_for_named_images_when_another_ended_then_the_unnamed_go_and_the_named_stay(store: Blobs) -> None:
    permit("whole", ends=timezone.now() - HOUR)
    permit("named", images=frozenset({"stays"}))
    stays, goes = keep_image(store, GRANTED, "stays"), keep_image(store, GRANTED, "goes")
    (done,) = purge(store)
    assert (done.images, is_purged(stays), is_purged(goes)) == (1, False, True)
    assert locate(store, stays.sha256)
    assert due() == ()


def test_shared_bytes_when_another_image_may_keep_them_then_they_stay_until_that_goes_too(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    here = keep_image(store, SUBSCRIBED, "one", data=b"the same")
    keep_image(store, SUBSCRIBED, "again", data=b"the same")
    there = keep_image(store, FREE, "ISIC_1", data=b"the same")
    (done,) = purge(store)
    assert (done.files, locate(store, here.sha256) is not None) == (2, True)  # two renditions
    told = tell(done.id)
    assert told
    assert told.record
    assert told.record["left_to_others"] == [there.sha256]
    assert codes(store) == set()


def test_file_outside_the_store_when_purged_then_stays_and_the_record_says_so(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    image = keep_image(store, SUBSCRIBED, "one", path="one.jpg")
    assert due()[0].outside == 1
    (done,) = purge(store)
    told = tell(done.id)
    assert told
    assert told.record
    assert told.record["left_outside"] == [{"id": image.public_id, "path": "one.jpg"}]
    assert survey(store).broken == []


def test_dry_look_when_something_is_due_then_counts_it_and_writes_nothing(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    image = keep_image(store, SUBSCRIBED, "one")
    keep_waiting(store, SUBSCRIBED, "two")
    before, files = everything(), list(store.keys())
    (found,) = due()
    assert (found.images, found.waiting, found.bytes, found.is_ended) == (1, 1, image.byte_size, True)
    assert (everything(), list(store.keys())) == (before, files)


def test_purge_when_an_ingest_holds_the_store_then_stopped_and_nothing_gone(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    image = keep_image(store, SUBSCRIBED, "one")
    with store.only_writer(), pytest.raises(Stopped, match="Another ingest"):
        purge(store)
    assert (is_purged(image), models.Purge.objects.count()) == (False, 0)


def test_purge_when_renewed_in_the_middle_then_no_more_goes_and_the_record_is_closed(
    store: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dermref.services.purging.BATCH", 1)
    subscribe(ends=timezone.now() - HOUR)
    images = [keep_image(store, SUBSCRIBED, name) for name in "abc"]
    (done,) = purge(store, progress=lambda gone: subscribe() and None)
    assert ([is_purged(one) for one in images], done.images) == ([True, False, False], 1)
    assert done.finished_at
    assert (due(), codes(store)) == ((), set())


def test_traces_when_purged_then_the_index_and_the_documents_of_the_source_are_gone(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    keep_image(store, SUBSCRIBED, "one")
    Likes().keep()
    memory = Memory(index_file().parent / "documents")
    for url in ("https://www.visualdx.com/a", "https://example.org/b"):
        memory.keep(url, b"page", media_type="text/html", headers={"ETag": '"1"'})
    purge(store)
    assert not index_file().exists()
    assert (memory.find("https://www.visualdx.com/a"), memory.find("https://example.org/b") is not None) == (None, True)


def test_audit_and_doctor_when_due_then_say_so_and_when_purged_then_miss_no_file(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    keep_image(store, SUBSCRIBED, "one")
    keep_waiting(store, SUBSCRIBED, "two")
    found = {one.public_id for one in audit(store).disagreements if one.code == "purge-due"}
    assert found == {f"{SUBSCRIBED}:one", f"{SUBSCRIBED}:two"}
    purge(store)
    assert (codes(store), survey(store, deep=True).broken) == (set(), [])
    assert count_images(after=0, is_every=True) == 0


def test_file_when_it_comes_back_after_a_purge_then_audit_tells_and_doctor_removes_it(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    image = keep_image(store, SUBSCRIBED, "one")
    purge(store)
    keep_file(store, b"visualdx one")
    assert (locate(store, image.sha256) is not None, codes(store)) == (True, {"purge-due"})
    repair(store)
    assert (locate(store, image.sha256), codes(store)) == (None, set())


def test_record_when_shown_then_names_every_image_and_its_signature_holds(store: Blobs) -> None:
    subscribe(ends=timezone.now() - HOUR)
    images = [keep_image(store, SUBSCRIBED, name) for name in "ab"]
    keep_waiting(store, SUBSCRIBED, "two")
    (done,) = purge(store)
    told = tell(done.id)
    assert told
    assert told.is_sound
    assert told.record
    rows = [{"id": one.public_id, "sha256": one.sha256, "bytes": one.byte_size} for one in images]
    assert (told.record["images"], told.record["files"], told.record["source"]) == (rows, 5, SUBSCRIBED)
    assert [one["id"] for one in told.record["waiting"]] == [f"{SUBSCRIBED}:two"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="DROP TRIGGER is written for SQLite here")
@pytest.mark.parametrize("tampered", ["record", "signature", "secret", "reason"])
def test_record_when_a_byte_of_it_is_changed_then_its_signature_does_not_hold(
    store: Blobs, settings: Any, tampered: str
) -> None:
    subscribe(ends=timezone.now() - HOUR)
    keep_image(store, SUBSCRIBED, "one")
    (done,) = purge(store)
    with connection.cursor() as cursor:
        for name in ("document_frozen_update", "purge_signed_update"):
            cursor.execute(f"DROP TRIGGER {name}")
    document, row = models.Document.objects.get(pk=done.record), models.Purge.objects.filter(pk=done.id)
    if tampered == "record":
        models.Document.objects.filter(pk=done.record).update(body=bytes(document.body).replace(b"one", b"two"))
    elif tampered == "secret":
        settings.SECRET_KEY = "another"
    else:
        row.update(**{tampered: "forged"})
    told = tell(done.id)
    assert told
    assert not told.is_sound


def test_signed_record_when_somebody_writes_over_it_then_the_database_refuses(store: Blobs) -> None:
    from breaking import refused

    subscribe(ends=timezone.now() - HOUR)
    keep_image(store, SUBSCRIBED, "one")
    (done,) = purge(store)
    assert "never changes" in refused(lambda: models.Purge.objects.filter(pk=done.id).update(reason="another"))
