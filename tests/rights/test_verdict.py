"""Two readings agree on one meaning, or on none."""

import pytest

from dermref.rights.facts import alternatives_in, license_of
from dermref.rights.verdict import Licenses, Reading, Unknown, agree, excerpt

BY, NC, FAMILY = license_of("CC-BY-4.0"), license_of("CC-BY-NC-4.0"), license_of("LicenseRef-CC-BY")
CHOICE = Licenses("CC-BY-4.0 OR CC0-1.0", alternatives_in("CC-BY-4.0 OR CC0-1.0"))
SUM = Licenses("CC-BY-4.0 AND CC0-1.0", alternatives_in("CC-BY-4.0 AND CC0-1.0"))
NOTHING = Unknown("no reason")


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (BY, BY, BY),
        (BY, FAMILY, BY),
        (BY, NC, None),
        (FAMILY, NC, None),
        (BY, license_of("CC-BY-3.0"), None),
        (BY, CHOICE, CHOICE),
        (NC, CHOICE, None),
        (BY, SUM, None),
        (FAMILY, CHOICE, None),
        (CHOICE, CHOICE, CHOICE),
        (CHOICE, SUM, None),
        (NOTHING, BY, NOTHING),
        (NOTHING, CHOICE, NOTHING),
    ],
)
def test_readings_when_put_together_in_either_order_then_one_meaning_or_none(
    first: Reading, second: Reading, together: Reading | None
) -> None:
    assert agree(first, second) == together
    assert agree(second, first) == together


def test_excerpt_when_the_statement_is_long_or_unprintable_then_one_short_printable_line() -> None:
    assert excerpt("a\nb\ud800") == "“a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}”"
    assert excerpt("x" * 500) == f"“{'x' * 80}…”"


def test_excerpt_when_a_link_carries_a_password_then_it_is_not_shown() -> None:
    assert excerpt("https://user:secret@example.org/") == "“https://…@example.org/”"
    assert "secret" not in excerpt(f"https://{'user' * 30}:secret@example.org/")
    assert excerpt("https://example.org") == "“https://example.org”"
