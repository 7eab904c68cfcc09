"""Interned policies: found or stored by content hash, and read back as values."""

from collections.abc import Mapping

from django.db.models import Max

from dermref.catalog import models
from dermref.model.policy import Hold, PolicyKey


def intern(key: PolicyKey) -> int:
    """The row id of `key`, stored on first sight."""
    row, _ = models.Policy.objects.get_or_create(
        content_hash=key.content_hash,
        defaults={
            "source_id": key.source_id,
            "license_id": key.license_id,
            "license_label": key.license_label,
            "holds": list(key.holds),
        },
    )
    return int(row.pk)


def newest_policy_id() -> int:
    """The highest row id, 0 when there is none; policies never change, so this tells whether a cache is complete."""
    return models.Policy.objects.aggregate(newest=Max("id"))["newest"] or 0


def load_policies(*, after: int = 0) -> Mapping[int, PolicyKey]:
    """Policies by row id, those above `after` only."""
    rows = models.Policy.objects.filter(pk__gt=after).values_list("id", "source_id", "license_id", "license_label", "holds")
    return {
        pk: PolicyKey(source_id, license_id, label, tuple(Hold(hold) for hold in holds))
        for pk, source_id, license_id, label, holds in rows
    }


def tallies() -> Mapping[int, int]:
    """How many images each policy has."""
    return dict(models.PolicyTally.objects.values_list("policy_id", "images"))
