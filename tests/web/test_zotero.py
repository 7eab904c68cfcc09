"""Pages as Zotero saves them: the right item with the right data, and nothing of what is not shown."""

import re
from dataclasses import replace
from typing import Any

import pytest

from collected import BY, hold, make_image
from dermref.catalog import models
from dermref.model.asking import ANONYMOUS
from dermref.model.collection import Sharing
from dermref.model.source import Tier
from dermref.services.embedded import NOTHING, embedded_image, embedded_in_list
from dermref.services.serving import Shown, show
from kept_sets import collection, snapshot
from reading_client import ReadingClient
from web.conftest import HIDDEN, Site
from zotero_reading import embedded, offered

pytestmark = pytest.mark.django_db
HOSTILE = '"q" <b>&amp;</b> {creator} $& שומה 🧑🏽‍⚕️\nsecond line'
IN_LINE = HOSTILE.replace("\n", " ")
CLINIC = "ViDIR Group, Department of Dermatology, Medical University of Vienna"


def page(path: str, status: int = 200) -> str:
    answer = ReadingClient().get(path, HTTP_HOST="localhost")
    assert answer.status_code == status, path
    return str(answer.body.decode())


def titles(text: str) -> list[str]:
    return [one["title"] for one in offered(text)]


@pytest.fixture
def images() -> list[str]:
    return [make_image(f"ISIC_000000{at}", BY, title=f"Nevus {at}", contributor=CLINIC) for at in range(4)]


def test_image_when_saved_then_an_artwork_by_the_whole_institution(images: list[str]) -> None:
    (item,) = offered(page(f"/images/{images[0]}/"))
    assert (item["itemType"], item["title"]) == ("artwork", "Nevus 0 (ISIC_0000000)")
    assert item["creators"] == [{"lastName": CLINIC}]
    assert (item["url"], item["publisher"]) == ("https://example.org/ISIC_0000000/", "ISIC Archive")
    assert item["rights"] == "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)"
    assert CLINIC in item["abstractNote"]


def test_image_when_saved_by_its_meta_elements_then_no_web_page_in_spite_of_the_card_and_no_day_of_ours(
    images: list[str],
) -> None:
    text = page(f"/images/{images[0]}/")
    item = embedded(text)
    assert 'property="og:type" content="website"' in text
    assert (item["itemType"], item["title"]) == ("artwork", "Nevus 0 (ISIC_0000000)")
    assert (item["archive"], item["archiveLocation"]) == ("ISIC Archive", "ISIC_0000000")
    assert item["url"] == "https://example.org/ISIC_0000000/"
    assert ("date" in item, item["creators"], item["extra"]) == (False, [], [])


def test_image_when_its_words_are_hostile_then_they_come_out_equal() -> None:
    image = make_image("ISIC_0000009", BY, title=HOSTILE, contributor=HOSTILE)
    text = page(f"/images/{image}/")
    (item,) = offered(text)
    assert item["title"] == embedded(text)["title"] == f"{IN_LINE} (ISIC_0000009)"
    assert item["creators"] == [{"lastName": IN_LINE}]
    assert titles(page("/images/")) == [item["title"]]


def test_image_when_refused_then_nothing_is_saved_of_it(images: list[str]) -> None:
    hold(images[0])
    text = page(f"/images/{images[0]}/", status=403)
    assert (offered(text), "z.itemType" in text, "Nevus 0" in text) == ([], False, False)


@pytest.mark.parametrize("path", ["/images/", "/"])
def test_list_when_read_then_the_images_shown_and_no_others(images: list[str], path: str) -> None:
    hold(images[1])
    assert sorted(titles(page(path))) == [f"Nevus {at} (ISIC_000000{at})" for at in (0, 2, 3)]


def test_collection_when_read_then_the_set_first_and_then_what_is_shown_of_it(images: list[str]) -> None:
    collection("nevi", images)
    hold(images[2])
    first, *members = offered(page("/collections/nevi/"))
    assert (first["itemType"], first["title"]) == ("dataset", "The nevi set")
    assert (first["url"], first["publisher"]) == ("http://localhost/collections/nevi/", "dermref")
    assert [one["title"] for one in members] == [f"Nevus {at} (ISIC_000000{at})" for at in (0, 1, 3)]
    assert f"3 by {CLINIC}" in first["abstractNote"]


def test_collection_when_saved_by_its_meta_elements_then_the_set_itself(images: list[str]) -> None:
    record = collection("nevi", images)
    models.Collection.objects.update(doi="10.5072/dermref.nevi")
    snapshot(record)  # its day stands on the page too
    item = embedded(page("/collections/nevi/"))
    assert (item["itemType"], item["title"], item["DOI"]) == ("dataset", "The nevi set", "10.5072/dermref.nevi")
    assert ("versionNumber" in item, item["date"]) == (False, record.changed_at.date().isoformat())


@pytest.mark.parametrize("sharing", [Sharing.LINK, Sharing.EVERYBODY])
def test_collection_when_opened_by_its_secret_link_then_that_link_is_told_to_nobody(
    images: list[str], sharing: Sharing
) -> None:
    record = collection("nevi", images, sharing=sharing)
    text = page(f"/collections/shared/{record.key}/")
    assert record.key not in text
    told = {offered(text)[0].get("url"), embedded(text).get("url")}
    assert told == ({"http://localhost/collections/nevi/"} if sharing is Sharing.EVERYBODY else {None})


def test_collection_when_nothing_of_it_is_shown_then_the_set_alone(images: list[str]) -> None:
    collection("nevi", images[:1])
    hold(images[0])
    (item,) = offered(page("/collections/nevi/"))
    assert (item["itemType"], "rights" in item, "abstractNote" in item) == ("dataset", False, False)


def test_snapshot_when_an_image_is_gone_then_its_gap_offers_nothing(images: list[str]) -> None:
    frozen = snapshot(collection("nevi", images))
    hold(images[3])
    text = page("/collections/nevi/1/")
    assert titles(text) == ["The nevi set, version 1", *(f"Nevus {at} (ISIC_000000{at})" for at in range(3))]
    item = embedded(text)
    assert (item["itemType"], item["versionNumber"], item["identifier"]) == ("dataset", "1", frozen.sha256)
    assert item["url"] == "http://localhost/collections/nevi/1/"


def test_development_when_a_source_is_for_it_alone_then_nothing_is_embedded(images: list[str]) -> None:
    shown = show(images[0], viewer=ANONYMOUS)
    assert isinstance(shown, Shown)
    hidden = replace(shown, source=replace(shown.source, tier=Tier.DEV_ONLY))
    assert embedded_image(shown) != NOTHING
    assert (embedded_image(hidden), embedded_in_list(hidden)) == (NOTHING, "")


def test_development_when_its_page_is_asked_for_then_nothing_to_save(site: Site) -> None:
    text = site.get(f"/images/{HIDDEN}/").text
    assert offered(text) == []
    assert re.findall(r'name="(?:z|DC|DCTERMS)\.', text) == []


def test_list_when_drawn_then_the_spans_are_seen_and_heard_by_nobody(images: list[str]) -> None:
    spans = re.findall(r"<span class=\"Z3988\"[^>]*></span>", page("/images/"))
    assert [bool(re.search(r" hidden>", one)) for one in spans] == [True] * len(images)


def test_pages_when_about_nothing_that_is_cited_then_nothing_is_embedded(images: list[str]) -> None:
    found: list[Any] = [one for path in ("/conditions/", "/sources/", "/about/rights/") for one in offered(page(path))]
    assert found == []
