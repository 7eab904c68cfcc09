"""What a curator can read of past ingests, also of those that were interrupted."""

import zlib

import pytest
from django.db import connection, connections

from dermref.catalog import models
from dermref.catalog.locks import FAMILY, only_ingest_of
from dermref.model.deployment import Stopped
from dermref.services.past_runs import list_runs, numbers_of, reasons_of, run_json, runs_json, show_run
from dermref.services.registering import register_sources
from isic_server import IsicServer
from run_types import Run


def test_run_when_finished_then_its_numbers_and_reasons_can_be_read_later(run: Run, archive: IsicServer) -> None:
    kept_out = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.relicense(kept_out, "CC-BY-9")
    run_id = run().run_id
    assert run_id is not None
    details = show_run(run_id)
    assert (details.run.state, numbers_of(details.run)["published"], reasons_of(details.run)) == (
        "finished",
        11,
        {"unknown-license": 1},
    )
    assert [(one.foreign_id, one.reasons[0].code) for one in details.kept_out] == [(kept_out, "unknown-license")]
    assert run_json(details)["kept_out"]


def test_run_when_interrupted_then_the_numbers_of_both_parts_are_added(run: Run, archive: IsicServer) -> None:
    archive.fail("images/.*cursor", 403, times=1)
    first = run()
    assert (first.state, first.counts()["published"]) == ("stopped", 5)
    second = run()
    assert (second.run_id, second.fates.total()) == (first.run_id, 7)
    assert second.run_id is not None
    assert numbers_of(show_run(second.run_id).run)["published"] == 12


def test_runs_when_listed_then_the_latest_comes_first_and_others_can_be_left_out(run: Run) -> None:
    numbers = [run().run_id, run().run_id]
    assert [one["run"] for one in runs_json(list_runs(None, limit=5))] == numbers[::-1]
    assert list_runs("peir", limit=5) == []


@pytest.mark.django_db
def test_runs_when_nobody_knows_the_source_or_number_then_one_sentence() -> None:
    with pytest.raises(Stopped, match="no source"):
        list_runs("nowhere", limit=5)
    with pytest.raises(Stopped, match="no run 7"):
        show_run(7)


@pytest.mark.django_db
def test_run_when_it_counted_nothing_yet_then_it_can_be_read_all_the_same() -> None:
    register_sources()
    row = models.IngestRun.objects.create(source_id="peir", state="running", started_at="2026-11-25T00:00Z")
    assert set(numbers_of(show_run(row.pk).run).values()) == {0}


@pytest.mark.django_db
def test_source_when_one_ingest_holds_it_then_a_second_stops_and_another_source_may_begin() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite the lock of the store keeps two ingests apart (tests/services/test_ingest.py)")
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor, only_ingest_of("peir"):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [FAMILY, _number("peir")])
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [FAMILY, _number("isic-archive")])
            assert cursor.fetchone() == (True,)
            with pytest.raises(Stopped, match="Another ingest of isic-archive"), only_ingest_of("isic-archive"):
                pass
        with only_ingest_of("peir"):
            pass
    finally:
        other.close()


def _number(source_id: str) -> int:
    return zlib.crc32(source_id.encode()) - 2**31


def test_run_when_it_begins_anew_then_nothing_is_counted_twice(run: Run, archive: IsicServer) -> None:
    gone = sorted(set(archive.objects) - archive.withdrawn)[0]
    run()
    archive.withdraw(gone)
    archive.fail(f"images/{gone}/$", 403, times=2)
    first = run()
    assert first.state == "stopped"
    assert run().run_id == first.run_id
    assert first.run_id is not None
    assert numbers_of(show_run(first.run_id).run)["unchanged"] == 11
