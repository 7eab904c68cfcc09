"""What is known of every instrument, compared with what its author says of it."""

import pytest

from dermref.rights.facts import Kind, license_of, licenses_in, load_facts
from rights.cc_tools import TOOLS, Tool

FACTS = load_facts()
CREATIVE = [one for one in FACTS.by_id.values() if one.url and FACTS.host in one.url]
PERMISSIVE = {"Reproduction", "Distribution"}


def test_tools_when_counted_then_every_one_is_known_and_no_other() -> None:
    assert len(TOOLS) == 639
    assert {one.url for one in CREATIVE} == {tool.url for tool in TOOLS}


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.identifier)
def test_tool_when_looked_up_then_its_facts_are_its_authors(tool: Tool) -> None:
    one = FACTS.by_url[tool.url]
    assert (one.version, one.jurisdiction or "") == (tool.version, tool.jurisdiction)
    for kind in ("permits", "requires", "prohibits"):
        assert getattr(one, kind) == tool.words(kind)
    assert str(one.deprecated_on or "") == tool.deprecated_on
    assert (one.legalcode_url is None) == ("o" in tool.flags)
    assert one.http_url == tool.url.replace("https", "http")
    assert one.deed_url == tool.url + "deed"


def test_ids_when_compared_then_each_names_one_instrument_and_spdx_only_its_own() -> None:
    assert all(key == one.id for key, one in FACTS.by_id.items())
    assert {one.id for one in FACTS.by_id.values() if one.spdx} == {
        one.id for one in FACTS.by_id.values() if not one.id.startswith("LicenseRef-")
    }
    assert all(one.spdx in (None, one.id) for one in FACTS.by_id.values())
    assert sum(one.spdx is not None for one in FACTS.by_id.values()) == 55


def test_printed_names_when_compared_then_no_two_instruments_share_one() -> None:
    assert len({one.short for one in FACTS.by_id.values()}) == len(FACTS.by_id)
    assert len({one.name for one in FACTS.by_id.values()}) == len(FACTS.by_id)


@pytest.mark.parametrize("one", [one for one in FACTS.by_id.values() if one.kind is Kind.STATEMENT],
                         ids=lambda one: one.id)  # fmt: skip
def test_statement_when_it_tells_a_status_then_it_permits_nothing(one) -> None:
    assert one.permits == frozenset()


def test_family_when_no_version_is_named_then_nothing_is_permitted_and_nothing_linked() -> None:
    assert len(FACTS.by_family) == 17
    for one in FACTS.by_family.values():
        assert (one.version, one.url, one.spdx, one.permits) == (None, None, None, frozenset())


def test_public_domain_when_claimed_then_neither_mark_nor_waiver_and_no_version() -> None:
    claim, government = licenses_in("LicenseRef-Public-Domain AND LicenseRef-US-Government-Work")
    assert {claim.family, government.family} == {"public-domain"}
    assert (claim.kind, claim.basis, claim.jurisdiction, claim.version) == (Kind.CLAIM, None, None, None)
    assert (government.kind, government.basis, government.jurisdiction) == (Kind.CLAIM, "17 U.S.C. § 105", "us")


def test_sampling_plus_when_asked_then_copies_of_the_whole_are_noncommercial_only() -> None:
    assert all(one.is_noncommercial for one in CREATIVE if "Sharing" in one.permits)


def test_clause_when_code_changed_then_so_did_the_phrase() -> None:
    phrases = [license_of(one).clause for one in ("CC-BY-4.0", "CC-BY-3.0", "CC-BY-2.0", "CC-BY-3.0-DE")]
    assert len(set(phrases)) == len(phrases)


def test_site_terms_when_named_then_a_value_that_permits_nothing() -> None:
    one = license_of("LicenseRef-dermis")
    assert (one.family, one.kind, one.permits, one.url) == ("site-terms", Kind.SITE_TERMS, frozenset(), None)


@pytest.mark.parametrize("license_id", ["LicenseRef-CC-BY-9.9", "LicenseRef-", "LicenseRef-x--y", "CC-BY-9.9", ""])
def test_id_when_nobody_knows_it_then_key_error(license_id: str) -> None:
    with pytest.raises(KeyError):
        license_of(license_id)
