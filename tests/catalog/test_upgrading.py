"""A catalogue of an earlier release is upgraded with its images in it, and keeps everything."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

REPLACED = ("image_never_link_only", "image_decision_lifts")  # by later sentences of the same name
EARLIER = "0002_promise"
NOW = "'2026-11-22 00:00:00'"
LAST = f"'{'d' * 64}'"
ROWS = {
    "source": {"source_id": "'a-source'", "tier": "'hosted'", "status": "'Integrated'", "digest": LAST},
    "document": {"sha256": LAST, "media_type": "'application/json'", "body": "x'7b7d'"},
    "policy": {
        "id": "1", "source_id": "'a-source'", "license_id": "'X'", "license_label": "'X'", "holds": "'[\"review\"]'",
        "content_hash": LAST,
    },
    "ingestrun": {
        "id": "1", "source_id": "'a-source'", "request": "'{}'", "state": "'running'", "cursor": "''",
        "counts": "'{}'", "message": "''", "started_at": NOW,
    },
    "accession": {
        "id": "1", "source_id": "'a-source'", "foreign_id": "'1'", "state": "'published'", "reasons": "'[]'",
        "landing_url": "'https://example.org/'", "file_url": "''", "document_id": LAST, "run_id": "1",
        "received_at": NOW,
    },
    "evidence": {
        "id": "1", "source_id": "'a-source'", "foreign_id": "'1'", "mark": "'license'", "statement": "'X'",
        "url": "'https://example.org/'", "retrieved_at": NOW, "document_id": LAST, "reader": "'test/1'",
    },
    "image": {
        "id": "1", "public_id": "'a-source:1'", "source_id": "'a-source'", "foreign_id": "'1'", "accession_id": "1",
        "policy_id": "1", "evidence_id": "1", "title": "''", "creator": "''", "contributor": "''",
        "rights_holder": "''", "landing_url": "'https://example.org/'", "condition_as_published": "''",
        "modality": "''", "body_site": "'arm'", "skin_tones": "'[]'", "sex": "''", "metadata": "'{}'",
        "sha256": LAST, "media_type": "'image/jpeg'", "byte_size": "1", "width": "1", "height": "1",
        "phash": "x'00'", "dhash": "x'00'", "published_at": NOW, "updated_at": NOW,
    },
}  # fmt: skip


def migrate(data: Path, *target: str) -> None:
    settings = {"DERMREF_DATA_DIR": str(data), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "dermref.config.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--verbosity", "0", "catalog", *target]
    subprocess.run(command, env={**os.environ, **settings}, check=True)


def triggers(database: sqlite3.Connection) -> dict[str, str]:
    return dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))


def test_upgrade_when_the_catalogue_is_not_empty_then_triggers_policies_and_tallies_are_whole(tmp_path: Path) -> None:
    migrate(tmp_path, EARLIER)
    database = sqlite3.connect(tmp_path / "dermref.sqlite3", isolation_level=None)
    for table, row in ROWS.items():
        database.execute(f"INSERT INTO catalog_{table} ({', '.join(row)}) VALUES ({', '.join(row.values())})")
    before = triggers(database)
    database.close()
    migrate(tmp_path)
    database = sqlite3.connect(tmp_path / "dermref.sqlite3")
    assert len(before) >= 25
    kept = {name: sql for name, sql in before.items() if not name.startswith(REPLACED)}
    assert kept.items() <= triggers(database).items()
    policy = "SELECT holds, restrictions, disputed, grants FROM catalog_policy"
    assert database.execute(policy).fetchall() == [('["review"]', "[]", "[]", "[]")]
    tallies = "SELECT facet, value, images FROM catalog_tally WHERE facet IN ('all', 'body_site') ORDER BY facet"
    assert database.execute(tallies).fetchall() == [("all", "", 1), ("body_site", "arm", 1)]
    database.close()
