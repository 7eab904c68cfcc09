"""`dermref collections`: what a curator types, and what comes back."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from collected import NC, hold, make_image
from dermref.catalog import models
from dermref.cli.main import cli
from dermref.model.deployment import DataciteAccount, Stopped

pytestmark = pytest.mark.django_db
BY = ("--by", "A. Curator")


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["collections", *words])


def said(*words: str, code: int = 0) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture
def nevi() -> list[str]:
    ids = [make_image("ISIC_1", NC), make_image("ISIC_2"), make_image("ISIC_3")]
    assert run("create", "nevi", *ids, "--title", "Nevi", "--share", "everybody", *BY).exit_code == 0
    return ids


def test_collection_when_made_shown_and_listed_then_as_it_is(nevi: list[str]) -> None:
    row = said("show", "nevi")
    assert [one["id"] for one in row["results"]] == nevi
    assert (row["shown"], row["withheld"], row["link"], row["next"]) == (3, 0, "/collections/nevi/", None)
    assert [one["slug"] for one in said("list")] == ["nevi"]


def test_collection_when_made_of_a_search_then_of_what_it_finds(nevi: list[str]) -> None:
    row = said("create", "open", "--title", "Open", "--may", "redistribute", "--purpose", "commercial", *BY)
    assert (row["changed"], row["search"]) == (2, {"may": "redistribute", "purpose": "commercial"})


def test_images_when_some_may_not_come_in_then_1_and_they_are_named(nevi: list[str]) -> None:
    row = said("add", "nevi", make_image("ISIC_4"), "isic-archive:none", *BY, code=1)
    assert (row["changed"], row["left_out"], row["images"]) == (1, ["isic-archive:none"], 4)


def test_order_when_changed_then_shown_so(nevi: list[str]) -> None:
    assert run("order", "nevi", nevi[2], "--to", "1", *BY).exit_code == 0
    assert [one["id"] for one in said("show", "nevi")["results"]] == [nevi[2], nevi[0], nevi[1]]
    assert run("order", "nevi", "--by-field", "id", *BY).exit_code == 0
    assert [one["id"] for one in said("show", "nevi")["results"]] == nevi


def test_image_when_taken_out_then_gone(nevi: list[str]) -> None:
    assert said("remove", "nevi", nevi[0], *BY)["images"] == 2


def test_words_when_changed_then_kept_and_the_link_is_told(nevi: list[str]) -> None:
    said("describe", "nevi", "--title", "Naevi", "--share", "link", "--doi", "doi:10.34970/648456", *BY)
    row = said("show", "nevi")
    assert (row["title"], row["shared_with"], row["doi"]) == ("Naevi", "link", "10.34970/648456")
    assert row["link"].startswith("/collections/shared/")
    assert said("describe", "nevi", "--new-link", *BY)["version"] > row["version"]
    assert said("show", "nevi")["link"] != row["link"]


def test_use_when_some_forbid_it_then_1_and_all_of_them_are_named(nevi: list[str]) -> None:
    answer = said("show", "nevi", "--may", "redistribute", "--purpose", "commercial", code=1)
    assert (answer["outcome"], answer["causes"][0]["members"], answer["causes"][0]["images"]) == ("ask", [nevi[0]], 1)
    assert run("show", "nevi", "--may", "present").exit_code == 0


def test_snapshot_when_frozen_then_shown_checked_and_its_document_hashes(nevi: list[str], tmp_path: Path) -> None:
    row = said("freeze", "nevi", *BY)
    assert (row["name"], row["images"], row["is_new"]) == ("nevi@1", 3, True)
    assert run("document", "nevi@1", "--out", str(tmp_path / "n.json")).exit_code == 0
    assert hashlib.sha256((tmp_path / "n.json").read_bytes()).hexdigest() == row["sha256"]
    assert said("check", "nevi@1") == {"is_whole": True, "gaps": [], "other_files": []}
    hold(nevi[1])
    assert said("check", "nevi@1", code=1)["gaps"][0]["code"] == "hold-takedown"
    members = said("show", "nevi@1", "--limit", "2")
    assert ([one["gap"] is None for one in members["members"]], members["next"]) == ([True, False], 2)
    assert [one["credit"] is None for one in members["members"]] == [False, True]
    assert "gap: " in run("show", "nevi@1").output


def test_snapshot_when_registering_is_tried_then_datacite_would_be_told_of_the_doi_it_gets(
    nevi: list[str], settings: Any
) -> None:
    run("freeze", "nevi", *BY)
    dry = ("register", "nevi@1", "--dry-run")
    assert json.loads(run(*dry).stdout)["doi"] == "10.5072/not-registered"
    assert json.loads(run(*dry, "--doi", "https://doi.org/10.1000/A").stdout)["doi"] == "10.1000/a"
    assert "“foo” is no DOI" in str(run(*dry, "--doi", "foo").exception)
    account = DataciteAccount("https://api.test.datacite.org", "10.70001", "R", "p")
    settings.DERMREF = replace(settings.DERMREF, datacite=account)
    assert json.loads(run(*dry).stdout)["doi"] == "10.70001/dermref.nevi.v1"


def test_numbers_when_there_is_one_image_then_it_is_one_image(nevi: list[str]) -> None:
    assert run("create", "one", nevi[0], "--title", "One", *BY).stdout == "one: 1 added, 1 image, shared with nobody\n"
    assert run("freeze", "one", *BY).stdout.startswith("one@1: 1 image\n")


@pytest.mark.parametrize(
    "words",
    [
        ("show", "none"),
        ("show", "nevi@9"),
        ("show", "nevi@x"),
        ("show", "nevi@1", "--may", "view"),
        ("show", "nevi", "--may", "steal"),
        ("add", "nevi", *BY),
        ("add", "nevi", "isic-archive:ISIC_2", "--by", " "),
        ("order", "nevi", *BY),
        ("order", "nevi", "isic-archive:ISIC_2", *BY),
        ("order", "nevi", "--to", "1", *BY),
        ("order", "nevi", "isic-archive:ISIC_2", "--to", "0", *BY),
        ("describe", "nevi", "--share", "friends", *BY),
        ("document", "nevi"),
        ("register", "nevi"),
        ("create", "x", *BY),
    ],
)
def test_command_when_asked_wrongly_then_2(nevi: list[str], words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert models.Collection.objects.count() == 1


def test_command_when_it_cannot_be_done_then_one_sentence(nevi: list[str]) -> None:
    assert "is no DOI" in str(run("describe", "nevi", "--doi", "10", *BY).exception)
    assert isinstance(run("create", "nevi", "--title", "T", *BY).exception, Stopped)
    assert isinstance(run("create", "Nevi!", "--title", "T", *BY).exception, Stopped)


def test_collection_when_deleted_then_gone_and_its_images_stay(nevi: list[str]) -> None:
    assert run("delete", "nevi", *BY).exit_code == 0
    assert (models.Collection.objects.count(), models.Image.objects.count()) == (0, 3)
