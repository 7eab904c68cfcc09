"""The database itself keeps the promise: each test tries to break it with raw SQL, on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dermref.catalog import models
from rows import make_parts, supersede

Insert = Callable[..., None]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has TRUNCATE")


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        action()
        connection.check_constraints()
    return str(caught.value)


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))


def replace(table: str, **changed: str) -> None:
    """INSERT OR REPLACE every row of a table by itself, with some columns changed; a key of ours only when named."""
    fields = apps.get_model("catalog", table)._meta.concrete_fields
    columns = [field.column for field in fields if field.column != "id" or "id" in changed]
    values = [changed.get(column, column) for column in columns]
    execute(
        f"INSERT OR REPLACE INTO catalog_{table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM catalog_{table}"
    )


def block(sha256: str) -> None:
    models.BlockedHash.objects.create(sha256=sha256, source_id="dermnet-legacy", reason="test")


def make_rendition(sha256: str) -> models.Rendition:
    return models.Rendition.objects.create(
        image=models.Image.objects.get(),
        size="small",
        media_type="image/webp",
        sha256=sha256,
        byte_size=1,
        width=1,
        height=1,
    )


def make_policy(content_hash: str, **changes: object) -> int:
    values = {"source_id": "isic-archive", "license_id": "Y", "license_label": "Y", **changes}
    return models.Policy.objects.create(content_hash=content_hash, **values).pk


def make_held(content_hash: str, *holds: str, **changes: object) -> int:
    """The policy of `make_parts` with these holds."""
    return make_policy(content_hash, **{"license_id": "X", "license_label": "X", "holds": list(holds), **changes})


def make_change(**changes: object) -> models.TermsChange:
    now = timezone.now()
    document = {"digest": "e" * 64, "source_id": "isic-archive", "document": {"a": 1}, "recorded_at": now}
    version, _ = models.SourceVersion.objects.get_or_create(digest="e" * 64, defaults=document)
    values = {"source_id": "isic-archive", "at": now, "by": "a curator", "why": "a reason", "before": version}
    return models.TermsChange.objects.create(**{**values, "fields": [], "outcomes": [], **changes})


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
    block("a" * 64)
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
    ["evidence", "document", "policy", "blockedhash", "accession", "image", "sourceversion", "termschange"],
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


def test_block_when_another_source_has_the_bytes_already_then_taken_and_the_image_can_be_held(
    insert_image: Insert,
) -> None:
    insert_image()
    block("a" * 64)
    held = make_held("9" * 64, "blocked")
    execute("UPDATE catalog_image SET policy_id = %s", held)
    assert models.Image.objects.get().policy_id == held


def test_rendition_when_its_bytes_are_blocked_then_refused(insert_image: Insert) -> None:
    insert_image()
    block("b" * 64)
    assert "blocked" in refused(lambda: make_rendition("b" * 64))
    make_rendition("c" * 64)
    assert "blocked" in refused(lambda: execute("UPDATE catalog_rendition SET sha256 = %s", "b" * 64))


def test_rendition_when_its_bytes_are_blocked_for_others_then_taken_at_home(insert_image: Insert) -> None:
    block("b" * 64)
    insert_image(**make_parts("dermnet-legacy", "train/a/b.jpg"))
    assert make_rendition("b" * 64).pk


@pytest.mark.parametrize("other", [("isic-archive", "ISIC_2"), ("nci-visuals", "ISIC_1")])
def test_evidence_when_it_supersedes_another_items_then_refused(registered: None, other: tuple[str, str]) -> None:
    mine = make_parts("isic-archive", "ISIC_1")
    source_id, foreign_id = other
    assert "supersedes evidence of its own item" in refused(
        lambda: supersede(mine["evidence_id"], source_id=source_id, foreign_id=foreign_id)
    )


def test_image_when_it_follows_new_evidence_then_cannot_go_back(insert_image: Insert) -> None:
    insert_image()
    image = models.Image.objects.get()
    held = make_policy("9" * 64, holds=["withdrawn"])
    after = supersede(image.evidence_id, mark="withdrawal").pk
    execute("UPDATE catalog_image SET evidence_id = %s, policy_id = %s", after, held)
    assert "latest evidence" in refused(
        lambda: execute("UPDATE catalog_image SET evidence_id = %s, policy_id = %s", image.evidence_id, image.policy_id)
    )


def test_image_when_its_evidence_is_superseded_then_policy_alone_cannot_change(insert_image: Insert) -> None:
    insert_image()
    supersede(models.Image.objects.get().evidence_id)
    policy = make_held("9" * 64, "blocked")
    assert "latest evidence" in refused(lambda: execute("UPDATE catalog_image SET policy_id = %s", policy))


@pytest.mark.parametrize(
    "changes",
    [
        {"holds": []},
        {"holds": ["withdrawn"]},
        {"holds": ["blocked"]},
        {"holds": ["blocked", "blocked"]},
        {"holds": ["withdrawn", "review"]},
        {"license_id": "Y"},
        {"license_label": "Y"},
        {"restrictions": ["trademark"]},
        {"disputed": ["Y"]},
        {"grants": ["a-grant"]},
    ],
)
def test_image_when_its_policy_changes_without_new_evidence_then_refused_unless_held_more(
    insert_image: Insert, changes: dict[str, object]
) -> None:
    insert_image(policy_id=make_held("8" * 64, "blocked"))
    other = make_held("9" * 64, **{"holds": ["blocked", "takedown"], **changes})
    assert "only with new evidence" in refused(lambda: execute("UPDATE catalog_image SET policy_id = %s", other))
    after = supersede(models.Image.objects.get().evidence_id).pk
    execute("UPDATE catalog_image SET evidence_id = %s, policy_id = %s", after, other)
    assert models.Image.objects.get().policy_id == other


def test_image_when_its_policy_is_held_more_then_follows_and_cannot_be_freed_again(insert_image: Insert) -> None:
    insert_image()
    free = models.Image.objects.get().policy_id
    chain = [make_held("8" * 64, "blocked"), make_held("9" * 64, "takedown", "blocked")]
    for held in chain:
        execute("UPDATE catalog_image SET policy_id = %s", held)
    for less in (chain[0], free):
        assert "only with new evidence" in refused(
            lambda less=less: execute("UPDATE catalog_image SET policy_id = %s", less)
        )
    execute("UPDATE catalog_image SET policy_id = policy_id")


def test_image_when_inserted_on_superseded_evidence_then_refused(insert_image: Insert) -> None:
    supersede(models.Evidence.objects.get().pk)
    assert "latest evidence" in refused(insert_image)


@pytest.mark.parametrize("sha256", ["A" * 64, "g" * 64, "a" * 63 + "\n"])
def test_sha256_when_not_lower_case_hexadecimal_then_refused(insert_image: Insert, sha256: str) -> None:
    insert_image()
    make_rendition("c" * 64)
    for table in ("image", "rendition"):
        assert "hexadecimal" in refused(lambda table=table: execute(f"UPDATE catalog_{table} SET sha256 = %s", sha256))
    assert "hexadecimal" in refused(lambda: insert_image(**{**make_parts("isic-archive", "ISIC_2"), "sha256": sha256}))
    assert "hexadecimal" in refused(lambda: make_rendition(sha256))
    assert "hexadecimal" in refused(lambda: block(sha256))
    assert "hexadecimal" in refused(
        lambda: models.Document.objects.create(sha256=sha256, media_type="text/plain", body=b"")
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


@pytest.mark.parametrize(
    ("facet", "column", "before", "after"),
    [("body_site", "body_site", "arm", "leg"), ("modality", "modality", "clinical", "dermoscopic")],
)
def test_tally_when_a_facet_of_an_image_changes_then_it_follows(
    insert_image: Insert, facet: str, column: str, before: str, after: str
) -> None:
    insert_image(**{column: before})
    execute(f"UPDATE catalog_image SET {column} = %s", after)
    tallies = dict(models.Tally.objects.filter(facet=facet).values_list("value", "images"))
    assert tallies == {before: 0, after: 1}


def test_tally_when_image_changes_policy_or_goes_then_it_follows(insert_image: Insert) -> None:
    insert_image()
    before = models.Image.objects.get().policy_id
    after = make_held("y" * 64, "blocked")
    execute("UPDATE catalog_image SET policy_id = %s", after)
    tallies = dict(models.Tally.objects.filter(facet="all").values_list("policy_id", "images"))
    assert tallies == {before: 0, after: 1}
    execute("DELETE FROM catalog_image")
    assert set(models.Tally.objects.values_list("images", flat=True)) == {0}


def make_tombstone(sha256: str = "a" * 64) -> models.Tombstone:
    return models.Tombstone.objects.create(sha256=sha256, reason="asked for", by="a curator", at=timezone.now())


def make_acceptance() -> models.Acceptance:
    said = {"codes": ["privacy-gps"], "by": "a curator", "why": "a reason", "at": timezone.now()}
    return models.Acceptance.objects.create(source_id="isic-archive", foreign_id="1", sha256="a" * 64, **said)


def test_image_when_its_bytes_are_buried_then_refused(insert_image: Insert) -> None:
    make_tombstone()
    assert "never come in again" in refused(insert_image)


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


def test_decision_when_it_would_change_more_than_the_holds_then_refused(insert_image: Insert) -> None:
    insert_image(policy_id=make_held("1" * 64, "conflict"))
    image = models.Image.objects.get()
    free, other = make_held("2" * 64), make_policy("3" * 64, license_id="CC0-1.0")
    decision = supersede(image.evidence_id, mark="decision")
    change = models.Image.objects.filter(pk=image.pk)
    assert "nothing of the rights" in refused(lambda: change.update(evidence=decision, policy_id=other))
    assert change.update(evidence=decision, policy_id=free) == 1


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
