"""Duties spelled out: the very credit, and the very addresses that a source's terms name."""

from dataclasses import replace

import pytest

from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.credit.duties import rendered
from dermref.model.asking import Action, Operator, OperatorKind, Viewer, ViewerKind
from dermref.model.decision import Decision, Duty, DutyCode
from dermref.model.policy import PolicyKey
from dermref.registry.load import load_source
from dermref.rights import Policy, Question, decide
from dermref.rights.duties import term_duties
from dermref.rights.facts import licenses_in

PAGE = "https://example.org/topics/one/"
FACTS = CreditFacts("ISIC_0000001", PAGE, title="One", creator="A. Author", contributor="Example Hospital")


def decided(source_id: str, *, license_id: str | None = None, is_at_hand: bool = True) -> Decision:
    source = load_source(source_id)
    expression = license_id or source.terms.license_expression
    question = Question(Action.PRESENT, Viewer(ViewerKind.ANONYMOUS), operator=Operator(OperatorKind.INDIVIDUAL))
    decision = decide(Policy(PolicyKey(source_id, expression, ""), source.terms), question)
    credit = attribution(source, licenses_in(expression), FACTS)
    assert isinstance(credit, Credit)
    if not is_at_hand:
        return rendered(decision, source=source, credit=None, landing_url=None)
    return rendered(decision, source=source, credit=credit, landing_url=PAGE)


def duty(decision: Decision, code: DutyCode) -> Duty:
    (found,) = [one for one in decision.duties if one.code is code]
    return found


def test_isic_when_rendered_then_the_credit_has_contributor_license_author_and_isic_id() -> None:
    credit = duty(decided("isic-archive", license_id="CC-BY-4.0"), DutyCode.ATTRIBUTE)
    assert credit.detail == "Image courtesy of Example Hospital via ISIC Archive (CC BY 4.0) · A. Author · ISIC_0000001"
    assert credit.detail in credit.text


def test_license_when_rendered_then_its_link_stands_in_detail_and_sentence() -> None:
    link = duty(decided("isic-archive", license_id="CC-BY-4.0"), DutyCode.LINK_LICENSE)
    assert link.detail == "https://creativecommons.org/licenses/by/4.0/"
    assert link.text == f"Name the license and link to it ({link.detail})."


@pytest.mark.parametrize(
    ("source_id", "target"),
    [
        ("dermnet-nz", PAGE),
        ("masaryk-dermpath-atlas", "http://atlases.muni.cz"),
        ("atlas-dermatologico", load_source("atlas-dermatologico").homepage_url),
    ],
)
def test_link_back_when_rendered_then_is_the_exact_address_that_the_terms_name(source_id: str, target: str) -> None:
    source = load_source(source_id)
    duties = [*term_duties(source.terms, Action.PRESENT), *term_duties(source.terms, Action.LINK)]
    asked = _with(decided("isic-archive", license_id="CC-BY-4.0"), *duties)
    link = duty(rendered(asked, source=source, credit=None, landing_url=PAGE), DutyCode.LINK_BACK)
    assert (link.detail, link.text) == (target, f"Link back to the source ({target}).")


def test_same_page_when_the_source_asks_for_it_then_the_duty_says_so() -> None:
    source = load_source("jdd-project-atlas")
    credit = attribution(source, licenses_in(source.terms.license_expression), FACTS)
    assert isinstance(credit, Credit)
    plain = _with(
        decided("isic-archive", license_id="CC-BY-4.0"), Duty(DutyCode.ATTRIBUTE, "Put the credit beside it.")
    )
    found = duty(rendered(plain, source=source, credit=credit, landing_url=PAGE), DutyCode.ATTRIBUTE)
    assert found.same_page
    assert "on the same page" in found.text


def test_duties_when_they_become_the_same_then_stand_once() -> None:
    plain = decided("isic-archive", license_id="CC-BY-4.0")
    twice = _with(plain, Duty(DutyCode.ATTRIBUTE, "Put it."), Duty(DutyCode.ATTRIBUTE, "Put it.", "x", same_page=True))
    found = rendered(twice, source=load_source("isic-archive"), credit=None, landing_url=None)
    assert duty(found, DutyCode.ATTRIBUTE).same_page


def test_item_when_not_at_hand_then_the_template_stands_in_and_links_stay_words() -> None:
    decision = decided("dermnet-nz", is_at_hand=False)
    assert duty(decision, DutyCode.ATTRIBUTE).detail == load_source("dermnet-nz").attribution
    assert duty(decision, DutyCode.LINK_BACK).detail == "topic"


def _with(decision: Decision, *duties: Duty) -> Decision:
    return replace(decision, duties=duties)
