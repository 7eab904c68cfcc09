"""Catalogue pages over 1,000,000 generated rows on SQLite: server time of whole pages, first, deep and filtered; and
lists, counts and facets filtered by purpose (`by_purpose.py`).

Baseline in the same run: the first page of the same catalogue's API by a bare SQL query of the same 48 rows.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import by_purpose
from report import Row, show

ROWS, REPEATS = int(os.environ.get("ROWS", "1000000")), 15

IMAGES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
INSERT INTO catalog_{table} ({columns}) SELECT {values} FROM n
"""


def main() -> None:
    """Generate, measure, print."""
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(DERMREF_DATA_DIR=scratch, DATABASE_URL="")
        from dermref.config.start import start

        start(migrate=True)
        print(f"generating {ROWS:,} rows …", file=sys.stderr)
        generate()
        size = (Path(scratch) / "dermref.sqlite3").stat().st_size
        by_purpose.measure(ROWS)
        measure(size)


def generate() -> None:
    """Images under 300 policies of several sources, in 200 conditions and on 12 body sites, all of them under every
    policy; each row with a mask of what it may be used for. Triggers off, tallies made at the end."""
    from django.db import connection

    from dermref.catalog.policies import intern
    from dermref.model.policy import PolicyKey
    from dermref.services.rulings import all_sources

    shown = [("isic-archive", one) for one in ("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0")]
    shown += [("pad-ufes-20", "CC-BY-4.0"), ("nci-visuals", "CC0-1.0"), ("dermnet-legacy", "LicenseRef-dermnet-legacy")]
    keys = [PolicyKey(*shown[at % len(shown)], f"label {at}") for at in range(300)]
    assert all(key.source_id in all_sources() for key in keys)
    ids = [intern(key) for key in keys]
    assert ids == list(range(ids[0], ids[0] + 300))
    source = f"(SELECT source_id FROM catalog_policy WHERE id = {ids[0]} + i % 300)"
    item = f"{source}, 'ITEM_' || i"
    now = "'2026-11-22 00:00:00'"
    with connection.cursor() as cursor:
        by_purpose.add_masks(cursor)
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'catalog_image'"
        for (name,) in cursor.execute(names).fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -1000000")
        cursor.execute("INSERT INTO catalog_document VALUES (%s, 'application/json', x'7b7d')", ["d" * 64])
        cursor.execute(
            "INSERT INTO catalog_ingestrun (id, source_id, request, state, cursor, counts, message, started_at)"
            f" VALUES (1, 'isic-archive', '{{}}', 'running', '', '{{}}', '', {now})"
        )
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199)"
            " INSERT INTO catalog_condition SELECT 'condition-' || i, 'Condition ' || i, '[]' FROM n"
        )
        fill(cursor, "accession", {
            "id": "i", "source_id, foreign_id": item, "state": "'published'", "reasons": "'[]'",
            "landing_url": "'https://example.org/' || i", "file_url": "''", "document_id": f"'{'d' * 64}'",
            "run_id": "1", "received_at": now, "document_url": "''", "reader": "'bench/1'", "sha256": "''",
        })  # fmt: skip
        fill(cursor, "evidence", {
            "id": "i", "source_id, foreign_id": item, "mark": "'license'", "statement": "'CC-BY'",
            "url": "'https://example.org/'", "retrieved_at": now, "document_id": f"'{'d' * 64}'", "reader": "'bench/1'",
        })  # fmt: skip
        fill(cursor, "image", {
            "id": "i", "public_id": f"{source} || ':ITEM_' || i", "source_id, foreign_id": item,
            "accession_id": "i", "policy_id": f"{ids[0]} + i % 300", "evidence_id": "i", "title": "'Title ' || i",
            "creator": "'Creator ' || (i % 5000)", "contributor": "'Hospital ' || (i % 300)", "rights_holder": "''",
            "landing_url": "'https://example.org/' || i", "condition_id": "'condition-' || ((i / 300 * 7919) % 200)",
            "condition_as_published": "'Condition'",
            "modality": "CASE i / 300 % 3 WHEN 0 THEN 'clinical' WHEN 1 THEN 'dermoscopic' ELSE 'histopathology' END",
            "body_site": "'site-' || (i / 300 % 12)", "bench_mask": by_purpose.mask_of(f"{ids[0]} + i % 300"),
            "skin_tones": "'[]'", "age": "i % 90", "sex": "'female'", "metadata": "'{}'",
            "sha256": "printf('%%064x', i)", "media_type": "'image/jpeg'", "byte_size": "50000", "width": "1024",
            "height": "768", "original_path": "''", "facts": "'{}'", "claims": "'[]'",
            "published_at": now, "updated_at": now,
        })  # fmt: skip
        fill(cursor, "rendition", {
            "id": "i", "image_id": "i", "size": "'small'", "media_type": "'image/jpeg'",
            "sha256": "printf('%%064x', -i)", "byte_size": "5000", "width": "256", "height": "192",
        })  # fmt: skip
        for facet, value in (("all", "''"), ("condition", "condition_id"), ("modality", "modality"),
                             ("body_site", "body_site")):  # fmt: skip
            cursor.execute(
                "INSERT INTO catalog_tally (facet, value, policy_id, images)"
                f" SELECT '{facet}', {value}, policy_id, count(*) FROM catalog_image GROUP BY policy_id, {value}"
            )
        cursor.execute("ANALYZE")


