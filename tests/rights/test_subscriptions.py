"""Everything that is wrong with a subscription is said at once; a sound one has no fault."""

import pytest

from dermref.model.asking import Subscription
from dermref.rights.gate import depends_on_writings
from dermref.rights.subscriptions import check_subscription
from rights.situations import DAY, NOW, policy

VISUALDX = policy("visualdx").terms
NAIVE = NOW.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("dates", "fields"),
    [
        ({"starts": NOW}, []),
        ({"starts": NOW, "ends": NOW + DAY}, []),
        ({"starts": NOW, "ends": NOW}, ["ends"]),
        ({"starts": NOW, "ends": NOW - DAY}, ["ends"]),
        ({}, ["starts"]),
        ({"ends": NOW}, ["starts"]),
        ({"starts": NAIVE, "ends": NAIVE}, ["starts", "ends"]),
    ],
)
def test_subscription_when_its_dates_are_wrong_then_each_is_named(dates: dict, fields: list[str]) -> None:
    faults = check_subscription(Subscription("visualdx", "Riverside", **dates), VISUALDX)
    assert [one.partition(":")[0] for one in faults] == fields


def test_subscription_when_the_source_has_none_or_is_none_then_said_beside_the_dates() -> None:
    wanted = Subscription("uptodate", "Riverside", starts=NOW, ends=NOW - DAY)
    for terms in (policy("uptodate").terms, None):
        assert [one.partition(":")[0] for one in check_subscription(wanted, terms)] == ["source", "ends"]


@pytest.mark.parametrize(
    ("source_id", "depends"),
    [("isic-archive", False), ("dermnet-legacy", False), ("atlas-dermatologico", True), ("visualdx", True)],
)
def test_source_when_nothing_in_writing_is_needed_then_nobody_looks(source_id: str, depends: bool) -> None:
    assert depends_on_writings(policy(source_id).terms) is depends
