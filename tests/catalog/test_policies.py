"""A situation comes back from the database exactly as it went in, by every way it is read."""

from collections.abc import Callable

import pytest

from dermref.catalog import models
from dermref.catalog.policies import KEY_FIELDS, intern, load_policies
from dermref.catalog.proofs import audit_records
from dermref.catalog.reading import find_image
from dermref.catalog.received import known_items
from dermref.model.policy import Hold, PolicyKey, Restriction

FULL = PolicyKey(
    "isic-archive",
    " AND ".join(f"LicenseRef-{number}" for number in range(60)),
    "a label",
    (Hold.BLOCKED, Hold.REVIEW),
    (Restriction.TRADEMARK, Restriction.PERSONALITY),
    ("LicenseRef-x",),
    ("grant-1", "grant-2"),
)


def test_columns_when_compared_with_the_key_then_each_field_is_stored() -> None:
    assert {field.attname for field in models.Policy._meta.concrete_fields} == {*KEY_FIELDS, "id", "content_hash"}


def test_policy_when_interned_then_every_reader_gives_it_back(insert_image: Callable[..., None]) -> None:
    row_id = intern(FULL)
    assert intern(FULL) == row_id
    insert_image(policy_id=row_id)
    record = find_image("isic-archive:ISIC_1")
    assert record
    read = [
        load_policies()[row_id],
        record.policy,
        next(audit_records()).policy,
        known_items("isic-archive", ["ISIC_1"])["ISIC_1"].policy,
    ]
    assert read == [FULL] * 4


@pytest.mark.parametrize("field", ["restrictions", "disputed", "grants"])
def test_policy_when_one_list_is_empty_then_is_another_row(registered: None, field: str) -> None:
    values = {name: getattr(FULL, name) for name in KEY_FIELDS} | {field: ()}
    assert intern(PolicyKey(**values)) != intern(FULL)


def test_item_when_it_has_no_image_then_has_no_policy(insert_image: Callable[..., None]) -> None:
    known = known_items("isic-archive", ["ISIC_1"])["ISIC_1"]
    assert (known.policy, known.has_image) == (None, False)
