"""Interned policies: found or stored by content hash, and read back as values."""

from collections.abc import Iterable, Mapping

from dermref.catalog import models
from dermref.model.policy import Hold, PolicyKey

KEY_FIELDS = ("source_id", "license_id", "license_label", "holds")


def intern(key: PolicyKey) -> int:
    """The row id of `key`, stored on first sight."""
    known = models.Policy.objects.filter(content_hash=key.content_hash).values_list("id", flat=True).first()
    if known:
        return known
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


def load_policies() -> Mapping[int, PolicyKey]:
    """Every policy by row id."""
    rows = models.Policy.objects.values_list("id", *KEY_FIELDS)
    return {row_id: policy_key(*fields) for row_id, *fields in rows}


def policy_key(source_id: str, license_id: str, license_label: str, holds: Iterable[str]) -> PolicyKey:
    """The value of a stored policy, from its columns in the order of KEY_FIELDS."""
    return PolicyKey(source_id, license_id, license_label, tuple(Hold(hold) for hold in holds))


def tallies() -> Mapping[int, int]:
    """How many images each policy has."""
    return dict(models.PolicyTally.objects.values_list("policy_id", "images"))
