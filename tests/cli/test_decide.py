"""`dermref decide`: the answer, the JSON, the exit code, and one sentence for a question that means nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from isic_server import IsicServer

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo"
NONCOMMERCIAL = "isic-archive:ISIC_1748084"
FREE = "isic-archive:ISIC_0000000"
BY_LINK = "https://creativecommons.org/licenses/by/4.0/"
KEYS = {"outcome", "action", "viewer", "purpose", "operator", "reasons", "duties", "contact"}
SET_KEYS = KEYS - {"reasons", "contact"} | {"causes", "contacts", "licenses", "members"}


def dermref(data: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": "", **settings}
    return subprocess.run(
        [sys.executable, "-m", "dermref", *words], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue with two images of the archive, one withdrawn since, and a dev-only one."""
    folder = tmp_path_factory.mktemp("decide")
    kept = {one.partition(":")[2] for one in (NONCOMMERCIAL, FREE)} | {"ISIC_0000002"}
    with IsicServer(DEMO / "isic-archive") as archive:
        for isic_id in set(archive.objects) - kept:
            archive.withdraw(isic_id)
        harvest = ("ingest", "isic-archive", "--base-url", archive.api_url)
        assert dermref(folder / "data", *harvest).returncode == 0
        archive.withdraw("ISIC_0000002")
        assert dermref(folder / "data", *harvest).returncode == 0
    legacy = folder / "legacy" / "train" / "Nevus"
    legacy.mkdir(parents=True)
    (legacy / "one.jpg").write_bytes((ROOT / "tests" / "files" / "hopper.jpg").read_bytes())
    done = dermref(
        folder / "data", "ingest", "dermnet-legacy", "--from", str(folder / "legacy"), DEV_IMAGES_ENABLED="1"
    )
    assert done.returncode == 0, done.stderr
    return folder / "data"


def decide(data: Path, *words: str, **settings: str) -> tuple[int, Any]:
    done = dermref(data, "decide", *words, "--json", **settings)
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("words", "code", "outcome"),
    [
        ((FREE, "--action", "view"), 0, "allow"),
        ((NONCOMMERCIAL, "--action", "present", "--purpose", "teaching"), 0, "allow_with_duties"),
        ((NONCOMMERCIAL, "--action", "present", "--purpose", "commercial"), 1, "ask"),
        ((NONCOMMERCIAL, "--action", "view", "--operator", "commercial"), 1, "ask"),
        ((NONCOMMERCIAL, "--action", "view", "--paywall"), 1, "ask"),
        (("isic-archive:ISIC_0000002", "--action", "view"), 1, "deny"),
        (("isic-archive:ISIC_0000002", "--action", "link"), 0, "allow"),
        (("dermnet-legacy:train/Nevus/one.jpg", "--action", "view", "--viewer", "developer"), 0, None),
        (("--source", "isic-archive", "--action", "view"), 1, "deny"),
        (("--source", "isic-archive", "--license", "", "--action", "view"), 1, "deny"),
        (("--source", "isic-archive", "--license", "no such license", "--action", "view"), 1, "deny"),
        (("--source", "isic-archive", "--license", "CC-BY", "--action", "view"), 0, "allow_with_duties"),
        (("--source", "isic-archive", "--license", BY_LINK, "--action", "view"), 0, "allow_with_duties"),
        (("--source", "isic-archive", "--action", "link"), 0, None),
        (("--source", "dermnet-nz", "--action", "train"), 1, "deny"),
        (("--source", "dermnet-nz", "--action", "view"), 0, "allow_with_duties"),
        (("--source", "visualdx", "--action", "view"), 1, "deny"),
        (("--source", "visualdx", "--action", "present", "--viewer", "institution-member"), 0, "allow_with_duties"),
        (("--source", "visualdx", "--action", "crop", "--viewer", "institution-member"), 1, "deny"),
    ],
)  # fmt: skip
def test_decide_when_asked_then_the_decision_json_and_its_exit_code(
    data: Path, words: tuple[str, ...], code: int, outcome: str | None
) -> None:
    returned, decision = decide(data, *words)
    assert set(decision) == KEYS
    assert returned == code
    assert outcome in (None, decision["outcome"])
    assert decision["outcome"].startswith("allow") is (code == 0)
    assert decision["reasons"]


def test_decide_when_an_image_has_duties_then_they_carry_its_credit(data: Path) -> None:
    _, decision = decide(data, NONCOMMERCIAL, "--action", "print")
    details = {duty["code"]: duty["detail"] for duty in decision["duties"]}
    assert details == {
        "attribute": "Image courtesy of MILK study team via ISIC Archive (CC BY-NC 4.0) · ISIC_1748084",
        "link_license": "https://creativecommons.org/licenses/by-nc/4.0/",
    }


