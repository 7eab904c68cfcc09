"""Interned policies: found or stored by content hash, and read back as values."""

from collections.abc import Iterable, Mapping

from django.db import connection

from dermref.catalog import models
from dermref.model.policy import Hold, PolicyKey

KEY_FIELDS = ("source_id", "license_id", "license_label", "holds")


def intern(key: PolicyKey) -> int:
    """The row id of `key`, stored on first sight."""
    with connection.cursor() as cursor:  # asked once for every image, and nearly always known
        cursor.execute("SELECT id FROM catalog_policy WHERE content_hash = %s", [key.content_hash])
        known = cursor.fetchone()
    if known:
        return int(known[0])
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
