"""Lists, counts and facets of what may be used so for a purpose, over interned policies and, beside them, over a column
that this benchmark alone adds: a bit mask per image, a bit for each question, indexed for its count."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from report import Row, show

REPEATS = 31
FACETS = ("source_id", "license_id", "condition_id", "modality", "body_site")


def questions() -> list[tuple[Any, Any]]:
    """Action and purpose of each bit of the mask, the lowest first."""
    from dermref.model.asking import Action, Purpose

    return [(action, purpose) for action in (Action.VIEW, Action.TRAIN) for purpose in Purpose]


def add_masks(cursor: Any) -> None:
    """The mask of each policy, and a column for it in every image."""
    from dermref.model.asking import ANONYMOUS
    from dermref.services.searching import shelf_of

    cursor.execute("CREATE TABLE bench_policy (id INTEGER PRIMARY KEY, mask INTEGER NOT NULL)")
    cursor.execute("INSERT INTO bench_policy SELECT id, 0 FROM catalog_policy")
    cursor.execute(
        "INSERT INTO catalog_tally (policy_id, facet, value, images) SELECT id, 'all', '', 1 FROM catalog_policy"
    )
    for bit, (action, purpose) in enumerate(questions()):
        policies = ", ".join(map(str, shelf_of(ANONYMOUS, action=action, purpose=purpose).policies))
        cursor.execute(f"UPDATE bench_policy SET mask = mask + {1 << bit} WHERE id IN ({policies})")
    cursor.execute("DELETE FROM catalog_tally")
    cursor.execute("ALTER TABLE catalog_image ADD COLUMN bench_mask INTEGER NOT NULL DEFAULT 0")
    cursor.execute("CREATE INDEX bench_image_mask ON catalog_image (bench_mask)")


def mask_of(policy: str) -> str:
    """SQL for the mask of an image under this policy."""
    return f"(SELECT mask FROM bench_policy WHERE id = {policy})"


def measure(rows: int) -> None:
    """Every question's first page, count and five facets both ways; the answers must be the same."""
    from dermref.model.asking import Action, Purpose

    for action, purpose in ((Action.VIEW, Purpose.RESEARCH), (Action.TRAIN, Purpose.COMMERCIAL)):
        bit = 1 << questions().index((action, purpose))
        figures: list[Row] = []
        for name, ceiling, ours, theirs in cases(action, purpose, bit):
            assert ours() == theirs(), name
            mine, other = timed(ours), timed(theirs, repeats=7)
            figures += [
                Row(name, mine, "ms", ceiling=ceiling),
                Row("… over the mask", other, "ms"),
                Row("… ratio", other / mine, "×"),
            ]
        figures += [Row(f"once a request: {name}", timed(part), "ms") for name, part in parts(action, purpose)]
        show(
            f"What anybody may {action} for {purpose}, of {rows:,} images under 300 policies (p50 of {REPEATS})",
            figures,
        )


def cases(action: Any, purpose: Any, bit: int) -> list[tuple[str, float, Callable[[], Any], Callable[[], Any]]]:
    """Name, aim in ms, and the same answer by policies and by mask; reading and deciding the policies is counted in."""
    from dermref.catalog.paging import Filter
    from dermref.catalog.reading import count_of, page_of
    from dermref.model.asking import ANONYMOUS
    from dermref.services.searching import facets, shelf_of

    def shelf() -> Any:
        return shelf_of(ANONYMOUS, action=action, purpose=purpose)

    def first_page() -> list[int]:
        return [one.row_id for one in page_of(shelf().policies, Filter(), limit=48).records]

    def five_facets() -> list[dict[str, int]]:
        found = facets(shelf())
        all_five = (found.sources, found.licenses, found.conditions, found.modalities, found.body_sites)
        return [{value: number for value, _, number in one} for one in all_five]

    return [
        ("first page of 48 records", 5, first_page, lambda: masked_page(bit)),
        ("count", 20, lambda: count_of(shelf().policies, Filter()), lambda: masked_count(bit)),
        ("five facets", 60, five_facets, lambda: [masked_facet(bit, one) for one in FACETS]),
    ]


def parts(action: Any, purpose: Any) -> list[tuple[str, Callable[[], Any]]]:
    """What the services' time is made of."""
    from dermref.catalog.paging import Filter, row_ids
    from dermref.catalog.policies import load_policies
    from dermref.model.asking import ANONYMOUS
    from dermref.services.searching import Wanted, search, shelf_of

    shelf = shelf_of(ANONYMOUS, action=action, purpose=purpose)
    return [
        ("reading the policies", load_policies),
        ("reading the policies and deciding about each", lambda: shelf_of(ANONYMOUS, action=action, purpose=purpose)),
        ("the page's row ids", lambda: row_ids(shelf.policies, Filter(), limit=49)),
        ("the page with each image's credit, through the gate", lambda: search(Wanted(), shelf)),
    ]


def masked_page(bit: int) -> list[int]:
    from dermref.catalog import models

    where = ["bench_mask & %s <> 0"]
    rows = models.Image.objects.extra(where=where, params=[bit]).select_related("evidence", "condition", "policy")
    return [row.pk for row in rows.order_by("pk")[:48]]


def masked_count(bit: int) -> int:
    return int(_rows("SELECT count(*) FROM catalog_image WHERE bench_mask & %s <> 0", bit)[0][0])


def masked_facet(bit: int, column: str) -> dict[str, int]:
    joined = "JOIN catalog_policy p ON p.id = policy_id" if column == "license_id" else ""
    owner = "p" if joined else "i"
    sql = f"SELECT {owner}.{column}, count(*) FROM catalog_image i {joined} WHERE bench_mask & %s <> 0 GROUP BY 1"
    return dict(_rows(sql, bit))


def _rows(sql: str, *values: object) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def timed(work: Callable[[], Any], *, repeats: int = REPEATS) -> float:
    """Median in ms, the first run left out."""
    times = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[1:])
