"""Every page over HTTP: credit and license on each picture, refusals drawn, nothing that was asked wrongly breaks."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import pytest

from web.conftest import (
    HIDDEN,
    HOSTILE_CREATOR,
    HOSTILE_TITLE,
    NONCOMMERCIAL,
    ODD,
    ODD_SOURCE,
    SHOWN,
    WITHDRAWN,
    Site,
)

PAGES = ("/", "/images/", "/conditions/", "/conditions/nevus/", "/sources/", "/about/rights/", f"/images/{SHOWN}/")
SETS = ("/collections/", "/collections/nevi/", "/collections/nevi/1/")
SCRIPT = ' src="/static/dermref/copy.js" defer'
TILE = re.compile(r'<figure class="tile">.*?</figure>', re.DOTALL)
CREDIT = re.compile(r'<p class="credit">(.*?)</p>', re.DOTALL)


class Elements(HTMLParser):
    """What a browser would make of a page: element names, attribute names, and the addresses it loads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.loaded: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("type") == "application/ld+json":
            return  # words for machines; tests/web/test_told.py reads them
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.loaded += [value or "" for name, value in attrs if name in ("src", "srcset")]
        if tag == "link" and dict(attrs).get("rel") not in ("next", "prev"):
            self.loaded.append(dict(attrs)["href"] or "")


def image_page(public_id: str) -> str:
    return f"/images/{quote(public_id)}/"


def tiles(page: str) -> list[str]:
    return TILE.findall(page)


