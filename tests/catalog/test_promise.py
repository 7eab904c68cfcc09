"""The database itself keeps the promise: each test tries to break it with raw SQL, on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dermref.catalog import models
from rows import make_parts

Insert = Callable[..., None]


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        action()
        connection.check_constraints()
    return str(caught.value)


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))


def test_image_when_sound_then_inserted_and_tallied(insert_image: Insert) -> None:
    insert_image()
    image = models.Image.objects.get()
    assert models.Tally.objects.get(facet="all", policy_id=image.policy_id).images == 1


@pytest.mark.parametrize("column", ["policy_id", "evidence_id", "accession_id", "source_id"])
def test_image_when_a_leg_of_the_promise_is_null_then_refused(insert_image: Insert, column: str) -> None:
    assert refused(lambda: insert_image(**{column: None}))


@pytest.mark.parametrize("column", ["policy_id", "evidence_id", "accession_id"])
def test_image_when_a_leg_points_nowhere_then_refused(insert_image: Insert, column: str) -> None:
    assert refused(lambda: insert_image(**{column: 999_999}))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("public_id", "isic-archive:OTHER"),
        ("sha256", "short"),
        ("width", 0),
        ("height", -1),
        ("byte_size", 0),
        ("landing_url", ""),
        ("source_id", "no-such-source"),
    ],
)
def test_image_when_a_value_is_impossible_then_refused(insert_image: Insert, column: str, value: object) -> None:
    assert refused(lambda: insert_image(**{column: value}))


def test_image_when_evidence_is_of_another_item_then_refused(insert_image: Insert) -> None:
    other = make_parts("isic-archive", "ISIC_2")
    assert "evidence of its own item" in refused(lambda: insert_image(evidence_id=other["evidence_id"]))


def test_image_when_policy_is_of_another_source_then_refused(insert_image: Insert) -> None:
    other = make_parts("nci-visuals", "7")
    assert "policy of its own source" in refused(lambda: insert_image(policy_id=other["policy_id"]))


def test_image_when_accession_is_of_another_item_then_refused(insert_image: Insert) -> None:
    other = make_parts("isic-archive", "ISIC_2")
    assert "accession of its own item" in refused(lambda: insert_image(accession_id=other["accession_id"]))


def test_image_when_source_is_link_only_then_refused(insert_image: Insert) -> None:
    parts = make_parts("pathologyoutlines", "x")
    assert "link-only" in refused(lambda: insert_image(**parts))


def test_image_when_bytes_are_blocked_then_refused_elsewhere_and_taken_at_home(insert_image: Insert) -> None:
    models.BlockedHash.objects.create(sha256="a" * 64, source_id="dermnet-legacy", reason="test")
    assert "blocked" in refused(insert_image)
    insert_image(**make_parts("dermnet-legacy", "train/a/b.jpg"))


def test_image_when_moved_to_another_items_evidence_then_refused(insert_image: Insert) -> None:
    insert_image()
    other = make_parts("isic-archive", "ISIC_2")
    assert refused(lambda: execute("UPDATE catalog_image SET evidence_id = %s", other["evidence_id"]))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE catalog_evidence SET statement = 'CC-BY'",
        "DELETE FROM catalog_evidence",
        "UPDATE catalog_document SET media_type = 'x'",
        "DELETE FROM catalog_document",
        "UPDATE catalog_policy SET license_id = 'CC0-1.0'",
    ],
)
def test_record_when_append_only_then_sql_cannot_rewrite_it(insert_image: Insert, sql: str) -> None:
    insert_image()
    assert "append-only" in refused(lambda: execute(sql))


@pytest.mark.parametrize("state", ["quarantined", "failed", "withdrawn"])
def test_accession_when_out_without_a_reason_then_refused(registered: None, state: str) -> None:
    make_parts("isic-archive", "ISIC_1")
    assert refused(lambda: execute("UPDATE catalog_accession SET state = %s, reasons = '[]'", state))


def test_accession_when_item_is_there_already_then_refused(registered: None) -> None:
    make_parts("isic-archive", "ISIC_1")
    assert refused(lambda: make_parts("isic-archive", "ISIC_1"))


def test_withdrawal_when_it_supersedes_nothing_then_refused(registered: None) -> None:
    make_parts("isic-archive", "ISIC_1")
    now = timezone.now()
    assert refused(
        lambda: models.Evidence.objects.create(
            source_id="isic-archive",
            foreign_id="ISIC_1",
            mark="withdrawal",
            url="u",
            retrieved_at=now,
            document_id="d" * 64,
        )
    )


def test_policy_in_use_when_deleted_then_refused(insert_image: Insert) -> None:
    insert_image()
    assert refused(lambda: execute("DELETE FROM catalog_policy"))


def test_tally_when_image_changes_policy_or_goes_then_it_follows(insert_image: Insert) -> None:
    insert_image()
    before = models.Image.objects.get().policy_id
    after = models.Policy.objects.create(
        source_id="isic-archive", license_id="Y", license_label="Y", content_hash="y" * 64
    ).pk
    execute("UPDATE catalog_image SET policy_id = %s", after)
    tallies = dict(models.Tally.objects.filter(facet="all").values_list("policy_id", "images"))
    assert tallies == {before: 0, after: 1}
    execute("DELETE FROM catalog_image")
    assert set(models.Tally.objects.values_list("images", flat=True)) == {0}
