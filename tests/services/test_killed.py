"""SIGKILL at ten moments: the next run loses nothing, doubles nothing, and leaves no file without a record."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from dermref.registry.interfaces import Replayed, load_interfaces
from isic_server import IsicServer

DEMO = Path(__file__).parents[2] / "demo" / "isic-archive"
SAME = """SELECT i.public_id, i.sha256, i.contributor, i.metadata, p.content_hash, e.statement, e.document_id,
  (SELECT group_concat(r.size || r.sha256) FROM catalog_rendition r WHERE r.image_id = i.id)
  FROM catalog_image i JOIN catalog_policy p ON p.id = i.policy_id JOIN catalog_evidence e ON e.id = i.evidence_id
  ORDER BY 1"""


def start(data: Path, server: IsicServer) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-m",
        "dermref",
        "ingest",
        "isic-archive",
        "--base-url",
        server.api_url,
        "--workers",
        "1",
    ]
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish(data: Path, server: IsicServer) -> str:
    with start(data, server) as process:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out.decode()
        return out.decode()


def ask(data: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "dermref.sqlite3") as connection:
        rows = connection.execute(sql).fetchall()
    connection.close()
    return rows


def count(data: Path) -> int:
    try:
        return int(str(ask(data, "SELECT count(*) FROM catalog_image")[0][0]))
    except sqlite3.OperationalError:
        return 0


def kill_after(data: Path, server: IsicServer, more: int) -> None:
    """Let an ingest publish `more` further images, then kill it without warning."""
    goal = count(data) + more
    with start(data, server) as process:
        while process.poll() is None and count(data) < goal:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()


def files(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "store").rglob("*") if path.is_file())


def test_ingest_when_killed_ten_times_then_the_catalogue_is_as_if_undisturbed(tmp_path: Path) -> None:
    killed, calm = tmp_path / "killed", tmp_path / "calm"
    with IsicServer(DEMO, max_page=20) as server:
        for _ in range(10):
            kill_after(killed, server, more=7)
            assert ask(killed, "SELECT count(*) FROM catalog_evidence") == [(count(killed),)]
        assert 0 < count(killed) < len(server.objects)
        finish(killed, server)
        finish(calm, server)
        (told,) = [one.replayed for one in load_interfaces() if one.source_id == "isic-archive"]
        assert told == Replayed(count(calm), {}, {}), "the table of docs/sources.md"
        assert ask(killed, SAME) == ask(calm, SAME)
        assert files(killed) == files(calm)
        assert ask(killed, "SELECT count(*) FROM catalog_evidence") == [(len(server.objects),)]
        again = finish(killed, server)
    assert f"unchanged    {len(server.objects):>8}" in again
