"""The checker sees by rule, from words and terms, what a curator has to look at."""

from dataclasses import replace
from datetime import date

import pytest

from dermref.model.source import Group, Status, Tier
from dermref.registry.check import check_registry, proofs
from dermref.registry.findings import Severity
from dermref.registry.load import load_datasets, load_source, load_sources

EVERYTHING = (*load_sources(), *load_datasets())
TIER_RULES = {"tier-against-text", "tier-against-terms"}
CLAIMED = {
    *("atlas-dermatologico", "black-and-brown-skin", "brown-skin-matters"),
    *("dermis", "jdd-project-atlas", "unm-inclusive-dermatology"),
}


def with_terms(source, **changes):
    return replace(source, terms=replace(source.terms, **changes))


def as_hosted(source):
    return replace(with_terms(source, tier=Tier.HOSTED), tier=Tier.HOSTED)


def codes_of(source):
    return {finding.code for finding in check_registry([source])}


def test_registry_when_checked_then_without_fault():
    assert [finding for finding in check_registry(EVERYTHING) if finding.is_fault] == []


def test_dermis_when_renamed_then_still_found_by_rule():
    source = load_source("dermis")
    renamed = replace(
        with_terms(source, source_id="x", conflicts=(), terms=()), source_id="x", name="X", homepage="x.example"
    )
    found = {finding.rule: finding for finding in check_registry([renamed])}
    assert found.keys() >= TIER_RULES
    assert (
        "educational institution" in found["tier-against-text"].quote or "link out" in found["tier-against-text"].quote
    )
    assert found["tier-against-text"].severity is Severity.HIGH


def test_tier_rules_when_run_over_all_then_only_dermis_rings():
    rung = {finding.source_id for finding in check_registry(EVERYTHING) if finding.rule in TIER_RULES}
    assert rung == {"dermis"}


@pytest.mark.parametrize("source_id", [one.source_id for one in load_sources() if one.tier is not Tier.HOSTED])
def test_closed_source_when_made_hosted_then_found_by_rule(source_id):
    found = {finding.rule for finding in check_registry([as_hosted(load_source(source_id))])}
    assert TIER_RULES & found


def test_label_when_no_text_grants_it_then_the_six_are_found():
    findings = [one for one in check_registry(EVERYTHING) if one.rule == "label-without-grant"]
    assert {finding.source_id for finding in findings} == CLAIMED
    assert {finding.severity for finding in findings} == {Severity.LOW}


def test_label_when_treated_as_granted_then_a_fault():
    source = with_terms(load_source("brown-skin-matters"), license_expression="CC-BY-NC-ND-4.0")
    [fault] = [finding for finding in check_registry([source]) if finding.is_fault]
    assert (fault.code, fault.quote) == ("label-without-grant", "Attribution expected; no formal CC tag on site.")


def test_credit_when_template_lacks_what_the_license_asks_then_found():
    [finding] = [one for one in check_registry([load_source("libre-pathology")]) if one.rule == "thin-credit"]
    assert "the creator, a link to the license and a link to the source" in finding.text


def test_credit_when_none_is_printed_for_a_hosted_source_then_a_fault():
    assert "no-credit-template" in codes_of(replace(load_source("peir"), attribution=None))


@pytest.mark.parametrize("status", [Status.INSTITUTIONAL, Status.LOGIN, Status.PERSONAL])
def test_page_rule_when_group_is_personal_and_tier_public_then_a_fault(status):
    source = replace(as_hosted(load_source("visualdx")), group=Group.PERSONAL, status=status)
    assert "referenced-only-but-public" in codes_of(source)


def test_phrase_when_not_in_the_row_then_a_fault():
    source = load_source("peir")
    invented = replace(source.terms.terms[0].proof, phrase="free for everybody")
    term = replace(source.terms.terms[0], proof=invented)
    assert "unproven-phrase" in codes_of(with_terms(source, terms=(term,)))


@pytest.mark.parametrize("source", EVERYTHING, ids=lambda source: source.source_id)
def test_phrase_when_no_place_is_named_then_it_stands_in_the_row(source):
    row = (source.license_text, source.notes, source.attribution, source.contact, source.license_label)
    quotes = tuple(conflict.quote for conflict in source.terms.conflicts)
    for field, proof in proofs(source):
        named = proof.url or proof.where
        assert named or any(proof.phrase in text for text in (*row, *quotes) if text), field


def test_conflict_when_cleared_then_no_longer_listed():
    source = load_source("hellenic-derm-atlas")
    [conflict] = source.terms.conflicts
    assert conflict.code in codes_of(source)
    assert conflict.code not in codes_of(with_terms(source, conflicts=(replace(conflict, cleared=date(2026, 12, 1)),)))


def test_findings_when_sorted_then_gravest_first():
    weights = [list(Severity).index(finding.severity) for finding in check_registry(EVERYTHING)]
    assert weights == sorted(weights)
