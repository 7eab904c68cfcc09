"""`dermref attribution` as somebody who writes a page or a paper uses it."""

import json
import subprocess
from pathlib import Path

import pytest

from granted import dermref
from isic_server import IsicServer

ROOT = Path(__file__).parents[2]
FIRST, SECOND, GONE = (f"isic-archive:ISIC_000000{at}" for at in range(3))
CREDIT = "Image courtesy of Anonymous via ISIC Archive (CC0 1.0)"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    with IsicServer(ROOT / "demo" / "isic-archive") as archive:
        for _ in range(2):
            done = dermref(folder, "ingest", "isic-archive", "--base-url", archive.api_url)
            assert done.returncode == 0, done.stderr
            archive.withdraw(GONE.partition(":")[2])
    return folder


def attribution(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return dermref(data, "attribution", *words)


@pytest.mark.parametrize(
    ("words", "credit"),
    [
        ((), f"{CREDIT} · ISIC_0000000"),
        (("--style", "plain"), "This work by Anonymous is marked with CC0 1.0. To view the terms, visit"),
        (("--format", "markdown"), r"· [ISIC\_0000000](https://api.isic-archive.com/images/ISIC_0000000/)"),
        (("--format", "html"), '· <a href="https://api.isic-archive.com/images/ISIC_0000000/">ISIC_0000000</a>'),
    ],
)
def test_credit_when_asked_for_in_a_form_then_it_has_that_form(data: Path, words: tuple[str, ...], credit: str) -> None:
    done = attribution(data, FIRST, *words)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert credit in done.stdout


def test_credits_when_several_images_share_one_then_it_stands_once_with_their_ids(data: Path) -> None:
    done = attribution(data, FIRST, SECOND, FIRST)
    assert done.stdout == f"{CREDIT} · ISIC_0000000, ISIC_0000001\n"
    (one,) = json.loads(attribution(data, FIRST, SECOND, "--json").stdout)["attributions"]
    assert one["ids"] == [FIRST, SECOND]


def test_image_when_refused_then_it_is_not_credited_and_the_others_are(data: Path) -> None:
    done = attribution(data, GONE, FIRST)
    assert (done.returncode, done.stdout) == (1, f"{CREDIT} · ISIC_0000000\n")
    assert done.stderr.startswith(f"{GONE}: You may not ")
    told = json.loads(attribution(data, GONE, "--format", "json").stdout)
    assert (told["attributions"], told["refused"][0]["id"]) == ([], GONE)


@pytest.mark.parametrize("words", [("isic-archive:ISIC_9", FIRST), (FIRST, "--style", "apa"), ()])
def test_question_when_it_means_nothing_then_one_sentence_and_no_credit(data: Path, words: tuple[str, ...]) -> None:
    done = attribution(data, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: " in done.stderr
