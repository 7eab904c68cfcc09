"""`dermref links`: what a curator types, and what comes back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dermref.catalog import models
from dermref.cli.main import cli
from dermref.model.deployment import Stopped
from linked_pages import LinkedPages

SPITZ = "https://www.pathologyoutlines.com/topic/skintumormelanocyticatypicalspitz.html"
ADD = ("add", "pathologyoutlines", SPITZ, "--title", "Spitz", "--by", "A. Curator")
pytestmark = pytest.mark.django_db


@pytest.fixture
def pages() -> Iterator[LinkedPages]:
    with LinkedPages() as server:
        yield server


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["links", *words])


def said(*words: str) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def table(folder: Path, text: str) -> str:
    (folder / "links.csv").write_text(f"url,title,topic\n{text}\n", "utf-8")
    return str(folder / "links.csv")


def test_link_when_added_then_printed_whole() -> None:
    link = said(*ADD, "--condition", "Spitz tumor", "--language", "en", "--login", "--note", "with pictures")
    assert (link["url"], link["target"], link["title"], link["by"]) == (SPITZ, SPITZ, "Spitz", "A. Curator")
    assert link["condition"] == {"slug": "spitz-tumor", "label": "Spitz tumor"}
    assert (link["language"], link["needs_login"], link["note"]) == ("en", True, "with pictures")
    assert (link["state"], link["shown"], link["not_shown_because"]) == ("unchecked", True, None)


@pytest.mark.parametrize(
    "words",
    [
        ADD,
        (*ADD, "--condition", "Spitz tumor", "--topic", "Nevi"),
        (*ADD, "--topic", " "),
        ("add", "pathologyoutlines", SPITZ, "--title", "x", "--topic", "y", "--by", " "),
        ("add", "pathologyoutlines", SPITZ, "--title", "x", "--topic", "y"),
        ("import", "pathologyoutlines", "nowhere.csv"),
        ("list", "--state", "fine"),
        ("check", "--base-url", "ftp://x"),
        ("check", "--limit", "0"),
    ],
)
def test_command_when_asked_wrongly_then_2(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
    assert not models.Link.objects.exists()


@pytest.mark.parametrize(
    ("url", "words_said"),
    [
        ("javascript:alert(1)", "does not begin with http"),
        ("http://192.168.0.1/", "is a number"),
        ("https://example.org/", "is no host of pathologyoutlines"),
    ],
)
def test_link_when_its_address_is_unfit_then_1_and_the_sentence(url: str, words_said: str) -> None:
    words = ("add", "pathologyoutlines", url, "--title", "x", "--topic", "y", "--by", "A. Curator")
    assert isinstance(run(*words).exception, Stopped)  # `main` prints it and exits with 1
    done = run(*words, "--json")
    assert done.exit_code == 1
    assert words_said in json.loads(done.stdout)["faults"][0]


def test_links_when_imported_then_counted_and_named_after_the_file(tmp_path: Path) -> None:
    path = table(tmp_path, f"{SPITZ},Spitz,Nevi")
    assert said("import", "pathologyoutlines", path) == {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "left_out": 0,
        "faults": [],
    }
    assert said("list")[0]["by"] == "the file links.csv"
    assert "unchanged         1" in run("import", "pathologyoutlines", path, "--by", "A. Curator").output


def test_links_when_the_file_is_at_fault_then_every_line_is_named(tmp_path: Path) -> None:
    done = run("import", "pathologyoutlines", table(tmp_path, "javascript:x,Spitz,Nevi\n,y,z"), "--json")
    assert done.exit_code == 1
    assert [fault.partition(":")[0] for fault in json.loads(done.stdout)["faults"]][1:] == ["line 3", "line 2"]


def test_links_when_listed_then_each_says_where_it_leads_and_why_it_is_hidden() -> None:
    run(*ADD, "--topic", "Nevi", "--login")
    masaryk = "http://atlases.muni.cz/atlases/kuze/atl_en/sect_main.html"
    run("add", "masaryk-dermpath-atlas", masaryk, "--title", "Atlas", "--topic", "Dermatopathology", "--by", "x")
    models.Link.objects.filter(source_id="pathologyoutlines").update(state="broken", strikes=3, moved_to=f"{SPITZ}?2")
    text = run("list").output
    assert "leads to http://atlases.muni.cz, as the source wants" in text
    assert "broken, login needed; moved to" in text
    assert "not shown: 3 looks in a row found no page there." in text
    assert "2 links" in text
    assert [one["source_id"] for one in said("list", "--state", "broken")] == ["pathologyoutlines"]
    assert said("list", "--source", "masaryk-dermpath-atlas")[0]["topic"] == "Dermatopathology"
    assert said("list", "--condition", "nothing") == []


def test_links_when_checked_then_1_where_a_page_is_gone_and_0_where_all_are_there(pages: LinkedPages) -> None:
    run(*ADD, "--topic", "Nevi")
    done = run("check", "--base-url", pages.base_url, "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert report["looked"] == {"there": 0, "login": 0, "moved": 0, "gone": 1, "unsure": 0}
    assert (report["links"][0]["state"], report["links"][0]["status"]) == ("missing", "answers 404")
    assert "missing" in done.stderr
    pages.put(SPITZ)
    models.Link.objects.update(checked_at=None)
    again = run("check", "--base-url", pages.base_url)
    assert again.exit_code == 0
    assert "there             1" in again.output


def test_link_when_removed_then_gone_and_1_for_none() -> None:
    number = str(said(*ADD, "--topic", "Nevi")["id"])
    assert said("remove", number, "--by", "A. Curator")["removed_by"] == "A. Curator"
    assert isinstance(run("remove", number, "--by", "A. Curator").exception, Stopped)
    assert not models.Link.objects.exists()
    number = str(said(*ADD, "--topic", "Nevi")["id"])
    assert "Removed by B: Spitz" in run("remove", number, "--by", "B").output
