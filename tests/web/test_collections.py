"""The pages of collections: what a viewer may see of them, in order, and never which images they may not see."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User

from dermref.catalog import models
from dermref.credit.citable import Attributed
from dermref.credit.styles import all_styles
from dermref.model.asking import ANONYMOUS
from dermref.model.collection import Sharing
from dermref.services.citing_sets import citable_living
from dermref.services.collecting import renew_link
from dermref.services.searching import shelf_of
from dermref.web.citing import citations_of
from ingest_fixtures import archive, blobs, run
from institutions import account, asking_as
from isic_server import IsicServer
from kept_sets import THE_CURATORS, again, collection, hold, ids, members_of, snapshot
from run_types import Run

__all__ = ["archive", "blobs", "run"]

FRAMES = re.compile(r'class="frame" href="/images/([^"]+)/"')


@pytest.fixture
def images(run: Run) -> list[str]:
    run()
    return ids()


@pytest.fixture
def jane(db: None) -> User:
    return account("jane@riverside.example")


def page(path: str, user: User | None = None) -> str:
    answer = asking_as(user).get(path)
    assert answer.status_code == 200, path
    return str(answer.body.decode())


def test_collection_when_opened_then_its_images_stand_in_its_order_with_credit(images: list[str]) -> None:
    wanted = [images[4], images[0], images[2]]
    collection("nevi", wanted, description="For the <b>first</b> year.")
    text = page("/collections/nevi/")
    assert [unescape(one) for one in FRAMES.findall(text)] == wanted
    assert text.count('<p class="credit">') == 3
    assert "For the &lt;b&gt;first&lt;/b&gt; year." in text
    assert 'href="/collections/" aria-current="true"' in text


def test_collection_when_images_were_withdrawn_then_counted_and_never_named_to_visitors(images: list[str]) -> None:
    collection("nevi", images[:5])
    hold(images[1])
    hold(images[3])
    text = page("/collections/nevi/")
    assert "<b>3</b> images. 2 of its images may not be shown to you." in text
    assert images[1] not in text
    assert "The source has withdrawn this image." in text  # why not all of it may be used
    assert len(FRAMES.findall(text)) == 3


def test_collection_when_its_keeper_looks_then_the_table_names_what_stands_in_the_way(
    images: list[str], jane: User
) -> None:
    collection("nevi", images[:3], owner=jane)
    hold(images[1])
    assert f'<a href="/images/{images[1]}/">' in page("/collections/nevi/", jane)


def test_collection_when_every_image_was_withdrawn_then_the_page_says_so(images: list[str]) -> None:
    collection("gone", images[:2])
    for one in images[:2]:
        hold(one)
    text = page("/collections/gone/")
    assert "Every image of this collection was withdrawn" in text
    assert FRAMES.findall(text) == []
    assert [one for one in images[:2] if one in text] == []


def test_collection_when_empty_then_says_so(run: Run) -> None:
    run()
    collection("empty", [])
    assert "There are no images in it yet." in page("/collections/empty/")


def test_collection_when_paged_forward_and_back_then_every_image_once_in_order(images: list[str]) -> None:
    collection("all", images[::-1])
    positions = list(models.CollectionImage.objects.order_by("position").values_list("position", flat=True))
    text = page(f"/collections/all/?after={positions[6]}&purpose=teaching")
    assert FRAMES.findall(text) == images[::-1][7:]
    back = re.search(r'rel="prev" href="(\?[^"]+)">Previous', text)
    assert back
    assert "purpose=teaching" in back[1]
    assert FRAMES.findall(page(f"/collections/all/{unescape(back[1])}")) == images[::-1][:7]


@pytest.mark.parametrize("query", ["after=x", "before=-1", "after=99999999999999999999", "purpose=fun"])
def test_collection_when_the_address_means_nothing_then_one_sentence(images: list[str], query: str) -> None:
    collection("nevi", images[:2])
    answer = asking_as(None).get(f"/collections/nevi/?{query}")
    assert answer.status_code == 400
    assert "is no place in the list" in answer.body.decode() or "There is no purpose" in answer.body.decode()


@pytest.mark.parametrize("address", ["?from={}", "nevi/?after={}", "nevi/1/?from={}", "nevi/edit/?from={}"])
def test_list_when_the_place_is_far_behind_its_end_then_says_that_nothing_is_there(
    images: list[str], jane: User, address: str
) -> None:
    snapshot(collection("nevi", images[:2], owner=jane))
    assert "at this place in the list" in page("/collections/" + address.format(2**63 - 1), jane)


def test_uses_when_one_image_forbids_then_the_set_does_and_the_image_is_linked(run: Run, archive: IsicServer) -> None:
    first = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.relicense(first, "CC-BY-NC")
    run()
    collection("nevi", ids())
    text = page("/collections/nevi/?purpose=commercial")
    rows = dict(re.findall(r'<li data-action="(\w+)" data-outcome="(\w+)">', text))
    assert len(rows) == 9
    assert set(rows.values()) == {"ask"}
    assert f'1 image: <a href="/images/isic-archive:{first}/">' in text
    assert dict(re.findall(r'<li data-action="(\w+)" data-outcome="(\w+)">', page("/collections/nevi/")))[
        "present"
    ].startswith("allow")


def test_link_when_used_then_the_collection_is_shown_and_its_secret_goes_nowhere(images: list[str], jane: User) -> None:
    record = collection("nevi", images[:2], owner=jane, sharing=Sharing.LINK)
    answer = asking_as(None).get(f"/collections/shared/{record.key}/")
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Cache-Control"] == "private, no-store"
    assert record.key not in answer.body.decode()
    other = asking_as(account("joe@x.example"))
    for path in ("/collections/", "/", "/images/", f"/collections/shared/{record.key}/", "/api/v1/collections"):
        assert record.key not in other.get(path).body.decode(), path
    assert f"http://testserver/collections/shared/{record.key}/" in page("/collections/nevi/", jane)


def test_link_when_renewed_or_the_collection_is_closed_then_leads_nowhere(images: list[str]) -> None:
    record = collection("nevi", images[:2], sharing=Sharing.LINK)
    renew_link(record, keeper=THE_CURATORS)
    assert asking_as(None).get(f"/collections/shared/{record.key}/").status_code == 404
    key = again("nevi").key
    models.Collection.objects.update(sharing=Sharing.NOBODY)
    assert asking_as(None).get(f"/collections/shared/{key}/").status_code == 404


def test_list_when_opened_then_public_ones_with_what_this_viewer_may_see(images: list[str], jane: User) -> None:
    collection("open", images[:6])
    collection("mine", images[:2], owner=jane, sharing=Sharing.NOBODY)
    collection("hidden", images[:2], sharing=Sharing.LINK)
    hold(images[0])
    text, own = page("/collections/"), page("/collections/", jane)
    assert "The open set" in text
    assert "5 images" in text
    assert len(re.findall(r'<figure class="tile">', text)) == 4
    assert text.count('<p class="credit">') == 4
    assert "The mine set" not in text + page("/collections/", account("joe@x.example"))
    assert "The mine set" in own
    assert "shared with nobody" in own
    assert "The hidden set" not in own
    assert "The hidden set" in page("/collections/", User.objects.create(username="anna", is_staff=True))


def test_list_when_long_then_paged_by_place(images: list[str]) -> None:
    for at in range(14):
        collection(f"set-{at}", images[:1])
    assert page("/collections/").count("<h2") == 12
    assert 'href="?from=13">Next' in page("/collections/")
    assert page("/collections/?from=13").count("<h2") == 2


def test_missing_when_hidden_or_none_then_the_very_same_answer(images: list[str]) -> None:
    collection("hidden", images[:2], sharing=Sharing.NOBODY)
    for user in (None, account("joe@x.example")):
        client = asking_as(user)
        for tail in ("", "edit/", "freeze/", "delete/", "1/"):
            found, none = (client.get(f"/collections/{slug}/{tail}") for slug in ("hidden", "nowhere"))
            assert (found.status_code, found.body) == (none.status_code, none.body), tail
            found, none = (client.post(f"/collections/{slug}/{tail}") for slug in ("hidden", "nowhere"))
            assert (found.status_code, found.content) == (none.status_code, none.content), tail


def test_set_of_thousands_when_its_uses_are_asked_then_the_policies_decide_not_the_images(
    images: list[str], django_assert_max_num_queries: Any
) -> None:
    collection("all", images)
    assert members_of("all") == images
    with django_assert_max_num_queries(40):
        page("/collections/all/?purpose=commercial")


def test_link_when_the_citation_is_downloaded_then_as_a_file_and_for_who_has_the_link_alone(
    images: list[str], jane: User
) -> None:
    record = collection("nevi", images[:2], owner=jane, sharing=Sharing.LINK)
    path = f"/collections/shared/{record.key}/"
    assert 'href="citation/?format=ris"' in page(path)
    answer = asking_as(None).get(f"{path}citation/?format=ris")
    assert answer["Content-Disposition"] == 'attachment; filename="nevi.ris"'
    assert "TI  - " in answer.body.decode()
    assert asking_as(None).get(f"{path}citation/?format=docx").status_code == 400
    assert asking_as(None).get("/api/v1/collections/nevi/citation?format=ris").status_code == 404


def test_panel_when_drawn_then_the_set_is_cited_in_every_style_with_its_downloads(images: list[str]) -> None:
    collection("nevi", images[:3])
    text = page("/collections/nevi/?style=ama")
    assert text.count("data-style=") == len(all_styles())
    assert '<option value="ama" selected>' in text
    assert "/api/v1/collections/nevi/citation?format=bibtex" in text
    assert '"@type":"Dataset"' in text


def test_panel_when_many_are_attributed_then_one_style_is_drawn_and_the_rest_are_counted(
    images: list[str],
) -> None:
    record = collection("nevi", images[:1])
    living = citable_living(record, shelf_of(ANONYMOUS))
    many = tuple(Attributed(f"Clinic {at}", 1, ("CC BY 4.0",)) for at in range(12_000))
    found = citations_of([replace(living, attributions=many)], "", path="/x")
    assert ([one.style for one in found.forms], found.left_out) == (["apa"], 11_800)
    assert "Clinic 11999" not in found.forms[0].text


def test_downloads_when_offered_then_each_is_there(images: list[str]) -> None:
    collection("nevi", images[:3])
    offered = re.compile(r'<a href="(/api/v1/[^"]+format=[^"]+)" download>')
    found = {path: offered.findall(page(path)) for path in (f"/images/{images[0]}/", "/images/", "/collections/nevi/")}
    assert [len(one) for one in found.values()] == [4, 3, 5]
    for path in (unescape(one) for some in found.values() for one in some):
        assert asking_as(None).get(path).status_code == 200, path