def test_decide_when_the_setting_names_an_operator_then_it_answers_unless_another_is_named(data: Path) -> None:
    words = (NONCOMMERCIAL, "--action", "view")
    _, set_up = decide(data, *words, DERMREF_OPERATOR="commercial")
    _, named = decide(data, *words, "--operator", "individual", DERMREF_OPERATOR="commercial")
    assert (set_up["operator"], set_up["outcome"]) == ("commercial", "ask")
    assert (named["operator"], named["outcome"]) == ("individual", "allow_with_duties")


def test_decide_when_several_images_then_the_decision_for_the_set(data: Path) -> None:
    code, decision = decide(data, NONCOMMERCIAL, FREE, NONCOMMERCIAL, "--action", "train", "--purpose", "commercial")
    assert set(decision) == SET_KEYS
    assert (code, decision["outcome"]) == (1, "ask")
    assert [cause["members"] for cause in decision["causes"]] == [[NONCOMMERCIAL]]
    assert decision["members"] == [{"id": NONCOMMERCIAL, "outcome": "ask"}, {"id": FREE, "outcome": "allow"}]
    assert decide(data, NONCOMMERCIAL, FREE, "--action", "view")[0] == 0


def test_decide_when_several_actions_then_one_decision_each_and_no_if_any_is(data: Path) -> None:
    code, found = decide(data, FREE, "--action", "all")
    assert (code, found["id"], set(found["decisions"])) == (0, FREE, set(Action))
    code, found = decide(data, "--source", "dermnet-nz", "--action", "view", "--action", "crop")
    assert (code, found["source"], list(found["decisions"])) == (1, "dermnet-nz", ["view", "crop"])
    code, found = decide(data, FREE, NONCOMMERCIAL, "--action", "view", "--action", "train")
    assert (code, found["decisions"]["train"]["outcome"]) == (1, "ask")


def test_decide_when_read_by_a_person_then_sentence_quote_place_duties_and_whom_to_ask(data: Path) -> None:
    said = dermref(data, "decide", NONCOMMERCIAL, "--action", "present").stdout
    assert said.startswith("You may show this in a lecture.")
    assert "NonCommercial purposes only" in said
    assert "https://creativecommons.org/licenses/by-nc/4.0/" in said
    assert "Image courtesy of MILK study team via ISIC Archive" in said
    asked = dermref(data, "decide", NONCOMMERCIAL, FREE, "--action", "view", "--purpose", "commercial").stdout
    assert "ask first" in asked
    assert "MILK study team, https://api.isic-archive.com/images/ISIC_1748084/" in asked
    table = dermref(data, "decide", "--source", "dermnet-nz", "--action", "all").stdout.splitlines()
    assert len(table) == len(Action)
    assert table[0].split()[:2] == ["view", "yes,"]


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ((FREE, "--action", "eat"), list(Action)),
        ((FREE,), list(Action)),
        ((FREE, "--action", "view", "--purpose", "fun"), list(Purpose)),
        ((FREE, "--action", "view", "--viewer", "king"), list(ViewerKind)),
        ((FREE, "--action", "view", "--operator", "king"), list(OperatorKind)),
        (("--source", "nope", "--action", "view"), ["“nope”", "dermnet-nz", "visualdx"]),
        (("isic-archive:nope", "--action", "view"), ["no image “isic-archive:nope”", "images list"]),
        ((FREE, "isic-archive:nope", "--action", "view"), ["no image “isic-archive:nope”"]),
        (("dermnet-legacy:train/Nevus/one.jpg", "--action", "view"), ["no image “dermnet-legacy:train/Nevus/one.jpg”"]),
        (("--action", "view"), ["--source"]),
        ((FREE, "--source", "dermnet-nz", "--action", "view"), ["--source"]),
        ((FREE, "--license", "CC-BY", "--action", "view"), ["--source"]),
    ],
)  # fmt: skip
def test_decide_when_asked_wrongly_then_one_sentence_that_says_what_there_is(
    data: Path, words: tuple[str, ...], known: list[str]
) -> None:
    done = dermref(data, "decide", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert [word for word in known if word not in done.stderr] == []
    assert "Traceback" not in done.stderr


def test_paywall_of_the_deployment_when_another_operator_is_asked_about_then_stays(tmp_path: Path) -> None:
    asked = ("decide", "--source", "isic-archive", "--license", "CC-BY-NC", "--action", "view")
    for operator in ((), ("--operator", "individual")):
        assert dermref(tmp_path, *asked, *operator, DERMREF_PAYWALL="1").returncode == 1
    assert dermref(tmp_path, *asked, "--operator", "individual").returncode == 0
