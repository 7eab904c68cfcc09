"""The repair of the store: it says first what it would do, does just that, and loses nothing that can be had again."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dermref.catalog import models
from dermref.media.storage import place_of
from dermref.media.store import Blobs, Fault
from dermref.model.deployment import Stopped
from dermref.services.auditing import audit
from dermref.services.repairing import Survey, commands, repair, steps, survey
from isic_server import IsicServer
from run_types import Run
from stored import PERMIT, locate

DEMO = Path(__file__).parents[2] / "demo" / "isic-archive"
ORPHAN = b"nobody names me"


def orphan(blobs: Blobs) -> str:
    key = blobs.put(ORPHAN, PERMIT)
    blobs.settle([key])
    return key


def spoil(blobs: Blobs, key: str, *, keep_size: bool = False) -> None:
    path = locate(blobs, key)
    assert path is not None
    path.write_bytes(bytes(path.stat().st_size) if keep_size else b"spoilt")


def actions(found: Survey) -> list[tuple[str, str]]:
    return [(one.action, one.key) for one in steps(found)]


def a_rendition() -> models.Rendition:
    return models.Rendition.objects.order_by("sha256")[0]


def test_store_when_sound_then_nothing_to_do(run: Run, blobs: Blobs) -> None:
    run(limit=5)
    found = survey(blobs, deep=True)
    assert (found.broken, actions(found), commands(found)) == ([], [], [])
    assert found.files == found.named == len(list(blobs.keys()))


def test_orphan_when_repaired_then_gone_and_nothing_else(run: Run, blobs: Blobs) -> None:
    run(limit=3)
    before = list(blobs.keys())
    key = orphan(blobs)
    assert actions(survey(blobs)) == [("remove-orphan", key)]
    assert key in blobs.keys()  # noqa: SIM118 (a store is no mapping)
    repair(blobs)
    assert list(blobs.keys()) == before


def test_file_when_an_ingest_is_at_work_on_it_then_no_orphan(run: Run, blobs: Blobs) -> None:
    run(limit=1)
    key = blobs.put(ORPHAN, PERMIT)
    assert repair(blobs).broken == []
    assert key in blobs.keys()  # noqa: SIM118 (a store is no mapping)


def test_file_when_kept_for_a_curator_then_no_orphan_and_missed_when_gone(run: Run, blobs: Blobs) -> None:
    run(limit=2)
    key = orphan(blobs)
    models.Accession.objects.filter(foreign_id="ISIC_0000000").update(sha256=key)
    assert survey(blobs, deep=True).broken == []
    blobs.remove(key)
    assert [(one.key, one.fault) for one in survey(blobs).broken] == [(key, Fault.MISSING)]


@pytest.mark.parametrize("fault", list(Fault))
def test_rendition_when_missing_or_damaged_then_its_rows_and_file_go(run: Run, blobs: Blobs, fault: Fault) -> None:
    run(limit=3)
    key = a_rendition().sha256
    spoil(blobs, key) if fault is Fault.DAMAGED else blobs.remove(key)
    expected = [("remove-file", key)] * (fault is Fault.DAMAGED) + [("forget-rendition", key)]
    assert actions(repair(blobs)) == expected
    assert (models.Rendition.objects.filter(sha256=key).count(), key in set(blobs.keys())) == (0, False)
    assert (survey(blobs, deep=True).broken, audit(blobs).disagreements) == ([], [])


@pytest.mark.parametrize("fault", list(Fault))
def test_original_when_missing_or_damaged_then_the_next_ingest_brings_it_in_anew(
    run: Run, archive: IsicServer, blobs: Blobs, fault: Fault
) -> None:
    run()
    key = models.Image.objects.get(foreign_id="ISIC_0000000").sha256
    spoil(blobs, key, keep_size=True) if fault is Fault.DAMAGED else blobs.remove(key)
    found = repair(blobs, deep=True)
    assert ("leave-original", key) in actions(found)
    assert commands(found) == [f"dermref ingest isic-archive --base-url '{archive.api_url}'"]
    assert [one.code for one in audit(blobs).disagreements] == ["file-missing"]
    run()
    assert models.Image.objects.get(foreign_id="ISIC_0000000").sha256 == key
    assert (survey(blobs, deep=True).broken, audit(blobs).disagreements) == ([], [])


def test_damage_when_the_size_is_right_then_only_the_deep_look_sees_it(run: Run, blobs: Blobs) -> None:
    run(limit=2)
    spoil(blobs, a_rendition().sha256, keep_size=True)
    assert survey(blobs).broken == []
    assert survey(blobs, deep=True).count(Fault.DAMAGED) == 1


def test_repair_when_an_ingest_holds_the_store_then_stopped(run: Run, blobs: Blobs) -> None:
    run(limit=1)
    key = orphan(blobs)
    with blobs.only_writer(), pytest.raises(Stopped, match="Another ingest"):
        repair(blobs)
    assert key in blobs.keys()  # noqa: SIM118 (a store is no mapping)


@pytest.mark.parametrize("mixed_up", ["files", "rows"])
def test_repair_when_store_and_database_do_not_belong_together_then_nothing_is_touched(
    run: Run, blobs: Blobs, mixed_up: str
) -> None:
    run()
    rows, keys = models.Rendition.objects.count(), list(blobs.keys())
    if mixed_up == "rows":
        models.Image.objects.all().delete()
    else:
        (blobs.root / "sha256").rename(blobs.root / "elsewhere")
    with pytest.raises(Stopped, match="Is this the store of this database"):
        repair(blobs)
    if mixed_up == "rows":
        assert list(blobs.keys()) == keys
    assert models.Rendition.objects.count() == (0 if mixed_up == "rows" else rows)


def test_listing_when_out_of_order_then_stopped_before_anything_is_compared(run: Run, blobs: Blobs) -> None:
    run(limit=2)

    class Odd(type(blobs.shelf)):  # type: ignore[misc]
        def walk(self) -> list[tuple[str, int]]:
            return sorted(super().walk(), reverse=True)

    with pytest.raises(Stopped, match="in order"):
        survey(Blobs(blobs.root, Odd(location=blobs.root)))


def dermref(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "dermref", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_doctor_when_told_to_repair_then_says_it_first_does_it_when_sure_and_is_done(tmp_path: Path) -> None:
    assert dermref(tmp_path, "ingest", "isic-archive", "--from", str(DEMO), "--limit", "2").returncode == 0
    blobs = Blobs(tmp_path / "store")
    key = orphan(blobs)
    plain = dermref(tmp_path, "doctor")
    assert (plain.returncode, "1 orphans, 0 missing, 0 damaged" in plain.stdout) == (1, True)
    dry = dermref(tmp_path, "doctor", "--repair")
    assert (dry.returncode, f"would: remove the file {key}" in dry.stdout) == (1, True)
    assert locate(blobs, key)
    assert dermref(tmp_path, "doctor", "--yes").returncode == 2
    done = dermref(tmp_path, "doctor", "--repair", "--yes", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["done"], told["commands"]) == (0, True, [])
    assert [one["key"] for one in told["steps"]] == [key]
    assert locate(blobs, key) is None
    assert dermref(tmp_path, "doctor", "--deep").returncode == 0


def test_doctor_when_an_original_is_lost_then_names_the_command_that_brings_it(tmp_path: Path) -> None:
    dermref(tmp_path, "ingest", "isic-archive", "--from", str(DEMO), "--limit", "2")
    blobs = Blobs(tmp_path / "store")
    key = hashlib.sha256((DEMO / "files" / "ISIC_0000000.jpg").read_bytes()).hexdigest()
    path = blobs.root / place_of(key)
    path.write_bytes(b"not the picture")
    done = dermref(tmp_path, "doctor", "--repair", "--yes")
    assert done.returncode == 1
    assert f"then run: dermref ingest isic-archive --from '{DEMO}'" in done.stdout
    assert dermref(tmp_path, "ingest", "isic-archive", "--from", str(DEMO), "--limit", "2").returncode == 0
    assert dermref(tmp_path, "audit").returncode == 0
    assert dermref(tmp_path, "doctor", "--deep").returncode == 0
