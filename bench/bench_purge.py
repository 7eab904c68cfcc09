"""A purge of 100,000 images whose subscription has ended, each with its file, a rendition and a fingerprint, out of a
catalogue that holds as many of another source; SQLite and a store on the local disk.

Baseline in the same run: deleting as many files of the same store by name, and nothing else.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from report import Row, show

ROWS = int(os.environ.get("ROWS", "100000"))
ENDED, OTHER = "visualdx", "isic-archive"
NOW = "'2026-11-22 00:00:00'"


def main() -> None:
    """Generate, purge, print."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch)
        os.environ.update(DERMREF_DATA_DIR=scratch, DATABASE_URL="")
        from dermref.config.start import start

        start(migrate=True)
        print(f"generating {2 * ROWS:,} images …", file=sys.stderr)
        fill(data / "store")
        baseline = unlink_spares(data / "store")
        os.sync()
        took, done = timed()
        record = record_size(done)
        rows = [
            Row(f"purge of {ROWS:,} images", took, "s", ceiling=120),
            Row("images a second", ROWS / took, ""),
            Row(f"baseline: deleting {2 * ROWS:,} files by name", baseline, "s"),
            Row("ratio to that baseline", took / baseline, "×"),
            Row("size of the signed record", record / 1e6, "MB"),
            Row("a purge when nothing is due", timed()[0], "s"),
        ]
        show(f"Purge of {ROWS:,} images with as many renditions and fingerprints, out of {2 * ROWS:,}, SQLite", rows)


def timed() -> tuple[float, object]:
    """Seconds of a whole purge, and what it returned."""
    from dermref.services.deployment import blobs
    from dermref.services.purging import purge

    begun = time.perf_counter()
    done = purge(blobs())
    return time.perf_counter() - begun, done


def record_size(done: object) -> int:
    """Bytes of the record, its signature checked, and what it counts."""
    from dermref.catalog.purging import PurgeRow, record_body
    from dermref.services.purge_records import tell

    assert isinstance(done, tuple)
    (row,) = done
    assert isinstance(row, PurgeRow)
    told = tell(row.id)
    assert told is not None
    assert told.is_sound
    assert (row.images, row.files) == (ROWS, 2 * ROWS)
    return len(record_body(row.record or ""))


def names(kind: str, source_id: str) -> Iterator[str]:
    """The bodies of files."""
    return (f"{kind} {source_id} {at}" for at in range(1, ROWS + 1))


def write(store: Path, text: str) -> str:
    """A tiny file in its place, without a flush."""
    from dermref.media.storage import place_of

    key = hashlib.sha256(text.encode()).hexdigest()
    path = store / place_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return key


def unlink_spares(store: Path) -> float:
    """Seconds to delete as many files as the purge will."""
    from dermref.media.storage import place_of

    keys = [write(store, text) for kind in ("spare", "more") for text in names(kind, ENDED)]
    os.sync()  # as files are that were written long ago
    begun = time.perf_counter()
    for key in keys:
        (store / place_of(key)).unlink()
    return time.perf_counter() - begun


