"""What pages tell machines, read by an outside reader: nothing that not just anybody may know, have or do."""

import json
from collections.abc import Mapping
from typing import Any

import extruct
import pytest

from credit.vocabulary import unknown
from dermref.catalog import models
from dermref.catalog.policies import intern
from dermref.media.store import Blobs
from dermref.model.policy import PolicyKey
from dermref.registry.load import load_datasets, load_source, load_sources
from dermref.services.registering import register_sources
from ingest_fixtures import blobs
from institutions import account, asking_as, institution, stand_in
from reading_client import ReadingClient
from rows import make_parts
from web.conftest import HIDDEN, HOSTILE_TITLE, NONCOMMERCIAL, ODD, SHOWN, WITHDRAWN, Site
from web.test_pages import image_page

__all__ = ["blobs"]
BASE = "http://localhost"
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"


class Page:
    """A page as machines read it."""

    def __init__(self, text: str, headers: Mapping[str, str], base_url: str = BASE) -> None:
        found = extruct.extract(text, base_url=base_url, syntaxes=["json-ld", "opengraph"], uniform=False)
        self.data: list[dict[str, Any]] = found["json-ld"]
        self.card = {name: value for one in found["opengraph"] for name, value in one["properties"]}
        self.meta = dict(_metas(text))
        self.headers, self.text = headers, text

    @property
    def image(self) -> dict[str, Any]:
        (found,) = self.data
        return found


def _metas(text: str) -> list[tuple[str, str]]:
    from lxml import html

    root = html.document_fromstring(text.encode())
    return [(one.get("name") or "", one.get("content") or "") for one in root.iter("meta") if one.get("name")]


def read(site: Site, path: str) -> Page:
    answer = site.get(path)
    return Page(answer.text, answer.headers, site.base_url)


def shown_page(source_id: str, license_id: str | None = None, query: str = "", **told: str) -> Page:
    """The page of an image of this source, made up in the catalogue."""
    register_sources()
    expression = license_id or load_source(source_id).terms.license_expression
    parts = make_parts(source_id, "one", policy_id=intern(PolicyKey(source_id, expression, "as printed")))
    values: dict[str, Any] = {"skin_tones": [], "metadata": {}, "facts": {}, "claims": []}
    models.Image.objects.create(**{**parts, **values, "width": 2000, "height": 1000, **told})
    answer = ReadingClient().get(f"/images/{source_id}:one/{query}", HTTP_HOST="localhost")
    return Page(answer.body.decode(), answer.headers)


def test_page_when_nothing_is_reserved_then_robots_cards_and_readers_get_everything(site: Site) -> None:
    page = read(site, image_page(SHOWN))
    assert (page.image["license"], page.image["@type"]) == (ZERO, "ImageObject")
    assert page.image["contentUrl"] == f"{site.base_url}/api/image/{SHOWN}"
    assert page.card["og:image"] == f"{site.base_url}/api/image/{SHOWN}?size=medium"
    assert page.headers["Link"] == f'<{ZERO}>; rel="license"'
    assert page.meta["tdm-reservation"] == "0"
    assert "robots" not in page.meta
    assert list(unknown(page.image, "")) == []


def test_addresses_when_a_reader_follows_them_then_it_gets_those_very_files(site: Site) -> None:
    page = read(site, image_page(SHOWN))
    for url in (page.image["contentUrl"], page.image["thumbnailUrl"], page.card["og:image"]):
        assert site.get(url.removeprefix(site.base_url)).headers["Content-Type"] == "image/jpeg"
    size = len(site.get(f"/api/image/{SHOWN}").content)
    assert page.image["contentSize"] == f"{size} B"


def test_page_when_mining_is_reserved_then_it_points_to_a_policy_that_is_there(site: Site) -> None:
    page = read(site, image_page(NONCOMMERCIAL))
    assert page.meta["tdm-reservation"] == "1"
    answer = site.get(page.meta["tdm-policy"].removeprefix(site.base_url))
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert answer.json()["uid"] == page.meta["tdm-policy"]
    assert [one.get("duty") for one in answer.json()["permission"]] == [None, [{"action": "obtainConsent"}]]


def test_page_when_no_derivatives_are_allowed_and_the_title_is_hostile_then_one_script_with_its_words(
    site: Site,
) -> None:
    page = read(site, image_page(ODD))
    assert page.image["name"] == HOSTILE_TITLE
    assert page.image["license"] == "https://creativecommons.org/licenses/by-nc-nd/3.0/"
    assert page.text.count("<script") == page.text.count("</script") == 2  # the data, and the file that copies credits
    assert page.meta["tdm-policy"].endswith("/consent.json")


@pytest.mark.parametrize("public_id", [WITHDRAWN, HIDDEN])
def test_page_when_there_is_nothing_to_see_then_machines_are_told_nothing_of_it(site: Site, public_id: str) -> None:
    page = read(site, image_page(public_id))
    assert (page.data, page.card) == ([], {})
    assert "tdm-policy" not in page.meta
    if public_id == WITHDRAWN:
        assert (page.meta["robots"], page.headers["X-Robots-Tag"]) == ("noindex", "noindex")


@pytest.mark.parametrize("path", ["/", "/images/", "/conditions/nevus/"])
def test_list_when_read_by_machines_then_its_pictures_are_left_to_their_own_pages(site: Site, path: str) -> None:
    page = read(site, path)
    assert (page.data, page.card, page.meta["robots"]) == ([], {}, "noimageindex")


