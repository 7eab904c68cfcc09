"""What a file says of its own rights: it narrows or it stops, and it never permits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.media import Claim, ClaimKind
from dermref.model.policy import PolicyKey
from dermref.rights.embedded import Narrowed, narrowed
from dermref.rights.told import SUBJECT, standing

BY = PolicyKey("isic-archive", "CC-BY-4.0", "CC-BY")
ZERO = PolicyKey("isic-archive", "CC0-1.0", "CC-0")
SITE = PolicyKey("dermis", "LicenseRef-dermis", "© DermIS")
CHOICE = PolicyKey("wikimedia-commons", "CC-BY-4.0 OR CC-BY-SA-3.0", "either")


def notice(text: str) -> Claim:
    return Claim(ClaimKind.NOTICE, "EXIF Copyright", text)


def terms(text: str) -> Claim:
    return Claim(ClaimKind.TERMS, "XMP UsageTerms", text)


def link(url: str) -> Claim:
    return Claim(ClaimKind.LICENSE, "XMP cc:license", url)


@pytest.mark.parametrize(
    ("key", "claim"),
    [
        (BY, notice("© 2019 Jane Doe")),
        (BY, notice("CC BY 4.0")),
        (BY, notice("CC BY")),
        (BY, link("http://creativecommons.org/licenses/by/4.0/")),
        (ZERO, Claim(ClaimKind.CREATOR, "EXIF Artist", "Jane Doe")),
        (ZERO, Claim(ClaimKind.PROVENANCE, "C2PA", "a manifest")),
        (SITE, notice("© DermIS. All rights reserved")),
        (SITE, terms("Ask the editors")),
    ],
)
def test_claim_when_it_contradicts_nothing_then_the_policy_stays(key: PolicyKey, claim: Claim) -> None:
    assert narrowed(key, [claim]) == Narrowed(key)


@pytest.mark.parametrize(
    ("key", "claim"),
    [
        (BY, notice("© 2019 Jane Doe. All rights\n reserved.")),
        (BY, notice("© 2019 Jane Doe, CC BY-NC-ND 4.0")),
        (BY, notice("© 2019 Jane Doe https://creativecommons.org/licenses/by-nc/4.0/")),
        (BY, notice("© Jane Doe. Non-commercial use only")),
        (BY, notice("© Jane Doe. Permission required")),
        (BY, notice("© Jane Doe. Tous droits re\u0301serve\u0301s")),
        (BY, notice("© " + "Jane Doe and " * 20)),
        (BY, notice("All rights reserved")),
        (BY, link("http://rightsstatements.org/vocab/InC/1.0/")),
        (BY, terms("See our house rules")),
        (BY, link("https://example.org/eula")),
        (BY, notice("CC BY-NC")),
        (BY, terms("CC BY 4.0 or CC BY-SA 4.0")),
        (ZERO, notice("© 2019 Jane Doe")),
        (SITE, link("https://creativecommons.org/licenses/by/4.0/")),
        (CHOICE, notice("CC BY-NC 4.0")),
    ],
)
def test_claim_when_it_contradicts_the_record_then_a_conflict_names_both(key: PolicyKey, claim: Claim) -> None:
    found = narrowed(key, [claim])
    assert found.key == key
    assert [one.code for one in found.conflicts] == ["rights-conflict"]
    assert key.license_id in found.conflicts[0].text


def test_claims_when_several_contradict_then_each_is_told_and_a_stricter_license_holds_all_the_same() -> None:
    said = [notice("All rights reserved"), terms("Ask us"), link("https://creativecommons.org/licenses/by-nc/4.0/")]
    found = narrowed(BY, said)
    assert len(found.conflicts) == 2
    assert found.key.license_id == "CC-BY-4.0 AND CC-BY-NC-4.0"


def test_claim_when_its_license_is_stricter_then_it_holds_beside_the_recorded_one() -> None:
    found = narrowed(ZERO, [link("https://creativecommons.org/licenses/by-nc-nd/4.0/")])
    assert (found.key.license_id, found.key.disputed) == ("CC0-1.0 AND CC-BY-NC-ND-4.0", ())


def test_claim_when_its_license_is_freer_then_it_gives_way_and_is_remembered() -> None:
    found = narrowed(BY, [link("https://creativecommons.org/publicdomain/zero/1.0/")])
    assert (found.key.license_id, found.key.disputed) == ("CC-BY-4.0", ("CC0-1.0",))


@given(st.sampled_from(list(ClaimKind)), st.text(max_size=80))
def test_claims_when_arbitrary_then_nothing_recorded_is_ever_loosened(kind: ClaimKind, text: str) -> None:
    found = narrowed(BY, [Claim(kind, "somewhere", text)])
    assert found.key.license_id.startswith(BY.license_id)


def ours(license_id: str) -> Claim:
    """The terms that a copy made here says."""
    told = standing(license_id, source_name="A Site", terms_url="https://example.org/terms")
    return terms(SUBJECT + "".join(one.text for one in told))


NC = PolicyKey("isic-archive", "CC-BY-NC-4.0", "CC-BY-NC")
SITE = PolicyKey("dermnet-nz", "CC-BY-NC-ND-4.0 AND LicenseRef-dermnet-nz", "CC-BY-NC-ND")
OPEN = PolicyKey("isic-archive", "CC-BY-4.0", "CC-BY")
BOTH = PolicyKey("isic-archive", "CC-BY-4.0 AND CC-BY-SA-4.0", "x")
OURS, OURS_AND_SITE, OURS_OPEN = ours(NC.license_id), ours(SITE.license_id), ours(OPEN.license_id)
RESERVED = terms("http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-SEECONSTRAINT")
UNTRAINED = terms("http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING")


@pytest.mark.parametrize(
    ("key", "claims"),
    [
        (NC, [OURS, RESERVED, terms("Text and data mining is reserved: https://example.org/")]),
        (NC, [link("https://creativecommons.org/licenses/by-nc/4.0/"), notice("True"), OURS]),
        (SITE, [OURS_AND_SITE, RESERVED, link("https://example.org/terms"), notice(OURS_AND_SITE.text)]),
        (SITE, [OURS_AND_SITE, UNTRAINED]),
        (BOTH, [ours(BOTH.license_id), link("https://example.org/images/1/")]),
    ],
)
def test_copy_when_it_repeats_its_own_record_then_it_contradicts_nothing(key: PolicyKey, claims: list[Claim]) -> None:
    assert narrowed(key, claims) == Narrowed(key)


@pytest.mark.parametrize(
    ("key", "claims"),
    [
        (NC, [OURS, terms("All rights reserved")]),
        (NC, [OURS, terms("Text and data mining is reserved: https://example.org/ and all else")]),
        (NC, [OURS, link("https://example.org/terms")]),
        (NC, [OURS, UNTRAINED]),
        (SITE, [OURS_AND_SITE, terms("http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED")]),
        (NC, [RESERVED]),
        (OPEN, [OURS_OPEN, RESERVED]),
        (NC, [terms(OURS.text + " Ask first.")]),
        (NC, [ours("CC-BY-NC-4.0 AND LicenseRef-isic-archive")]),
        (SITE, [terms(OURS_AND_SITE.text + "; ask first")]),
    ],
)
def test_copy_when_it_says_more_than_its_record_then_a_conflict(key: PolicyKey, claims: list[Claim]) -> None:
    assert narrowed(key, claims).conflicts


def test_copy_when_brought_in_under_a_freer_record_then_its_stricter_license_holds() -> None:
    stricter = narrowed(OPEN, [OURS_OPEN, link("https://creativecommons.org/licenses/by-nc/4.0/")])
    assert stricter.key.license_id == "CC-BY-4.0 AND CC-BY-NC-4.0"
    assert narrowed(OPEN, [OURS]).key != OPEN
