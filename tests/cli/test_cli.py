"""The command line as a curator meets it: exit codes, one sentence for a fault, and JSON alone on stdout."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dermref.media.store import Blobs
from isic_server import IsicServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def dermref(data: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": "", **settings}
    return subprocess.run(
        [sys.executable, "-m", "dermref", *words], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("frob",), 2, "No such command"),
        (("sources", "show", "nope"), 2, "no source “nope”"),
        (("ingest", "nope"), 2, "no source “nope”"),
        (("ingest", "isic-archive"), 1, "DERMREF_CONTACT"),
        (("ingest", "isic-archive", "--base-url", "ftp://x"), 2, "not a web address"),
        (("ingest", "isic-archive", "--base-url", "http://127.0.0.1:1/"), 1, "run the same command again"),
        (("ingest", "isic-archive", "--limit", "0"), 2, "0 is not in the range"),
        (("ingest", "isic-archive", "--from", "no/such/folder"), 2, "does not exist"),
        (("ingest", "isic-archive", "--from", "docs"), 1, "no recorded replies"),
        (("ingest", "pathologyoutlines", "--from", "docs"), 1, "only links"),
        (("ingest", "visualdx", "--from", "docs"), 1, "current institutional subscription"),
        (("ingest", "atlas-dermatologico", "--from", "docs"), 1, "courtesy note"),
        (("ingest", "uiowa-skin-of-color"), 1, "ingest manifest"),
        (("ingest", "dermnet-legacy"), 1, "--from DIR"),
        (("ingest", "manifest", "--from", "docs"), 2, "--source SOURCE_ID"),
        (("ingest", "manifest", "--source", "dermnet-nz", "--from", "demo/pad-ufes-20/manifest.csv"), 1, "watermark"),
        (("images", "show", "nope"), 2, "no image “nope”"),
        (("audit", "--source", "nope"), 2, "no source “nope”"),
    ],
)
def test_command_when_asked_wrongly_or_refused_then_one_sentence_and_the_right_code(
    data: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = dermref(data, *words)
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DERMREF_OPERATOR", "king"),
        ("DERMREF_PAYWALL", "perhaps"),
        ("DEV_IMAGES_ENABLED", "maybe"),
        ("DATABASE_URL", "mysql://x"),
        ("DERMREF_CONTACT", "not an address"),
        ("DERMREF_DATA_DIR", "/proc/no/such"),
        ("DERMREF_STORE", "https://bucket/prefix"),
        ("DERMREF_STORE", "s3://bucket/?secret=x"),
        ("DERMREF_STORE", "s3://bucket/?endpoint_url=nowhere"),
        ("DERMREF_STORE", "s3:///prefix"),
        ("DERMREF_STORE", "s3://bucket?addressing_style=odd"),
        ("ISIC_IMAGES_PATH", "/proc/no/such"),
    ],
)
def test_setting_when_wrong_then_the_start_stops_and_names_it(data: Path, name: str, value: str) -> None:
    done = dermref(data, "doctor", **{name: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_database_when_unusable_then_one_sentence(data: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_text("this is no database", encoding="utf-8")
    done = dermref(data, "audit", DATABASE_URL=f"sqlite:///{broken}")
    assert done.returncode == 1
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_demo_when_ingested_then_json_alone_on_stdout_and_the_audit_agrees(data: Path) -> None:
    first = json.loads(dermref(data, "ingest", "isic-archive", "--from", "demo/isic-archive", "--json").stdout)
    assert (first["state"], first["published"], first["quarantined"]) == ("finished", 93, 0)
    manifest = ("ingest", "manifest", "--source", "pad-ufes-20", "--from", "demo/pad-ufes-20/manifest.csv", "--json")
    assert json.loads(dermref(data, *manifest).stdout)["published"] == 18
    assert json.loads(dermref(data, *manifest).stdout)["unchanged"] == 18
    audit = dermref(data, "audit")
    assert (audit.returncode, audit.stdout.strip()) == (0, "audit: 111 images, 222 files, 0 disagreements")
    shown = json.loads(dermref(data, "images", "list", "--limit", "2", "--json").stdout)
    assert (shown["count"], len(shown["images"])) == (111, 2)
    assert all(one["attribution"]["text"] and one["license"]["id"] for one in shown["images"])
    one = json.loads(dermref(data, "images", "show", shown["images"][0]["id"], "--json").stdout)
    assert one == shown["images"][0]
    assert dermref(data, "doctor").returncode == 0


def test_sources_when_listed_as_json_then_37(data: Path) -> None:
    assert len(json.loads(dermref(data, "sources", "list", "--json").stdout)) == 37
    assert not data.exists()  # looking at the registry touches no data folder


def test_server_when_port_is_taken_then_one_sentence(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = dermref(data, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "choose another with --port" in done.stderr


def test_ingest_when_another_is_running_then_refused(data: Path) -> None:
    with Blobs(data / "store").only_writer():
        done = dermref(data, "ingest", "isic-archive", "--from", "demo/isic-archive")
    assert done.returncode == 1
    assert "Another ingest is running" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ingest_when_interrupted_then_stopped_cleanly_and_resumable(data: Path, number: signal.Signals) -> None:
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    with IsicServer(ROOT / "demo" / "isic-archive", max_page=10) as server:
        command = ["ingest", "isic-archive", "--base-url", server.api_url, "--workers", "1", "--json"]
        server.fail("jpg", "slow", times=1000, seconds=0.1)
        arguments = [sys.executable, "-m", "dermref", *command]
        with subprocess.Popen(arguments, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            while process.poll() is None and not list((data / "store").glob("sha256/*/*/*")):
                time.sleep(0.01)
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
        report = json.loads(out)
        assert (process.returncode, report["state"], b"Traceback" in err) == (1, "stopped", False)
        assert 0 < report["published"] < 93
        server.faults.clear()
        again = json.loads(dermref(data, *command).stdout)
    assert (again["state"], again["published"] + again["unchanged"] >= 93 - report["published"]) == ("finished", True)
    assert dermref(data, "audit").stdout.startswith("audit: 93 images")
