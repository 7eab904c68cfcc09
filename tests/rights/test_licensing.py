"""What licenses say: alternatives, disputes, restrictions of the item, statements that permit nothing."""

from dataclasses import replace

import pytest

from dermref.model.asking import Action, Operator, OperatorKind, Purpose
from dermref.model.decision import EvidenceKind, Outcome
from dermref.model.evidence import Refusal
from dermref.model.policy import Restriction
from dermref.model.source import Effect, Term
from dermref.rights import Policy, decide, decide_unrecorded, explain
from dermref.rights.facts import License, load_facts
from dermref.rights.strictness import holding
from rights.situations import asked, policy

COMMONS = "wikimedia-commons"


def test_choice_when_one_alternative_is_freer_then_that_one_counts() -> None:
    either = policy(COMMONS, "CC-BY-NC-ND-4.0 OR CC-BY-SA-4.0")
    assert decide(either, asked(Action.ADAPT, purpose=Purpose.COMMERCIAL)).is_allowed


def test_policy_when_asked_for_its_licenses_then_every_one_of_the_expression_and_no_site_terms() -> None:
    named = policy(COMMONS, "CC-BY-4.0 AND (CC0-1.0 OR LicenseRef-wikimedia-commons)").licenses
    assert {one.id for one in named} == {"CC-BY-4.0", "CC0-1.0"}


def test_both_when_one_is_stricter_then_that_one_counts() -> None:
    both = policy(COMMONS, "CC-BY-NC-4.0 AND CC-BY-SA-4.0")
    assert decide(both, asked(Action.VIEW)).is_allowed
    assert decide(both, asked(Action.VIEW, purpose=Purpose.COMMERCIAL)).outcome is Outcome.DENY


def test_dispute_when_present_then_every_answer_names_what_gave_way() -> None:
    disputed = policy("isic-archive", "CC-BY-NC-4.0", disputed=("CC0-1.0",))
    for purpose in (Purpose.TEACHING, Purpose.COMMERCIAL):
        codes = {reason.code: reason for reason in decide(disputed, asked(Action.VIEW, purpose=purpose)).reasons}
        assert codes["item-license-disputed"].evidence.quote == "CC0-1.0"


@pytest.mark.parametrize("action", [Action.VIEW, Action.PRESENT])
def test_commons_personality_when_shown_then_allowed_and_when_sold_or_trained_on_then_asked(action: Action) -> None:
    flagged = policy(COMMONS, "CC0-1.0", restrictions=(Restriction.PERSONALITY,))
    assert decide(flagged, asked(action)).is_allowed
    sold = decide(flagged, asked(action, purpose=Purpose.COMMERCIAL))
    assert sold.outcome is Outcome.ASK
    assert sold.contact is not None
    assert decide(flagged, asked(Action.TRAIN, purpose=Purpose.RESEARCH)).outcome is Outcome.ASK


def test_commons_trademark_when_sold_then_asked_and_the_item_is_the_evidence() -> None:
    flagged = policy(COMMONS, "CC0-1.0", restrictions=(Restriction.TRADEMARK,))
    decision = decide(flagged, asked(Action.VIEW, operator=Operator(OperatorKind.COMMERCIAL)))
    assert [reason.evidence.kind for reason in decision.reasons] == [EvidenceKind.ITEM]
    assert decide(flagged, asked(Action.ADAPT)).is_allowed


def test_third_party_when_flagged_then_nothing_without_asking() -> None:
    flagged = policy(COMMONS, "CC0-1.0", restrictions=(Restriction.THIRD_PARTY,))
    for action in set(Action) - {Action.LINK}:
        assert decide(flagged, asked(action)).outcome is Outcome.ASK


def test_unrecorded_when_asked_then_denied_with_the_reason_and_links_stay() -> None:
    refusal, terms = Refusal("no-license", "the item states no license"), policy("cdc-phil").terms
    for action in set(Action) - {Action.LINK}:
        decision = decide_unrecorded(refusal, terms, asked(action))
        assert (decision.outcome, decision.reasons[0].code) == (Outcome.DENY, "no-license")
    assert decide_unrecorded(refusal, terms, asked(Action.LINK)).is_allowed


@pytest.mark.parametrize(
    ("license_id", "purpose", "outcome"),
    [
        ("CC0-1.0", Purpose.COMMERCIAL, Outcome.ALLOW),
        ("CC-BY-4.0", Purpose.COMMERCIAL, Outcome.ALLOW_WITH_DUTIES),
        ("CC-BY-SA-4.0", Purpose.COMMERCIAL, Outcome.ALLOW_WITH_DUTIES),
        ("CC-BY-NC-4.0", Purpose.RESEARCH, Outcome.ALLOW_WITH_DUTIES),
        ("CC-BY-NC-4.0", Purpose.UNSPECIFIED, Outcome.ASK),
        ("CC-BY-NC-4.0", Purpose.COMMERCIAL, Outcome.DENY),
        ("CC-BY-ND-4.0", Purpose.RESEARCH, Outcome.ASK),
        ("CC-BY-NC-ND-4.0", Purpose.RESEARCH, Outcome.ASK),
        ("LicenseRef-wikimedia-commons", Purpose.RESEARCH, Outcome.ASK),
    ],
)
def test_training_when_asked_then_only_a_license_that_permits_it_allows_it(
    license_id: str, purpose: Purpose, outcome: Outcome
) -> None:
    assert decide(policy(COMMONS, license_id), asked(Action.TRAIN, purpose=purpose)).outcome is outcome