def fill(store: Path) -> None:
    """Rows and files of two sources; triggers off meanwhile and put back for the purge, tallies made at the end."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in found:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("INSERT INTO catalog_document VALUES (%s, 'application/json', x'7b7d')", ["d" * 64])
        cursor.execute(
            "INSERT INTO catalog_ingestrun"
            " (id, source_id, request, state, cursor, counts, message, started_at, finished_at)"
            f" VALUES (1, '{ENDED}', '{{}}', 'finished', '', '{{}}', '', {NOW}, {NOW})"
        )
        for number, source_id in enumerate((ENDED, OTHER)):
            fill_source(cursor, store, source_id, base=number * ROWS)
        tally(cursor)
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("ANALYZE")
        for _, sql in found:
            cursor.execute(sql)
    end_subscription()


def fill_source(cursor: object, store: Path, source_id: str, *, base: int) -> None:
    """Everything an image needs, and its files, under ten policies."""
    from dermref.catalog.policies import intern
    from dermref.model.policy import PolicyKey

    policies = [intern(PolicyKey(source_id, f"LicenseRef-{source_id}", f"label {at}")) for at in range(10)]
    keys = [write(store, text) for text in names("image", source_id)]
    small = [write(store, text) for text in names("small", source_id)]
    rows = range(ROWS)
    many = cursor.executemany  # type: ignore[attr-defined]
    many(
        "INSERT INTO catalog_accession (id, source_id, foreign_id, state, reasons, landing_url, file_url, document_id,"
        f" run_id, received_at, document_url, reader, sha256) VALUES (%s, '{source_id}', %s, 'published', '[]',"
        f" 'https://example.org/', '', '{'d' * 64}', 1, {NOW}, '', 'bench/1', '')",
        [(base + at + 1, f"item-{at}") for at in rows],
    )
    many(
        "INSERT INTO catalog_evidence"
        " (id, source_id, foreign_id, mark, statement, url, retrieved_at, document_id, reader)"
        f" VALUES (%s, '{source_id}', %s, 'license', '', 'https://example.org/', {NOW}, '{'d' * 64}', 'bench/1')",
        [(base + at + 1, f"item-{at}") for at in rows],
    )
    many(
        "INSERT INTO catalog_image (id, public_id, source_id, foreign_id, accession_id, policy_id, evidence_id, title,"
        " creator, contributor, rights_holder, landing_url, condition_as_published, modality, body_site, skin_tones,"
        " sex, metadata, sha256, original_path, media_type, byte_size, width, height, facts, claims, published_at,"
        " updated_at)"
        f" VALUES (%s, %s, '{source_id}', %s, %s, %s, %s, '', '', '', '', 'https://example.org/', '', %s, %s, '[]', '',"
        f" '{{}}', %s, '', 'image/jpeg', 20, 1, 1, '{{}}', '[]', {NOW}, {NOW})",
        [
            (
                base + at + 1, f"{source_id}:item-{at}", f"item-{at}", base + at + 1, policies[at % 10], base + at + 1,
                ("clinical", "dermoscopic")[at % 2], f"site-{at % 12}", keys[at],
            )
            for at in rows
        ],
    )  # fmt: skip
    many(
        "INSERT INTO catalog_rendition (image_id, size, media_type, sha256, byte_size, width, height)"
        " VALUES (%s, 'small', 'image/webp', %s, 20, 1, 1)",
        [(base + at + 1, small[at]) for at in rows],
    )
    many(
        "INSERT INTO catalog_fingerprint (image_id, phash, dhash, sketch) VALUES (%s, %s, %s, zeroblob(256))",
        [(base + at + 1, base + at, base + at) for at in rows],
    )


def tally(cursor: object) -> None:
    """The counts that the triggers keep from here on."""
    facets = {"all": "''", "condition": "''", "modality": "modality", "body_site": "body_site"}
    for facet, value in facets.items():
        cursor.execute(  # type: ignore[attr-defined]
            "INSERT INTO catalog_tally (facet, value, policy_id, images)"
            f" SELECT '{facet}', {value}, policy_id, count(*) FROM catalog_image GROUP BY policy_id, {value}"
        )


def end_subscription() -> None:
    """An institution whose subscription is over."""
    from datetime import timedelta

    from django.utils import timezone

    from dermref.catalog import models

    now = timezone.now()
    models.Institution.objects.create(slug="riverside", name="Riverside University")
    models.Subscription.objects.create(
        institution_id="riverside",
        source_id=ENDED,
        kind="institutional",
        starts=now - timedelta(days=365),
        ends=now - timedelta(hours=1),
        document_id="d" * 64,
        document_name="contract.pdf",
        by="the benchmark",
        at=now,
    )


if __name__ == "__main__":
    main()
