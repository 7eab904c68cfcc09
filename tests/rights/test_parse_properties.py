"""Whatever people write: what is known reads back as itself, and nothing unknown comes out permissive."""

import string

from hypothesis import given
from hypothesis import strategies as st

from dermref.model.evidence import Statement
from dermref.rights.facts import License, load_facts
from dermref.rights.parse import Licenses, Reading, Unknown, parse_statement
from rights.cc_tools import TOOLS, Tool

FACTS = load_facts()
BY_URL = st.sampled_from(TOOLS)
KNOWN = st.sampled_from(sorted(FACTS.by_id.values(), key=lambda one: one.id))
REFUSING = st.sampled_from(
    ["not", "no", "except figures", "unless stated otherwise", "for members", "with exceptions", "where marked", "?",
     "(not)", "is not granted", "and nothing else", "or ask", "*", "AND", "OR",
     "\0", "\ud800", "\N{ZERO WIDTH SPACE}", "+", "†"]
)  # fmt: skip
NEGATIONS = st.sampled_from(
    ["not", "never", "except", "only", "without", "non", "unless", "excluding", "formerly", "no"]
)
SENTENCES = (
    "This work is licensed under a Creative Commons Attribution 4.0 International License.",
    "Distributed under the terms of the CC BY license (http://creativecommons.org/licenses/by/2.0).",
    "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "License: CC BY 4.0. To view a copy of this license, visit https://creativecommons.org/licenses/by/4.0/",
    "CC BY 4.0 or CC BY-SA 4.0",
    "None - This image is in the public domain and can be freely reused.",
)
SEPARATORS = st.sampled_from([" ", "-", "\N{NON-BREAKING HYPHEN}", "\N{NO-BREAK SPACE}", "_", "  "])
CASES = st.sampled_from([str, str.lower, str.upper, str.title])


def forms(one: License) -> list[str]:
    return [text for text in (one.id, one.short, one.name, one.url) if text]


def permits_anything(reading: Reading) -> bool:
    if isinstance(reading, Licenses):
        return any(one.permits for each in reading.alternatives for one in each)
    return isinstance(reading, License) and bool(reading.permits)


@given(BY_URL, st.sampled_from(["", "deed.en", "legalcode", "deed.de?x#y"]), st.sampled_from(["https:", "http:", ""]))
def test_tool_when_linked_in_any_form_then_its_own_url_comes_back(tool: Tool, tail: str, scheme: str) -> None:
    reading = parse_statement(Statement("", scheme + tool.url.removeprefix("https:") + tail))
    assert isinstance(reading, License)
    assert (reading.url, reading.version, reading.jurisdiction or "") == (tool.url, tool.version, tool.jurisdiction)


@given(BY_URL, CASES, SEPARATORS)
def test_tool_when_its_identifier_is_printed_then_its_own_url_comes_back(tool: Tool, case, separator: str) -> None:
    reading = parse_statement(Statement(separator.join(case(tool.identifier).split(" "))))
    assert isinstance(reading, License)
    assert reading.url == tool.url


@given(KNOWN, st.data())
def test_known_statement_when_a_refusal_is_added_then_never_permissive(one: License, data: st.DataObject) -> None:
    text, word = data.draw(st.sampled_from(forms(one))), data.draw(REFUSING)
    for changed in (f"{text} {word}", f"{word} {text}", f"{text}, {word}", f"{text} ({word})"):
        if changed != f"{text} no":  # the port to Norway, where there is one
            assert not permits_anything(parse_statement(Statement(changed)))


@given(st.sampled_from(SENTENCES), NEGATIONS, st.data())
def test_sentence_when_a_negation_stands_anywhere_in_it_then_unknown(
    sentence: str, word: str, data: st.DataObject
) -> None:
    words = sentence.split(" ")
    words.insert(data.draw(st.integers(0, len(words))), word)
    assert isinstance(parse_statement(Statement(" ".join(words))), Unknown)


@given(KNOWN, st.data())
def test_known_statement_when_one_character_changes_then_unknown_or_exactly_another_name(
    one: License, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(forms(one)))
    place = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.characters())
    reading = parse_statement(Statement(text[:place] + char + text[place + 1 :]))
    if char not in string.printable + "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}‐‑–":
        assert isinstance(reading, Unknown)
    elif permits_anything(reading):
        assert isinstance(reading, License)
        assert f"{reading.version}" in text[:place] + char + text[place + 1 :] or reading.version is None


@given(st.sampled_from(sorted(FACTS.by_url)), st.text(string.ascii_letters + string.digits + ".-@:%", min_size=1))
def test_link_when_its_host_changes_then_unknown(url: str, added: str) -> None:
    host = url.split("/")[2]
    for other in (f"{added}{host}", f"{host}{added}", f"{host}@{added}", f"{added}/{host}"):
        if other.lower() not in (f"www.{host}", host):
            assert isinstance(parse_statement(Statement("", url.replace(host, other, 1))), Unknown)


@given(st.text(max_size=80), st.one_of(st.none(), st.text(max_size=80)))
def test_any_statement_when_read_then_answered_and_permissive_only_by_a_whole_name(text: str, url: str | None) -> None:
    reading = parse_statement(Statement(text, url))
    assert not permits_anything(reading) or text.strip().lower() in ("public domain", "pd", "publicdomain")


@given(KNOWN, KNOWN)
def test_text_and_link_when_both_are_known_then_agreement_is_the_same_family_or_nothing(
    one: License, other: License
) -> None:
    reading = parse_statement(Statement(one.short, other.url))
    if isinstance(reading, License) and other.url:
        assert (reading, one.family) == (other, other.family)
        assert one.version in (None, other.version)
