"""Byte ranges as RFC 9110 has them."""

import pytest

from dermref.api.ranges import Unsatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=5-", (5, 9)),
        ("bytes=5-99", (5, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=-99", (0, 9)),
        ("bytes=7-3", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("bytes=a-b", None),
        (f"bytes={'9' * 4400}-", None),
        (f"bytes=-{'9' * 4400}", None),
        ("bytes=-" + "9" * 18, (0, 9)),
        ("bytes=٣-", None),
    ],
)
def test_range_when_parsed_then_first_and_last_byte(header: str, expected: tuple[int, int] | None) -> None:
    assert parse_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_range_when_beyond_the_end_then_unsatisfiable(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, 10)
