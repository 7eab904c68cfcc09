"""A fact of the wrong type is found when it is read, and named."""

from collections.abc import Callable

import pytest

from dermref.rights import toml


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (toml.table, "x"),
        (toml.text, 1),
        (toml.text, None),
        (toml.maybe_text, 1),
        (toml.words, "x"),
        (toml.words, ["x", 1]),
        (toml.tables, {}),
        (toml.tables, ["x"]),
        (toml.tables, []),
    ],
)
def test_value_when_of_another_type_then_type_error_that_names_the_key(
    read: Callable[[toml.Table, str], object], value: object
) -> None:
    with pytest.raises(TypeError, match="the_key"):
        read({"the_key": value}, "the_key")


def test_value_when_absent_then_empty() -> None:
    assert toml.table({}, "x") == {}
    assert (toml.words({}, "x"), toml.maybe_text({}, "x")) == ((), None)
