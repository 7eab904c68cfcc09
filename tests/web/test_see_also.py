"""“See also” on the pages: text links with credit, opened as pages of their own, and never a picture or a frame."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from dermref.catalog import models
from dermref.model.asking import Operator
from dermref.model.link import NewLink
from dermref.services.linking import add_link
from dermref.services.registering import register_sources
from run_types import Run
from web.conftest import SHOWN, Site

SPITZ = "https://www.pathologyoutlines.com/topic/skintumormelanocyticatypicalspitz.html"
KUZE = "http://atlases.muni.cz/atlases/kuze/atl_en/sect_main.html"
SECTION = re.compile(r'<section aria-labelledby="see-also".*?</section>', re.DOTALL)
HOSTILE = '<img src=x onerror="alert(1)">'


class Tags(HTMLParser):
    """The elements of a piece of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def client(db: None) -> Client:
    register_sources()
    return Client(headers={"host": "localhost"})


def add(**words: Any) -> None:
    said = {"source_id": "pathologyoutlines", "url": SPITZ, "title": "Atypical Spitz", "condition": "Spitz tumor"}
    add_link(NewLink(**{**said, **words}), by="A. Curator")


def section(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return next(iter(SECTION.findall(answer.content.decode())), "")


def test_condition_when_it_has_links_and_no_image_then_a_page_of_its_own_and_a_line_in_the_list(client: Client) -> None:
    add(language="en")
    page = client.get("/conditions/spitz-tumor/").content.decode()
    assert "<h1>Spitz tumor</h1>" in page
    assert "No image of this condition may be shown here." in page
    assert (
        'href="/conditions/spitz-tumor/">Spitz tumor</a> <span class="meta">1 link<'
        in client.get("/conditions/").content.decode()
    )
    assert "<b>1</b> condition" in client.get("/conditions/?q=spitz").content.decode()


def test_link_when_drawn_then_opens_a_page_of_its_own_with_credit_and_words_beside_it(client: Client) -> None:
    add(language="pt-BR", needs_login=True, note="with pictures")
    drawn = section(client, "/conditions/spitz-tumor/")
    (anchor,) = [attributes for tag, attributes in Tags(drawn).found if tag == "a"]
    assert anchor == {"href": SPITZ, "target": "_blank", "rel": "external noopener", "hreflang": "pt-BR"}
    assert "opens PathologyOutlines · login needed · in Brazilian Portuguese" in drawn
    assert '<p class="credit">Courtesy of PathologyOutlines.com</p>' in drawn
    assert "with pictures" in drawn


def test_link_of_masaryk_when_drawn_then_leads_to_the_main_page_and_says_so(client: Client) -> None:
    add(source_id="masaryk-dermpath-atlas", url=KUZE)
    drawn = section(client, "/conditions/spitz-tumor/")
    assert [attributes["href"] for tag, attributes in Tags(drawn).found if tag == "a"] == ["http://atlases.muni.cz"]
    assert "opens the main page of Masaryk University Dermatopathology Atlas" in drawn
    assert KUZE not in drawn


def test_link_when_its_words_are_hostile_then_escaped_and_nothing_is_loaded(client: Client) -> None:
    add(title=HOSTILE, note=HOSTILE, condition=f"Spitz {HOSTILE}", language="xx")
    slug = models.Condition.objects.get().slug
    drawn = section(client, f"/conditions/{slug}/")
    assert {tag for tag, _ in Tags(drawn).found} <= {"section", "h2", "h3", "p", "ul", "li", "a", "span"}
    assert "in xx" in drawn


def test_condition_when_its_links_are_broken_or_not_for_visitors_then_no_page(client: Client) -> None:
    add()
    add(source_id="visualdx", url="https://www.visualdx.com/x", condition="Members only")
    models.Link.objects.filter(source_id="pathologyoutlines").update(state="broken")
    assert client.get("/conditions/spitz-tumor/").status_code == 404
    assert client.get("/conditions/members-only/").status_code == 404
    assert "visualdx.com/x" not in client.get("/sources/visualdx/").content.decode()
    assert "Spitz" not in client.get("/conditions/").content.decode()


def test_pathologyoutlines_when_the_site_has_a_paywall_then_no_page_points_there(client: Client, settings: Any) -> None:
    add()
    settings.DERMREF = replace(settings.DERMREF, operator=Operator(paywall=True))
    assert client.get("/conditions/spitz-tumor/").status_code == 404
    assert section(client, "/sources/pathologyoutlines/") == ""
    for path in ("/sources/", "/sources/pathologyoutlines/"):
        assert 'href="https://www.pathologyoutlines.com/"' not in client.get(path).content.decode()
    assert client.get("/api/v1/sources/pathologyoutlines").json()["homepage"] is None


def test_masaryk_when_a_page_links_the_source_itself_then_its_main_page(client: Client) -> None:
    for path in ("/sources/", "/sources/masaryk-dermpath-atlas/"):
        drawn = client.get(path).content.decode()
        assert 'href="http://atlases.muni.cz"' in drawn
        assert 'href="https://atlases.muni.cz/atlases/kuze' not in drawn
    assert client.get("/api/v1/sources/masaryk-dermpath-atlas").json()["homepage"] == "http://atlases.muni.cz"


def test_source_page_when_it_has_links_then_by_topic_first_and_then_by_condition(client: Client) -> None:
    add()
    add(condition="", topic="Melanocytic tumors", title="All of them")
    add(condition="", topic="Adnexal tumors", title="Others")
    drawn = section(client, "/sources/pathologyoutlines/")
    assert re.findall(r"<h3>(?:<a href=\"([^\"]+)\">)?([^<]+)", drawn) == [
        ("", "Adnexal tumors"),
        ("", "Melanocytic tumors"),
        ("/conditions/spitz-tumor/", "Spitz tumor"),
    ]


def test_source_page_when_it_has_more_links_than_a_page_holds_then_says_how_many(client: Client) -> None:
    for at in range(103):
        add(url=f"{SPITZ}?{at}")
    assert "3 more links, on the pages of their conditions" in section(client, "/sources/pathologyoutlines/")
    assert "95 more" in section(client, "/conditions/spitz-tumor/")


def test_source_of_the_api_when_asked_for_then_its_links_come_with_their_credit(client: Client) -> None:
    add(language="en")
    (link,) = json.loads(client.get("/api/v1/sources/pathologyoutlines").content)["see_also"]
    assert (link["url"], link["condition"], link["topic"]) == (SPITZ, "spitz-tumor", None)
    assert (link["credits"], link["language"]) == (["Courtesy of PathologyOutlines.com"], "en")
    assert json.loads(client.get("/api/v1/sources/dermis").content)["see_also"] == []


def test_image_page_when_its_condition_has_links_then_they_stand_there_too(client: Client, run: Run) -> None:
    run()
    image = models.Image.objects.exclude(condition=None).first()
    assert image is not None
    assert image.condition is not None
    add(condition=image.condition.label)
    assert SPITZ in section(client, f"/images/{image.public_id}/")
    assert SPITZ in section(client, f"/conditions/{image.condition_id}/")


@pytest.mark.parametrize("path", ["/conditions/nevus/", f"/images/{SHOWN}/", "/sources/pathologyoutlines/"])
def test_page_when_served_then_five_links_stand_there_and_the_others_one_step_away(site: Site, path: str) -> None:
    (drawn,) = SECTION.findall(site.get(path).text)
    assert "2 more" in drawn
    anchors = [attributes for tag, attributes in Tags(drawn).found if tag == "a" and attributes.get("target")]
    assert {anchor["rel"] for anchor in anchors} == {"external noopener"}
    assert len(anchors) == (7 if "sources" in path else 8)
    assert not {"img", "iframe", "object", "embed", "video", "script"} & {tag for tag, _ in Tags(drawn).found}
