"""A page knows exactly whether there are images before and after it."""

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermref.catalog import models, paging
from dermref.catalog.paging import Filter, row_ids
from dermref.catalog.policies import intern
from dermref.catalog.reading import page_of
from dermref.model.policy import PolicyKey
from rows import make_parts

ANY = Filter()


@pytest.fixture
def policy_id(insert_image: Callable[..., None]) -> int:
    """Five images with the row ids 10, 20, 30, 40 and 50; the last two are clinical."""
    for number, modality in ((1, ""), (2, ""), (3, ""), (4, "clinical"), (5, "clinical")):
        parts = make_parts("isic-archive", f"ISIC_{number}") if number > 1 else {}
        insert_image(**parts | {"id": number * 10, "modality": modality})
    return models.Image.objects.get(pk=10).policy_id


@pytest.mark.parametrize(
    ("asked", "rows", "has_before", "has_after"),
    [
        ({}, [10, 20], False, True),
        ({"after": 5}, [10, 20], False, True),
        ({"after": 10}, [20, 30], True, True),
        ({"after": 30}, [40, 50], True, False),
        ({"after": 50}, [], True, False),
        ({"after": 2**63 - 1}, [], True, False),
        ({"before": 99}, [40, 50], True, False),
        ({"before": 50}, [30, 40], True, True),
        ({"before": 30}, [10, 20], False, True),
        ({"before": 10}, [], False, True),
        ({"before": 1}, [], False, True),
    ],
)
def test_page_when_read_then_says_what_lies_on_either_side(
    policy_id: int, asked: dict[str, int], rows: list[int], has_before: bool, has_after: bool
) -> None:
    page = page_of([policy_id], ANY, limit=2, **asked)
    assert [record.row_id for record in page.records] == rows
    assert (page.has_before, page.has_after) == (has_before, has_after)


def test_page_when_filtered_then_images_outside_the_filter_do_not_count(policy_id: int) -> None:
    page = page_of([policy_id], Filter(modality="clinical"), after=30, limit=2)
    assert [record.row_id for record in page.records] == [40, 50]
    assert (page.has_before, page.has_after) == (False, False)


def test_page_when_no_policy_is_allowed_then_is_empty_on_both_sides(policy_id: int) -> None:
    for page in (page_of([], ANY, after=20), page_of([], ANY, before=20)):
        assert (page.records, page.has_before, page.has_after) == ((), False, False)


@pytest.mark.parametrize("near", [0, 1, 8])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    owners=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=20),
    chosen=st.sets(st.sampled_from("abcdef"), min_size=1),
    edge=st.integers(0, 22),
    limit=st.integers(1, 5),
)
def test_rows_when_looked_for_then_the_first_or_last_ones_however_the_policies_lie(
    registered: None,
    monkeypatch: pytest.MonkeyPatch,
    near: int,
    owners: list[str],
    chosen: set[str],
    edge: int,
    limit: int,
) -> None:
    """`near` rows are looked through first, so that seeks alone, both, and the look alone are tried."""
    monkeypatch.setattr(paging, "NEXT_ROWS", near)
    with transaction.atomic():
        policies = {name: intern(PolicyKey("isic-archive", name, name)) for name in "abcdef"}
        for at, owner in enumerate(owners, start=1):
            parts = make_parts("isic-archive", f"ISIC_{at}", policy_id=policies[owner])
            models.Image.objects.create(**{**parts, "id": at, "skin_tones": [], "metadata": {}})
        wanted = [at for at, owner in enumerate(owners, start=1) if owner in chosen]
        allowed = [policies[name] for name in chosen]
        assert row_ids(allowed, ANY, after=edge, limit=limit) == [at for at in wanted if at > edge][:limit]
        assert row_ids(allowed, ANY, before=edge, limit=limit) == [at for at in wanted if at < edge][-limit:]
        transaction.set_rollback(True)