@pytest.mark.parametrize("path", [*PAGES, *SETS])
def test_page_when_opened_then_is_complete_and_loads_nothing_from_elsewhere(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.count("<h1>") == 1
    assert 'href="#main"' in answer.text
    elements = Elements(answer.text)
    assert [one for one in elements.loaded if not one.startswith("/")] == []
    assert {"style", "iframe"} & elements.names == set()
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", answer.text)
    assert {one for one, words in scripts if not words} <= {SCRIPT}
    assert {one for one, words in scripts if words} <= {' type="application/ld+json"'}  # data; nothing there runs
    assert [name for name in elements.attributes if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize("path", ["/", "/images/", "/images/?source=pad-ufes-20", "/conditions/nevus/", *SETS])
def test_tiles_when_drawn_then_each_has_credit_license_link_and_a_sized_picture(site: Site, path: str) -> None:
    found = tiles(site.get(path).text)
    assert found
    for tile in found:
        credit = CREDIT.search(tile)
        assert credit
        assert "https://creativecommons.org/" in credit[1]
        assert re.search(r'<span class="license"><a href="https://[^"]+" rel="license"', tile)
        assert re.search(r'<img src="/api/image/[^"]+\?size=small" alt="[^"]+" width="\d+" height="\d+" loading', tile)


def test_tile_pictures_when_fetched_then_come_through_the_gate(site: Site) -> None:
    first = re.search(r'<img src="([^"]+)"', site.get("/images/").text)
    assert first
    answer = site.get(unescape(first[1]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")


def test_browse_when_paged_forward_and_back_then_shows_every_image_once(site: Site) -> None:
    seen: list[str] = []
    page = ""
    path: str | None = "/images/"
    while path:
        page = site.get(path).text
        seen += re.findall(r'class="frame" href="([^"]+)"', page)
        following = re.search(r'rel="next" href="(\?[^"]+)">Next', page)
        path = f"/images/{unescape(following[1])}" if following else None
    counted = re.search(r"<b>(\d+)</b> images", site.get("/images/").text)
    assert counted
    assert len(seen) == len(set(seen)) == int(counted[1]) == 92 + 18 + 1
    back = re.search(r'rel="prev" href="(\?[^"]+)">Previous', page)
    assert back
    assert len(tiles(site.get(f"/images/{unescape(back[1])}").text)) == 48


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("source=pad-ufes-20", "18"),
        ("source=pad-ufes-20&modality=clinical", "18"),
        ("license=CC0-1.0", "19"),
        ("condition=melanoma&modality=dermoscopic", None),
        ("may=redistribute&purpose=commercial", "41"),
        ("license=CC-BY-NC-4.0&may=present&purpose=commercial", "0"),
        ("source=dermnet-legacy", "0"),
        ("source=visualdx", "0"),
    ],
)
def test_browse_when_filtered_then_counts_what_it_shows(site: Site, query: str, count: str | None) -> None:
    page = site.get(f"/images/?{query}").text
    counted = re.search(r"<b>([\d,]+)</b> image", page)
    assert counted
    assert len(tiles(page)) == int(counted[1])
    assert count in (None, counted[1])
    assert "selected>" in page


def test_lists_when_searched_then_show_neither_hidden_nor_withdrawn_images(site: Site) -> None:
    pages = [site.get(path).text for path in ("/", "/images/", "/images/?source=isic-archive", "/conditions/nevus/")]
    assert all(quote(name) not in page for page in pages for name in (HIDDEN, WITHDRAWN))


def test_image_page_when_opened_then_has_credit_evidence_and_sixteen_answers(site: Site) -> None:
    page = site.get(image_page(NONCOMMERCIAL)).text
    uses = re.findall(r'data-action="(\w+)" data-outcome="(\w+)"', page)
    assert len({action for action, _ in uses}) == len(uses) == 16
    assert dict(uses)["train"] == "ask"
    assert dict(uses)["present"] == "allow_with_duties"
    assert CREDIT.search(page)
    assert re.search(r"License recorded from .* on \d+ \w+ \d{4}: <q>CC-BY-NC</q>", page)
    assert len(re.findall(r"<code>[0-9a-f]{64}</code>", page)) == 2
    assert 'href="/sources/isic-archive/"' in page
    assert 'href="https://api.isic-archive.com/images/ISIC_1748084/"' in page


def test_image_page_when_the_file_may_be_had_then_as_received_and_with_its_credit_inside(site: Site) -> None:
    page = site.get(image_page(SHOWN)).text
    links = {name: address for address, name in re.findall(r'<a href="([^"]+)">([^<]+)</a>', page)}
    assert links["Copy with credit inside"] == f"{links['File as received']}?size=copy"
    assert b"xmpRights:WebStatement" in site.get(links["Copy with credit inside"]).content


def test_image_page_when_the_purpose_changes_then_so_do_the_answers(site: Site) -> None:
    page = site.get(image_page(NONCOMMERCIAL) + "?purpose=commercial").text
    assert dict(re.findall(r'data-action="(\w+)" data-outcome="(\w+)"', page))["present"] == "ask"
    assert '<a href="?purpose=commercial#uses" aria-current="true">Commercial use</a>' in page
    assert page.count('aria-current="true">') == 2  # the section of the site, and the purpose
    assert "MILK study team" in page


def test_image_page_when_uses_are_read_then_each_answer_is_a_word_a_mark_and_one_step_from_its_reason(
    site: Site,
) -> None:
    page = site.get(image_page(ODD)).text
    rows = re.findall(r'<li data-action="(\w+)" data-outcome="(\w+)">(.*?)</details>', page, re.DOTALL)
    assert len(rows) == 16
    for _, outcome, row in rows:
        summary, _, reason = row.partition("</summary>")
        assert f'<span class="mark {outcome}" aria-hidden="true">' in summary
        assert re.search(rf'<span class="outcome {outcome}">[A-Z][a-z, ]+</span>', summary)
        assert re.search(r"<q>[^<]+</q>", reason)
        assert ("Whom to ask" in reason) or outcome != "ask"
    adapt = next(row for action, _, row in rows if action == "adapt")
    assert "You may not adapt this." in adapt


def test_image_page_when_a_use_has_duties_then_shows_the_very_credit_and_license_link(site: Site) -> None:
    page = site.get(image_page(NONCOMMERCIAL)).text
    lecture = re.search(r'<li data-action="present".*?</details>', page, re.DOTALL)
    assert lecture
    credit = CREDIT.search(page)
    assert credit
    assert f'<span class="quoted copy">{credit[1]}</span>' in lecture[0]
    assert 'Name the license and link to it. <a href="https://creativecommons.org/licenses/by-nc/4.0/">' in lecture[0]


def test_image_page_when_asked_about_ai_then_answers_for_research_and_for_commercial_use(site: Site) -> None:
    page = site.get(image_page(NONCOMMERCIAL) + "?focus=ai").text
    assert re.findall(r'data-action="train" data-outcome="(\w+)"', page) == ["allow_with_duties", "ask"]
    assert '<a href="?focus=ai#uses" aria-current="true">AI training</a>' in page


def test_image_page_when_id_and_words_are_hostile_then_quotes_and_escapes_them(site: Site) -> None:
    links = re.findall(r'class="frame" href="([^"]+)"', site.get(f"/images/?source={ODD_SOURCE}").text)
    assert [link for link in links if unquote(unescape(link)) == f"/images/{ODD}/"]
    answer = site.get(image_page(ODD))
    assert answer.status_code == 200
    assert HOSTILE_TITLE not in answer.text
    assert HOSTILE_CREATOR not in answer.text
    assert "<i>odd</i>" not in answer.text
    assert HOSTILE_CREATOR in unescape(answer.text)
    for address in re.findall(r'(?:src|srcset)="(/api/image/[^" ]+)', answer.text):
        assert site.get(unescape(address)).status_code == 200


def test_image_page_when_the_picture_is_large_then_offers_two_sizes(site: Site) -> None:
    page = site.get(image_page(ODD)).text
    assert re.search(r'srcset="[^"]+size=medium 1024w, [^"]+size=large 1200w"', page)
    assert 'width="1024" height="256"' in page


def test_withdrawn_image_when_opened_then_says_so_with_403(site: Site) -> None:
    answer = site.get(image_page(WITHDRAWN))
    assert answer.status_code == 403
    assert "This image was withdrawn" in answer.text
    assert "The source has withdrawn this image." in answer.text
    assert "<img" not in answer.text


def test_hidden_image_when_opened_then_answers_exactly_like_a_missing_one(site: Site) -> None:
    missing = HIDDEN.replace("noise", "other")
    hidden_answer, missing_answer = site.get(image_page(HIDDEN)), site.get(image_page(missing))
    assert hidden_answer.status_code == missing_answer.status_code == 404
    assert hidden_answer.content.replace(b"noise", b"other") == missing_answer.content
    volatile = {"date"}
    assert {name for name in hidden_answer.headers if name not in volatile} == {
        name for name in missing_answer.headers if name not in volatile
    }


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/images/nothing/", "/images/a:b%00c/", "/sources/nothing/", "/conditions/nothing/", "/images/%0A/"],
)
def test_unknown_address_when_opened_then_is_a_404_in_the_same_design(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/images/?after=x",
        "/images/?after=-1",
        "/images/?after=9223372036854775808",
        "/images/?after=%D9%A1",
        "/images/?before=1e9",
        "/images/?source=nothing",
        "/images/?license=%3Cb%3E",
        "/images/?condition=nothing%00",
        "/images/?modality=x%0Ay",
        f"/images/{SHOWN}/?purpose=fun",
        f"/images/{SHOWN}/?focus=fun",
    ],
)
def test_question_when_it_means_nothing_then_is_a_400_with_one_sentence(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 400
    assert re.search(r'<p class="lead">[^<]+\.</p>', answer.text)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("query", ["after=999999", "before=1", "after=9223372036854775807"])
def test_browse_when_the_place_is_beyond_the_list_then_says_so(site: Site, query: str) -> None:
    answer = site.get(f"/images/?{query}")
    assert answer.status_code == 200
    assert "There are no images at this place in the list." in answer.text
    assert "First page" in answer.text


def test_conditions_when_searched_then_keeps_those_with_the_word(site: Site) -> None:
    page = site.get("/conditions/?q=MELANOMA").text
    labels = re.findall(r'<a href="/conditions/[^"]+">([^<]+)</a>', page)
    assert labels
    assert all("melanoma" in label.casefold() for label in labels)
    assert "&lt;b&gt;" in site.get("/conditions/?q=<b>").text


def test_machines_when_asked_then_get_plain_answers(site: Site) -> None:
    assert site.get("/robots.txt").text == "User-agent: *\nDisallow: /api/\n"
    healthy = site.get("/healthz")
    assert (healthy.status_code, healthy.text) == (200, "ok\n")
