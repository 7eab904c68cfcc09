"""A page knows exactly whether there are images before and after it."""

from collections.abc import Callable

import pytest

from dermref.catalog import models
from dermref.catalog.paging import Filter
from dermref.catalog.reading import page_of
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
