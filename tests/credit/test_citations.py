"""Citations in full: the reference, and every attribution with it; lists of several."""

import time
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from credit.citables import BY, COLLECTION, IMAGE, ODD, SNAPSHOT, SOURCE, STYLES, ZERO
from dermref.credit.citable import Attributed, Citable
from dermref.credit.citations import attribution_text, cite, cite_all
from dermref.credit.references import reference
from dermref.credit.styles import all_styles

APA, IEEE = all_styles()["apa"], all_styles()["ieee"]
MANY = tuple(Attributed(f"Hospital {number}", number + 1, (BY[0],)) for number in range(10_000))


def text_of(html: str) -> str:
    return str(lxml_html.fragment_fromstring(html, create_parent="div").text_content())


def test_image_when_cited_then_its_attribution_goes_with_it() -> None:
    made = cite(IMAGE, APA)
    assert made.attribution == "Attribution: Image courtesy of the hospital (CC BY 4.0) · ISIC_0000001."
    assert made.text == f"{reference(IMAGE, APA).text} {made.attribution}"
    assert f'<a href="{BY[1]}">CC BY 4.0</a>' in made.html
    assert text_of(made.html) == made.text


def test_collection_when_cited_then_attributions_by_images_then_name_and_anonymous_last() -> None:
    said = "Images: 3 by Hospital A (CC BY 4.0); 3 by Hospital B (CC BY 4.0, CC0 1.0); 1,200 by Anonymous (CC0 1.0)."
    made = cite(COLLECTION, APA)
    assert attribution_text(COLLECTION) == said
    assert made.text.endswith(said)
    assert text_of(made.html) == made.text
    assert made.html.count(f'<a href="{ZERO[1]}">') == 2


def test_snapshot_when_cited_then_its_content_hash_is_told() -> None:
    assert f" Content hash: {SNAPSHOT.number}. Images: " in cite(SNAPSHOT, APA).text


def test_source_when_cited_then_nothing_has_to_be_attributed() -> None:
    assert cite(SOURCE, APA).attribution == ""


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_attribution_when_a_name_is_odd_then_html_says_what_the_text_says(odd: str) -> None:
    made = cite(replace(COLLECTION, attributions=(Attributed(odd, 1, (odd,)),)), APA)
    assert text_of(made.html) == made.text
    credited = cite(replace(IMAGE, credit=odd, credit_html=None), APA)
    assert text_of(credited.html) == credited.text


def test_license_when_its_address_is_none_of_the_web_then_it_is_no_link() -> None:
    made = cite(replace(COLLECTION, licenses=((BY[0], "javascript:alert(1)"),)), APA)
    assert "javascript" not in made.html


def test_attributions_when_ten_thousand_then_none_is_cut_and_it_is_fast() -> None:
    many = replace(COLLECTION, attributions=MANY)
    begun = time.process_time()
    made = cite(many, APA)
    assert time.process_time() - begun < 1
    assert made.text.count(" by Hospital ") == made.html.count(" by <bdi>Hospital ") == 10_000
    assert "Images: 10,000 by Hospital 9999 (CC BY 4.0); 9,999 by" in made.text


def test_citations_when_a_citation_is_made_again_then_under_five_milliseconds() -> None:
    for style in STYLES:
        cite(IMAGE, style)
    begun = time.process_time()
    for number in range(100):
        for style in STYLES:
            cite(replace(IMAGE, title=f"Nevus {number}"), style)
    assert (time.process_time() - begun) / 900 < 0.005


def test_list_when_the_style_goes_by_citation_then_numbered_as_cited() -> None:
    lines = cite_all([SOURCE, IMAGE, SNAPSHOT, IMAGE], IEEE).text.split("\n")
    assert [line[:4] for line in lines] == ["[1] ", "[2] ", "[3] "]
    assert "ISIC_0000001" in lines[1]


def test_list_when_the_style_goes_by_name_then_in_that_order_without_numbers() -> None:
    others: list[Citable] = [replace(IMAGE, identifier=name, authors=(name,)) for name in ("zeta", "Alpha", "Ömer")]
    made = cite_all(others, APA)
    assert [line.partition(".")[0] for line in made.text.split("\n")] == ["Alpha", "zeta", "Ömer"]
    assert made.html.startswith("<ul><li>Alpha")
    assert made.attribution.count("\n") == 2


def test_list_when_it_has_one_thing_then_its_citation() -> None:
    assert cite_all([IMAGE, IMAGE], IEEE) == cite(IMAGE, IEEE)
