"""The License JSON that every interface shows."""

from dermref.model.evidence import Statement
from dermref.rights.described import Row, license_row
from dermref.rights.facts import license_of
from dermref.rights.parse import parse_statement

PROMISED = ("id", "family", "version", "jurisdiction", "url", "known", "reason")


def row(text: str) -> Row:
    return license_row(parse_statement(Statement(text)))


def promised(shown: Row) -> tuple[object, ...]:
    return tuple(shown[key] for key in PROMISED)


def test_port_when_shown_then_its_spdx_id_parts_and_url() -> None:
    url = "https://creativecommons.org/licenses/by-sa/3.0/de/"
    assert promised(row(url)) == ("CC-BY-SA-3.0-DE", "cc-by-sa", "3.0", "de", url, True, None)


def test_tool_without_spdx_id_when_shown_then_id_is_null_and_our_own_stands_apart() -> None:
    shown = row("CC SA 1.0 NL")
    assert (shown["id"], shown["ref"], shown["deprecated_on"]) == (None, "LicenseRef-CC-SA-1.0-NL", "2004-05-25")


def test_unknown_when_shown_then_only_the_reason() -> None:
    assert promised(row("nope")) == (None, None, None, None, None, False, "“nope” names no known license")
    assert set(row("nope")) == set(PROMISED)


def test_choice_when_shown_then_expression_and_each_alternative() -> None:
    shown = row("CC-BY-4.0 OR CC0-1.0")
    assert promised(shown) == (None, None, None, None, None, True, None)
    assert shown["expression"] == "CC-BY-4.0 OR CC0-1.0"
    assert shown["alternatives"] == [[row("CC-BY-4.0")], [row("CC0-1.0")]]


def test_site_terms_when_shown_then_their_own_id() -> None:
    assert license_row(license_of("LicenseRef-dermis"))["id"] == "LicenseRef-dermis"
