"""Institutions, their subscriptions and their members, as values."""

from collections.abc import Iterable

from dermref.catalog import models
from dermref.model.asking import Subscription, SubscriptionKind


def subscriptions_to(source_id: str) -> tuple[Subscription, ...]:
    """Every recorded subscription to this source, whether it runs or not."""
    return tuple(_values(models.Subscription.objects.filter(source_id=source_id)))


def _values(rows: Iterable[models.Subscription]) -> Iterable[Subscription]:
    for row in rows:
        ends = min((one for one in (row.ends, row.ended_at) if one is not None), default=None)
        yield Subscription(row.source_id, row.institution_id, SubscriptionKind(row.kind), row.starts, ends)
