"""A statement is parsed whole or not at all."""

import time

import pytest

from dermref.model.evidence import Statement
from dermref.model.source import CodeMeaning
from dermref.registry.load import load_source
from dermref.rights.facts import License, load_facts
from dermref.rights.parse import Licenses, Reading, Unknown, parse_statement

BY = "https://creativecommons.org/licenses/by/4.0/"
NC = "https://creativecommons.org/licenses/by-nc/4.0/"
PHIL = (
    "None - This image is in the public domain and thus free of any copyright restrictions. As a matter of courtesy we "
    "request that the content provider be credited and notified in any public or private usage of this image."
)
OPEN_ACCESS = (
    "This is an Open Access article distributed under the terms of the {name}, which permits unrestricted use, "
    "distribution, and reproduction in any medium, provided the original work is properly cited."
)
SPRINGER = (
    "This article is licensed under a Creative Commons Attribution 4.0 International License, which permits use, "
    "sharing, adaptation, distribution and reproduction in any medium or format, as long as you give appropriate "
    "credit to the original author(s) and the source, provide a link to the Creative Commons licence, and indicate if "
    "changes were made. To view a copy of this licence, visit http://creativecommons.org/licenses/by/4.0/."
)
ISIC = load_source("isic-archive")


def read(text: str, url: str | None = None) -> Reading:
    return parse_statement(Statement(text, url))


