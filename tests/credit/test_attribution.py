"""The credit: complete, linked, escaped, or refused."""

from dataclasses import replace

import pytest

from dermref.credit.attribution import Credit, CreditFacts, Part, attribution, attributions
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


@pytest.mark.parametrize(
    ("license_id", "is_owed"),
    [
        ("CC-BY-4.0", False),
        ("CC-BY-3.0", True),
        ("CC-BY-SA-2.5", True),
        ("LicenseRef-CC-BY-2.0-UK", True),
        ("CC0-1.0", False),
    ],
)
def test_title_when_the_legal_code_wants_it_then_it_is_in_the_credit(license_id: str, is_owed: bool) -> None:
    credit = attribution(ISIC, licenses_in(license_id), replace(FACTS, title="Nævus"))
    assert isinstance(credit, Credit)
    assert ("Nævus" in credit.text) is is_owed


def test_title_when_there_is_none_or_it_is_said_already_then_the_credit_adds_nothing() -> None:
    bare = attribution(ISIC, licenses_in("CC-BY-3.0"), FACTS)
    said = attribution(ISIC, licenses_in("CC-BY-3.0"), replace(FACTS, title="ISIC Archive"))
    assert isinstance(bare, Credit)
    assert isinstance(said, Credit)
    assert bare.text == said.text


def test_copy_when_it_was_changed_then_the_credit_ends_with_that() -> None:
    credit = attribution(ISIC, BY, FACTS, changes="resized\nand <turned>")
    assert isinstance(credit, Credit)
    assert credit.text.endswith("· ISIC_0000001 · resized and <turned>")


def test_id_when_the_words_hold_it_already_then_it_is_linked_there_and_stands_once() -> None:
    credit = attribution(ISIC, BY, replace(FACTS, contributor="A Clinic (ISIC_0000001)"))
    assert isinstance(credit, Credit)
    assert credit.text.count("ISIC_0000001") == 1
    assert Part("ISIC_0000001", FACTS.landing_url) in credit.parts


def test_id_when_it_is_a_piece_of_another_word_then_it_is_still_named() -> None:
    credit = attribution(ISIC, BY, replace(FACTS, foreign_id="12", contributor="Clinic 2012"))
    assert isinstance(credit, Credit)
    assert credit.text.endswith(" · 12")


def credits_of(*names: str) -> dict[str, Credit]:
    found = {}
    for at, name in enumerate(names):
        facts = replace(FACTS, foreign_id=f"ISIC_{at:07}", landing_url=f"https://example.org/{at}/", contributor=name)
        credit = attribution(ISIC, BY, facts)
        assert isinstance(credit, Credit)
        found[f"isic-archive:{facts.foreign_id}"] = credit
    return found


def test_credits_when_they_differ_by_the_id_alone_then_one_stands_for_all_with_their_links() -> None:
    first, second = attributions(credits_of("A Clinic", "B Clinic", "A Clinic"))
    assert first.ids == ("isic-archive:ISIC_0000000", "isic-archive:ISIC_0000002")
    assert first.credit.text == "Image courtesy of A Clinic via ISIC Archive (CC BY 4.0) · ISIC_0000000, ISIC_0000002"
    assert 'href="https://example.org/2/"' in first.credit.html
    assert second.credit == credits_of("A Clinic", "B Clinic")["isic-archive:ISIC_0000001"]


def test_credits_when_ten_thousand_are_distinct_then_each_is_there_in_order() -> None:
    names = [f"Clinic {at}" for at in range(10_000)]
    found = attributions(credits_of(*names))
    assert [one.credit.text.split(" via ")[0] for one in found] == [f"Image courtesy of {name}" for name in names]


def test_credits_when_there_are_none_then_there_is_nothing_to_say() -> None:
    assert attributions({}) == ()


def test_id_when_somebodys_name_holds_it_then_the_name_stays_whole_and_the_id_stands_behind_it() -> None:
    facts = replace(FACTS, foreign_id="1", creator="Ward 1, Clinic 12")
    credit = attribution(ISIC, BY, facts)
    assert isinstance(credit, Credit)
    assert credit.text.endswith(" · Ward 1, Clinic 12 · 1")
