"""Interned policies: found or stored by content hash, and read back as values."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import lru_cache

from django.db import connection

from dermref.catalog import models
from dermref.model.policy import Hold, PolicyKey, Restriction

KEY_FIELDS = tuple(field.name for field in fields(PolicyKey))  # a column each, and the one list of them


def intern(key: PolicyKey) -> int:
    """The row id of `key`, stored on first sight."""
    with connection.cursor() as cursor:  # asked once for every image, and nearly always known
        cursor.execute("SELECT id FROM catalog_policy WHERE content_hash = %s", [key.content_hash])
        known = cursor.fetchone()
    if known:
        return int(known[0])
    row, _ = models.Policy.objects.get_or_create(content_hash=key.content_hash, defaults=_columns(key))
    return int(row.pk)


def _columns(key: PolicyKey) -> dict[str, object]:
    values = {name: getattr(key, name) for name in KEY_FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def load_policies() -> Mapping[int, PolicyKey]:
    """Every policy by row id."""
    with connection.cursor() as cursor:  # asked once for every list
        cursor.execute(f"SELECT {', '.join(('id', *KEY_FIELDS))} FROM catalog_policy")  # noqa: S608 (names are ours)
        return {row_id: _read(*columns) for row_id, *columns in cursor.fetchall()}


def policies_held(hold: Hold) -> list[int]:
    """The row ids of the policies that hold an image so."""
    return [row_id for row_id, key in load_policies().items() if hold in key.holds]


@lru_cache(maxsize=65536)
def _read(source_id: str, license_id: str, license_label: str, *lists: str) -> PolicyKey:
    """The value of plain columns, its lists as JSON text; remembered by these very columns, so never stale."""
    return policy_key(source_id, license_id, license_label, *(json.loads(one) for one in lists))


def key_of(row: models.Policy) -> PolicyKey:
    """The value of a policy that was read as a row."""
    return policy_key(*(getattr(row, name) for name in KEY_FIELDS))


def policy_key(
    source_id: str,
    license_id: str,
    license_label: str,
    holds: Iterable[str],
    restrictions: Iterable[str],
    disputed: Iterable[str],
    grants: Iterable[str],
) -> PolicyKey:
    """The value of a stored policy, from its columns in the order of KEY_FIELDS."""
    return PolicyKey(
        source_id=source_id,
        license_id=license_id,
        license_label=license_label,
        holds=tuple(Hold(one) for one in holds),
        restrictions=tuple(Restriction(one) for one in restrictions),
        disputed=tuple(disputed),
        grants=tuple(grants),
    )
