"""Which of two rights situations is the stricter."""

import pytest

from dermref.model.asking import Operator
from dermref.model.policy import Hold, PolicyKey
from dermref.registry.load import load_source
from dermref.rights.compare import Order, compare
from dermref.rights.question import Policy


def policy(license_id: str, source_id: str = "isic-archive", *holds: Hold) -> Policy:
    return Policy(PolicyKey(source_id, license_id, license_id, holds), load_source(source_id).terms)


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        (policy("CC0-1.0"), policy("CC-BY-4.0"), Order.LOOSER),
        (policy("CC-BY-NC-4.0"), policy("CC-BY-4.0"), Order.STRICTER),
        (policy("CC-BY-SA-4.0"), policy("CC-BY-NC-4.0"), Order.LOOSER),
        (policy("CC-BY-ND-4.0"), policy("CC-BY-NC-4.0"), Order.MIXED),
        (policy("CC-BY-4.0"), policy("CC-BY-SA-4.0"), Order.LOOSER),
        (policy("CC-BY-4.0"), policy("CC-BY-4.0", "wikimedia-commons"), Order.EQUAL),
        (policy("CC-BY-4.0", "isic-archive", Hold.WITHDRAWN), policy("CC-BY-4.0"), Order.EQUAL),
        (policy("CC0-1.0"), policy("LicenseRef-dermnet-legacy", "dermnet-legacy"), Order.LOOSER),
        (policy("LicenseRef-visualdx", "visualdx"), policy("CC-BY-4.0"), Order.STRICTER),
    ],
)
def test_policies_when_compared_then_the_stricter_is_told_both_ways(one: Policy, other: Policy, order: Order) -> None:
    back = {Order.STRICTER: Order.LOOSER, Order.LOOSER: Order.STRICTER}.get(order, order)
    assert (compare(one, other, operator=Operator()), compare(other, one, operator=Operator())) == (order, back)
