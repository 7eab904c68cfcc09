"""Which rows stand on a page, found by one index seek for each policy: as fast for the last page as for the first, for
a rare filter as for none, however the sources lie in the table. (Measured in docs/performance.md.)"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

AT_ONCE = 200  # sub-queries in one statement; SQLite takes 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Which images, besides the policies; None means any."""

    condition: str | None = None
    modality: str | None = None


def row_ids(
    policy_ids: Iterable[int], wanted: Filter, *, after: int = 0, before: int | None = None, limit: int
) -> list[int]:
    """The first `limit` row ids above `after`, or the last ones below `before`, in ascending order."""
    bound, order, edge = ("id < %s", "DESC", before) if before is not None else ("id > %s", "ASC", after)
    where, values = _conditions(wanted)
    seek = (
        f"SELECT id FROM (SELECT id FROM catalog_image WHERE policy_id = %s{where} AND {bound}"  # noqa: S608
        f" ORDER BY id {order} LIMIT %s) AS one"
    )
    found: list[int] = []
    policies = sorted(policy_ids)
    for start in range(0, len(policies), AT_ONCE):
        chunk = policies[start : start + AT_ONCE]
        found += _ids(" UNION ALL ".join([seek] * len(chunk)), [[one, *values, edge or 0, limit] for one in chunk])
    return sorted(sorted(found, reverse=before is not None)[:limit])


def _conditions(wanted: Filter) -> tuple[str, list[int | str]]:
    chosen = {"condition_id": wanted.condition, "modality": wanted.modality}
    named = {column: value for column, value in chosen.items() if value is not None}
    return "".join(f" AND {column} = %s" for column in named), list(named.values())


def _ids(sql: str, values: Sequence[Sequence[int | str]]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for one in values for value in one])
        return [int(row[0]) for row in cursor.fetchall()]
