"""Every route, asked by everybody: an institution-only image appears to the current member of a subscribing institution
alone, and to nobody from the moment the subscription ends."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.urls import get_resolver
from django.utils import timezone

from api.test_sweep import filled, routes, said
from dermref.catalog import models
from dermref.media.storage import LocalShelf
from dermref.media.store import Blobs
from dermref.model.change import Author
from dermref.services.institutions import end
from dermref.services.purging import purge
from dermref.services.registering import register_sources
from ingest_fixtures import blobs
from institutions import CONDITION, DAY, PICTURE, SOURCE, TITLE, People, asking_as, people, stand_in

__all__ = ["blobs"]

QUERIES = (
    *("", "?size=small", "?size=medium", "?datasets=1", f"?source={SOURCE}", f"?condition={CONDITION[0]}"),
    *("?modality=zebraform", f"?license=LicenseRef-{SOURCE}", "?may=present&purpose=teaching", "?q=zebra"),
)
CREDIT = "Image source: VisualDx (visualdx.com)"
BEGINNING, END, BYTES = PICTURE.read_bytes()[:64], PICTURE.read_bytes()[-64:], "the very picture"
CHANGING = re.compile(r"""name="csrfmiddlewaretoken" value="\w+"|'Expires': '[^']+'""")  # with every request
OUTSIDERS = [one.name for one in fields(People) if one.name != "current"]
PATH = f"/api/image/{SOURCE}:stand-in-1"
PAGE = f"/images/{SOURCE}:stand-in-1/"
Answer = tuple[int, str]


@pytest.fixture
def world(db: None, blobs: Blobs, tmp_path: Path) -> People:
    register_sources()
    return people(tmp_path / "contract.txt")


@pytest.fixture
def image(world: People, blobs: Blobs) -> models.Image:
    return stand_in(blobs)


def asked(user: User | None, image: models.Image) -> Iterator[tuple[str, Any]]:
    """The answer of every route, with every query where a query means something."""
    client = asking_as(user)
    for route in routes(get_resolver().url_patterns):
        for query in QUERIES if not route.startswith("admin/") else ("",):
            path = filled(route, image) + query
            yield path, client.get(path, HTTP_HOST="localhost")


def answers(user: User | None, image: models.Image) -> dict[str, Answer]:
    found = {}
    for path, one in asked(user, image):
        text = BYTES if BEGINNING in one.body or END in one.body else CHANGING.sub("", said(one, path, image))
        found[unquote(path)] = (one.status_code, text)
    return found


def names(path: str) -> bool:
    """Whether a path asks for the image, or for what only it has."""
    return "stand-in-1" in path or CONDITION[0] in path or "zebraform" in path


@pytest.mark.parametrize("who", [None, *OUTSIDERS])
def test_every_route_when_an_outsider_asks_then_as_if_there_were_no_such_image(
    world: People, blobs: Blobs, who: str | None
) -> None:
    user = getattr(world, who) if who else None
    nowhere = models.Image(
        source_id=SOURCE, foreign_id="stand-in-1", public_id=f"{SOURCE}:stand-in-1", condition_id=CONDITION[0]
    )
    before = answers(user, nowhere)
    image = stand_in(blobs)
    after = answers(user, image)
    assert len(after) > 150
    changed = {path: (before[path], after[path]) for path in before if not names(path) and before[path] != after[path]}
    assert changed == {}
    for path, (status, text) in after.items():
        assert status < 500, path
        assert [secret for secret in (BYTES, TITLE, CONDITION[1], image.sha256) if secret in text] == [], path
        if "stand-in-1" in path:
            assert status in (302, 400, 401, 403, 404, 405) or "/decision" in path, path


def test_every_route_when_the_current_member_asks_then_lists_counts_and_page_have_it(
    image: models.Image, world: People
) -> None:
    told = answers(world.current, image)
    for path in ("/images/", f"/images/?source={SOURCE}", f"/conditions/{CONDITION[0]}/", PAGE, "/api/v1/images"):
        assert CREDIT in told[path][1], path
    assert "Zebraform" in told["/api/v1/facets"][1]
    assert "Zebraform" in told["/api/v1/conditions"][1]
    assert '"images": 1' in told[f"/api/v1/sources/{SOURCE}"][1]
    assert "<b>1</b> image" in asking_as(world.current).get("/").body.decode()


def test_bytes_when_the_current_member_asks_then_exactly_as_received_and_nobody_keeps_them(
    image: models.Image, world: People
) -> None:
    client = asking_as(world.current)
    page = client.get(PAGE).body.decode()
    assert f'<img src="{PATH}?size=medium" alt=' in page
    assert 'width="1022" height="767"' in page
    answer = client.get(f"{PATH}?size=medium")
    assert answer.body == PICTURE.read_bytes()
    assert (answer["Cache-Control"], answer["Vary"]) == ("private, no-store", "Cookie")
    assert "VisualDx" in answer["Dermref-Credit"]
    assert client.get(f"{PATH}?size=small").status_code == 403  # a preview would be an alteration
    assert not models.Rendition.objects.exists()
    files = client.get(f"/api/v1/images/{image.public_id}").json()["files"]
    assert [(one["size"], one["bytes"], one["width"]) for one in files] == [("medium", image.byte_size, 1022)]


