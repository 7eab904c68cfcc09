"""A source that left the registry: its images stay in the catalogue, and nothing may be done with them."""

import pytest

from dermref.catalog import models
from dermref.model.asking import ANONYMOUS, DEVELOPER, Action
from dermref.services.searching import Wanted, search, shelf_of
from dermref.services.serving import Missing, find_known, open_bytes, show
from rows import make_parts

GONE = "a-source-of-old"


@pytest.fixture
def left(db: None) -> str:
    models.Source.objects.create(source_id=GONE, tier="hosted", status="Integrated", digest="0" * 64)
    return models.Image.objects.create(**make_parts(GONE, "1") | {"skin_tones": [], "metadata": {}}).public_id


def test_image_when_its_source_left_the_registry_then_missing_and_nobody_knows_of_it(left: str) -> None:
    assert show(left, viewer=ANONYMOUS) == Missing(left)
    assert find_known(left, viewer=ANONYMOUS) is None


def test_image_when_its_source_left_the_registry_then_no_action_no_bytes_and_no_list(left: str) -> None:
    assert all(show(left, viewer=DEVELOPER, action=action) == Missing(left) for action in Action)
    assert isinstance(open_bytes(GONE, "1", size="", viewer=ANONYMOUS), Missing)
    assert search(Wanted(), shelf_of(ANONYMOUS)).count == 0
