"""Expressions come apart into alternatives, or are refused whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.rights.expression import MOST_ALTERNATIVES, NotAnExpression, alternatives_of
from dermref.rights.facts import alternatives_in, licenses_in, load_facts


def ids(expression: str) -> list[list[str]]:
    return [[one.id for one in each] for each in alternatives_in(expression)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("CC-BY-4.0", [["CC-BY-4.0"]]),
        ("cc-by-4.0 and cc0-1.0", [["CC-BY-4.0", "CC0-1.0"]]),
        ("CC-BY-4.0 OR CC-BY-SA-3.0", [["CC-BY-4.0"], ["CC-BY-SA-3.0"]]),
        ("CC-BY-4.0 AND CC0-1.0 OR CC-BY-SA-3.0", [["CC-BY-4.0", "CC0-1.0"], ["CC-BY-SA-3.0"]]),
        ("CC-BY-4.0 AND (CC0-1.0 OR CC-BY-SA-3.0)", [["CC-BY-4.0", "CC0-1.0"], ["CC-BY-4.0", "CC-BY-SA-3.0"]]),
        ("(CC-BY-4.0)", [["CC-BY-4.0"]]),
        ("CC-BY-4.0 OR CC-BY-4.0", [["CC-BY-4.0"]]),
        ("CC-BY-NC-ND-4.0 AND LicenseRef-dermnet-nz", [["CC-BY-NC-ND-4.0"]]),
        ("LicenseRef-dermis", [[]]),
        ("LicenseRef-dermis OR CC0-1.0", [[], ["CC0-1.0"]]),
        ("LicenseRef-CC-BY-3.0-PL", [["LicenseRef-CC-BY-3.0-PL"]]),
    ],
)
def test_expression_when_known_then_its_alternatives_in_the_order_written(
    expression: str, expected: list[list[str]]
) -> None:
    assert ids(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "",
        " ",
        "CC-BY-9.9",
        "LicenseRef-CC-BY-9.9",
        "LicenseRef-",
        "CC-BY-4.0 AND GPL-3.0-only",
        "CC-BY-4.0 WITH exception",
        "CC-BY-4.0+",
        "CC-BY-4.0 CC0-1.0",
        "CC-BY-4.0 AND",
        "AND",
        "()",
        ")(",
        "(CC-BY-4.0",
        "CC-BY-4.0)",
        "CC-BY-4.0 OR (CC0-1.0) CC-BY-SA-3.0",
        "CC-BY-4.0 (OR CC0-1.0)",
        "CC-BY-4.0 Or CC0-1.0",
        "CC-BY-4.0, CC0-1.0",
        "CC-BY-4.0\0 AND CC0-1.0",
        "(" * 5_000 + "CC-BY-4.0" + ")" * 5_000,
        "(" * 33 + "CC-BY-4.0" + ")" * 33,
    ],
)
def test_expression_when_unknown_or_malformed_then_key_error(expression: str) -> None:
    with pytest.raises(KeyError):
        alternatives_in(expression)
    with pytest.raises(KeyError):
        licenses_in(expression)


@pytest.mark.parametrize("expression", [" OR ".join(f"A{i}" for i in range(MOST_ALTERNATIVES + 1)),
                                        " AND ".join(f"(A{i} OR B{i})" for i in range(20))])  # fmt: skip
def test_expression_when_it_would_explode_then_refused(expression: str) -> None:
    with pytest.raises(NotAnExpression):
        alternatives_of(expression)


def test_choice_when_asked_for_all_instruments_then_each_once() -> None:
    named = licenses_in("CC-BY-4.0 OR (CC-BY-4.0 AND CC0-1.0) OR LicenseRef-dermis")
    assert [one.id for one in named] == ["CC-BY-4.0", "CC0-1.0"]


@given(st.lists(st.lists(st.sampled_from(sorted(load_facts().by_id)), min_size=1, max_size=4), min_size=1, max_size=4))
def test_alternatives_when_written_out_then_read_back(alternatives: list[list[str]]) -> None:
    expression = " OR ".join("(" + " AND ".join(each) + ")" for each in alternatives)
    expected = list(dict.fromkeys(tuple(dict.fromkeys(each)) for each in alternatives))
    assert [tuple(each) for each in ids(expression)] == expected
