"""Who may open which page of a collection, and change it: every route × everybody × every way of sharing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver

from api.test_sweep import routes
from dermref.catalog.people import add_curator
from dermref.model.collection import Sharing
from ingest_fixtures import archive, blobs, run
from institutions import account, asking_as
from kept_sets import again, collection, ids, members_of, snapshot
from run_types import Run

__all__ = ["archive", "blobs", "run"]

ROLES = ("visitor", "other", "owner", "curator")
KEEPERS = ("owner", "curator")
Rule = Callable[[str, Sharing], int]


def is_open(role: str, sharing: Sharing) -> bool:
    return sharing is Sharing.EVERYBODY or role in KEEPERS


def everybody(role: str, sharing: Sharing) -> int:
    return 200


def signed_in(role: str, sharing: Sharing) -> int:
    return 302 if role == "visitor" else 200


def by_link(role: str, sharing: Sharing) -> int:
    return 404 if sharing is Sharing.NOBODY else 200


def lookers(role: str, sharing: Sharing) -> int:
    return 200 if is_open(role, sharing) else 404


def keepers(role: str, sharing: Sharing) -> int:
    if role == "visitor":
        return 302
    if not is_open(role, sharing):
        return 404
    return 200 if role in KEEPERS else 403


RULES: dict[str, Rule] = {
    "collections/": everybody,
    "collections/new/": signed_in,
    "collections/add/": signed_in,
    "collections/shared/<str:key>/": by_link,
    "collections/shared/<str:key>/citation/": by_link,
    "collections/<slug:slug>/": lookers,
    "collections/<slug:slug>/edit/": keepers,
    "collections/<slug:slug>/freeze/": keepers,
    "collections/<slug:slug>/delete/": keepers,
    "collections/<slug:slug>/<int:number>/": everybody,
    "api/v1/collections": everybody,
    "api/v1/collections/<slug>": lookers,
    "api/v1/collections/<slug>/citation": lookers,
    "api/v1/collections/<slug>/decision": lookers,
    "api/v1/collections/<slug>/snapshots": everybody,
    "api/v1/collections/<slug>/snapshots/<number>": everybody,
    "api/v1/collections/<slug>/snapshots/<number>/citation": everybody,
    "api/v1/collections/<slug>/snapshots/<number>/document": everybody,
}
FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("edit/", {"do": "describe", "title": "X", "description": "", "sharing": "link", "doi": ""}),
    ("edit/", {"do": "sort", "order": "id"}),
    ("edit/", {"do": "new-link"}),
    ("freeze/", {"name": "X"}),
    ("delete/", {}),
)


@pytest.fixture
def people(run: Run) -> dict[str, User | None]:
    run()
    add_curator("anna", "unused")
    owner, other = account("jane@riverside.example"), account("joe@x.example")
    return {"visitor": None, "other": other, "owner": owner, "curator": User.objects.get(username="anna")}


def path_of(route: str, key: str, image: str) -> str:
    names = {"<str:key>": key, "<slug:slug>": "nevi", "<slug>": "nevi", "<int:number>": "1", "<number>": "1"}
    for name, value in names.items():
        route = route.replace(name, value)
    return f"/{route}?action=present&image={image}&format=ris"


def test_routes_when_listed_then_each_of_collections_has_its_rule() -> None:
    known = {one for one in routes(get_resolver().url_patterns) if "collections" in one and "admin" not in one}
    assert known == set(RULES)


@pytest.mark.parametrize("sharing", list(Sharing))
def test_every_route_when_anybody_asks_then_as_its_rule_says(people: dict[str, User | None], sharing: Sharing) -> None:
    record = collection("nevi", ids(3), owner=people["owner"], sharing=sharing)
    snapshot(record)
    for role in ROLES:
        client = asking_as(people[role])
        for route, rule in RULES.items():
            answer = client.get(path_of(route, record.key, ids()[5]))
            assert (route, role, answer.status_code) == (route, role, rule(role, sharing))
            if answer.status_code == 302:
                assert answer["Location"].startswith("/sign-in/?next=%2Fcollections%2F")
            if role not in KEEPERS:
                assert record.key not in answer.body.decode(), route


@pytest.mark.parametrize("sharing", list(Sharing))
def test_forms_when_sent_by_who_does_not_keep_it_then_nothing_changes(
    people: dict[str, User | None], sharing: Sharing
) -> None:
    record = collection("nevi", ids(3)[::-1], owner=people["owner"], sharing=sharing)
    for role in ("visitor", "other"):
        client = asking_as(people[role])
        for page, form in (*FORMS, ("edit/", {"do": "take-out", "image": ids(1)})):
            answer = client.post(f"/collections/nevi/{page}", form | {"version": record.version})
            assert answer.status_code == keepers(role, sharing), (role, page)
        answer = client.post(f"/collections/add/?image={ids()[5]}", {"collection": "nevi"})
        assert answer.status_code == (302 if role == "visitor" else 400)
    assert again("nevi") == record
    assert members_of("nevi") == ids(3)[::-1]


def test_forms_when_sent_without_their_token_then_403_and_nothing_changes(people: dict[str, User | None]) -> None:
    record = collection("nevi", ids(3), owner=people["owner"])
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["owner"])
    for page, form in FORMS:
        assert client.post(f"/collections/nevi/{page}", form | {"version": record.version}).status_code == 403
    for path in ("/collections/new/", f"/collections/add/?image={ids()[5]}"):
        assert client.post(path, {"title": "X", "collection": "nevi"}).status_code == 403
    assert again("nevi") == record


def test_pages_when_asked_in_another_way_then_405(people: dict[str, User | None]) -> None:
    snapshot(collection("nevi", ids(3), owner=people["owner"]))
    client = asking_as(people["owner"])
    document = "/api/v1/collections/nevi/snapshots/1/document"
    for path in ("/collections/", "/collections/nevi/", "/collections/nevi/1/", document):
        assert client.post(path).status_code == 405
    assert client.put("/collections/nevi/edit/").status_code == 405


def test_tables_when_a_curator_looks_then_read_only_and_without_the_secret(people: dict[str, User | None]) -> None:
    record = collection("nevi", ids(3), owner=people["owner"])
    frozen = snapshot(record)
    client = asking_as(people["curator"])
    for path in (
        "collection/",
        f"collection/{record.row_id}/change/",
        "snapshot/",
        f"snapshot/{frozen.row_id}/change/",
    ):
        answer = client.get(f"/admin/catalog/{path}")
        assert answer.status_code == 200, path
        assert record.key not in answer.body.decode(), path
        assert 'name="_save"' not in answer.body.decode(), path
    assert client.post(f"/admin/catalog/collection/{record.row_id}/delete/", {"post": "yes"}).status_code == 403
