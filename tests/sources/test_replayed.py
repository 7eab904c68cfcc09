"""Each adapter from the command line against a mirror of its documents: exactly what they permit is published, the rest
is kept out for the right reason, and a run that is killed again and again ends where a quiet one does."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dermref.registry.interfaces import Replayed, load_interfaces
from mirror import SOURCES, Mirror
from sources.test_contract import FOLDERS, expected

REASONED = "SELECT foreign_id, json_extract(reasons, '$[0].code'), sha256 <> '' FROM catalog_accession WHERE state = ?"
PUBLISHED = """SELECT i.foreign_id, p.license_id FROM catalog_image i JOIN catalog_policy p ON p.id = i.policy_id
  JOIN catalog_accession a ON a.id = i.accession_id WHERE a.state = 'published'"""
SAME = """SELECT a.foreign_id, a.state, a.reasons, a.document_id, a.document_url, a.sha256, i.sha256, i.metadata,
  p.content_hash, e.statement, e.url
  FROM catalog_accession a LEFT JOIN catalog_image i ON i.accession_id = a.id
  LEFT JOIN catalog_policy p ON p.id = i.policy_id LEFT JOIN catalog_evidence e ON e.id = i.evidence_id ORDER BY 1"""
KILLS = 4


def command(source_id: str, mirror: Mirror, *more: str) -> list[str]:
    query = expected(source_id).get("query")
    asked = ["--query", query] if query else []
    base = ["--base-url", mirror.base_url, "--workers", "1", "--json", *asked, *more]
    return [sys.executable, "-m", "dermref", "ingest", source_id, *base]


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}


def prepare(source_id: str, data: Path) -> None:
    """What a curator does first: the commands that `expected.toml` lists under `before`, `{folder}` being its own."""
    for words in expected(source_id).get("before", []):
        said = [word.format(folder=SOURCES / source_id) for word in words]
        subprocess.run([sys.executable, "-m", "dermref", *said], env=environment(data), check=True, capture_output=True)


def ingest(source_id: str, mirror: Mirror, data: Path, *more: str) -> dict[str, Any]:
    done = subprocess.run(
        command(source_id, mirror, *more), env=environment(data), capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["state"] == "finished", report
    return report


def ask(data: Path, sql: str, *values: str) -> list[tuple[Any, ...]]:
    if not (data / "dermref.sqlite3").exists():
        return []
    connection = sqlite3.connect(data / "dermref.sqlite3")
    try:
        return connection.execute(sql, values).fetchall()
    except sqlite3.OperationalError:  # not there yet
        return []
    finally:
        connection.close()


@pytest.mark.parametrize("source_id", FOLDERS)
def test_documents_when_ingested_then_exactly_what_they_permit_is_published(source_id: str, tmp_path: Path) -> None:
    wanted = expected(source_id)
    prepare(source_id, tmp_path)
    with Mirror(source_id) as mirror:
        mirror.fail("", 503, times=1, headers={"Retry-After": "0"})
        mirror.fail("", "drop", times=1)
        report = ingest(source_id, mirror, tmp_path)
        again = ingest(source_id, mirror, tmp_path)
    kept_out = ask(tmp_path, REASONED, "quarantined")
    assert dict(ask(tmp_path, PUBLISHED)) == wanted["published"]
    assert {one: code for one, code, is_kept in kept_out if not is_kept} == wanted["quarantined"]
    assert {one: code for one, code, is_kept in kept_out if is_kept} == wanted.get("waiting", {})
    assert {one["foreign_id"] for one in report["details"] if one["state"] == "failed"} == set(wanted.get("missed", []))
    assert report["absent"] == len(wanted.get("absent", []))
    assert (again["unchanged"], again["published"], again["updated"]) == (len(wanted["published"]), 0, 0)


@pytest.mark.parametrize("source_id", FOLDERS)
def test_run_when_killed_again_and_again_then_the_catalogue_is_that_of_a_quiet_one(
    source_id: str, tmp_path: Path
) -> None:
    killed, quiet = tmp_path / "killed", tmp_path / "quiet"
    prepare(source_id, killed)
    prepare(source_id, quiet)
    with Mirror(source_id) as mirror:
        ingest(source_id, mirror, quiet)
        for _ in range(KILLS):
            _kill_after_one_more(source_id, mirror, killed)
        ingest(source_id, mirror, killed)
    assert ask(killed, SAME) == ask(quiet, SAME)
    assert ask(killed, SAME)
    files = [sorted(path.name for path in (data / "store").rglob("*") if path.is_file()) for data in (killed, quiet)]
    assert files[0] == files[1]


def _kill_after_one_more(source_id: str, mirror: Mirror, data: Path) -> None:
    count = "SELECT count(*) FROM catalog_accession"
    goal = (ask(data, count) or [(0,)])[0][0] + 1
    with subprocess.Popen(command(source_id, mirror), env=environment(data), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and (ask(data, count) or [(0,)])[0][0] < goal:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("source_id", FOLDERS)
def test_table_of_the_docs_when_compared_with_what_comes_out_then_it_says_the_same(source_id: str) -> None:
    wanted = expected(source_id)
    (found,) = [one.replayed for one in load_interfaces() if one.source_id == source_id]
    assert found == Replayed(
        published=len(wanted["published"]),
        quarantined=_counted(wanted["quarantined"]),
        waiting=_counted(wanted.get("waiting", {})),
        missed=len(wanted.get("missed", [])),
        absent=len(wanted.get("absent", [])),
    )


def _counted(reasons: dict[str, str]) -> dict[str, int]:
    found = list(reasons.values())
    return {code: found.count(code) for code in set(found)}
