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