def test_ask_when_decided_then_always_says_whom() -> None:
    silent = policy("brown-skin-matters")
    for action in Action:
        decision = decide(silent, asked(action, purpose=Purpose.COMMERCIAL))
        assert decision.outcome is not Outcome.ASK or decision.contact is not None


def test_explanation_when_asking_then_names_whom_and_where() -> None:
    decision = decide(policy("dermnet-nz"), asked(Action.VIEW, purpose=Purpose.COMMERCIAL))
    assert "Ask DermNet (info@dermnetnz.org)." in explain(decision)


def test_strictness_when_several_are_stated_then_none_that_holds_is_freer_than_another() -> None:
    facts = load_facts().by_id
    held, overruled = holding([facts["CC0-1.0"], facts["CC-BY-4.0"], facts["CC-BY-NC-ND-4.0"], facts["CC-BY-4.0"]])
    assert [one.id for one in held] == ["CC-BY-NC-ND-4.0"]
    assert [one.id for one in overruled] == ["CC-BY-4.0", "CC0-1.0"]
    assert holding([facts["CC-BY-3.0"], facts["CC-BY-4.0"]])[1] == ()


def test_by_nc_nd_when_a_company_trains_or_crops_then_the_stricter_of_two_bans_holds() -> None:
    company = {"operator": Operator(OperatorKind.COMMERCIAL)}
    bare = policy(COMMONS, "CC-BY-NC-ND-4.0")
    assert decide(bare, asked(Action.TRAIN, **company)).outcome is Outcome.DENY
    assert decide(policy("dermnet-nz"), asked(Action.CROP, **company)).outcome is Outcome.DENY


def test_unrecorded_when_the_item_said_something_then_its_words_are_the_evidence() -> None:
    refusal, terms = Refusal("unknown-license", "“free to use” names no known license"), policy("cdc-phil").terms
    said = decide_unrecorded(refusal, terms, asked(Action.VIEW), stated=" free to use ")
    assert said.reasons[0].evidence.quote == "free to use"
    silent = decide_unrecorded(refusal, terms, asked(Action.VIEW))
    assert "recorded license" in silent.reasons[0].evidence.quote


def test_masaryk_when_linked_then_the_main_page_is_named_and_dermis_to_the_item() -> None:
    reasons = decide(policy("masaryk-dermpath-atlas"), asked(Action.LINK)).reasons
    assert "http://atlases.muni.cz" in {reason.evidence.quote for reason in reasons}
    [duty] = decide(policy("dermis"), asked(Action.LINK)).duties
    assert duty.detail == "item"


def test_link_when_a_sources_terms_forbid_it_then_refused_like_anything_else() -> None:
    terms = policy("pathopic").terms
    closed = replace(terms, terms=(Term("no-links", Effect.PROHIBIT, (Action.LINK,), terms.proof),))
    decision = decide(Policy(policy("pathopic").key, closed), asked(Action.LINK))
    assert (decision.outcome, decision.reasons[0].code) == (Outcome.DENY, "terms-no-links")


def test_item_when_its_source_narrowed_then_the_policy_outlives_no_other_license() -> None:
    narrowed = policy("uiowa-skin-of-color", "CC-BY-NC-ND-3.0 AND CC-BY-NC-ND-4.0")
    assert decide(narrowed, asked(Action.VIEW)).is_allowed
    other = policy("uiowa-skin-of-color", "CC-BY-NC-ND-4.0 AND CC-BY-NC-ND-3.0")
    assert decide(other, asked(Action.VIEW)).reasons[0].code == "policy-superseded"
    site_terms = policy("peir", "LicenseRef-peir AND CC-BY-4.0")
    assert decide(site_terms, asked(Action.VIEW)).reasons[0].code == "policy-superseded"


@pytest.mark.parametrize(
    ("license_id", "action", "outcome", "code"),
    [
        ("CC-BY-ND-4.0", Action.CROP, Outcome.DENY, "license-no-derivatives"),
        ("LicenseRef-CC-DevNations-2.0", Action.VIEW, Outcome.ASK, "license-developing-nations"),
        ("LicenseRef-CC-Sampling-1.0", Action.VIEW, Outcome.DENY, "license-does-not-permit"),
        ("LicenseRef-CC-Sampling-1.0", Action.TRAIN, Outcome.ASK, "license-does-not-permit"),
    ],
)
def test_license_when_it_does_not_give_the_use_then_the_code_says_why(
    license_id: str, action: Action, outcome: Outcome, code: str
) -> None:
    decision = decide(policy(COMMONS, license_id), asked(action))
    assert (decision.outcome, decision.reasons[0].code) == (outcome, code)


@pytest.mark.parametrize(
    "one", [one for one in load_facts().by_id.values() if one.kind == "statement"], ids=lambda one: one.id
)
def test_rights_statement_when_it_is_all_there_is_then_nothing_is_permitted_and_asking_is_open(one: License) -> None:
    for action in set(Action) - {Action.LINK}:
        assert decide(policy(COMMONS, one.id), asked(action)).outcome is Outcome.ASK


@pytest.mark.parametrize("license_id", ["LicenseRef-CC-Sampling-Plus-1.0", "LicenseRef-CC-NC-Sampling-Plus-1.0"])
def test_training_when_a_retired_license_does_not_name_it_then_asked(license_id: str) -> None:
    decision = decide(policy(COMMONS, license_id), asked(Action.TRAIN, purpose=Purpose.RESEARCH))
    assert decision.outcome is Outcome.ASK


def test_sampling_when_a_part_is_cut_out_then_denied_for_it_gives_no_copies() -> None:
    assert decide(policy(COMMONS, "LicenseRef-CC-Sampling-1.0"), asked(Action.CROP)).outcome is Outcome.DENY