def fill(cursor: object, table: str, columns: dict[str, str]) -> None:
    """Insert ROWS generated rows; each value is an SQL expression over `i`."""
    sql = IMAGES.format(rows=ROWS, table=table, columns=", ".join(columns), values=", ".join(columns.values()))
    cursor.execute(sql, [])  # type: ignore[attr-defined]
    print(f"  {table}", file=sys.stderr)


def measure(size: int) -> None:
    """Whole pages through Django's handler, as the server runs them."""
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="localhost")

    def page(path: str, **query: object) -> float:
        address = f"{path}?{urlencode(query)}"
        times = []
        for _ in range(REPEATS):
            begun = time.perf_counter()
            response = client.get(address)
            times.append((time.perf_counter() - begun) * 1000)
            assert response.status_code == 200, (address, response.status_code)
        return statistics.median(times[1:])

    def bare() -> float:
        times = []
        for _ in range(REPEATS):
            begun = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM catalog_image WHERE id > 0 ORDER BY id LIMIT 48")
                cursor.fetchall()
            times.append((time.perf_counter() - begun) * 1000)
        return statistics.median(times)

    floor = bare()
    pages = {
        "browse, first page": page("/images/"),
        "browse, 90 % deep": page("/images/", after=ROWS * 9 // 10),
        "browse, one license": page("/images/", license="CC0-1.0"),
        "browse, one source": page("/images/", source="pad-ufes-20"),
        "browse, one modality": page("/images/", modality="clinical"),
        "browse, one condition": page("/images/", condition="condition-7"),
        "browse, condition and license, deep": page(
            "/images/", condition="condition-7", license="CC-BY-4.0", after=ROWS // 2
        ),
        "conditions": page("/conditions/"),
        "sources": page("/sources/"),
        "home": page("/"),
        "API, first page": page("/api/v1/images"),
    }
    rows = [Row(name, value, "ms", ceiling=50) for name, value in pages.items()]
    rows += [
        Row("baseline: 48 rows by a bare SQL query", floor, "ms"),
        Row("ratio of the first page to that baseline", pages["browse, first page"] / floor, "×"),
        Row("size of the database", size / 1e9, "GB"),
    ]
    show(f"Catalogue pages over {ROWS:,} images, 300 policies, SQLite (server time, p50 of {REPEATS})", rows)


if __name__ == "__main__":
    main()
