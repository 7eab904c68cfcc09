"""SIGKILL in the middle of a purge: the next one ends where a quiet one does, and says the same in its record."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NUMBER = 1100  # more than a batch
STATE = (
    "SELECT i.public_id, i.sha256, p.holds FROM catalog_image i JOIN catalog_policy p ON p.id = i.policy_id ORDER BY 1",
    "SELECT image_id, sha256 FROM catalog_rendition ORDER BY 1, 2",
    "SELECT image_id FROM catalog_fingerprint ORDER BY 1",
    "SELECT foreign_id, state, sha256 FROM catalog_accession ORDER BY 1",
    "SELECT id, source_id, reason, images, files FROM catalog_purge",
)
MOMENTS = (  # what the killer waits for: how many purges there are, and how many images they let go of
    "SELECT count(*) FROM catalog_purge",
    "SELECT count(*) FROM catalog_purge WHERE images >= 1000",
)


def environ(data: Path) -> dict[str, str]:
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": "", "PYTHONPATH": path}


def dermref(data: Path, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "dermref", *words]
    return subprocess.Popen(command, env=environ(data), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(data: Path, *words: str) -> str:
    with dermref(data, *words) as process:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out
        return out


def ask(data: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "dermref.sqlite3", timeout=30) as connection:
        rows = connection.execute(sql).fetchall()
    connection.close()
    return rows


def kill_at(data: Path, moment: str) -> None:
    with dermref(data, "purge", "--yes") as process:
        while process.poll() is None and ask(data, moment) == [(0,)]:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()


def record_of(data: Path) -> dict[str, object]:
    told = json.loads(finish(data, "purge", "show", "1", "--json"))
    assert told["signature_holds"]
    record: dict[str, object] = told["record"]
    return {name: value for name, value in record.items() if name not in ("begun", "finished")}


def files(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "store").rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("full")
    code = f"""from pathlib import Path; from dermref.config.start import start; start(migrate=True)
from kept_in_writing import many; many(Path({str(data)!r}), {NUMBER})"""
    subprocess.run([sys.executable, "-c", code], env=environ(data), check=True)
    return data


def test_purge_when_killed_twice_then_ends_as_if_undisturbed(full: Path, tmp_path: Path) -> None:
    killed, calm = tmp_path / "killed", tmp_path / "calm"
    for copy in (killed, calm):
        shutil.copytree(full, copy)
    for moment in MOMENTS:
        kill_at(killed, moment)
    assert ask(killed, "SELECT finished_at FROM catalog_purge") == [(None,)]
    for data in (killed, calm):
        assert f"{NUMBER:,} images" in finish(data, "purge", "--yes")
    assert "Nothing is due." in finish(killed, "purge", "--yes")
    assert [ask(killed, sql) for sql in STATE] == [ask(calm, sql) for sql in STATE]
    assert files(killed) == files(calm)
    assert len([name for name in files(calm) if len(name) == 64]) == 12  # six images of another source, six renditions
    assert record_of(killed) == record_of(calm)


def test_dry_run_when_a_process_of_its_own_then_the_data_folder_is_as_before(full: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(full, data)
    before, rows = files(data), [ask(data, sql) for sql in STATE]
    said = finish(data, "purge", "--dry-run")
    assert f"{NUMBER:,} images" in said
    assert "Riverside University ended on" in said
    assert ([ask(data, sql) for sql in STATE], files(data)) == (rows, before)
