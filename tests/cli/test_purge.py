"""`dermref purge` and `dermref worker`: what they say, what they ask, and what they exit with."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from dermref.catalog import models
from dermref.cli.main import cli
from dermref.media.store import Blobs
from dermref.services import chores
from dermref.services.registering import register_sources
from kept_in_writing import GRANTED, HOUR, SUBSCRIBED, keep_image, permit, subscribe


@pytest.fixture
def ended(db: None, blobs: Blobs) -> models.Image:
    """An image of an institution whose subscription has ended."""
    register_sources()
    subscribe(ends=timezone.now() - HOUR)
    return keep_image(blobs, SUBSCRIBED, "one")


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def test_purge_when_it_cannot_ask_then_says_which_options_there_are_and_removes_nothing(ended: models.Image) -> None:
    done = run("purge")
    assert (done.exit_code, "--yes" in done.output, models.Purge.objects.count()) == (2, True, 0)
    assert run("purge", "--yes", "--dry-run").exit_code == 2
    assert run("purge", "--source", "nowhere", "--yes").exit_code == 2
    assert run("purge", "--yes", "list").exit_code == 2
    assert models.Purge.objects.count() == 0


def test_purge_when_dry_then_says_how_much_and_why_and_exits_0(ended: models.Image) -> None:
    done = run("purge", "--dry-run")
    assert (done.exit_code, models.Purge.objects.count()) == (0, 0)
    assert "1 images (12 bytes), 0 waiting files" in done.output
    assert "The institutional subscription of Riverside University ended on" in done.output
    told = json.loads(run("purge", "--dry-run", "--json").stdout)
    assert [(one["source_id"], one["images"], one["is_ended"]) for one in told["due"]] == [(SUBSCRIBED, 1, True)]


def test_purge_when_sure_then_removes_lists_and_shows_the_signed_record(ended: models.Image) -> None:
    assert "1 images, 2 files removed" in run("purge", "--yes").output
    assert "Nothing is due." in run("purge").output
    number = str(models.Purge.objects.get().pk)
    assert f"{SUBSCRIBED}," in run("purge", "list").output
    shown = run("purge", "show", number)
    assert (shown.exit_code, "signature: holds" in shown.output) == (0, True)
    told = json.loads(run("purge", "show", number, "--json").stdout)
    assert [one["id"] for one in told["record"]["images"]] == [ended.public_id]
    assert json.loads(run("purge", "list", "--json").stdout)[0]["signature"] == told["signature"]


def test_purge_when_of_another_source_then_this_one_stays(ended: models.Image) -> None:
    assert "Nothing is due." in run("purge", "--source", GRANTED, "--yes").output
    assert models.Purge.objects.count() == 0


def test_show_when_unfinished_or_forged_then_exits_1_and_when_there_is_none_2(
    ended: models.Image, settings: Any
) -> None:
    begun = models.Purge.objects.create(source_id=SUBSCRIBED, reason="begun", begun_at=timezone.now())
    unfinished = run("purge", "show", str(begun.pk))
    assert (unfinished.exit_code, "not finished" in unfinished.output) == (1, True)
    run("purge", "--yes")
    settings.SECRET_KEY = "another"
    forged = run("purge", "show", str(begun.pk))
    assert (forged.exit_code, "DOES NOT HOLD" in forged.output) == (1, True)
    assert run("purge", "show", "999").exit_code == 2


def test_worker_when_once_then_purges_what_ended_and_leaves_to_a_person_what_a_setting_shut(
    ended: models.Image, blobs: Blobs
) -> None:
    permit(domain="atlas.example.org")
    keep_image(blobs, GRANTED, "one")
    done = run("worker", "--once")
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"worker: purge: {SUBSCRIBED}: 1 images and 2 files removed." in done.stderr
    assert [one.source_id for one in models.Purge.objects.all()] == [SUBSCRIBED]


def test_worker_when_a_chore_fails_then_says_so_in_one_sentence_does_the_others_and_exits_1(
    ended: models.Image, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(check: chores.Check) -> str:
        raise KeyError("odd")

    monkeypatch.setattr(chores, "CHORES", (chores.Chore("odd", odd), *chores.CHORES))
    done = run("worker", "--once")
    assert (done.exit_code, "worker: odd failed: KeyError('odd')" in done.stderr) == (1, True)
    assert models.Purge.objects.get().finished_at
    with blobs.only_writer():
        held = run("worker", "--once")
    assert (held.exit_code, "worker: purge failed: Another ingest is running" in held.stderr) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_when_told_to_stop_then_ends_at_once_and_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    environ = {**os.environ, "DERMREF_DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "dermref", "worker", "--every", "60"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as process:
        while not (tmp_path / "store" / "ingest.lock").exists():  # the first look
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "worker: stopped.\n")
