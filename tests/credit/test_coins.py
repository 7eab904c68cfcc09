"""Spans and meta elements, read by Zotero's rules: what is cited comes out as it is, whatever it holds."""

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given

from credit.citables import BY, COLLECTION, EVERYTHING, IMAGE, ODD, PRINTED, SNAPSHOT, ZERO
from dermref.credit.citable import Attributed, Citable
from dermref.credit.coins import coins
from dermref.credit.meta_tags import meta_tags
from dermref.credit.words import in_line
from zotero_reading import from_span, from_tags

NAMES = {
    "commas": "ViDIR Group, Department of Dermatology, Medical University of Vienna",
    "stops": "Clinic of St.John & Sons Ltd.",
    "brackets": "[Anonymous]",
    "semicolons": "A; B",
    "arabic": "مستشفى، بغداد",
    "one": "Anonymous",
    "line": "A\nHospital\u2028of two",
}


@pytest.mark.parametrize("read", [lambda one: from_span(coins(one)), lambda one: from_tags(meta_tags(one))])
def test_image_when_read_then_an_artwork_with_every_field_and_no_date(read: object) -> None:
    item = read(IMAGE)  # type: ignore[operator]
    assert (item["itemType"], item["title"]) == ("artwork", "Bowen disease (ISIC_0000001)")
    assert item["creators"] == [{"lastName": "Hospital of the St. John’s Order"}]
    assert item["url"] == IMAGE.url
    assert item["rights"] == "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)"
    assert item["abstractNote"] == f"Attribution: {IMAGE.credit}."
    assert "date" not in item


def test_image_when_read_from_its_page_then_the_archive_and_the_id_in_it_stand_in_their_fields() -> None:
    item = from_tags(meta_tags(IMAGE))
    assert (item["archive"], item["archiveLocation"]) == ("ISIC Archive", "ISIC_0000001")
    assert (item["artworkMedium"], item["extra"]) == ("Dermoscopic image", [])


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_when_hard_to_read_then_whole_in_the_span_and_whole_or_not_at_all_in_the_page(name: str) -> None:
    image = replace(IMAGE, authors=(name,))
    whole = {"lastName": in_line(name)}
    assert from_span(coins(image))["creators"] == [whole]
    assert from_tags(meta_tags(image))["creators"] in ([whole], [])
    assert meta_tags(image)["DC.creator"] == in_line(name)


def test_names_when_several_then_in_their_order() -> None:
    names = [one["lastName"] for one in from_span(coins(replace(IMAGE, authors=("B C", "A", "D"))))["creators"]]
    assert names == ["B C", "A", "D"]


@pytest.mark.parametrize("citable", [COLLECTION, replace(IMAGE, authors=()), replace(IMAGE, authors=("\u200b",))])
def test_name_when_there_is_none_then_nobody_and_no_other_service_is_asked(citable: Citable) -> None:
    item = from_span(coins(replace(citable, authors=citable.authors if citable.authors == ("\u200b",) else ())))
    assert (item["creators"], item["asks_elsewhere"]) == ([], False)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_words_when_odd_then_both_give_them_back(odd: str) -> None:
    image = replace(IMAGE, title=odd, authors=(odd,), publisher=odd, credit=odd)
    span, page = from_span(coins(image)), from_tags(meta_tags(image))
    assert page["title"] == f"{in_line(odd)} (ISIC_0000001)"
    assert span["title"] == page["title"].replace("+", " ")
    assert span["creators"] == [{"lastName": in_line(odd).replace("+", " ")}]
    assert in_line(odd) in page["abstractNote"]


@given(PRINTED)
def test_span_when_a_title_is_any_text_then_it_comes_back(title: str) -> None:
    read = from_span(coins(replace(COLLECTION, title=title, version=None))).get("title", "")
    assert read == in_line(title).replace("+", " ")  # Zotero makes a space of every plus sign


@pytest.mark.parametrize("citable", EVERYTHING)
def test_span_when_written_then_ascii_and_nothing_in_it_ends_an_attribute(citable: Citable) -> None:
    text = coins(replace(citable, title='"><script>\u202e+'))
    assert text.isascii()
    assert set(text) & set("\"'<> +\n") == set()


def test_address_when_it_has_plus_signs_then_it_still_leads_there() -> None:
    read = from_span(coins(replace(IMAGE, url="https://example.org/a+b/?q=c+d&e=%2B")))["url"]
    assert unquote(read) == "https://example.org/a+b/?q=c d&e=+"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x"])
def test_address_when_it_is_none_of_the_web_then_left_out(url: str) -> None:
    image = replace(IMAGE, url=url)
    assert "url" not in from_span(coins(image)) | from_tags(meta_tags(image))


def test_snapshot_when_read_then_a_dataset_with_version_doi_day_and_hash() -> None:
    span, page = from_span(coins(SNAPSHOT)), from_tags(meta_tags(SNAPSHOT))
    assert (span["itemType"], span["title"]) == ("dataset", "Nevi for teaching, version 2")
    assert (page["itemType"], page["title"], page["versionNumber"]) == ("dataset", "Nevi for teaching", "2")
    assert (page["identifier"], page["extra"]) == (SNAPSHOT.number, [])
    assert span["DOI"] == page["DOI"] == "10.5072/dermref.teaching.v2"
    assert span["date"] == page["date"] == "2025-03-01"
    assert span["publisher"] == page["publisher"] == "dermref"


def test_rights_when_several_then_a_choice_of_an_image_and_none_of_a_set() -> None:
    assert " or CC0 1.0 (" in from_span(coins(replace(IMAGE, licenses=(BY, ZERO))))["rights"]
    assert from_span(coins(COLLECTION))["rights"].endswith("; each image is under its own")
    assert "rights" not in from_span(coins(replace(IMAGE, licenses=())))


def test_set_when_ten_thousand_are_attributed_then_their_number() -> None:
    everybody = tuple(Attributed(f"Hospital {at}", 1, (BY[0],)) for at in range(10_000))
    text = coins(replace(COLLECTION, attributions=everybody))
    assert from_span(text)["abstractNote"] == "Images attributed to 10,000 names, which its citation lists."
    assert len(text) < 2_000
