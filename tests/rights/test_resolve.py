"""From terms and evidence to a policy, or a named refusal."""

from dataclasses import replace

import pytest

from dermref.model.evidence import Document, Harvested, Refusal, Scope, Statement
from dermref.model.policy import Hold, PolicyKey, Restriction
from dermref.registry.load import load_source
from dermref.rights.resolve import resolve

ITEM = Harvested("isic-archive", "ISIC_0000000", "https://example.org/", None, Document(b"{}", "u"), ())


def outcome(source_id: str, *statements: Statement, restrictions: tuple[Restriction, ...] = ()) -> PolicyKey | Refusal:
    source = load_source(source_id)
    item = replace(ITEM, statements=statements, restrictions=restrictions)
    return resolve(source.terms, item, declared_label=source.license_label)


def code_of(result: PolicyKey | Refusal) -> str:
    assert isinstance(result, Refusal)
    return result.code


def test_per_item_source_when_item_states_none_then_refused_not_inherited() -> None:
    assert code_of(outcome("isic-archive")) == "no-license"


def test_per_item_source_when_code_is_unknown_then_refused() -> None:
    assert code_of(outcome("isic-archive", Statement("CC-ND-BY"))) == "unknown-license"
    assert code_of(outcome("isic-archive", Statement("CC-BY-ND"))) == "license-version-unknown"


def test_image_when_cc0_in_its_own_data_set_and_by_nc_in_one_that_contains_it_then_the_stricter_holds() -> None:
    key = outcome("isic-archive", Statement("CC-0"), Statement("CC-BY-NC", scope=Scope.CONTAINER))
    assert key == PolicyKey("isic-archive", "CC-BY-NC-4.0", "CC-BY-NC", disputed=("CC0-1.0",))


def test_item_when_text_names_one_license_and_links_another_then_the_stricter_holds() -> None:
    key = outcome("wikimedia-commons", Statement("CC-BY-4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"))
    assert isinstance(key, PolicyKey)
    assert (key.license_id, key.disputed) == ("CC-BY-NC-ND-4.0", ("CC-BY-4.0",))


def test_item_when_its_licenses_cannot_be_compared_then_both_hold() -> None:
    key = outcome("wikimedia-commons", Statement("CC-BY-SA-4.0"), Statement("CC-BY-NC-4.0"))
    assert isinstance(key, PolicyKey)
    assert (key.license_id, key.disputed) == ("CC-BY-NC-4.0 AND CC-BY-SA-4.0", ())


def test_figure_when_credited_to_somebody_else_then_the_books_license_does_not_cover_it() -> None:
    book = Statement("CC-BY-4.0", scope=Scope.CONTAINER)
    assert code_of(outcome("pmc-oa", book, restrictions=(Restriction.THIRD_PARTY,))) == "third-party-credit"
    assert isinstance(outcome("pmc-oa", book), PolicyKey)


def test_figure_when_credited_with_a_license_of_its_own_then_that_one_alone_counts() -> None:
    book, own = Statement("CC-BY-4.0", scope=Scope.CONTAINER), Statement("CC-BY-NC-4.0")
    key = outcome("pmc-oa", book, own, restrictions=(Restriction.THIRD_PARTY,))
    assert key == PolicyKey("pmc-oa", "CC-BY-NC-4.0", "CC-BY-NC-4.0")


def test_item_when_the_site_footer_is_stricter_than_the_license_beside_it_then_the_footer_holds() -> None:
    footer = Statement("CC-BY-NC-ND-4.0", scope=Scope.CONTAINER)
    key = outcome("libre-pathology", Statement("CC-BY-SA-4.0"), footer)
    assert isinstance(key, PolicyKey)
    assert "CC-BY-NC-ND-4.0" in key.license_id.split(" AND ")


def test_item_when_a_personality_right_is_flagged_then_the_policy_remembers() -> None:
    key = outcome("wikimedia-commons", Statement("CC0-1.0"), restrictions=(Restriction.PERSONALITY,))
    assert isinstance(key, PolicyKey)
    assert key.restrictions == (Restriction.PERSONALITY,)


def test_iowa_when_an_item_states_a_freer_license_then_the_sources_own_holds() -> None:
    key = outcome("uiowa-skin-of-color", Statement("CC0-1.0"))
    assert isinstance(key, PolicyKey)
    assert (key.license_id, key.disputed) == ("CC-BY-NC-ND-3.0", ("CC0-1.0",))


def test_iowa_when_an_item_states_another_license_of_equal_weight_then_both_hold() -> None:
    key = outcome("uiowa-skin-of-color", Statement("CC-BY-NC-ND-4.0"))
    assert isinstance(key, PolicyKey)
    assert key.license_id == "CC-BY-NC-ND-3.0 AND CC-BY-NC-ND-4.0"