def named(reading: Reading) -> str:
    """What the reading names, as an expression; empty where it is unknown."""
    return reading.id if isinstance(reading, License) else getattr(reading, "expression", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        (" cc-by-nc-sa-2.0-uk\r\n", "CC-BY-NC-SA-2.0-UK"),
        ("CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0"),
        ("CC BY-SA 3.0 de", "CC-BY-SA-3.0-DE"),
        ("CC_BY_4.0", "CC-BY-4.0"),
        ("CC BY v4.0", "CC-BY-4.0"),
        ("CC BY 1.0 IL", "LicenseRef-CC-BY-1.0-IL"),
        ("CC BY-NC-ND 1.0", "CC-BY-NC-ND-1.0"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("Creative Commons Attribution 4.0 International Public License", "CC-BY-4.0"),
        ("Creative Commons Attribution License, version 4.0", ""),
        ("Creative Commons Attribution License version 4.0", "CC-BY-4.0"),
        ("Creative Commons Attribution-NonCommercial-NoDerivs 3.0 Unported", "CC-BY-NC-ND-3.0"),
        ("Creative Commons Attribution-Share Alike 3.0 Germany", "CC-BY-SA-3.0-DE"),
        ("Creative Commons Attribution 2.0 England and Wales", "LicenseRef-CC-BY-2.0-UK"),
        ("Creative Commons Attribution 3.0 IGO", "CC-BY-3.0-IGO"),
        ("Attribution-ShareAlike 2.5 Generic", "CC-BY-SA-2.5"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0"),
        ("Public Domain Mark 1.0", "CC-PDM-1.0"),
        ("CC Sampling+ 1.0", "LicenseRef-CC-Sampling-Plus-1.0"),
        ("Public Domain Dedication and Certification 1.0 United States", "CC-PDDC"),
        ("CC\N{NO-BREAK SPACE}BY\N{NON-BREAKING HYPHEN}SA\N{EN DASH}4.0", "CC-BY-SA-4.0"),
        ("Creative  Commons\nAttribution 4.0", "CC-BY-4.0"),
        ("InC-EDU", "LicenseRef-InC-EDU-1.0"),
        ("UND 1.0", "LicenseRef-UND-1.0"),
        ("In Copyright - Educational Use Permitted", "LicenseRef-InC-EDU-1.0"),
        ("All rights reserved.", "LicenseRef-Proprietary"),
    ],
)  # fmt: skip
def test_name_when_printed_in_a_known_form_then_its_license(text: str, expected: str) -> None:
    assert named(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("CC BY", "cc-by"),
        ("CC-BY", "cc-by"),
        ("cc by-nc-nd", "cc-by-nc-nd"),
        ("CC BY-ND-NC", "cc-by-nc-nd"),
        ("Creative Commons Attribution License", "cc-by"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike", "cc-by-nc-sa"),
        ("CC0", "cc0"),
        ("cc-zero", "cc0"),
        ("Creative Commons Zero, Public Domain Dedication", "cc0"),
        ("Public Domain Mark", "pdm"),
    ],
)
def test_name_when_it_has_no_version_then_the_family_and_no_version_is_guessed(text: str, family: str) -> None:
    reading = read(text)
    assert isinstance(reading, License)
    assert (reading.family, reading.version, reading.url, reading.lacks_version) == (family, None, None, True)


@pytest.mark.parametrize(
    "text",
    [
        "Creative Commons", "Creative Commons License", "free to use", "No restrictions", "None", "TDM", "GFDL",
        "by 4.0", "Attribution", "Attribution License", "Public License", "CC", "4.0", "CC 4.0", "CC BY 9.9", "CC BY 4",
        "CC BY 4.0.1", "CC BY 2.1", "CC BY 4.0 Unported", "CC BY 3.0 International", "CC BY 4.0 de", "CC BY-SA-NC 4.0",
        "CC BY 4.0+", "CC BY 4.0 -", "-CC BY 4.0", "CC BY 4.0 3.0", "CC BY 4.0,", "cc-by-4.0,",
        "cc-by-4.0,x", "cc-by-4.0,9.9", "cc-by-4.0,3.0-de-x", "CC-BY-3.0-AT, no", "cc-by-3.0-at,de",
        "not licensed under CC BY 4.0", "CC BY 4.0 except figures", "CC BY 4.0 (not the figures)", "CC BY or later",
        "This work is not licensed under a Creative Commons Attribution 4.0 International License.",
        "This work is licensed under a Creative Commons Attribution 4.0 International License unless stated otherwise.",
        "This work is licensed under a license we like (CC BY 4.0)",
        "Creative Commons Attribution 4.0 International (CC BY-NC 4.0)",
        f"CC BY 4.0 ({NC})", f"see {BY}", f"{BY} except figures", "pd-not", "Public domain?",
        "not in the public domain", "und", "inc", "nkc", "LicenseRef-dermis", "LicenseRef-",
        "CC-BY-4.0 AND LicenseRef-dermis", "CC BY 4.0 WITH x",
        "CC BY 4.0 OR", "OR CC BY 4.0", "AND", "()", "CC BY 4.0 OR GFDL-1.2", "CC-BY-4.0 OR (CC0-1.0) CC-BY-4.0",
        "None - This image is in the public domain except in France.",
        "None - This image is in the public domain. Please ask first.",
        "\N{CYRILLIC CAPITAL LETTER ES}C BY 4.0", "CC BY \N{FULLWIDTH DIGIT FOUR}.0",
        "CC BY \N{ARABIC-INDIC DIGIT FOUR}.0", "CC BY 4\N{ONE DOT LEADER}0", "CC BY 4.0\N{ZERO WIDTH SPACE}",
        "\N{SUPERSCRIPT TWO}",
        "CC BY 4.0\x1f", "CC\x0bBY 4.0", "\N{KELVIN SIGN}", "\N{RIGHT-TO-LEFT OVERRIDE}CC BY 4.0", "CC " * 60,
    ],
)  # fmt: skip
def test_text_when_it_is_not_wholly_a_license_statement_then_unknown(text: str) -> None:
    assert isinstance(read(text), Unknown)


@pytest.mark.parametrize("text", ["", " ", "\n", "\N{NO-BREAK SPACE}"])
def test_text_when_empty_then_unknown(text: str) -> None:
    assert read(text) == Unknown("the license statement is empty")


@pytest.mark.parametrize("text", ["CC BY 4.0\0", "CC BY 4.0\ud800", "\udfff", "CC\0BY 4.0", "x" * 90, "\u202e"])
def test_text_when_no_text_has_such_characters_then_unknown_in_a_printable_sentence(text: str) -> None:
    reading = read(text)
    assert isinstance(reading, Unknown)
    assert reading.reason.isprintable()
    assert len(reading.reason) < 200


@pytest.mark.parametrize("text", ["Public domain", "pd", "PD-old-70", "This image is in the public domain.", PHIL,
                                  PHIL.replace("None - ", "None- ")])  # fmt: skip
def test_public_domain_when_only_claimed_then_a_claim_without_grounds_and_never_the_mark(text: str) -> None:
    reading = read(text)
    assert isinstance(reading, License)
    assert (reading.family, reading.basis, reading.version) == ("public-domain", None, None)


def test_federal_answer_when_the_sources_table_explains_it_then_that_meaning() -> None:
    codes = {"None": CodeMeaning("LicenseRef-US-Government-Work", ISIC.terms.proof)}
    reading = parse_statement(Statement(PHIL), codes)
    assert isinstance(reading, License)
    assert reading.basis == "17 U.S.C. § 105"
    assert reading == read("pd-usgov-hhs-cdc")


def test_federal_answer_when_it_is_yes_then_reserved_whatever_follows() -> None:
    reading = read("Yes - This image is copyright protected. Any use CC BY 4.0")
    assert isinstance(reading, License)
    assert (reading.family, reading.permits) == ("proprietary", frozenset())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This work is licensed under a Creative Commons Attribution 4.0 International License.", "CC-BY-4.0"),
        ("Licensed under CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("License: CC BY 4.0", "CC-BY-4.0"),
        (f"CC BY ({BY})", "CC-BY-4.0"),
        (f"CC BY-NC 4.0, {NC}", "CC-BY-NC-4.0"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "CC-BY-4.0"),
        ("Creative Commons Attribution (CC BY 4.0) license", "CC-BY-4.0"),
        (OPEN_ACCESS.format(name=f"Creative Commons Attribution License ({BY.replace('4.0/', '2.0')})"), "CC-BY-2.0"),
        (OPEN_ACCESS.format(name="Creative Commons Attribution License"), "LicenseRef-CC-BY"),
        (OPEN_ACCESS.format(name="license of this journal"), ""),
        (SPRINGER, "CC-BY-4.0"),
        (SPRINGER + " Figure 2 is excepted.", ""),
        (f"This work is licensed under CC BY 4.0. To view a copy of this license, visit {NC}", ""),
    ],
)
def test_sentence_when_it_grants_a_license_and_says_nothing_else_then_that_license(text: str, expected: str) -> None:
    assert named(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("cc-by-sa-3.0,2.5,2.0,1.0", "CC-BY-SA-3.0 OR CC-BY-SA-2.5 OR CC-BY-SA-2.0 OR CC-BY-SA-1.0"),
        ("CC BY 4.0 or CC BY-SA 4.0", "CC-BY-4.0 OR CC-BY-SA-4.0"),
        ("CC-BY-4.0 and (CC0-1.0 OR cc-by-sa-4.0)", "(CC-BY-4.0 AND CC0-1.0) OR (CC-BY-4.0 AND CC-BY-SA-4.0)"),
        ("CC-BY-4.0 AND CC0-1.0", "CC-BY-4.0 AND CC0-1.0"),
        ("(CC-BY-4.0)", "CC-BY-4.0"),
        ("cc-by-4.0,4.0", "CC-BY-4.0"),
    ],
)
def test_compound_when_every_part_is_known_then_its_alternatives(text: str, expression: str) -> None:
    reading = read(text)
    assert named(reading) == expression
    if isinstance(reading, Licenses):
        written = [" AND ".join(one.id for one in each) for each in reading.alternatives]
        assert [one.strip("()") for one in expression.split(" OR ")] == written