@pytest.mark.parametrize("source", [*load_sources(), *load_datasets()], ids=lambda source: source.source_id)
def test_source_page_when_read_by_machines_then_its_tier_says_what_robots_may(site: Site, source: Any) -> None:
    wanted = {"hosted": None, "dev-only": "noindex, nofollow, noimageindex"}
    page = read(site, f"/sources/{source.source_id}/")
    assert page.meta.get("robots") == wanted.get(source.tier, "noimageindex, max-image-preview:none")
    assert page.headers.get("X-Robots-Tag") == page.meta.get("robots")
    assert bool(page.data) == (source.kind == "dataset")
    assert [word for one in page.data for word in unknown(one, "")] == []


def test_release_when_described_then_it_is_a_dataset_with_its_license(site: Site) -> None:
    page = read(site, "/sources/pad-ufes-20/")
    assert (page.image["@type"], page.image["license"]) == ("Dataset", "https://creativecommons.org/licenses/by/4.0/")
    assert page.image["includedInDataCatalog"]["name"] == "dermref"


def test_site_when_asked_for_its_reservation_then_all_is_reserved_and_every_policy_is_there(site: Site) -> None:
    rules = site.get("/.well-known/tdmrep.json").json()
    assert rules[-1] == {"location": "/", "tdm-reservation": 1}
    policies = {one["tdm-policy"] for one in rules[:-1]}
    assert f"{site.base_url}/tdm/isic-archive/consent.json" in policies
    assert {site.get(one.removeprefix(site.base_url)).status_code for one in policies} == {200}
    assert {"location": "/api/isic-image/", "tdm-reservation": 1} in [
        {name: value for name, value in one.items() if name != "tdm-policy"} for one in rules
    ]


@pytest.mark.parametrize("path", ["dermnet-legacy/consent", "isic-archive/free", "nowhere/consent"])
def test_policy_when_there_is_none_then_404(site: Site, path: str) -> None:
    assert site.get(f"/tdm/{path}.json").status_code == 404


@pytest.mark.parametrize("source", load_sources(), ids=lambda source: source.source_id)
def test_policy_when_a_source_has_one_then_it_names_whom_to_ask(site: Site, source: Any) -> None:
    answer = site.get(f"/tdm/{source.source_id}/consent.json")
    if source.tier == "dev-only":
        assert answer.status_code == 404
        return
    assert list(unknown(answer.json(), "")) == []
    asked = source.terms.ask
    told = source.called if asked and asked.names_image else (asked.contact if asked else source.terms.contact).name
    assert answer.json()["assigner"]["vcard:fn"] == told
    assert answer.json()["assigner"]["vcard:hasURL"].startswith("http")


@pytest.mark.django_db
def test_page_when_the_site_keeps_its_pictures_then_no_card_no_listing_and_no_license() -> None:
    page = shown_page("brown-skin-matters")
    assert "license" not in page.image
    assert "creativecommons" not in json.dumps(page.image)
    assert page.image["usageInfo"].startswith("https://brownskinmatters.com")
    assert page.card["og:title"]
    assert "og:image" not in page.card
    assert page.meta["robots"] == page.headers["X-Robots-Tag"] == "noimageindex, max-image-preview:none"
    assert page.headers["Link"] == '</sources/brown-skin-matters/>; rel="license"'


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("license_id", "links", "marked"),
    [
        ("CC-BY-4.0 OR CC0-1.0", ["https://creativecommons.org/licenses/by/4.0/", ZERO], 2),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", ["/sources/wikimedia-commons/"], 0),
    ],
)
def test_page_when_two_licenses_are_in_play_then_a_choice_is_told_and_never_half_of_what_holds(
    license_id: str, links: list[str], marked: int
) -> None:
    page = shown_page("wikimedia-commons", license_id, title="Skin", creator="Jane")
    assert page.headers["Link"] == ", ".join(f'<{one}>; rel="license"' for one in links)
    assert page.text.count('rel="license"') == marked
    assert ("license" in page.image) is (marked == 2)


@pytest.mark.django_db
def test_page_when_terms_apply_beside_the_license_then_the_license_is_not_told_as_the_whole_truth() -> None:
    page = shown_page("dermnet-nz")
    assert "license" not in page.image
    assert page.image["usageInfo"].startswith("https://dermnetnz.org/")
    assert page.headers["Link"] == '</sources/dermnet-nz/>; rel="license"'


@pytest.mark.django_db
def test_page_when_a_purpose_is_named_that_opens_mining_then_it_stays_reserved_for_just_anybody() -> None:
    page = shown_page("isic-archive", "CC-BY-NC-4.0", query="?purpose=research", contributor="A Clinic")
    assert page.meta["tdm-reservation"] == "1"
    assert page.meta["tdm-policy"].endswith("/tdm/isic-archive/research.json")


def test_page_when_a_member_alone_may_see_it_then_no_file_no_card_no_listing(
    blobs: Blobs, db: None, tmp_path: Any
) -> None:
    register_sources()
    institution("riverside", contract=tmp_path / "contract.txt")
    image = stand_in(blobs)
    answer = asking_as(account("jane", "riverside")).get(f"/images/{image.public_id}/", HTTP_HOST="localhost")
    page = Page(answer.body.decode(), answer.headers)
    assert answer.status_code == 200
    assert (page.card, page.meta["robots"]) == ({}, "noindex, noimageindex")
    assert {"contentUrl", "thumbnailUrl", "license", "width"} & set(page.image) == set()


@pytest.mark.django_db
def test_addresses_when_the_site_is_reached_by_https_then_they_are_https(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    page = shown_page("isic-archive", "CC-BY-4.0", contributor="A Clinic")
    assert page.card["og:url"].startswith("https://localhost/")
    assert page.image["contentUrl"].startswith("https://localhost/")
