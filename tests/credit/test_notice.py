"""The notice: what a picture's page and file say of its rights, and what they never say."""

from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.credit.notice import Notice, notice_of
from dermref.registry.load import load_source
from dermref.rights.facts import licenses_in

FACTS = CreditFacts("ISIC_0000001", "https://example.org/1/", title="Skin", creator="A", contributor="B", citation="C")


def notice(source_id: str, license_id: str, holder: str | None = None) -> Notice:
    source = load_source(source_id)
    credit = attribution(source, licenses_in(license_id), FACTS)
    assert isinstance(credit, Credit)
    return notice_of(source, license_id, FACTS, credit, holder=holder, is_mining_reserved=True)


def test_license_when_there_is_one_then_its_page_states_the_rights() -> None:
    found = notice("isic-archive", "CC-BY-4.0", holder="H")
    assert found.statement_url == "https://creativecommons.org/licenses/by/4.0/"
    assert (found.copyright, found.licensor, found.is_free) == ("© H", "H", False)
    licensed = "This work is licensed under CC BY 4.0. To view a copy of this license, visit"
    assert found.usage_terms == f"{licensed} https://creativecommons.org/licenses/by/4.0/."


def test_license_when_two_hold_together_then_neither_address_is_told_alone() -> None:
    found = notice("isic-archive", "CC-BY-4.0 AND CC-BY-NC-4.0")
    assert found.license_urls == ()
    assert found.statement_url == "https://example.org/1/"
    assert "CC BY 4.0" in found.usage_terms
    assert "CC BY-NC 4.0" in found.usage_terms


def test_license_when_it_is_a_choice_then_every_address_is_told() -> None:
    assert len(notice("isic-archive", "CC-BY-4.0 OR CC-BY-SA-3.0").license_urls) == 2


def test_site_terms_when_nobody_granted_a_license_then_no_license_is_named() -> None:
    source = load_source("jdd-project-atlas")
    found = notice("jdd-project-atlas", source.terms.license_expression)
    assert found.license_urls == ()
    assert "creativecommons" not in found.usage_terms + found.statement_url
    assert not found.is_free


def test_terms_when_they_stand_beside_a_license_then_both_are_told() -> None:
    found = notice("dermnet-nz", load_source("dermnet-nz").terms.license_expression)
    assert "CC BY-NC-ND 4.0" in found.usage_terms
    assert "the terms of DermNet NZ" in found.usage_terms
    assert found.license_urls == ()


def test_free_when_waived_then_nothing_is_reserved() -> None:
    assert notice("isic-archive", "CC0-1.0").is_free
