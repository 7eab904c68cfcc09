"""A license link counts in every form it really has, and only on the licenses' own host."""

import pytest

from dermref.model.evidence import Statement
from dermref.rights.facts import License, load_facts
from dermref.rights.parse import Unknown, parse_statement
from dermref.rights.urls import read_url

BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (BY, "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://www.creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
        ("//creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
        ("HTTPS://CreativeCommons.ORG/Licenses/BY/4.0/", "CC-BY-4.0"),
        (f" {BY}\n", "CC-BY-4.0"),
        (BY + "deed.en", "CC-BY-4.0"),
        (BY + "deed", "CC-BY-4.0"),
        (BY + "deed.es_ES", "CC-BY-4.0"),
        (BY + "deed.zh-hant", "CC-BY-4.0"),
        (BY + "deed.en/", "CC-BY-4.0"),
        (BY + "legalcode", "CC-BY-4.0"),
        (BY + "legalcode.de", "CC-BY-4.0"),
        (BY + "rdf", "CC-BY-4.0"),
        (BY + "?ref=chooser#top", "CC-BY-4.0"),
        (BY + "#a?b", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/3.0/de/deed.en", "CC-BY-3.0-DE"),
        ("https://creativecommons.org/licenses/by/2.5/scotland/", "LicenseRef-CC-BY-2.5-SCOTLAND"),
        ("https://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
        ("https://creativecommons.org/licenses/sampling+/1.0/", "LicenseRef-CC-Sampling-Plus-1.0"),
        ("https://creativecommons.org/licenses/sampling%2B/1.0/", "LicenseRef-CC-Sampling-Plus-1.0"),
        ("https://creativecommons.org/licenses/by%2Dsa/4.0/", "CC-BY-SA-4.0"),
        ("https://creativecommons.org/licenses/publicdomain/", "CC-PDDC"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "LicenseRef-InC-1.0"),
        ("https://rightsstatements.org/page/NoC-US/1.0/?language=de", "LicenseRef-NoC-US-1.0"),
        ("https://www.rightsstatements.org/vocab/UND/1.0", "LicenseRef-UND-1.0"),
    ],
)
def test_url_when_in_any_real_form_then_it_is_the_same_license(url: str, expected: str) -> None:
    for statement in (Statement("", url), Statement(url)):
        reading = parse_statement(statement)
        assert isinstance(reading, License)
        assert reading.id == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://creativecommons.org.evil.example/licenses/by/4.0/",
        "https://evil.example/creativecommons.org/licenses/by/4.0/",
        "https://evil.example/?https://creativecommons.org/licenses/by/4.0/",
        "https://evil.example#//creativecommons.org/licenses/by/4.0/",
        "https://example.org/licenses/by/4.0/",
        "https://wiki.creativecommons.org/licenses/by/4.0/",
        "https://www.www.creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org./licenses/by/4.0/",
        "https://creativecommons.org/licenses/by/9.9/",
        "https://creativecommons.org/licenses/by/4.0/de/",
        "https://creativecommons.org/licenses/by/2.1/",
        "https://creativecommons.org/licenses/",
        "https://creativecommons.org/licenses/by/",
        "https://creativecommons.org/",
        "https://creativecommons.org",
        "https://creativecommons.org/licenses/by/4.0/extra/deed",
        "https://creativecommons.org/licenses/by/4.0/deed/deed",
        "https://creativecommons.org//licenses/by/4.0/",
        "https://creativecommons.org/licenses/by-nc/../by/4.0/",
        "https://creativecommons.org/licenses/by%2F4.0/",
        "https://creativecommons.org/licenses/by%252D/4.0/",
        "https://creativecommons.org/licenses/by/4.0%00/",
        "https://creativecommons.org/licenses/by/4.0%ff/",
        "https://creativecommons.org%2Flicenses/by/4.0/",
        "https://creativecommons.org/licenses/by%3F/4.0/",
        "javascript://creativecommons.org/licenses/by/4.0/",
        "ftp://creativecommons.org/licenses/by/4.0/",
        "https:/creativecommons.org/licenses/by/4.0/",
        "https:///creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org@evil.example/licenses/by/4.0/",
        "https://user@creativecommons.org/licenses/by/4.0/",
        "https://@creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org:8443/licenses/by/4.0/",
        "https://creativecommons.org:x/licenses/by/4.0/",
        "https://creativecommons.org\\@evil.example/licenses/by/4.0/",
        "https://creative\ncommons.org/licenses/by/4.0/",
        "https://[creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org\N{FULLWIDTH SOLIDUS}licenses/by/4.0/",
        "https://\N{LATIN SMALL LETTER C}reativecommons\N{IDEOGRAPHIC FULL STOP}org/licenses/by/4.0/",
        BY + "deed-in-no-way-granted",
        BY + "deed.en.not",
        BY + "deed.",
        BY + "legalcode_is_not_this",
        BY + "rdf.en",
        BY + "#does not apply",
        BY + "\0",
        BY + "\ud800",
        BY + "?" + "x" * 3_000,
        "https://rightsstatements.org/vocab/InC/2.0/",
        "https://rightsstatements.org/other/InC/1.0/",
        "https://rightsstatements.org.evil.example/vocab/InC/1.0/",
    ],
)
def test_url_when_not_a_known_tool_then_unknown(url: str) -> None:
    for statement in (Statement("", url), Statement(url)):
        reading = parse_statement(statement)
        assert isinstance(reading, Unknown)
        assert reading.reason.isprintable()


def test_canonical_url_when_read_and_read_again_then_stays_as_it_is() -> None:
    for url in load_facts().by_url:
        once = read_url(url)
        assert isinstance(once, License)
        assert once.url is not None
        assert read_url(once.url) == once
