"""The database itself keeps the promise: each test tries to break it with raw SQL, on SQLite and on PostgreSQL."""

import pytest

from breaking import Insert, block, execute, make_held, make_policy, make_rendition, make_tombstone, refused
from dermref.catalog import models
from rows import make_parts, supersede


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


def test_image_when_its_bytes_are_buried_then_refused(insert_image: Insert) -> None:
    make_tombstone()
    assert "never come in again" in refused(insert_image)


def test_decision_when_it_would_change_more_than_the_holds_then_refused(insert_image: Insert) -> None:
    insert_image(policy_id=make_held("1" * 64, "conflict"))
    image = models.Image.objects.get()
    free, other = make_held("2" * 64), make_policy("3" * 64, license_id="CC0-1.0")
    decision = supersede(image.evidence_id, mark="decision")
    change = models.Image.objects.filter(pk=image.pk)
    assert "nothing of the rights" in refused(lambda: change.update(evidence=decision, policy_id=other))
    assert change.update(evidence=decision, policy_id=free) == 1
