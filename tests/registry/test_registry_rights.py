"""The facts that the rights engine needs of each source stand in its file."""

import pytest

from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.decision import DutyCode
from dermref.model.source import Effect, LinkTarget, Tier
from dermref.registry.load import load_source, load_sources

CHANGES = (Action.CROP, Action.ANNOTATE, Action.ADAPT)


def said(source_id, action, *, purpose="unspecified", operator="individual", viewer="anonymous"):
    asked = (action, Purpose(purpose), OperatorKind(operator), ViewerKind(viewer))
    return {term.effect for term in load_source(source_id).terms.terms if term.holds_for(*asked)}


def duties(source_id):
    return {duty.code: duty for duty in load_source(source_id).terms.duties}


def test_license_when_no_text_grants_the_label_then_site_terms():
    claimed = {
        source.source_id
        for source in load_sources()
        if source.license_label.startswith("CC-")
        and not source.terms.per_item
        and source.terms.license_expression == f"LicenseRef-{source.source_id}"
    }
    assert claimed - {"scope-to-screen-review"} == {
        *("atlas-dermatologico", "black-and-brown-skin", "brown-skin-matters"),
        *("dermis", "jdd-project-atlas", "unm-inclusive-dermatology"),
    }


def test_license_when_proprietary_then_site_terms():
    for source in load_sources():
        if source.license_label == "proprietary-licensed":
            assert source.terms.license_expression == f"LicenseRef-{source.source_id}"


@pytest.mark.parametrize(
    ("source_id", "expression"),
    [
        ("dermnet-nz", "CC-BY-NC-ND-4.0 AND LicenseRef-dermnet-nz"),
        ("uiowa-skin-of-color", "CC-BY-NC-ND-3.0"),
        ("libre-pathology", "CC-BY-NC-SA-4.0"),
        ("scope-to-screen-review", "LicenseRef-scope-to-screen-review"),
    ],
)
def test_license_when_text_names_one_with_a_version_then_that_one(source_id, expression):
    assert load_source(source_id).terms.license_expression == expression


def test_per_item_when_listed_then_the_six():
    assert {source.source_id for source in load_sources() if source.terms.per_item} == {
        *("isic-archive", "wikimedia-commons", "pmc-oa", "cdc-phil", "nci-visuals", "libre-pathology")
    }


def test_link_only_when_listed_then_no_source_permits_bytes():
    for source in load_sources():
        if source.tier is Tier.EXTERNAL_LINK_ONLY:
            permitted = [term.actions for term in source.terms.terms if term.effect is Effect.PERMIT]
            assert set(permitted) <= {(Action.LINK,)}


def test_dermnet_nz_when_used_by_ai_then_both_uses_are_prohibited():
    assert said("dermnet-nz", Action.TRAIN) == said("dermnet-nz", Action.EVALUATE) == {Effect.PROHIBIT}


def test_dermnet_nz_when_commercial_then_ask_the_licensor():
    assert said("dermnet-nz", Action.VIEW, purpose="commercial") == {Effect.ASK}
    assert load_source("dermnet-nz").terms.ask.contact.email == "info@dermnetnz.org"


def test_dermnet_nz_when_shown_then_watermark_and_topic_link():
    assert duties("dermnet-nz")[DutyCode.LINK_BACK].target is LinkTarget.TOPIC
    assert DutyCode.KEEP_WATERMARK in duties("dermnet-nz")


@pytest.mark.parametrize("operator", ["individual", "commercial"])
def test_dermis_when_not_an_institution_then_prohibited(operator):
    assert said("dermis", Action.VIEW, operator=operator) == {Effect.PROHIBIT}


def test_dermis_when_an_institution_then_lecture_permitted_and_page_in_dispute():
    assert said("dermis", Action.PRESENT, operator="educational-institution") == {Effect.PERMIT}
    [conflict] = load_source("dermis").terms.conflicts
    assert Action.VIEW in conflict.blocks
    assert Action.PRESENT not in conflict.blocks


@pytest.mark.parametrize("source_id", ["skin-deep-dftb", "visualdx"])
def test_current_format_when_asked_then_no_change_not_even_of_size(source_id):
    for action in (*CHANGES, Action.RESIZE, Action.THUMBNAIL):
        assert Effect.PROHIBIT in said(source_id, action, viewer="developer")


@pytest.mark.parametrize("source_id", [one.source_id for one in load_sources() if one.license_label.endswith("-ND")])
def test_no_derivatives_when_label_says_so_then_no_change_is_permitted(source_id):
    for action in CHANGES:
        assert Effect.PERMIT not in said(source_id, action, operator="educational-institution", purpose="teaching")


def test_visualdx_when_institution_member_then_permitted_and_to_be_deleted():
    assert said("visualdx", Action.VIEW, viewer="institution-member") == {Effect.PERMIT}
    assert said("visualdx", Action.VIEW, viewer="member") == {Effect.PROHIBIT}
    assert duties("visualdx")[DutyCode.DELETE_ON].event == "institutional-license-terminated"
    assert said("visualdx", Action.TRAIN, viewer="institution-member") == {Effect.PROHIBIT}


def test_skin_deep_when_private_study_then_only_for_the_developer():
    assert said("skin-deep-dftb", Action.VIEW, viewer="developer", purpose="private-study") == {Effect.PERMIT}
    assert said("skin-deep-dftb", Action.VIEW, viewer="member", purpose="private-study") == set()
    assert said("skin-deep-dftb", Action.VIEW, viewer="developer", purpose="research") == {Effect.ASK}


def test_legacy_dermnet_when_listed_then_bytes_blocked_elsewhere_and_never_shipped():
    assert load_source("dermnet-legacy").ingest.block_bytes
    assert said("dermnet-legacy", Action.REDISTRIBUTE, viewer="developer") == {Effect.PROHIBIT}


def test_jdd_when_shown_then_credit_on_the_same_page():
    assert duties("jdd-project-atlas")[DutyCode.ATTRIBUTE].same_page
    assert said("jdd-project-atlas", Action.TRAIN) == {Effect.PROHIBIT}


def test_pathologyoutlines_when_linked_then_no_paywall_and_no_crawling():
    assert duties("pathologyoutlines")[DutyCode.NO_PAYWALL].actions == (Action.LINK,)
    assert said("pathologyoutlines", Action.FETCH_BULK) == {Effect.PROHIBIT}


def test_masaryk_when_linked_then_to_the_main_page():
    assert duties("masaryk-dermpath-atlas")[DutyCode.LINK_BACK].target_url == "http://atlases.muni.cz"


def test_isic_when_asked_for_more_then_the_holder_named_on_the_image():
    terms = load_source("isic-archive").terms
    assert terms.ask.names_image
    assert {code: meaning.license_id for code, meaning in terms.codes} == {
        "CC-0": "CC0-1.0",
        "CC-BY": "CC-BY-4.0",
        "CC-BY-NC": "CC-BY-NC-4.0",
    }


@pytest.mark.parametrize("source", load_sources(), ids=lambda source: source.source_id)
def test_permission_when_a_public_source_has_site_terms_then_never_for_a_commercial_operator(source):
    if source.tier is Tier.HOSTED and not source.terms.per_item:
        for action in Action:
            assert Effect.PERMIT not in said(source.source_id, action, operator="commercial")
            assert Effect.PERMIT not in said(source.source_id, action, purpose="commercial")
