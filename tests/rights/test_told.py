"""What an expression means for a work, in words; and those words known again."""

import pytest

from dermref.rights.facts import load_facts
from dermref.rights.told import SUBJECT, repeats, standing

SA = "https://creativecommons.org/licenses/by-sa/4.0/"


def told(license_id: str) -> str:
    words = standing(license_id, source_name="A Site", terms_url="https://example.org/terms")
    return SUBJECT + "".join(one.text for one in words)


def test_choice_when_one_side_holds_two_then_each_is_told_as_it_is() -> None:
    said = told("CC-BY-4.0 OR (CC-BY-SA-4.0 AND LicenseRef-dermnet-nz)")
    both = "is licensed under CC BY-SA 4.0 and is used under the terms of A Site, which both apply"
    assert said.startswith(f"This work is licensed under CC BY 4.0, or {both}, at your choice.")
    assert f"To view a copy of CC BY-SA 4.0, visit {SA}." in said


def test_license_when_it_has_no_address_then_nothing_is_to_be_visited() -> None:
    without = next(one for one in load_facts().by_id.values() if one.url is None)
    assert "visit" not in told(without.id)


@pytest.mark.parametrize("license_id", sorted(load_facts().by_id))
def test_words_when_said_again_then_known_again_and_nothing_more(license_id: str) -> None:
    assert repeats(told(license_id), license_id)
    assert not repeats(told(license_id) + " And more.", license_id)
