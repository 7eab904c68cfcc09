"""Which rows stand on a page. Looked for in the next few hundred rows first, where most pages are found whole; else by
one index seek for each policy: as fast for the last page as for the first, for a rare filter as for none, however the
sources lie in the table. (Measured in docs/performance.md.)"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

AT_ONCE = 200  # sub-queries in one statement; SQLite takes 500
NEXT_ROWS = 8  # times the rows asked for: looking through them costs less than the seeks it often saves


@dataclass(frozen=True, slots=True)
class Filter:
    """Which images, besides the policies; None means any."""

    condition: str | None = None
    modality: str | None = None
    body_site: str | None = None

    @property
    def chosen(self) -> Mapping[str, str]:
        """The values asked for, by facet, the one that narrows most first."""
        facets = {"condition": self.condition, "body_site": self.body_site, "modality": self.modality}
        return {facet: value for facet, value in facets.items() if value is not None}


COLUMNS = {"condition": "condition_id", "modality": "modality", "body_site": "body_site"}


@dataclass(frozen=True, slots=True)
class _Seek:
    """Where a page begins, which way it goes, and how many rows it wants."""

    bound: str
    order: str
    edge: int
    limit: int


def row_ids(
    policy_ids: Iterable[int], wanted: Filter, *, after: int = 0, before: int | None = None, limit: int
) -> list[int]:
    """The first `limit` row ids above `after`, or the last ones below `before`, in ascending order."""
    policies = sorted(policy_ids)
    if not policies:
        return []
    ahead = _Seek("id > %s", "ASC", after, limit)
    seek = ahead if before is None else _Seek("id < %s", "DESC", before, limit)
    found = _near(policies, wanted, seek)
    if len(found) < limit:
        found = _anywhere(policies, wanted, seek)
    return sorted(sorted(found, reverse=before is not None)[:limit])


def _near(policies: Sequence[int], wanted: Filter, seek: _Seek) -> list[int]:
    """The rows among the next ones in the table."""
    where, values = _conditions(wanted)
    columns = ", ".join(["id", "policy_id", *COLUMNS.values()])
    sql = (
        f"SELECT id FROM (SELECT {columns} FROM catalog_image WHERE {seek.bound} ORDER BY id {seek.order} LIMIT %s)"  # noqa: S608
        f" AS next WHERE policy_id IN ({', '.join(['%s'] * len(policies))}){where} ORDER BY id {seek.order} LIMIT %s"
    )
    return [row_id for (row_id,) in _rows(sql, [seek.edge, NEXT_ROWS * seek.limit, *policies, *values, seek.limit])]


def _anywhere(policies: Sequence[int], wanted: Filter, seek: _Seek) -> list[int]:
    """The rows wherever they are. Only policies whose first row is among the first can have a row on the page."""
    firsts = sorted(_seeks(policies, wanted, replace(seek, limit=1)), reverse=seek.order == "DESC")[: seek.limit]
    found = firsts if seek.limit == 1 else _seeks([policy for _, policy in firsts], wanted, seek)
    return [row_id for row_id, _ in found]


def _seeks(policies: Sequence[int], wanted: Filter, seek: _Seek) -> list[tuple[int, int]]:
    """The first rows of each policy, as row id and policy; each gives at most as many as are wanted."""
    where, values = _conditions(wanted)
    one = (
        f"SELECT id, policy_id FROM (SELECT id, policy_id FROM catalog_image WHERE policy_id = %s{where}"  # noqa: S608
        f" AND {seek.bound} ORDER BY id {seek.order} LIMIT %s) AS one"
    )
    found: list[tuple[int, int]] = []
    for start in range(0, len(policies), AT_ONCE):
        chunk = policies[start : start + AT_ONCE]
        asked = [value for policy in chunk for value in (policy, *values, seek.edge, seek.limit)]
        found += _rows(" UNION ALL ".join([one] * len(chunk)), asked)
    return found


def _conditions(wanted: Filter) -> tuple[str, list[int | str]]:
    return "".join(f" AND {COLUMNS[facet]} = %s" for facet in wanted.chosen), list(wanted.chosen.values())


def _rows(sql: str, values: Sequence[int | str]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
