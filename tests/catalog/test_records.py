"""What is recorded stays as it was: each test tries to rewrite, replace or empty it with raw SQL."""

import pytest
from django.apps import apps
from django.utils import timezone

from breaking import (
    Insert,
    block,
    execute,
    make_acceptance,
    make_change,
    make_tombstone,
    on_postgres,
    on_sqlite,
    refused,
    replace,
)
from dermref.catalog import models
from rows import make_parts, supersede


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE catalog_evidence SET statement = 'CC-BY'",
        "DELETE FROM catalog_evidence",
        "UPDATE catalog_document SET media_type = 'x'",
        "DELETE FROM catalog_document",
        "UPDATE catalog_policy SET license_id = 'CC0-1.0'",
        "UPDATE catalog_policy SET restrictions = '[]'",
        "UPDATE catalog_sourceversion SET document = '{}'",
        "DELETE FROM catalog_sourceversion",
        "UPDATE catalog_termschange SET why = 'x'",
        "DELETE FROM catalog_termschange",
        "UPDATE catalog_blockedhash SET source_id = 'isic-archive'",
        "DELETE FROM catalog_blockedhash",
    ],
)
def test_record_when_append_only_then_sql_cannot_rewrite_it(insert_image: Insert, sql: str) -> None:
    insert_image()
    block("b" * 64)
    make_change()
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


@on_sqlite
@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("evidence", {"id": "id", "statement": "'CC-BY'"}),
        ("evidence", {"statement": "'CC-BY'"}),
        ("policy", {"id": "id", "content_hash": f"'{'f' * 64}'"}),
        ("policy", {"license_id": "'CC0-1.0'"}),
        ("policy", {"grants": """'["g"]'"""}),
        ("sourceversion", {"document": "'{}'"}),
        ("termschange", {"id": "id", "by": "'somebody else'"}),
        ("image", {"id": "id"}),
        ("image", {}),
    ],
)
def test_record_when_replaced_by_an_insert_then_refused(
    insert_image: Insert, table: str, changed: dict[str, str]
) -> None:
    other = make_parts("isic-archive", "ISIC_2")
    supersede(other["evidence_id"])
    make_change()
    insert_image()
    assert "there already" in refused(lambda: replace(table, **changed))


@on_sqlite
def test_accession_when_replaced_by_another_items_then_refused(registered: None) -> None:
    make_parts("isic-archive", "ISIC_1")
    assert "another item" in refused(lambda: replace("accession", id="id", foreign_id="'ISIC_2'"))


@on_sqlite
def test_document_and_block_when_replaced_by_an_insert_then_the_first_stays(registered: None) -> None:
    make_parts("isic-archive", "ISIC_1")
    block("b" * 64)
    replace("document", body="x'00'")
    replace("blockedhash", source_id="'isic-archive'")
    assert bytes(models.Document.objects.get().body) == b"{}"
    assert models.BlockedHash.objects.get().source_id == "dermnet-legacy"


@pytest.mark.parametrize("table", ["document", "blockedhash"])
def test_document_and_block_when_inserted_twice_on_conflict_do_nothing_then_once(registered: None, table: str) -> None:
    make_parts("isic-archive", "ISIC_1")
    block("b" * 64)
    execute(f"INSERT INTO catalog_{table} SELECT * FROM catalog_{table} WHERE true ON CONFLICT DO NOTHING")
    assert apps.get_model("catalog", table).objects.count() == 1


@on_postgres
@pytest.mark.parametrize(
    "table",
    [
        "evidence",
        "document",
        "policy",
        "blockedhash",
        "accession",
        "image",
        "sourceversion",
        "termschange",
        "acceptance",
        "tombstone",
        "pair",
    ],
)
def test_table_when_truncated_then_refused(db: None, table: str) -> None:
    assert f"{table} is never emptied" in refused(lambda: execute(f"TRUNCATE catalog_{table} CASCADE"))


@pytest.mark.parametrize("column", ["source_id", "foreign_id"])
def test_accession_when_given_to_another_item_then_refused(registered: None, column: str) -> None:
    make_parts("isic-archive", "ISIC_1")
    assert "never change" in refused(lambda: execute(f"UPDATE catalog_accession SET {column} = 'nci-visuals'"))


def test_accession_when_its_image_is_there_then_cannot_be_deleted(insert_image: Insert) -> None:
    insert_image()
    assert refused(lambda: execute("DELETE FROM catalog_accession"))


def test_image_when_turned_into_another_item_then_refused(insert_image: Insert) -> None:
    insert_image()
    other = make_parts("isic-archive", "ISIC_2")
    columns = ("public_id", "foreign_id", "accession_id", "evidence_id")
    assert "never change" in refused(
        lambda: execute(
            f"UPDATE catalog_image SET {', '.join(f'{column} = %s' for column in columns)}",
            *(other[column] for column in columns),
        )
    )


@pytest.mark.parametrize("other", [("isic-archive", "ISIC_2"), ("nci-visuals", "ISIC_1")])
def test_evidence_when_it_supersedes_another_items_then_refused(registered: None, other: tuple[str, str]) -> None:
    mine = make_parts("isic-archive", "ISIC_1")
    source_id, foreign_id = other
    assert "supersedes evidence of its own item" in refused(
        lambda: supersede(mine["evidence_id"], source_id=source_id, foreign_id=foreign_id)
    )


def test_policy_in_use_when_deleted_then_refused(insert_image: Insert) -> None:
    insert_image()
    assert refused(lambda: execute("DELETE FROM catalog_policy"))


@pytest.mark.parametrize("changes", [{"by": ""}, {"why": ""}, {"before": None}])
def test_terms_change_when_it_does_not_say_who_why_and_of_what_then_refused(
    registered: None, changes: dict[str, object]
) -> None:
    assert make_change().pk
    assert refused(lambda: make_change(**changes))


@pytest.mark.parametrize("table", ["tombstone", "acceptance"])
def test_curators_word_when_changed_or_deleted_then_refused(registered: None, table: str) -> None:
    {"tombstone": make_tombstone, "acceptance": make_acceptance}[table]()
    assert "append-only" in refused(lambda: execute(f"UPDATE catalog_{table} SET by = 'nobody'"))
    assert "append-only" in refused(lambda: execute(f"DELETE FROM catalog_{table}"))


@on_sqlite
@pytest.mark.parametrize(("table", "key"), [("tombstone", "sha256"), ("acceptance", "id")])
def test_curators_word_when_replaced_then_refused(registered: None, table: str, key: str) -> None:
    {"tombstone": make_tombstone, "acceptance": make_acceptance}[table]()
    assert "there already" in refused(lambda: replace(table, **{key: key, "by": "'nobody'"}))


def test_pair_when_its_images_are_the_same_or_out_of_order_or_changed_then_refused(insert_image: Insert) -> None:
    insert_image()
    insert_image(**make_parts("isic-archive", "ISIC_2"))
    first, second = models.Image.objects.order_by("pk").values_list("pk", flat=True)
    said = {"kind": "near", "distance": 3, "found_at": timezone.now()}
    assert refused(lambda: models.Pair.objects.create(first_id=first, second_id=first, **said))
    assert refused(lambda: models.Pair.objects.create(first_id=second, second_id=first, **said))
    pair = models.Pair.objects.create(first_id=first, second_id=second, **said)
    assert refused(lambda: models.Pair.objects.filter(pk=pair.pk).update(verdict="same"))
    assert "never change" in refused(lambda: models.Pair.objects.filter(pk=pair.pk).update(second_id=first))
