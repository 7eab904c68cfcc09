"""Decisions, each named after the source whose words ask for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer, ViewerKind
from dermref.model.decision import Decision, DutyCode, Outcome
from dermref.model.policy import Hold, PolicyKey
from dermref.model.source import Source, Tier
from dermref.registry.load import load_datasets, load_source, load_sources
from dermref.rights import Policy, Question, decide
from dermref.rights.explain import explain

SOURCES = {source.source_id: source for source in (*load_sources(), *load_datasets())}
PUBLIC = (ViewerKind.ANONYMOUS, ViewerKind.MEMBER, ViewerKind.CURATOR)


def policy_of(source: Source, license_id: str | None = None, *holds: Hold) -> Policy:
    return Policy(PolicyKey(source.source_id, license_id or source.terms.license_expression, "", holds), source.terms)


def ask(
    source_id: str,
    action: Action,
    *,
    license_id: str | None = None,
    viewer: ViewerKind = ViewerKind.ANONYMOUS,
    purpose: Purpose = Purpose.UNSPECIFIED,
    operator: OperatorKind = OperatorKind.INDIVIDUAL,
    paywall: bool = False,
) -> Decision:
    question = Question(action, Viewer(viewer), purpose, Operator(operator, paywall))
    return decide(policy_of(load_source(source_id), license_id), question)


def test_isic_cc0_when_viewed_then_allowed_without_duty() -> None:
    decision = ask("isic-archive", Action.VIEW, license_id="CC0-1.0")
    assert (decision.outcome, decision.duties) == (Outcome.ALLOW, ())


def test_isic_cc_by_when_viewed_then_attribution_and_license_link_are_due() -> None:
    decision = ask("isic-archive", Action.VIEW, license_id="CC-BY-4.0")
    assert decision.outcome is Outcome.ALLOW_WITH_DUTIES
    assert {duty.code for duty in decision.duties} >= {DutyCode.ATTRIBUTE, DutyCode.LINK_LICENSE}


@pytest.mark.parametrize(
    ("purpose", "operator", "paywall"),
    [
        (Purpose.COMMERCIAL, OperatorKind.INDIVIDUAL, False),
        (Purpose.UNSPECIFIED, OperatorKind.COMMERCIAL, False),
        (Purpose.TEACHING, OperatorKind.EDUCATIONAL_INSTITUTION, True),
    ],
)
def test_isic_cc_by_nc_when_use_is_commercial_then_ask(purpose: Purpose, operator: OperatorKind, paywall: bool) -> None:
    decision = ask(
        "isic-archive", Action.VIEW, license_id="CC-BY-NC-4.0", purpose=purpose, operator=operator, paywall=paywall
    )
    assert decision.outcome is Outcome.ASK
    assert decision.contact is not None


def test_cc_by_nc_when_training_without_a_purpose_then_ask_and_for_research_allowed() -> None:
    nc = "CC-BY-NC-4.0"
    assert ask("isic-archive", Action.TRAIN, license_id=nc).outcome is Outcome.ASK
    assert ask("isic-archive", Action.TRAIN, license_id=nc, purpose=Purpose.RESEARCH).is_allowed


@pytest.mark.parametrize("action", [Action.TRAIN, Action.EVALUATE])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_dermnet_nz_when_ai_then_denied_for_every_purpose(action: Action, purpose: Purpose) -> None:
    assert ask("dermnet-nz", action, purpose=purpose).outcome is Outcome.DENY


def test_dermnet_nz_when_viewed_then_watermark_stays_and_link_leads_to_the_topic() -> None:
    duties = {duty.code: duty.detail for duty in ask("dermnet-nz", Action.VIEW).duties}
    assert DutyCode.KEEP_WATERMARK in duties
    assert duties[DutyCode.LINK_BACK] == "topic"


@pytest.mark.parametrize("action", [Action.CROP, Action.ANNOTATE, Action.ADAPT])
@pytest.mark.parametrize("source_id", ["dermnet-nz", "uiowa-skin-of-color"])
def test_nd_source_when_cut_or_drawn_on_then_denied_but_resizing_is_not(source_id: str, action: Action) -> None:
    assert ask(source_id, action).outcome is Outcome.DENY
    assert ask(source_id, Action.RESIZE).is_allowed


@pytest.mark.parametrize("source_id", [one for one, source in SOURCES.items() if source.tier is Tier.DEV_ONLY])
@pytest.mark.parametrize("action", [action for action in Action if action is not Action.LINK])
def test_dev_only_source_when_viewer_is_no_developer_then_denied(source_id: str, action: Action) -> None:
    for kind in set(ViewerKind) - {ViewerKind.DEVELOPER}:
        assert ask(source_id, action, viewer=kind).outcome is Outcome.DENY


def test_legacy_dermnet_when_developer_views_then_allowed_but_never_redistributed() -> None:
    assert ask("dermnet-legacy", Action.VIEW, viewer=ViewerKind.DEVELOPER).is_allowed
    assert ask("dermnet-legacy", Action.REDISTRIBUTE, viewer=ViewerKind.DEVELOPER).outcome is Outcome.DENY


@pytest.mark.parametrize(
    "source_id", [one for one, source in SOURCES.items() if source.tier is Tier.EXTERNAL_LINK_ONLY]
)
def test_link_only_source_when_anything_but_a_link_then_denied_to_everybody(source_id: str) -> None:
    for action in set(Action) - {Action.LINK}:
        for kind in ViewerKind:
            assert ask(source_id, action, viewer=kind).outcome is Outcome.DENY
    assert ask(source_id, Action.LINK).is_allowed


def test_visualdx_when_viewer_is_not_of_an_institution_then_denied_and_never_cropped() -> None:
    for kind in PUBLIC:
        assert ask("visualdx", Action.VIEW, viewer=kind).outcome is Outcome.DENY
    assert ask("visualdx", Action.CROP, viewer=ViewerKind.INSTITUTION_MEMBER).outcome is Outcome.DENY


def test_dermis_when_conflict_is_open_then_view_asks_even_at_a_university_and_lectures_are_allowed() -> None:
    university = OperatorKind.EDUCATIONAL_INSTITUTION
    assert ask("dermis", Action.VIEW, operator=university).outcome is Outcome.ASK
    assert ask("dermis", Action.PRESENT, operator=university, purpose=Purpose.TEACHING).is_allowed
    assert not ask("dermis", Action.VIEW).is_allowed


def test_peir_when_an_individual_hides_it_behind_a_paywall_then_not_allowed() -> None:
    assert ask("peir", Action.VIEW).is_allowed
    assert not ask("peir", Action.VIEW, paywall=True).is_allowed


def test_hold_when_present_then_beats_every_permission_but_links_stay() -> None:
    source = load_source("isic-archive")
    held = policy_of(source, "CC0-1.0", Hold.WITHDRAWN)
    for action in set(Action) - {Action.LINK}:
        assert decide(held, Question(action)).outcome is Outcome.DENY
    assert decide(held, Question(Action.LINK)).is_allowed


@given(
    source_id=st.sampled_from(sorted(SOURCES)),
    action=st.sampled_from(Action),
    viewer=st.sampled_from(ViewerKind),
    purpose=st.sampled_from(Purpose),
    operator=st.sampled_from(OperatorKind),
)
def test_any_question_when_asked_then_answered_with_a_reason_and_in_words(
    source_id: str, action: Action, viewer: ViewerKind, purpose: Purpose, operator: OperatorKind
) -> None:
    decision = ask(source_id, action, viewer=viewer, purpose=purpose, operator=operator)
    assert decision.reasons
    assert all(reason.evidence.quote for reason in decision.reasons)
    assert explain(decision)
    assert (decision.outcome is Outcome.ALLOW_WITH_DUTIES) == bool(decision.duties)


@given(source_id=st.sampled_from(sorted(SOURCES)), action=st.sampled_from(Action))
def test_terms_and_license_when_both_silent_then_never_allowed(source_id: str, action: Action) -> None:
    source = SOURCES[source_id]
    silent = replace(source.terms, terms=(), conflicts=(), license_expression=f"LicenseRef-{source_id}")
    if action is not Action.LINK:
        policy = Policy(PolicyKey(source_id, f"LicenseRef-{source_id}", ""), silent)
        assert not decide(policy, Question(action)).is_allowed


def test_policy_when_its_sources_license_changed_since_then_denied_until_taken_in_anew() -> None:
    source = load_source("dermnet-nz")
    changed = replace(source.terms, license_expression="LicenseRef-dermnet-nz")
    before = policy_of(source)
    assert decide(before, Question(Action.VIEW)).is_allowed
    decision = decide(Policy(before.key, changed), Question(Action.VIEW))
    assert decision.outcome is Outcome.DENY
    assert decision.reasons[0].code == "policy-superseded"


def test_dermis_when_printed_at_a_university_then_asked_while_the_conflict_is_open() -> None:
    university = OperatorKind.EDUCATIONAL_INSTITUTION
    for action in (Action.PRINT, Action.RESIZE, Action.DOWNLOAD):
        assert ask("dermis", action, operator=university, purpose=Purpose.TEACHING).outcome is Outcome.ASK


def test_jdd_when_printed_for_teaching_then_allowed_with_the_credit_on_the_same_page() -> None:
    decision = ask("jdd-project-atlas", Action.PRINT, purpose=Purpose.TEACHING)
    assert decision.is_allowed
    assert any(duty.same_page for duty in decision.duties)


def test_peir_when_an_individual_studies_alone_then_a_copy_is_asked_for_and_an_institutions_is_not() -> None:
    assert ask("peir", Action.PRINT, purpose=Purpose.PRIVATE_STUDY).outcome is Outcome.ASK
    university = OperatorKind.EDUCATIONAL_INSTITUTION
    assert ask("peir", Action.PRINT, purpose=Purpose.PRIVATE_STUDY, operator=university).is_allowed
    assert ask("peir", Action.PRINT, purpose=Purpose.TEACHING).is_allowed


@pytest.mark.parametrize("purpose", [Purpose.TEACHING, Purpose.RESEARCH, Purpose.COMMERCIAL, Purpose.PATIENT_EDUCATION])
def test_legacy_dermnet_when_the_purpose_is_not_development_then_denied_even_to_the_developer(purpose: Purpose) -> None:
    assert ask("dermnet-legacy", Action.VIEW, viewer=ViewerKind.DEVELOPER, purpose=purpose).outcome is Outcome.DENY
