"""Links in the admin: a curator meets the same rule as everybody else."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dermref.catalog import models
from dermref.services.registering import register_sources

ADD = "/admin/catalog/link/add/"
PAGE = "https://www.pathologyoutlines.com/topic/skintumormelanocyticatypicalspitz.html"


@pytest.fixture
def curator(db: None) -> Client:
    register_sources()
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("curator", password="not asked for here"))
    return client


def typed(**cells: str) -> dict[str, str]:
    link = {"source": "pathologyoutlines", "url": PAGE, "title": "Spitz", "condition_label": "Atypical Spitz tumor"}
    return {**link, "topic": "", "language": "en", "note": "", **cells}


def test_link_when_typed_by_a_curator_then_saved_in_their_name(curator: Client) -> None:
    assert curator.get(ADD).status_code == 200
    assert curator.post(ADD, typed()).status_code == 302
    link = models.Link.objects.get()
    assert (link.url, link.by, link.state, link.condition_id) == (PAGE, "curator", "unchecked", "atypical-spitz-tumor")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"url": "javascript:alert(1)"}, "does not begin with http:// or https://."),
        ({"url": "https://192.168.0.7/topic"}, "is a number, which may lead into a private network"),
        ({"url": "http://localhost/admin/"}, "is a private address"),
        ({"url": "https://example.org/"}, "is no host of pathologyoutlines"),
        ({"topic": "Spitz"}, "for a condition or for a topic"),
        ({"condition_label": "***"}, "has no letter or figure"),
        ({"language": "English!"}, "is no code such as"),
    ],
)
def test_link_when_at_fault_then_refused_with_one_sentence(
    curator: Client, cells: dict[str, str], sentence: str
) -> None:
    answer = curator.post(ADD, typed(**cells))
    assert answer.status_code == 200
    (said,) = answer.context["adminform"].form.non_field_errors()
    assert sentence in said
    assert not models.Link.objects.exists()
    assert not models.Condition.objects.exists()


def test_link_when_there_already_then_said_so(curator: Client) -> None:
    curator.post(ADD, typed())
    assert "This link is there already." in curator.post(ADD, typed(title="Again")).content.decode()
    assert models.Link.objects.count() == 1


def test_link_when_its_source_is_left_out_then_the_form_asks_for_it(curator: Client) -> None:
    answer = curator.post(ADD, typed(source=""))
    assert answer.context["adminform"].form.errors["source"]


def test_link_when_its_address_changes_then_it_has_not_been_checked_yet(curator: Client) -> None:
    curator.post(ADD, typed())
    models.Link.objects.update(state="broken", strikes=3, status="answers 404", moved_to="https://example.org/")
    change = f"/admin/catalog/link/{models.Link.objects.get().pk}/change/"
    assert curator.get(change).context["adminform"].form["condition_label"].value() == "Atypical Spitz tumor"
    curator.post(change, typed(note="seen in print"))
    assert models.Link.objects.get().state == "broken"
    curator.post(change, typed(url=f"{PAGE}?new"))
    link = models.Link.objects.get()
    assert (link.state, link.strikes, link.status, link.moved_to) == ("unchecked", 0, "", "")


def test_links_when_listed_in_the_admin_then_with_source_and_condition(curator: Client) -> None:
    curator.post(ADD, typed())
    page = curator.get("/admin/catalog/link/?q=pathologyoutlines").content.decode()
    assert "Atypical Spitz tumor" in page
    assert "pathologyoutlines" in page


@pytest.mark.django_db
def test_links_when_nobody_signed_in_then_the_admin_asks_to() -> None:
    answer = Client(headers={"host": "localhost"}).post(ADD, typed())
    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]
    assert not models.Link.objects.exists()