@pytest.mark.parametrize(
    ("text", "url", "expected"),
    [
        ("CC BY 4.0", BY, "CC-BY-4.0"),
        ("CC BY", BY, "CC-BY-4.0"),
        ("CC BY", NC, ""),
        ("CC BY 4.0", NC, ""),
        ("CC BY-SA 3.0", "https://creativecommons.org/licenses/by-sa/3.0/de/", ""),
        ("Public domain", "https://creativecommons.org/publicdomain/mark/1.0/", ""),
        ("cc-by-sa-3.0,2.5", "https://creativecommons.org/licenses/by-sa/2.5/", "CC-BY-SA-3.0 OR CC-BY-SA-2.5"),
        ("cc-by-sa-3.0,2.5", BY, ""),
        ("CC-BY-4.0 AND CC0-1.0", BY, ""),
        ("free", BY, ""),
        ("CC BY 4.0", "https://example.org/", ""),
    ],
)
def test_text_and_link_when_both_given_then_they_agree_or_nothing_is_known(text: str, url: str, expected: str) -> None:
    assert named(read(text, url)) == expected


def test_text_and_link_when_they_disagree_then_the_reason_names_both() -> None:
    reading = read("CC BY 4.0", NC)
    assert isinstance(reading, Unknown)
    assert "different licenses" in reading.reason


