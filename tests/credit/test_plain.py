"""The plain sentence, in the style that people know from image search."""

from dataclasses import replace

import pytest

from dermref.credit.attribution import Credit, CreditFacts
from dermref.credit.plain import plain_sentence
from dermref.registry.load import load_datasets, load_source, load_sources
from dermref.rights.facts import load_facts

FACTS = CreditFacts("ISIC_0000001", "https://example.org/1/", title="Skin", creator="Jane Doe")
BY = "https://creativecommons.org/licenses/by/4.0/"
IN_BY = f"is licensed under CC BY 4.0. To view a copy of this license, visit {BY}."
MARK = "https://creativecommons.org/publicdomain/mark/1.0/"
IN_COPYRIGHT = "In Copyright. To view the terms, visit https://rightsstatements.org/vocab/InC/1.0/."
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
EVERY = (*load_sources(), *load_datasets())


def sentence(license_id: str, facts: CreditFacts = FACTS, *, source: str = "isic-archive") -> str:
    return plain_sentence(load_source(source), license_id, facts).text


@pytest.mark.parametrize(
    ("license_id", "changed", "words"),
    [
        ("CC-BY-4.0", {}, f'"Skin" by Jane Doe {IN_BY}'),
        ("CC-BY-4.0", {"title": None}, f"This work by Jane Doe {IN_BY}"),
        ("CC-BY-4.0", {"title": " "}, f"This work by Jane Doe {IN_BY}"),
        ("CC-BY-4.0", {"creator": None}, f'"Skin" {IN_BY}'),
        ("CC-BY-4.0", {"creator": "Anonymous"}, f'"Skin" by Anonymous {IN_BY}'),
        ("CC-BY-4.0", {"creator": None, "contributor": "A Clinic"}, f'"Skin" by A Clinic {IN_BY}'),
        ("CC0-1.0", {}, f'"Skin" by Jane Doe is marked with CC0 1.0. To view the terms, visit {ZERO}.'),
        ("CC-PDM-1.0", {}, f'"Skin" by Jane Doe is marked with PDM 1.0. To view the terms, visit {MARK}.'),
        ("LicenseRef-CC-BY", {}, '"Skin" by Jane Doe is licensed under CC BY.'),
        ("LicenseRef-Public-Domain", {}, '"Skin" by Jane Doe is said to be in the Public domain.'),
        ("LicenseRef-US-Government-Work", {}, '"Skin" by Jane Doe is a US Government work.'),
        ("LicenseRef-InC-1.0", {}, f'"Skin" by Jane Doe carries the statement {IN_COPYRIGHT}'),
    ],
)  # fmt: skip
def test_sentence_when_one_instrument_holds_then_it_is_that_of_the_style(
    license_id: str, changed: dict[str, str | None], words: str
) -> None:
    assert sentence(license_id, replace(FACTS, **changed)) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("license_id", "words"),
    [
        ("CC-BY-4.0 OR CC-BY-SA-3.0", "is licensed under CC BY 4.0 or CC BY-SA 3.0, at your choice."),
        ("CC-BY-4.0 OR CC0-1.0", "is licensed under CC BY 4.0 or is marked with CC0 1.0, at your choice."),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", "is licensed under CC BY 4.0 and CC BY-NC 4.0, which both apply."),
        (
            "CC-BY-4.0 OR (CC-BY-SA-4.0 AND CC-BY-NC-4.0)",
            "CC BY 4.0, or is licensed under CC BY-SA 4.0 and CC BY-NC 4.0, which both apply, at your choice.",
        ),
    ],
)  # fmt: skip
def test_sentence_when_several_are_in_play_then_a_choice_is_told_from_what_holds_together(
    license_id: str, words: str
) -> None:
    found = sentence(license_id)
    assert words in found
    assert f"To view a copy of CC BY 4.0, visit {BY}." in found


def test_terms_when_nobody_granted_a_license_then_they_are_the_sources() -> None:
    found = sentence("LicenseRef-brown-skin-matters", source="brown-skin-matters")
    assert '"Skin" by Jane Doe is used under the terms of Brown Skin Matters' in found


@pytest.mark.parametrize("source", EVERY, ids=lambda source: source.source_id)
def test_site_terms_when_they_stand_alone_then_no_license_is_named_whatever_the_label_says(source: object) -> None:
    source_id = source.source_id  # type: ignore[attr-defined]
    credit = plain_sentence(source, f"LicenseRef-{source_id}", replace(FACTS, title=None))  # type: ignore[arg-type]
    said = credit.text.replace(source.name, "")  # type: ignore[attr-defined]
    assert load_facts().host not in credit.html
    assert [one.short for one in load_facts().by_id.values() if f" {one.short} " in f"{said} "] == []


def test_terms_when_they_stand_beside_a_license_then_both_are_told() -> None:
    source = load_source("dermnet-nz")
    found = plain_sentence(source, source.terms.license_expression, FACTS)
    assert "is licensed under CC BY-NC-ND 4.0 and is used under the terms of DermNet NZ" in found.text
    assert found.same_page == any(one.same_page for one in source.terms.duties)


def test_author_when_they_ask_for_certain_words_then_those_stand_there_too() -> None:
    found = sentence("CC-BY-4.0", replace(FACTS, credit_line="Photo: J. Doe / example.org"))
    assert found.endswith("Its author asks for this credit: Photo: J. Doe / example.org.")


def test_copy_when_it_was_changed_then_the_sentence_says_so() -> None:
    credit: Credit = plain_sentence(load_source("isic-archive"), "CC-BY-4.0", FACTS, changes="resized")
    assert credit.text.endswith(" This copy was resized.")


def test_expression_when_it_means_nothing_then_it_is_an_error_never_a_sentence() -> None:
    with pytest.raises(KeyError):
        sentence("CC-BY-9.0")
