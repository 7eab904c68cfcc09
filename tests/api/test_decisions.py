"""Decisions over HTTP: one image, all actions, a set; unknown and hidden images are told apart by nobody."""

from typing import Any

import pytest

from dermref.catalog import models
from dermref.model.asking import Action
from isic_server import IsicServer
from reading_client import ReadingClient
from run_types import Run

KEYS = {"outcome", "action", "viewer", "purpose", "operator", "reasons", "duties", "contact"}
SET_KEYS = {
    "outcome", "action", "viewer", "purpose", "operator", "causes", "duties", "contacts", "licenses", "members",
}  # fmt: skip


def ids(archive: IsicServer) -> list[str]:
    return [f"isic-archive:{one}" for one in sorted(set(archive.objects) - archive.withdrawn)]


def ask(images: list[str], action: str = "view", **more: str) -> Any:
    client = ReadingClient(enforce_csrf_checks=True)  # a program has no cookie and no token
    body = {"images": images, "action": action, **more}
    return client.post("/api/v1/decisions", body, content_type="application/json")


@pytest.fixture
def licensed(run: Run, archive: IsicServer) -> list[str]:
    """Twelve images: the first is CC BY-NC of a named hospital, the second CC BY, the others CC0."""
    first, second, *others = ids(archive)
    for one, license_, name in ((first, "CC-BY-NC", "Example Hospital"), (second, "CC-BY", "Other Clinic")):
        archive.relicense(one.partition(":")[2], license_)
        archive.set_field(one.partition(":")[2], "attribution", name)
    for one in others:
        archive.relicense(one.partition(":")[2], "CC-0")
    run()
    return [first, second, *others]


def test_decision_when_asked_for_an_action_then_is_the_decision_json_with_the_very_credit(licensed: list[str]) -> None:
    answer = ReadingClient().get(f"/api/v1/images/{licensed[0]}/decision", {"action": "present", "purpose": "teaching"})
    decision = answer.json()
    assert set(decision) == KEYS
    assert (decision["outcome"], decision["action"], decision["purpose"]) == (
        "allow_with_duties", "present", "teaching",
    )  # fmt: skip
    duties = {duty["code"]: duty for duty in decision["duties"]}
    isic_id = licensed[0].partition(":")[2]
    credit = f"Image courtesy of Example Hospital via ISIC Archive (CC BY-NC 4.0) · {isic_id}"
    assert duties["attribute"]["detail"] == credit
    assert credit in duties["attribute"]["text"]
    assert duties["attribute"]["same_page"] is False
    assert duties["link_license"]["detail"] == "https://creativecommons.org/licenses/by-nc/4.0/"
    assert all(reason["evidence"]["quote"] for reason in decision["reasons"])


def test_decision_when_no_action_is_named_then_one_for_each(licensed: list[str]) -> None:
    found = ReadingClient().get(f"/api/v1/images/{licensed[0]}/decision").json()
    assert found["id"] == licensed[0]
    assert set(found["decisions"]) == set(Action)
    assert all(set(one) == KEYS and one["action"] == action for action, one in found["decisions"].items())


def test_decision_when_image_is_unknown_or_hidden_then_the_same_404(licensed: list[str], legacy: list[str]) -> None:
    hidden, unknown = (ReadingClient().get(f"/api/v1/images/{one}/decision") for one in (legacy[0], legacy[0] + "-not"))
    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content)
    assert hidden.status_code == 404


def test_set_when_all_members_allow_then_duties_of_every_member(licensed: list[str]) -> None:
    found = ask(licensed).json()
    assert set(found) == SET_KEYS
    assert (found["outcome"], found["causes"], found["contacts"]) == ("allow_with_duties", [], [])
    words = [duty["detail"] for duty in found["duties"] if duty["code"] == "attribute"]
    assert len(words) == 2
    assert "Example Hospital" in words[0]
    assert [one["id"] for one in found["members"]] == licensed
    assert found["members"][0]["outcome"] == "allow_with_duties"
    assert found["members"][2]["outcome"] == "allow"


def test_set_when_one_member_restricts_then_it_is_named_with_whom_to_ask(licensed: list[str]) -> None:
    found = ask(licensed, "train", purpose="commercial").json()
    assert (found["outcome"], found["purpose"], found["duties"]) == ("ask", "commercial", [])
    (cause,) = found["causes"]
    assert (cause["outcome"], cause["members"]) == ("ask", licensed[:1])
    assert cause["reason"]["code"] == "license-noncommercial"
    assert [contact["name"] for contact in found["contacts"]] == ["Example Hospital"]


def test_set_when_adapted_then_names_the_licenses_the_work_may_carry(licensed: list[str]) -> None:
    found = ask(licensed[:2], "adapt").json()
    assert "CC-BY-NC-4.0" in found["licenses"]
    assert "CC-BY-4.0" not in found["licenses"]


def test_set_when_an_id_stands_twice_then_counts_once(licensed: list[str]) -> None:
    assert [one["id"] for one in ask([licensed[2], licensed[2]]).json()["members"]] == licensed[2:3]


def test_set_when_a_member_is_unknown_or_hidden_then_the_same_no(licensed: list[str], legacy: list[str]) -> None:
    hidden, unknown = (ask([licensed[2], one], "link") for one in (legacy[0], "dermnet-legacy:no/such.png"))
    assert hidden.status_code == 200
    assert hidden.json()["members"][1] == {"id": legacy[0], "outcome": "unknown"}
    assert hidden.json()["outcome"] == "deny"
    assert hidden.json()["causes"][0]["reason"]["code"] == "unknown-image"
    assert hidden.content.replace(legacy[0].encode(), b"X") == unknown.content.replace(
        b"dermnet-legacy:no/such.png", b"X"
    )


def test_set_when_every_member_is_unknown_then_no(licensed: list[str]) -> None:
    found = ask(["nothing", "a:b\0c", ""]).json()
    assert (found["outcome"], [one["outcome"] for one in found["members"]]) == ("deny", ["unknown"] * 3)


@pytest.mark.django_db
def test_set_when_asked_wrongly_then_one_sentence() -> None:
    for answer in (ask(["a:b"], "eat"), ask(["a:b"], purpose="fun"), ask([]), ask(["a:b"] * 1001)):
        assert answer.status_code == 400
        assert isinstance(answer.json()["detail"], str)
    assert "train" in ask(["a:b"], "eat").json()["detail"]
    assert ask(["\ud800"]).status_code in (200, 422)
    assert ReadingClient().post("/api/v1/decisions", "{", content_type="application/json").status_code == 400
    assert ReadingClient().post("/api/v1/decisions", {}, content_type="application/json").status_code == 422
    assert ReadingClient().get("/api/v1/decisions").status_code == 405


def test_decision_when_the_credit_cannot_be_rendered_then_only_a_link_is_left(licensed: list[str]) -> None:
    models.Image.objects.filter(public_id=licensed[0]).update(contributor="")
    found = ReadingClient().get(f"/api/v1/images/{licensed[0]}/decision").json()["decisions"]
    assert {action for action, one in found.items() if one["outcome"].startswith("allow")} == {"link"}
    assert found["view"]["reasons"][0]["code"] == "credit-incomplete"
    together = ask(licensed[:3]).json()
    assert (together["outcome"], together["causes"][0]["members"]) == ("deny", licensed[:1])
