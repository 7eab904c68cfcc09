"""Collections and snapshots over the API: filtered by the rights of who asks, named restrictions, gaps."""

import hashlib
from typing import Any

import pytest
from django.contrib.auth.models import User

from dermref.catalog import models
from dermref.model.collection import Sharing
from institutions import account, asking_as
from kept_sets import collection, hold, ids, snapshot
from reading_client import ReadingClient
from run_types import Run

ROOT = "/api/v1/collections"


@pytest.fixture
def images(run: Run) -> list[str]:
    run()
    return ids()


@pytest.fixture
def client(images: list[str]) -> ReadingClient:
    return asking_as(None)


def got(client: ReadingClient, path: str = "", **query: Any) -> Any:
    answer = client.get(ROOT + path, query)
    assert answer.status_code == 200, answer.body
    return answer.json()


def test_list_when_asked_for_then_public_ones_and_own_with_what_is_shown(
    client: ReadingClient, images: list[str]
) -> None:
    jane: User = account("jane@riverside.example")
    collection("open", images[:5])
    collection("mine", images[:2], owner=jane, sharing=Sharing.NOBODY)
    hold(images[0])
    [public] = got(client)
    assert (public["slug"], public["shown"], public["withheld"], public["is_own"]) == ("open", 4, 1, False)
    own = {one["slug"]: one["is_own"] for one in got(asking_as(jane))}
    assert own == {"open": False, "mine": True}
    assert [one["slug"] for one in got(asking_as(jane), start=2)] == ["open"]


def test_collection_when_paged_then_its_order_without_gap_or_overlap(client: ReadingClient, images: list[str]) -> None:
    collection("nevi", images[::-1])
    hold(images[3])
    seen: list[str] = []
    after = 0
    while after is not None:
        page = got(client, "/nevi", limit=4, after=after)
        seen += [one["id"] for one in page["results"]]
        after = page["next"]
    assert seen == [one for one in images[::-1] if one != images[3]]
    assert page["shown"] == 11
    assert page["results"][0]["attribution"]["text"]


def test_decision_when_asked_then_names_who_causes_what(client: ReadingClient, images: list[str]) -> None:
    collection("nevi", images)
    assert got(client, "/nevi/decision", action="present")["outcome"].startswith("allow")
    hold(images[3])
    answer = got(client, "/nevi/decision", action="present", purpose="teaching")
    assert (answer["outcome"], answer["purpose"]) == ("deny", "teaching")
    [cause] = answer["causes"]
    assert (cause["members"], cause["images"]) == ([images[3]], 1)


@pytest.mark.parametrize("query", [{"action": "steal"}, {"action": "present", "purpose": "fun"}])
def test_decision_when_the_words_mean_nothing_then_400(
    client: ReadingClient, images: list[str], query: dict[str, str]
) -> None:
    collection("nevi", images[:2])
    assert client.get(f"{ROOT}/nevi/decision", query).status_code == 400


def test_decision_when_there_is_no_image_to_know_of_then_404(client: ReadingClient) -> None:
    collection("empty", [])
    assert client.get(f"{ROOT}/empty/decision", {"action": "present"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *[("", one) for one in ({"start": 0}, {"limit": 0}, {"limit": 201}, {"start": 2**63})],
        *[("/nevi", one) for one in ({"after": -1}, {"after": 2**63}, {"limit": 0})],
        *[("/nevi/snapshots/1", one) for one in ({"start": 0}, {"limit": 500}, {"start": 2**63})],
    ],
)
def test_place_when_out_of_bounds_then_400(
    client: ReadingClient, images: list[str], path: str, query: dict[str, int]
) -> None:
    snapshot(collection("nevi", images[:2]))
    assert client.get(ROOT + path, query).status_code == 400


def test_snapshots_when_listed_and_read_then_members_are_shown_or_gaps(
    client: ReadingClient, images: list[str]
) -> None:
    frozen = snapshot(collection("nevi", images[:5]))
    models.Image.objects.filter(public_id=images[1]).update(sha256="b" * 64)
    hold(images[2])
    [listed] = got(client, "/nevi/snapshots")
    assert (listed["name"], listed["sha256"], listed["images"]) == ("nevi@1", frozen.sha256, 5)
    page = got(client, "/nevi/snapshots/1", limit=3)
    assert [one["id"] for one in page["members"]] == images[:3]
    assert [one["is_same_file"] for one in page["members"]] == [True, False, False]
    gap = page["members"][2]
    assert (gap["place"], gap["image"], gap["gap"]["code"]) == (3, None, "hold-withdrawn")
    assert page["members"][0]["image"]["attribution"]["text"]
    assert (page["next"], page["credits"][0]["images"]) == (4, 5)
    assert got(client, "/nevi/snapshots/1", start=4)["next"] is None


def test_document_when_asked_for_then_byte_for_byte(client: ReadingClient, images: list[str]) -> None:
    frozen = snapshot(collection("nevi", images[:5]))
    path = got(client, "/nevi/snapshots")[0]["document"]
    answer = client.get(path)
    assert hashlib.sha256(answer.body).hexdigest() == frozen.sha256
    assert client.get(path, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


@pytest.mark.parametrize("path", ["/none", "/none/decision?action=view", "/none/snapshots", "/none/snapshots/1"])
def test_collection_when_none_or_hidden_then_the_very_same_404(
    client: ReadingClient, images: list[str], path: str
) -> None:
    collection("hidden", images[:2], sharing=Sharing.LINK)
    none, hidden = (client.get(ROOT + one) for one in (path, path.replace("none", "hidden")))
    assert (none.status_code, none.body) == (hidden.status_code, hidden.body)
    assert none.status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "2", "9" * 30])
def test_snapshot_when_there_is_none_then_404(client: ReadingClient, images: list[str], number: str) -> None:
    snapshot(collection("nevi", images[:2]))
    for tail in ("", "/document"):
        assert client.get(f"{ROOT}/nevi/snapshots/{number}{tail}").status_code in (404, 422)


def test_schema_when_read_then_has_every_route_of_collections_with_its_answers(client: ReadingClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    found = {path.removeprefix(ROOT): one["get"]["responses"] for path, one in paths.items() if ROOT in path}
    assert set(found) == {
        "", "/{slug}", "/{slug}/citation", "/{slug}/decision", "/{slug}/snapshots", "/{slug}/snapshots/{number}",
        "/{slug}/snapshots/{number}/citation", "/{slug}/snapshots/{number}/document",
    }  # fmt: skip
    assert all("200" in one for one in found.values())