@pytest.mark.parametrize(("code", "spdx"), [("CC-0", "CC0-1.0"), ("CC-BY", "CC-BY-4.0"), ("CC-BY-NC", "CC-BY-NC-4.0")])
def test_isic_code_when_read_with_its_own_table_then_known(code: str, spdx: str) -> None:
    license_ = parse_statement(Statement(code), dict(ISIC.terms.codes))
    assert isinstance(license_, License)
    assert license_.id == spdx
    without = read(code)
    assert isinstance(without, License)
    assert without.version is None  # without the table nobody may guess it


def test_site_terms_when_the_codes_name_them_then_known_alone_and_in_an_expression() -> None:
    own = "LicenseRef-dermnet-nz"
    codes = {own: CodeMeaning(own, ISIC.terms.proof)}
    assert named(parse_statement(Statement(own), codes)) == own
    reading = parse_statement(Statement(f"CC-BY-NC-ND-4.0 AND {own}"), codes)
    assert isinstance(reading, Licenses)
    assert reading.expression == f"CC-BY-NC-ND-4.0 AND {own}"
    assert [[one.id for one in each] for each in reading.alternatives] == [["CC-BY-NC-ND-4.0"]]


@pytest.mark.parametrize("piece", ["x", " ", "(", "cc by ", "CC BY 4.0 OR ", "\ud800", "http://", "a, "])
@pytest.mark.parametrize("length", [3_990, 10_000_000])
def test_text_when_huge_then_answered_at_once(piece: str, length: int) -> None:
    text = (piece * (length // len(piece) + 1))[:length]
    begun = time.process_time()
    assert isinstance(read(text), Unknown)
    assert isinstance(read("", text), Unknown)
    assert time.process_time() - begun < 2


def test_every_license_when_written_in_any_of_its_forms_then_reads_back_as_itself() -> None:
    for one in load_facts().by_id.values():
        for text in (one.id, one.id.lower(), one.short, one.name, one.name.upper(), one.short.replace(" ", "-")):
            assert read(text) == one
        for url in filter(None, (one.url, one.http_url, one.deed_url, one.legalcode_url)):
            assert read("", url) == read(url) == read(one.short, url) == one


@pytest.mark.parametrize("word", ["noncommercial", "non-commercial"])
@pytest.mark.parametrize("name", ["CC BY 4.0", "CC0 1.0"])
def test_sentence_when_its_own_words_are_stricter_than_the_name_then_unknown(name: str, word: str) -> None:
    clause = f"which permits unrestricted {word} use, distribution, and reproduction in any medium"
    credit = "provided the original author and source are credited"
    said = f"Licensed under {name}, {clause}, {credit}."
    assert isinstance(parse_statement(Statement(said)), Unknown)
    kept = parse_statement(Statement(said.replace(name, "CC BY-NC 4.0")))
    assert isinstance(kept, License)
    assert kept.is_noncommercial


SHARING = (
    "which permits use, sharing, adaptation, distribution and reproduction in any medium or format, as long as you give"
    " appropriate credit to the original author(s) and the source, provide a link to the Creative Commons license, and"
    " indicate if changes were made"
)


def test_sentence_when_it_speaks_of_adaptation_under_a_license_that_bars_it_then_unknown() -> None:
    assert isinstance(parse_statement(Statement(f"Licensed under CC BY-ND 4.0, {SHARING}.")), Unknown)
    assert isinstance(parse_statement(Statement(f"Licensed under CC BY 4.0, {SHARING}.")), License)


def test_sentence_when_it_names_a_choice_and_bounds_it_then_unknown() -> None:
    said = "Licensed under CC BY 4.0 or CC BY-SA 4.0, " + SHARING
    assert not isinstance(parse_statement(Statement(said)), License)


def test_sentence_when_its_link_is_unknown_and_it_goes_on_then_still_unknown() -> None:
    said = f"Licensed under CC BY 4.0 (https://example.org/licenses/by/4.0/), {SHARING}."
    assert isinstance(parse_statement(Statement(said)), Unknown)
