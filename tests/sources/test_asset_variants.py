"""The names that a file server gives to what it made of a picture are read whole or not at all."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.sources.asset_variants import LONGEST_SUFFIX, Operation, operations_in, variant_of
from dermref.sources.reading import canonical

KNOWN = ["Watermarked", "Protect", "Fill", "FocusFill", "ScaleWidth"]
MARKED = "WatermarkedWyJXYXRlcm1hcmtlZCJd"


def written(value: object) -> str:
    """A value as the server writes it."""
    return b64encode(canonical(value)).decode().rstrip("=").replace("+", "~").replace("/", "_")


def names(suffix: str) -> list[str] | None:
    found = operations_in(suffix, KNOWN)
    return None if found is None else [one.name for one in found]


def test_name_when_it_has_no_suffix_then_nothing_was_done() -> None:
    found = variant_of("head-lice_01.JPG", KNOWN)
    assert (found.base, found.ending, found.operations) == ("head-lice_01", "jpg", ())


def test_suffix_when_of_several_steps_then_each_in_its_order() -> None:
    seen = operations_in("ProtectWyJQcm90ZWN0Il0_FocusFillWzI5NCwyMjIsIngiLDFd", KNOWN)
    assert seen == (Operation("Protect", ("Protect",)), Operation("FocusFill", (294, 222, "x", 1)))


def test_suffix_when_its_base64_has_the_letter_that_parts_steps_then_it_is_one_step() -> None:
    step = "Protect" + written(["a?b?c?", "~~~"])
    assert "_" in step
    assert operations_in(f"{step}_{MARKED}", KNOWN) == (
        Operation("Protect", ("a?b?c?", "~~~")),
        Operation("Watermarked", ("Watermarked",)),
    )


@pytest.mark.parametrize(
    "suffix",
    [
        "",
        "Watermarked",
        "WatermarkedW",
        "Watermarked!!!!",
        MARKED[:-1],
        MARKED + "=",
        MARKED + "A",
        MARKED + "__" + MARKED,
        MARKED + "_",
        "_" + MARKED,
        MARKED.lower(),
        "Bleach" + MARKED,
        MARKED + "_Bleach" + written([1]),
        "Watermarked" + written({"a": 1}),
        "Watermarked" + written("Watermarked"),
        "Watermarked" + written([["Watermarked"]]),
        "Watermarked" + b64encode(b'["Watermarked"').decode().rstrip("="),
        "Watermarked" + b64encode(b'["\xff"]').decode().rstrip("="),
        "_".join([MARKED] * 7),
        "%57atermarkedWyJXYXRlcm1hcmtlZCJd",
    ],
)
def test_suffix_when_any_of_it_cannot_be_read_then_none_of_it_is(suffix: str) -> None:
    assert operations_in(suffix, KNOWN) is None


def test_suffix_when_spelled_in_another_way_than_the_servers_then_unread() -> None:
    twin = MARKED[:-1] + chr(ord(MARKED[-1]) + 1)  # the same bytes, with bits behind their end
    assert (names(MARKED), names(twin)) == (["Watermarked"], None)


@pytest.mark.parametrize("suffix", ["W" * 1_000_000, "Watermarked" + "W" * 1_000_000, (MARKED + "_") * 30_000])
def test_suffix_when_endless_then_unread(suffix: str) -> None:
    assert operations_in(suffix, KNOWN) is None


def test_arguments_when_they_nest_deeply_then_unread() -> None:
    deep = b64encode(b"[" * 280 + b"]" * 5).decode().rstrip("=")
    assert len("Fill" + deep) <= LONGEST_SUFFIX
    assert operations_in("Fill" + deep, KNOWN) is None


def test_suffix_when_no_operation_is_known_then_unread() -> None:
    assert operations_in(MARKED, []) is None


SCALARS = st.none() | st.booleans() | st.integers(-9999, 9999) | st.text(max_size=8)
STEPS = st.lists(st.tuples(st.sampled_from(KNOWN), st.lists(SCALARS, max_size=3)), min_size=1, max_size=3)


@given(STEPS)
def test_suffix_when_written_by_the_server_then_read_as_it_was_meant(steps: list[tuple[str, list[object]]]) -> None:
    suffix = "_".join(name + written(arguments) for name, arguments in steps)
    found = operations_in(suffix, KNOWN)
    if len(suffix) <= LONGEST_SUFFIX:
        assert found is not None
        assert [(one.name, list(one.arguments)) for one in found] == steps


@given(st.text(max_size=120))
def test_suffix_when_any_text_then_it_is_read_or_not_and_never_fails(suffix: str) -> None:
    found = operations_in(suffix, KNOWN)
    assert found is None or {one.name for one in found} <= set(KNOWN)
