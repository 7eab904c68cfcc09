"""`dermref runs`: what a curator reads of past ingests."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dermref.catalog import models
from dermref.cli.ingest import _query
from dermref.cli.main import cli
from dermref.media.store import Blobs
from isic_server import IsicServer
from run_types import Run


def said(*words: str) -> str:
    done = CliRunner().invoke(cli, ["runs", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_runs_when_listed_then_each_line_has_source_state_and_numbers(run: Run) -> None:
    run()
    assert "isic-archive" in said("list")
    assert "finished  12 published" in said("list")
    assert json.loads(said("list", "--json"))[0]["published"] == 12


def test_run_when_shown_then_it_says_what_was_asked_and_what_became_of_it(run: Run) -> None:
    run_id = str(run().run_id)
    assert f"Run {run_id} of isic-archive: finished" in said("show", run_id)
    assert "base_url http://127.0.0.1" in said("show", run_id)
    assert json.loads(said("show", run_id, "--json"))["kept_out"] == []


@pytest.mark.django_db
def test_runs_when_there_are_none_then_it_says_how_to_make_one() -> None:
    assert "dermref ingest" in said("list")


def test_collection_when_ingested_by_the_command_then_its_members_come_and_say_so(
    db: None, archive: IsicServer, blobs: Blobs
) -> None:
    members = set(sorted(set(archive.objects) - archive.withdrawn)[3:7])
    archive.collections[65] = ("Challenge 2017", members)
    asked = ["ingest", "isic-archive", "--base-url", archive.api_url, "--query", "collection:65", "--json"]
    done = CliRunner().invoke(cli, asked, catch_exceptions=False)
    assert json.loads(done.stdout)["published"] == 4
    images = models.Image.objects.all()
    assert {one.foreign_id for one in images} == members
    assert {one.metadata["collections"][0]["doi"] for one in images} == {"10.34970/65"}


def test_collection_when_the_archive_shows_none_then_one_sentence(db: None, archive: IsicServer, blobs: Blobs) -> None:
    asked = ["ingest", "isic-archive", "--base-url", archive.api_url, "--query", "collection:9"]
    done = CliRunner().invoke(cli, asked, catch_exceptions=False)
    assert done.exit_code == 1
    assert "no collection 9" in done.stderr


@pytest.mark.parametrize(("text", "asked"), [("6, 10248\n", "6, 10248"), ("\ufeffsex:male", "sex:male")])
def test_query_when_it_names_a_file_then_the_file_holds_it(tmp_path: Path, text: str, asked: str) -> None:
    (tmp_path / "ids.txt").write_text(text, "utf-8")
    assert _query(f"@{tmp_path / 'ids.txt'}") == asked
    assert _query("sex:male") == "sex:male"
