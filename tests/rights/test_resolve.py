"""From terms and evidence to a policy, or a named refusal."""

from dataclasses import replace

from dermref.model.evidence import Document, Harvested, Refusal, Statement
from dermref.model.policy import Hold, PolicyKey
from dermref.registry.load import load_source
from dermref.rights.resolve import resolve

ITEM = Harvested("isic-archive", "ISIC_0000000", "https://example.org/", None, Document(b"{}", "u"), ())


def outcome(source_id: str, *statements: Statement) -> PolicyKey | Refusal:
    source = load_source(source_id)
    return resolve(source.terms, replace(ITEM, statements=statements), declared_label=source.license_label)


def code_of(result: PolicyKey | Refusal) -> str:
    assert isinstance(result, Refusal)
    return result.code


def test_per_item_source_when_item_states_none_then_refused_not_inherited() -> None:
    assert code_of(outcome("isic-archive")) == "no-license"


def test_per_item_source_when_code_is_unknown_then_refused() -> None:
    assert code_of(outcome("isic-archive", Statement("CC-BY-ND"))) == "unknown-license"


def test_per_item_source_when_statements_disagree_then_refused_not_averaged() -> None:
    assert code_of(outcome("isic-archive", Statement("CC-0"), Statement("CC-BY-NC"))) == "license-conflict"


def test_per_item_source_when_stated_then_policy_keeps_id_and_printed_label() -> None:
    key = outcome("isic-archive", Statement("CC-BY-NC"))
    assert key == PolicyKey("isic-archive", "CC-BY-NC-4.0", "CC-BY-NC")


def test_site_terms_source_when_item_is_silent_then_license_ref_and_never_a_cc_id() -> None:
    key = outcome("dermnet-legacy")
    assert isinstance(key, PolicyKey)
    assert key.license_id == "LicenseRef-dermnet-legacy"


def test_site_terms_source_when_item_claims_a_license_then_conflict() -> None:
    assert code_of(outcome("dermnet-legacy", Statement("CC0-1.0"))) == "license-conflict"


def test_item_fault_when_present_then_it_is_the_refusal() -> None:
    source = load_source("isic-archive")
    fault = Refusal("not-public", "private")
    item = replace(ITEM, statements=(Statement("CC-0"),), faults=(fault,))
    assert resolve(source.terms, item, declared_label="") == fault


def test_policy_key_when_equal_then_hashes_alike_and_holds_change_it() -> None:
    key = PolicyKey("isic-archive", "CC0-1.0", "CC-0")
    assert key.content_hash == PolicyKey("isic-archive", "CC0-1.0", "CC-0").content_hash
    held = key.held(Hold.WITHDRAWN)
    assert held.content_hash != key.content_hash
    assert held.held(Hold.WITHDRAWN) == held
