"""DataCite's metadata: valid against its own schema, or a sentence that says what is missing."""

import warnings
from dataclasses import replace
from typing import Any

import pytest

from credit.citables import COLLECTION, IMAGE, ODD, SNAPSHOT
from dermref.credit.citable import Attributed, Citable
from dermref.credit.datacite import datacite
from dermref.model.evidence import Refusal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a library that the schemas need, about its own way of being imported
    from datacite import schema45


def faults(citable: Citable) -> list[str]:
    made = datacite(citable)
    assert not isinstance(made, Refusal)
    return [fault.message for fault in schema45.validator.iter_errors(made)]


@pytest.mark.parametrize("thing", [COLLECTION, SNAPSHOT, replace(IMAGE, issued=COLLECTION.issued)])
def test_metadata_when_made_then_valid(thing: Citable) -> None:
    assert faults(thing) == []


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_metadata_when_texts_are_odd_then_valid_and_as_they_are(odd: str) -> None:
    thing = replace(
        SNAPSHOT, title=odd, authors=(odd,), attributions=(Attributed(odd, 1, (odd,)),), licenses=((odd, None),)
    )
    assert faults(thing) == []


def test_metadata_when_of_a_snapshot_then_say_what_is_frozen_and_under_which_licenses() -> None:
    made: Any = datacite(SNAPSHOT)
    assert made["sizes"] == ["1206 images"]
    assert made["alternateIdentifiers"] == [{"alternateIdentifier": "5f" * 32, "alternateIdentifierType": "sha256"}]
    assert [one["rightsIdentifier"] for one in made["rightsList"]] == ["CC-BY-4.0", "CC0-1.0"]
    assert [one["name"] for one in made["contributors"]] == ["Hospital A", "Hospital B", "Anonymous"]
    assert (made["version"], made["publicationYear"]) == ("2", "2025")


@pytest.mark.parametrize(("lacking", "word"), [({"issued": None}, "year"), ({"publisher": None}, "publisher")])
def test_metadata_when_something_is_not_known_then_refused_and_nothing_made_up(lacking: Any, word: str) -> None:
    made = datacite(replace(SNAPSHOT, **lacking))
    assert isinstance(made, Refusal)
    assert word in made.text