def test_bytes_when_nobody_is_signed_in_then_401_says_where_to_and_403_says_why_not(
    image: models.Image, world: People
) -> None:
    nobody = asking_as(None).get(f"{PATH}?size=medium")
    assert nobody.status_code == 401
    assert 'form-action="/sign-in/"' in nobody["WWW-Authenticate"]
    assert nobody.json()["decision"]["outcome"] == "deny"
    page = asking_as(None).get(PAGE)
    assert (page.status_code, f"/sign-in/?next={PAGE.replace('/', '%2F')[:9]}" in page.body.decode()) == (401, True)
    assert asking_as(None).get(f"/api/v1/images/{SOURCE}:stand-in-1").status_code == 401
    for user in (world.member, world.elsewhere, world.curator):
        assert asking_as(user).get(f"{PATH}?size=medium").status_code == 403
        assert asking_as(user).get(PAGE).status_code == 403


def test_subscription_when_it_ends_between_two_requests_then_the_second_is_refused_and_says_when(
    image: models.Image, world: People
) -> None:
    client = asking_as(world.current)
    etag = client.get(f"{PATH}?size=medium")["ETag"]
    assert client.get(f"{PATH}?size=medium", HTTP_IF_NONE_MATCH=etag).status_code == 304
    over = timezone.now() - DAY
    models.Subscription.objects.filter(institution_id="riverside").update(ends=over)
    answer = client.get(f"{PATH}?size=medium", HTTP_IF_NONE_MATCH=etag)
    assert answer.status_code == 403
    assert f"Riverside ended on {over:%Y-%m-%d %H:%M} UTC" in answer.json()["decision"]["reasons"][0]["text"]
    assert "ended on" in client.get(PAGE).body.decode()
    assert CREDIT not in client.get("/images/").body.decode()


def test_subscription_when_ended_early_then_its_members_read_why(image: models.Image, world: People) -> None:
    end("riverside", SOURCE, Author("A. Curator", "the contract was not renewed."))
    client = asking_as(world.current)
    assert "the contract was not renewed" in client.get(PAGE).body.decode()
    assert "the contract was not renewed" in client.get("/account/").body.decode()
    assert "the contract was not renewed" not in asking_as(world.elsewhere).get(PAGE).body.decode()


def test_image_when_purged_then_each_institution_reads_of_its_own_subscription_alone(
    image: models.Image, world: People, blobs: Blobs
) -> None:
    end("riverside", SOURCE, Author("A. Curator", "unpaid invoices of Riverside"))
    assert [one.images for one in purge(blobs)] == [1]
    pages = {who: asking_as(getattr(world, who)).get(PAGE).body.decode() for who in ("current", "ended", "member")}
    assert {who: "unpaid invoices" in page for who, page in pages.items()} == {
        "current": True, "ended": False, "member": False,
    }  # fmt: skip
    assert "Hillside ended on" in pages["ended"]


class EndingShelf(LocalShelf):
    """A store that takes its time: before it hands out a file, the subscription has ended."""

    def read(self, name: str) -> tuple[BinaryIO, int]:
        models.Subscription.objects.update(ended_at=timezone.now() - DAY, ended_why="it is over")
        return super().read(name)


def test_subscription_when_it_ends_between_decision_and_bytes_then_none_are_sent(
    image: models.Image, world: People, settings: Any
) -> None:
    backend = f"{EndingShelf.__module__}.{EndingShelf.__qualname__}"
    shelf = {**settings.STORAGES["images"], "BACKEND": backend}
    settings.STORAGES = {**settings.STORAGES, "images": shelf}
    answer = asking_as(world.current).get(f"{PATH}?size=medium")
    assert answer.status_code == 403
    assert "it is over" in answer.json()["decision"]["reasons"][0]["text"]


def test_membership_when_it_ends_or_the_account_is_closed_then_from_the_next_request_on(
    image: models.Image, world: People
) -> None:
    client = asking_as(world.current)
    assert client.get(PAGE).status_code == 200
    models.Membership.objects.filter(user=world.current).update(ends=timezone.now())
    assert client.get(PAGE).status_code == 403
    User.objects.filter(pk=world.current.pk).update(is_active=False)
    assert client.get(PAGE).status_code == 401


def test_decisions_when_asked_over_http_then_they_are_the_askers_own(image: models.Image, world: People) -> None:
    path = f"/api/v1/images/{image.public_id}/decision?action=present&purpose=teaching"
    asked_by = {who: asking_as(getattr(world, who)).get(path).json() for who in ("current", "ended", "curator")}
    assert {who: one["outcome"] for who, one in asked_by.items()} == {
        "current": "allow_with_duties",
        "ended": "deny",
        "curator": "deny",
    }
    assert asked_by["current"]["viewer"] == "institution-member"
    assert asking_as(None).get(path).json()["viewer"] == "anonymous"


def test_dev_gate_when_a_curator_or_member_asks_then_open_to_none_of_them(world: People, settings: Any) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=True)
    for user in (world.curator, world.current):
        answer = asking_as(user).get("/api/dev-image/x:y", REMOTE_ADDR="203.0.113.9")
        assert answer.status_code == 404
