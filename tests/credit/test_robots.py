"""Robots: a picture stands elsewhere only where every one of the uses that this takes is anybody's."""

from itertools import combinations

import pytest

from dermref.credit.robots import ELSEWHERE, bytes_directives, page_directives
from dermref.model.asking import Action

EVERYTHING = frozenset(Action)


def test_picture_when_anybody_may_do_everything_then_robots_are_told_nothing() -> None:
    assert (page_directives(EVERYTHING), bytes_directives(EVERYTHING)) == (None, None)


@pytest.mark.parametrize("missing", [one for number in (1, 2, 3, 4) for one in combinations(sorted(ELSEWHERE), number)])
def test_picture_when_a_use_is_missing_then_it_is_in_no_list_of_pictures(missing: tuple[Action, ...]) -> None:
    allowed = EVERYTHING - set(missing)
    assert "noimageindex" in (page_directives(allowed) or "")
    assert bytes_directives(allowed) == "noindex, noimageindex"


@pytest.mark.parametrize(
    ("missing", "directives"),
    [
        (Action.VIEW, "noindex, noimageindex"),
        (Action.THUMBNAIL, "noimageindex, max-image-preview:none"),
        (Action.EMBED, "noimageindex, max-image-preview:none"),
        (Action.REDISTRIBUTE, "noimageindex"),
        (Action.TRAIN, None),
    ],
)
def test_page_when_one_use_is_missing_then_it_says_what_follows(missing: Action, directives: str | None) -> None:
    assert page_directives(EVERYTHING - {missing}) == directives
