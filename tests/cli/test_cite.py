"""`dermref cite` as an author asks it."""

import json

import pytest
from click.testing import CliRunner, Result

from dermref.catalog import models
from dermref.cli.main import cli
from isic_server import IsicServer
from run_types import Run

ONE, OTHER = "isic-archive:ISIC_0000001", "isic-archive:ISIC_0000002"


@pytest.fixture
def ingested(run: Run) -> None:
    run()


def cite(*words: str) -> Result:
    return CliRunner().invoke(cli, ["cite", *words])


def test_images_when_cited_then_one_list_with_every_attribution(ingested: None) -> None:
    lines = cite(ONE, OTHER, ONE, "--style", "vancouver").stdout.strip().split("\n")
    assert [line[:3] for line in lines] == ["1. ", "2. "]
    assert all(" Attribution: Image courtesy of " in line for line in lines)
    assert "(ISIC_0000002)" in lines[1]


def test_image_when_cited_as_json_and_html_then_so(ingested: None) -> None:
    found = json.loads(cite(ONE, "--json").stdout)
    assert set(found) == {"style", "text", "html", "attribution"}
    assert cite(ONE, "--format", "html").stdout == found["html"] + "\n"
    file = json.loads(cite(ONE, "--format", "ris", "--json").stdout)
    assert file["text"] == cite(ONE, "--format", "ris").stdout


def test_source_when_cited_then_its_name(ingested: None) -> None:
    assert cite("--source", "isic-archive").stdout.startswith("ISIC Archive")


def test_image_when_refused_then_the_reason_and_nothing_is_cited(run: Run, archive: IsicServer) -> None:
    run()
    archive.withdraw("ISIC_0000001")
    run()
    done = cite(OTHER, ONE)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{ONE}: ")
    assert cite(OTHER).exit_code == 0


@pytest.mark.django_db
def test_image_when_its_credit_cannot_be_given_then_that_is_the_reason(ingested: None) -> None:
    models.Image.objects.filter(public_id=ONE).update(contributor="")
    done = cite(ONE)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{ONE}: You may not ")
    assert "the credit needs “contributor”" in done.stderr


def test_images_when_the_format_has_room_for_one_then_asked_wrongly(ingested: None) -> None:
    done = cite(ONE, OTHER, "--format", "cff")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "ask for one at a time" in done.stderr


def test_image_when_it_has_no_year_then_datacite_says_so(ingested: None) -> None:
    done = cite(ONE, "--format", "datacite")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "wants a year" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Say what to cite"),
        ((ONE, "--source", "isic-archive"), "Say what to cite"),
        ((ONE,), "There is no image"),
        (("--source", "no-such"), "There is no source"),
        (("--collection", "no-such"), "There is no collection"),
        (("--collection", "no-such@last"), "neither a collection nor a snapshot"),
        (("--source", "isic-archive", "--style", "none"), "say one of apa, ama"),
        (("--source", "isic-archive", "--format", "docx"), "'docx' is not one of"),
    ],
)
def test_cite_when_asked_wrongly_then_one_sentence_and_exit_2(words: tuple[str, ...], says: str) -> None:
    done = cite(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
