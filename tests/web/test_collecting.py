"""Making and changing collections on the site: every word is kept, nobody overwrites another unseen, and each form
leads back to a page."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User

from dermref.catalog import models
from dermref.catalog.people import add_curator
from dermref.model.collection import Sharing
from ingest_fixtures import archive, blobs, run
from institutions import account, asking_as
from kept_sets import again, collection, hold, ids, members_of, snapshot
from reading_client import ReadingClient
from run_types import Run

__all__ = ["archive", "blobs", "run"]

EDIT = "/collections/nevi/edit/"
HOSTILE = 'A "title" with <b>, {creator}, $& and \u202eRTL 🩺'


@pytest.fixture
def images(run: Run) -> list[str]:
    run()
    return ids()


@pytest.fixture
def jane(db: None) -> User:
    return account("jane@riverside.example")


@pytest.fixture
def client(jane: User) -> ReadingClient:
    return asking_as(jane)


@pytest.fixture
def curator(db: None) -> ReadingClient:
    add_curator("anna", "unused")
    return asking_as(User.objects.get(username="anna"))


def said(client: ReadingClient, path: str) -> str:
    """What the page that a form led to says was done."""
    found = re.search(r'<p class="done" role="status">(.*?)</p>', client.get(path).body.decode())
    return unescape(found[1]) if found else ""


def alert(text: bytes) -> str:
    found = re.search(r'<p class="said" role="alert">(.*?)</p>', text.decode())
    return unescape(found[1]) if found else ""


def words(version: int, **changes: str) -> dict[str, str | int]:
    return {
        "do": "describe", "version": version, "title": "The nevi set", "description": "",
        "sharing": "nobody", "doi": "", **changes,
    }  # fmt: skip


def test_search_when_kept_then_the_collection_has_what_this_viewer_sees_in_its_order(
    client: ReadingClient, images: list[str]
) -> None:
    listed = client.get("/images/?condition=nevus").body.decode()
    link = re.search(r'href="(/collections/new/\?[^"]+)">Keep these (\d+) images as a collection', listed)
    assert link
    hold(images[0])
    form = client.get(unescape(link[1])).body.decode()
    assert "that your search finds" in form
    answer = client.post(unescape(link[1]), {"title": HOSTILE, "description": "Why."})
    record = models.Collection.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/collections/{record.slug}/")
    assert (record.title, record.sharing, record.owner) == (HOSTILE, "nobody", User.objects.get())
    assert record.search["condition"] == "nevus"
    shown = members_of(record.slug)
    assert shown == [one for one in images if one in shown]
    assert images[0] not in shown
    assert said(client, answer["Location"]) == f"The collection was made, with {len(shown)} images."
    assert HOSTILE in unescape(client.get(answer["Location"]).body.decode())


def test_collection_when_a_member_makes_one_then_its_name_tells_nobody_what_other_names_are_taken(
    client: ReadingClient, images: list[str]
) -> None:
    collection("nevi", images[:1], sharing=Sharing.NOBODY)
    answer = client.post("/collections/new/", {"title": "Nevi", "slug": "nevi"})
    assert re.fullmatch(r"/collections/nevi-[0-9a-f]{10}/", answer["Location"])


def test_collection_when_a_curator_chooses_a_name_that_is_taken_then_told_and_nothing_typed_is_lost(
    curator: ReadingClient, images: list[str]
) -> None:
    collection("nevi", images[:1])
    answer = curator.post("/collections/new/", {"title": HOSTILE, "slug": "nevi", "description": "Mine"})
    assert answer.status_code == 400
    assert alert(answer.content).startswith("There is a collection “nevi” already")
    assert HOSTILE in unescape(answer.content.decode())
    assert ">Mine</textarea>" in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"title": " "}, {"title": "…"}, {"title": "x" * 301}, {"title": "a\x07b"},
        {"title": "a", "description": "x" * 5001},
    ],
)  # fmt: skip
def test_collection_when_its_words_cannot_be_kept_then_one_sentence(
    client: ReadingClient, sent: dict[str, str]
) -> None:
    answer = client.post("/collections/new/", sent)
    assert answer.status_code == 400
    assert alert(answer.content)
    assert not models.Collection.objects.exists()


@pytest.mark.parametrize("query", ["keep=search&source=nowhere", "keep=search&license=x", "keep=search&may=steal"])
def test_collection_when_its_search_means_nothing_then_asked_wrongly(client: ReadingClient, query: str) -> None:
    assert client.get(f"/collections/new/?{query}").status_code == 400


def test_image_when_added_from_its_page_then_in_the_chosen_collection_once(
    client: ReadingClient, jane: User, images: list[str]
) -> None:
    collection("nevi", images[:1], owner=jane, sharing=Sharing.NOBODY)
    path = f"/images/{images[3]}/"
    assert '<option value="nevi">The nevi set</option>' in client.get(path).body.decode()
    add = f"/collections/add/?image={images[3]}"
    for told in ("was added to", "is already in"):
        assert client.post(add, {"collection": "nevi"})["Location"] == path
        assert said(client, path) == f"This image {told} “The nevi set”."
    assert members_of("nevi") == [images[0], images[3]]
    new = client.post(add, {"collection": "new"})["Location"]
    client.post(new, {"title": "Another"})
    assert members_of(models.Collection.objects.latest("pk").slug) == [images[3]]


@pytest.mark.parametrize("chosen", ["theirs", "nowhere", ""])
def test_image_when_the_collection_is_not_ones_own_then_the_same_sentence_as_for_none(
    client: ReadingClient, images: list[str], chosen: str
) -> None:
    collection("theirs", images[:1])
    answer = client.post(f"/collections/add/?image={images[1]}", {"collection": chosen})
    assert (answer.status_code, alert(answer.content)) == (
        400,
        "You keep no such collection; choose one of yours, or make a new one.",
    )
    assert members_of("theirs") == images[:1]


@pytest.mark.parametrize("image", ["isic-archive:none", "a%00b", "%ED%A0%80"])
def test_image_when_there_is_none_that_one_may_see_then_not_added(
    client: ReadingClient, jane: User, images: list[str], image: str
) -> None:
    collection("nevi", [], owner=jane)
    answer = client.post(f"/collections/add/?image={image}", {"collection": "nevi"})
    assert answer.status_code == 400
    assert members_of("nevi") == []


def test_words_when_saved_then_changed_and_said(client: ReadingClient, jane: User, images: list[str]) -> None:
    record = collection("nevi", images[:2], owner=jane, sharing=Sharing.NOBODY)
    answer = client.post(EDIT, words(record.version, title=HOSTILE, sharing="link", doi="10.5555/abc"))
    assert answer.status_code == 302
    assert said(client, EDIT) == "Saved."
    now = again("nevi")
    assert (now.title, now.sharing, now.doi) == (HOSTILE, Sharing.LINK, "10.5555/abc")
    assert "/collections/shared/" in client.get(EDIT).body.decode()


def test_words_when_somebody_was_faster_then_409_with_both_and_nothing_lost(
    client: ReadingClient, curator: ReadingClient, jane: User, images: list[str]
) -> None:
    record = collection("nevi", images[:2], owner=jane, sharing=Sharing.NOBODY)
    curator.post(EDIT, words(record.version, title="Theirs"))
    answer = client.post(EDIT, words(record.version, title="Mine", description="My words"))
    text = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert alert(answer.content).startswith("anna changed this collection on")
    assert 'value="Mine"' in text
    assert ">My words</textarea>" in text
    assert "It is now: <q>Theirs</q>" in text
    assert again("nevi").title == "Theirs"
    current = re.search(r'name="version" value="(\d+)"', text)
    assert current
    assert client.post(EDIT, words(int(current[1]), title="Mine")).status_code == 302
    assert again("nevi").title == "Mine"


@pytest.mark.parametrize(("sharing", "status"), [("everybody", 400), ("planet", 400), ("link", 302)])
def test_sharing_when_a_member_chooses_then_the_link_at_most(
    client: ReadingClient, jane: User, images: list[str], sharing: str, status: int
) -> None:
    record = collection("nevi", images[:2], owner=jane, sharing=Sharing.NOBODY)
    assert 'value="everybody"' not in client.get(EDIT).body.decode()
    assert client.post(EDIT, words(record.version, sharing=sharing)).status_code == status


def test_words_when_the_doi_is_none_then_one_sentence_and_nothing_lost(
    client: ReadingClient, jane: User, images: list[str]
) -> None:
    record = collection("nevi", images[:2], owner=jane)
    answer = client.post(EDIT, words(record.version, title="Mine", doi="not a doi", sharing="everybody"))
    assert answer.status_code == 400
    assert 'value="not a doi"' in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()


def test_order_when_moved_up_down_to_a_place_and_sorted_then_so(
    client: ReadingClient, jane: User, images: list[str]
) -> None:
    a, b, c, d = images[:4]
    collection("nevi", [a, b, c, d], owner=jane)

    def move(image: str, **to: int) -> str:
        answer = client.post(EDIT, {"do": "move", "version": again("nevi").version, "image": image, **to})
        assert answer.status_code == 302
        return str(answer["Location"])

    assert move(c, to=1) == f"{EDIT}#place-1"
    assert members_of("nevi") == [c, a, b, d]
    move(c, to=2, place=1)
    move(a, place=99)
    assert members_of("nevi") == [c, b, d, a]
    client.post(EDIT, {"do": "sort", "order": "id", "version": again("nevi").version})
    assert members_of("nevi") == sorted([a, b, c, d])
    assert said(client, EDIT) == "Put at place 1."  # the oldest that was not read yet


def test_order_when_somebody_was_faster_then_409_and_the_list_as_it_is(
    client: ReadingClient, curator: ReadingClient, jane: User, images: list[str]
) -> None:
    record = collection("nevi", images[:3], owner=jane)
    curator.post(EDIT, {"do": "take-out", "image": [images[0]]})
    for form in ({"do": "move", "image": images[2], "to": 1}, {"do": "sort", "order": "title"}):
        answer = client.post(EDIT, form | {"version": record.version})
        assert answer.status_code == 409
        assert images[0] not in answer.content.decode()
    assert members_of("nevi") == images[1:3]


def test_members_when_not_shown_any_more_then_listed_with_the_reason_to_be_taken_out(
    client: ReadingClient, jane: User, images: list[str]
) -> None:
    collection("nevi", images[:3], owner=jane)
    gone = hold(images[1])
    text = client.get(EDIT).body.decode()
    row = re.search(r'<li id="place-2">(.*?)</li>\s*<li id="place-3">', text, re.DOTALL)
    assert row
    assert "The source has withdrawn this image." in row[1]
    assert [one for one in ("<img", gone.condition_as_published, 'class="credit"') if one and one in row[1]] == []
    client.post(EDIT, {"do": "take-out", "image": [images[1], "isic-archive:none"]})
    assert said(client, EDIT) == "1 image taken out."
    assert members_of("nevi") == [images[0], images[2]]


def test_members_when_none_is_chosen_then_told(client: ReadingClient, jane: User, images: list[str]) -> None:
    collection("nevi", images[:2], owner=jane)
    assert alert(client.post(EDIT, {"do": "take-out"}).content) == "Choose the images to take out first."


@pytest.mark.parametrize(
    "form",
    [
        {}, {"do": "burn"}, {"do": "move", "version": "2"}, {"do": "move", "to": "1"}, {"do": "sort", "version": "2"},
        {"do": "move", "version": "x", "to": "1"}, {"do": "move", "version": "2", "to": "0", "image": "x"},
        {"do": "move", "version": "2", "to": "9" * 30, "image": "x"},
        {"do": "describe", "title": "a", "sharing": "link"},
    ],
)  # fmt: skip
def test_form_when_broken_then_one_sentence_and_nothing_changed(
    client: ReadingClient, jane: User, images: list[str], form: dict[str, str]
) -> None:
    record = collection("nevi", images[:2], owner=jane)
    answer = client.post(EDIT, form)
    assert answer.status_code == 400
    assert again("nevi") == record


def test_link_when_renewed_then_another(client: ReadingClient, jane: User, images: list[str]) -> None:
    record = collection("nevi", images[:2], owner=jane, sharing=Sharing.LINK)
    client.post(EDIT, {"do": "new-link"})
    assert again("nevi").key != record.key
    assert again("nevi").key in client.get(EDIT).body.decode()


def test_freezing_when_done_then_public_under_the_name_that_was_chosen(
    client: ReadingClient, jane: User, images: list[str]
) -> None:
    collection("nevi", images[:3], owner=jane, sharing=Sharing.NOBODY)
    hold(images[0])
    form = client.get("/collections/nevi/freeze/").body.decode()
    assert "is public, and it stays" in form
    assert "2 images, which just anybody may see" in form
    nameless = client.post("/collections/nevi/freeze/", {"name": " "})
    assert (nameless.status_code, "Say who freezes it" in alert(nameless.content)) == (400, True)
    answer = client.post("/collections/nevi/freeze/", {"name": "Jane Doe, MD"})
    assert answer["Location"] == "/collections/nevi/1/"
    assert said(client, "/collections/nevi/1/") == "It was frozen. 1 image stayed out: not just anybody may see them."
    text = asking_as(None).get("/collections/nevi/1/").body.decode()
    assert "Jane Doe, MD" in text
    assert jane.username not in text
    again_ = client.post("/collections/nevi/freeze/", {"name": "Jane Doe, MD"})
    assert again_["Location"] == "/collections/nevi/1/"


def test_freezing_when_nothing_may_be_shown_then_told(client: ReadingClient, jane: User, images: list[str]) -> None:
    collection("nevi", images[:1], owner=jane)
    hold(images[0])
    answer = client.post("/collections/nevi/freeze/", {"name": "Jane"})
    assert "there is nothing to freeze" in alert(answer.content)


def test_deleting_when_there_are_snapshots_then_refused_else_done(
    client: ReadingClient, jane: User, images: list[str]
) -> None:
    snapshot(collection("nevi", images[:2], owner=jane))
    refused = client.post("/collections/nevi/delete/")
    assert (refused.status_code, "has snapshots" in alert(refused.content)) == (409, True)
    collection("other", images[:2], owner=jane)
    assert client.post("/collections/other/delete/")["Location"] == "/collections/"
    assert said(client, "/collections/") == "The collection “The other set” was deleted."
    assert client.get("/collections/other/").status_code == 404


def test_account_when_closed_then_keeps_nothing(client: ReadingClient, jane: User, images: list[str]) -> None:
    collection("nevi", images[:2], owner=jane, sharing=Sharing.NOBODY)
    User.objects.filter(pk=jane.pk).update(is_active=False)
    assert client.get("/collections/nevi/").status_code == 404
    assert client.post(EDIT, {"do": "new-link"})["Location"].startswith("/sign-in/")
