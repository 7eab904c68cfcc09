"""Which images of a source may be kept, by what is recorded in writing."""

from datetime import timedelta

import pytest

from dermref.model.asking import Action, Subscription
from dermref.registry.load import load_source
from dermref.rights.gate import Writings, kept_images
from rights.situations import NOW, grant

DAY = timedelta(days=1)
SOCIETY, INSTITUTION = "hellenic-derm-atlas", "visualdx"


def kept(source_id: str, **writings: object) -> frozenset[str] | None:
    return kept_images(load_source(source_id).terms, Writings(**writings), now=NOW)


@pytest.mark.parametrize("source_id", ["isic-archive", "dermnet-legacy"])
def test_source_that_needs_nothing_in_writing_when_asked_then_all_its_images(source_id: str) -> None:
    assert kept(source_id) is None


@pytest.mark.parametrize("source_id", [SOCIETY, INSTITUTION, "atlas-dermatologico", "skin-deep-dftb"])
def test_source_that_needs_something_when_there_is_nothing_then_none(source_id: str) -> None:
    assert kept(source_id) == frozenset()


def test_atlas_when_the_note_was_sent_then_all() -> None:
    assert kept("atlas-dermatologico", is_note_sent=True) is None


def test_visualdx_when_the_subscription_runs_then_all_and_when_it_ended_then_none() -> None:
    assert kept(INSTITUTION, subscriptions=(Subscription(INSTITUTION, "Riverside", ends=NOW + DAY),)) is None
    assert kept(INSTITUTION, subscriptions=(Subscription(INSTITUTION, "Riverside", ends=NOW),)) == frozenset()


def test_society_when_grants_name_images_then_these_together_and_when_one_names_all_then_all() -> None:
    one, two = (grant(SOCIETY, Action.STORE, images=frozenset({name})) for name in ("a", "b"))
    ended = grant(SOCIETY, Action.STORE, images=frozenset({"c"}), ends=NOW)
    shown = grant(SOCIETY, Action.VIEW)
    assert kept(SOCIETY, grants=(one, two, ended, shown)) == frozenset({"a", "b"})
    assert kept(SOCIETY, grants=(one, grant(SOCIETY, Action.STORE))) is None
    assert kept(SOCIETY, grants=(ended, shown)) == frozenset()
