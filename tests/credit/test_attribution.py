"""The credit: complete, linked, escaped, or refused."""

from dataclasses import replace

import pytest

from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.model.evidence import Refusal
from dermref.registry.load import load_source
from dermref.rights.facts import licenses_in

ISIC = load_source("isic-archive")
BY = licenses_in("CC-BY-4.0")
FACTS = CreditFacts("ISIC_0000001", "https://example.org/ISIC_0000001/", contributor="A, B & <C> Hospital")


def test_isic_when_credited_then_contributor_license_link_and_id_are_there() -> None:
    credit = attribution(ISIC, BY, FACTS)
    assert isinstance(credit, Credit)
    assert credit.text == "Image courtesy of A, B & <C> Hospital via ISIC Archive (CC BY 4.0) · ISIC_0000001"
    assert '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>' in credit.html


def test_contributor_when_it_holds_markup_then_html_is_escaped() -> None:
    credit = attribution(ISIC, BY, replace(FACTS, contributor='<script>alert("x")</script>'))
    assert isinstance(credit, Credit)
    assert "<script>" not in credit.html


@pytest.mark.parametrize("missing", [None, "", "   "])
def test_contributor_when_missing_then_refused_not_by_none(missing: str | None) -> None:
    credit = attribution(ISIC, BY, replace(FACTS, contributor=missing))
    assert isinstance(credit, Refusal)
    assert credit.code == "credit-incomplete"


def test_link_when_not_http_then_it_is_no_link() -> None:
    credit = attribution(ISIC, BY, replace(FACTS, landing_url="javascript:alert(1)"))
    assert isinstance(credit, Credit)
    assert "javascript:" not in credit.html


def test_uiowa_when_template_lacks_the_license_link_then_it_is_added() -> None:
    source = load_source("uiowa-skin-of-color")
    credit = attribution(source, licenses_in(source.terms.license_expression), FACTS)
    assert isinstance(credit, Credit)
    assert "licenses/by-nc-nd/3.0/" in credit.html


def test_author_when_he_chose_the_words_then_they_are_the_credit_and_the_license_is_still_linked() -> None:
    facts = replace(FACTS, foreign_id="M1", creator="Eckhard Henkel", credit_line="Photo: E. Henkel / example.org")
    credit = attribution(load_source("wikimedia-commons"), BY, facts)
    assert isinstance(credit, Credit)
    assert credit.text == "Photo: E. Henkel / example.org · M1 · CC BY 4.0"


@pytest.mark.parametrize("line", ["", " ", "-", ".", "\u200b"])
def test_author_when_the_words_say_nothing_then_the_template_holds(line: str) -> None:
    facts = CreditFacts("M1", "https://example.org/", title="Skin", creator="Eckhard Henkel", credit_line=line)
    credit = attribution(load_source("wikimedia-commons"), BY, facts)
    assert isinstance(credit, Credit)
    assert credit.text == "Skin by Eckhard Henkel, via Wikimedia Commons, CC BY 4.0 · M1"


def test_author_when_the_source_asks_for_words_of_its_own_then_both_stand_there() -> None:
    facts = CreditFacts("P1", "https://example.org/", creator="Patho", credit_line="Photo: N., 2019")
    credit = attribution(load_source("libre-pathology"), BY, facts)
    assert isinstance(credit, Credit)
    assert credit.text == "Image from Libre Pathology, CC BY 4.0 · Patho · Photo: N., 2019 · P1"


def test_people_when_the_template_leaves_them_out_then_they_are_named_once() -> None:
    facts = CreditFacts("6", "https://example.org/6", creator="A. Author", contributor="CDC")
    credit = attribution(load_source("cdc-phil"), (), facts)
    assert isinstance(credit, Credit)
    assert credit.text == "Image courtesy of CDC/PHIL (ID 6) · A. Author"


def test_figure_when_credited_then_the_article_is_cited() -> None:
    facts = CreditFacts("PMC1/F1", "https://example.org/", creator="Smith J", citation="Smith J. Title. 2020, Figure 1")
    credit = attribution(load_source("pmc-oa"), BY, facts)
    assert isinstance(credit, Credit)
    assert credit.text == "Figure from Smith J. Title. 2020, Figure 1. Used under CC BY 4.0. · PMC1/F1"
    assert isinstance(attribution(load_source("pmc-oa"), BY, replace(facts, citation=None)), Refusal)


@pytest.mark.parametrize(
    ("license_id", "words"),
    [
        ("CC-BY-NC-SA-4.0", "Image from Libre Pathology, CC-BY-NC-SA 4.0 · N. · P1 · CC BY-NC-SA 4.0"),
        ("CC-BY-SA-3.0", "Image from Libre Pathology, CC BY-SA 3.0 · N. · P1"),
        ("CC-BY-SA-3.0 OR CC-BY-4.0", "Image from Libre Pathology, CC BY-SA 3.0 · N. · P1 · CC BY 4.0"),
    ],
)
def test_template_when_it_spells_out_a_license_then_an_item_under_another_is_not_credited_with_it(
    license_id: str, words: str
) -> None:
    facts = CreditFacts("P1", "https://example.org/", creator="N.")
    credit = attribution(load_source("libre-pathology"), licenses_in(license_id), facts)
    assert isinstance(credit, Credit)
    assert credit.text == words
