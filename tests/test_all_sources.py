"""Every tracked source has a working way in by its own rules, or provably none: the commands of docs/sources.md are run
as a reader would, each source in an empty data folder, and print what the page says."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dermref.media.store import Blobs
from dermref.model.source import SourceKind, Tier
from dermref.registry.load import load_source, load_sources
from dermref.registry.ways import Way, gate_of, load_ways
from dermref.rights import check_ingest
from dermref.services.doors import DoorShut
from dermref.services.registering import register_sources
from dermref.services.start_ingest import Order, start_ingest
from ingest_fixtures import blobs

__all__ = ["blobs"]

ROOT = Path(__file__).parents[1]
FILES = ROOT / "tests" / "files"
PROGRAMS = {"dermref": [sys.executable, "-m", "dermref"], "python": [sys.executable]}
WAYS = load_ways()


def run(command: str, data: Path) -> str:
    """What a command of the page prints, on either channel, in one line."""
    words = shlex.split(command)
    settings = {}
    while "=" in words[0]:
        name, _, settings[name] = words.pop(0).partition("=")
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": "", **settings}
    done = subprocess.run(
        [*PROGRAMS[words[0]], *words[1:]], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    return " ".join(f"{done.stdout} {done.stderr}".split())


def test_ways_when_counted_then_every_tracked_source_has_one() -> None:
    assert [one.source_id for one in WAYS] == sorted(one.source_id for one in load_sources())
    assert len(WAYS) == 37
    assert all(way.tries for way in WAYS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.source_id)
def test_way_when_tried_as_the_docs_say_then_it_prints_what_they_say(way: Way, tmp_path: Path) -> None:
    for one in way.tries:
        said = run(one.run, tmp_path)
        assert one.prints in said, (one.run, said)


@pytest.mark.django_db
@pytest.mark.parametrize("source_id", [one.source_id for one in load_sources() if check_ingest(one.terms) is not None])
def test_source_when_nothing_is_in_writing_then_no_way_brings_a_byte_in(source_id: str, blobs: Blobs) -> None:
    register_sources()
    manifest = Order(source_id, folder=ROOT / "demo" / "pad-ufes-20" / "manifest.csv", is_manifest=True)
    for order in (manifest, Order(source_id, folder=FILES), Order(source_id, base_url="http://127.0.0.1:1/")):
        with pytest.raises(DoorShut):
            start_ingest(order, lambda report: None)
    assert list(blobs.keys()) == []


def test_gates_when_told_then_each_source_has_the_one_of_its_tier_and_status() -> None:
    told = {one.source_id: gate_of(one) for one in load_sources() if one.kind is SourceKind.SITE}
    shut = {one for one, gate in told.items() if gate != "open"}
    assert {one for one in told if load_source(one).tier is not Tier.HOSTED} - shut == {"dermnet-legacy"}
    assert told["atlas-dermatologico"] == "opens once the courtesy note is recorded"
    assert (told["visualdx"], told["dermweb-ubc"]) == ("shut unless an institution subscribes", "nothing to let in")
