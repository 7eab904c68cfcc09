"""A statement is parsed whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.evidence import Statement
from dermref.registry.load import load_source
from dermref.rights.facts import License, load_facts
from dermref.rights.parse import Unknown, parse_statement

BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    "url",
    [
        BY,
        "http://creativecommons.org/licenses/by/4.0/",
        "https://www.creativecommons.org/licenses/by/4.0",
        "//creativecommons.org/licenses/by/4.0/",
        BY + "deed.en",
        BY + "legalcode.de",
        BY + "?ref=chooser#top",
        BY + "legalcode",
        BY + "deed.zh-hant",
        BY + "rdf",
    ],
)
def test_url_when_in_any_real_form_then_it_is_the_same_license(url: str) -> None:
    license_ = parse_statement(Statement("", url))
    assert isinstance(license_, License)
    assert license_.id == "CC-BY-4.0"


@pytest.mark.parametrize(
    "url",
    [
        "https://creativecommons.org.evil.example/licenses/by/4.0/",
        "https://example.org/licenses/by/4.0/",
        "https://creativecommons.org/licenses/by/9.9/",
        "https://creativecommons.org/licenses/",
        "https://creativecommons.org/licenses/by/4.0/extra/deed",
        "javascript://creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org@evil.example/licenses/by/4.0/",
        "https://user@creativecommons.org/licenses/by/4.0/",
        "https://@creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org:8443/licenses/by/4.0/",
        "https://creativecommons.org:x/licenses/by/4.0/",
        "https://creative\ncommons.org/licenses/by/4.0/",
        "https://[creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org／licenses/by/4.0/",
        BY + "deed-in-no-way-granted",
        BY + "deed.en.not",
        BY + "deed.",
        BY + "legalcode_is_not_this",
        BY + "rdf.en",
        BY + "#does not apply",
        BY + "\0",
        BY + "\ud800",
    ],
)
def test_url_when_not_a_known_tool_then_unknown(url: str) -> None:
    assert isinstance(parse_statement(Statement("", url)), Unknown)
    assert isinstance(parse_statement(Statement(url)), Unknown)


@pytest.mark.parametrize("text", ["CC BY 4.0\0", "CC BY 4.0\ud800", "\udfff", "CC\0BY 4.0"])
def test_text_when_no_text_has_such_characters_then_unknown_in_a_printable_sentence(text: str) -> None:
    reading = parse_statement(Statement(text))
    assert isinstance(reading, Unknown)
    assert reading.reason.isprintable()


@pytest.mark.parametrize("text", ["CC BY", "CC-BY", "Creative Commons", "free to use", "No restrictions", "None", " "])
def test_text_when_it_names_no_version_then_unknown(text: str) -> None:
    assert isinstance(parse_statement(Statement(text)), Unknown)


def test_text_and_link_when_they_disagree_then_unknown() -> None:
    reading = parse_statement(Statement("CC BY 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"))
    assert isinstance(reading, Unknown)
    assert "different licenses" in reading.reason


@pytest.mark.parametrize(("code", "spdx"), [("CC-0", "CC0-1.0"), ("CC-BY", "CC-BY-4.0"), ("CC-BY-NC", "CC-BY-NC-4.0")])
def test_isic_code_when_read_with_its_own_table_then_known(code: str, spdx: str) -> None:
    codes = dict(load_source("isic-archive").terms.codes)
    license_ = parse_statement(Statement(code), codes)
    assert isinstance(license_, License)
    assert license_.id == spdx
    assert isinstance(parse_statement(Statement(code)), Unknown)  # without the table nobody may guess the version


@given(st.text(max_size=60))
def test_any_text_when_it_is_no_id_or_link_then_never_a_license(text: str) -> None:
    reading = parse_statement(Statement(text))
    if isinstance(reading, License):
        assert text.strip().upper().replace(" ", "-") == reading.id.upper() or load_facts().host in text


def test_every_license_when_written_as_id_or_url_then_reads_back_as_itself() -> None:
    for one in load_facts().by_id.values():
        assert parse_statement(Statement(one.id)) == one
        if one.spdx:
            assert parse_statement(Statement("", one.url)) == one