def test_statement_when_empty_then_refused() -> None:
    assert code_of(outcome("isic-archive", Statement(""))) == "unknown-license"


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


def test_per_item_source_when_a_choice_is_offered_then_the_policy_is_the_choice() -> None:
    key = outcome("wikimedia-commons", Statement("cc-by-sa-3.0,2.5"))
    assert isinstance(key, PolicyKey)
    assert key.license_id == "CC-BY-SA-3.0 OR CC-BY-SA-2.5"


def test_choice_when_anything_else_is_stated_too_or_the_source_has_its_own_license_then_conflict() -> None:
    choice = Statement("CC-BY-4.0 OR CC0-1.0")
    assert code_of(outcome("wikimedia-commons", choice, Statement("CC BY-SA 4.0"))) == "license-conflict"
    assert code_of(outcome("dermnet-nz", choice)) == "license-conflict"


def test_source_when_it_offers_a_choice_and_an_item_speaks_then_nobody_chooses_for_it() -> None:
    terms = replace(load_source("uiowa-skin-of-color").terms, license_expression="CC0-1.0 OR CC-BY-4.0")
    item = replace(ITEM, statements=(Statement("CC-BY-NC-ND-4.0"),))
    assert code_of(resolve(terms, item, declared_label="")) == "license-conflict"
    assert isinstance(resolve(terms, ITEM, declared_label=""), PolicyKey)


def test_choice_when_offered_then_the_policy_keeps_the_whole_of_it() -> None:
    key = outcome("wikimedia-commons", Statement("CC-BY-SA-4.0 OR CC-BY-NC-4.0"))
    assert isinstance(key, PolicyKey)
    assert (key.source_id, key.license_label) == ("wikimedia-commons", "CC-BY-SA-4.0 OR CC-BY-NC-4.0")
    assert set(key.license_id.split(" OR ")) == {"CC-BY-SA-4.0", "CC-BY-NC-4.0"}


def test_source_license_when_it_holds_then_the_registrys_label_is_printed() -> None:
    key = outcome("uiowa-skin-of-color")
    assert key == PolicyKey("uiowa-skin-of-color", "CC-BY-NC-ND-3.0", load_source("uiowa-skin-of-color").license_label)


def test_item_when_only_a_link_states_its_license_then_the_link_is_the_label() -> None:
    url = "https://creativecommons.org/licenses/by/4.0/"
    key = outcome("wikimedia-commons", Statement("", url))
    assert key == PolicyKey("wikimedia-commons", "CC-BY-4.0", url)


@pytest.mark.parametrize(
    ("statements", "code", "words"),
    [
        ((), "no-license", "this source's license never stands in for it"),
        ((Statement("CC BY"),), "license-version-unknown", "CC BY and no version"),
        ((Statement("nonsense"),), "unknown-license", "nonsense"),
        ((Statement("CC-BY-SA-4.0 OR CC-BY-4.0"), Statement("CC0-1.0")), "license-conflict", "offers a choice"),
    ],
)
def test_refusal_when_told_then_code_and_sentence_say_why(
    statements: tuple[Statement, ...], code: str, words: str
) -> None:
    refusal = outcome("wikimedia-commons", *statements)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert words in refusal.text


def test_item_when_the_text_lacks_the_version_that_its_link_has_then_the_link_settles_it() -> None:
    key = outcome("wikimedia-commons", Statement("CC BY", "https://creativecommons.org/licenses/by/4.0/"))
    assert key == PolicyKey("wikimedia-commons", "CC-BY-4.0", "CC BY")


def test_dermnet_nz_when_a_figure_is_credited_to_somebody_else_then_restricted() -> None:
    assert code_of(outcome("dermnet-nz", restrictions=(Restriction.THIRD_PARTY,))) == "third-party-credit"
    assert isinstance(outcome("dermnet-nz"), PolicyKey)


@pytest.mark.parametrize(
    "source_id", ["isic-archive", "wikimedia-commons", "pmc-oa", "cdc-phil", "nci-visuals", "libre-pathology"]
)
def test_each_per_item_source_when_the_item_states_none_then_refused(source_id: str) -> None:
    assert code_of(outcome(source_id)) == "no-license"


@pytest.mark.parametrize("said", ["No restrictions", "Attribution", "NonFree", "TDM"])
def test_commons_and_pmc_when_the_words_are_no_license_then_unknown(said: str) -> None:
    for source_id in ("wikimedia-commons", "pmc-oa"):
        assert code_of(outcome(source_id, Statement(said))) == "unknown-license"
