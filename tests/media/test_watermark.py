"""A mark is seen at any size, opacity, polarity and compression; nothing else is taken for it, and doubt waits."""

from dataclasses import replace

import pytest
import pyvips

import marking
from dermref.media.inspect import inspect
from dermref.media.watermark import check_mark, read_shape, see_mark, see_mark_in
from dermref.model.evidence import Refusal
from dermref.model.media import Inspected, Mark, Place, Sighting, Verdict, Wish
from marking import CORNERS, Drawing, drawn, mark, picture, pixels, ring, word

WORD = word("first")
PRESENT, UNSURE, ABSENT = Sighting.PRESENT, Sighting.UNSURE, Sighting.ABSENT


def sighting(made: pyvips.Image, wanted: Mark | None = None, *, quality: int = 70) -> Sighting:
    return see_mark(pixels(made, quality), wanted or mark(WORD)).sighting


@pytest.mark.parametrize("place", CORNERS)
@pytest.mark.parametrize("opacity", [WORD, ring()], ids=["word", "ring"])
def test_mark_when_in_a_corner_then_present_there(place: Place, opacity: pyvips.Image) -> None:
    seen = see_mark(pixels(drawn(picture(), opacity, Drawing(place=place))), mark(opacity))
    assert (seen.sighting, seen.place) == (PRESENT, place)
    assert seen.width == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("quality", [40, 95])
@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize(("width", "opacity"), [(0.09, 0.6), (0.2, 0.35), (0.34, 1.0)])
def test_mark_when_of_any_size_opacity_polarity_and_quality_then_present(
    width: float, opacity: float, light: bool, quality: int
) -> None:
    how = Drawing(width=width, opacity=opacity, light=light, place=Place.TOP_LEFT)
    assert sighting(drawn(picture(), WORD, how), quality=quality) is PRESENT


def test_mark_when_the_picture_was_made_smaller_then_present() -> None:
    assert sighting(drawn(picture("ISIC_0000001.jpg"), WORD).resize(0.5)) is PRESENT


def test_mark_when_it_touches_the_rim_then_present() -> None:
    assert sighting(drawn(picture(), WORD, Drawing(inset=0))) is PRESENT


def test_picture_when_unmarked_then_absent() -> None:
    assert sighting(picture()) is ABSENT
    assert sighting(picture("ISIC_0000001.jpg"), mark(ring())) is ABSENT


@pytest.mark.parametrize("width", [0.1, 0.2, 0.3])
def test_picture_when_it_bears_another_mark_then_never_present(width: float) -> None:
    how = Drawing(width=width, opacity=1.0)
    assert sighting(drawn(picture(), word("second"), how)) is not PRESENT
    assert sighting(drawn(picture(), ring().rot90(), how), mark(ring())) is not PRESENT


@pytest.mark.parametrize("share", [0.3, 0.5, 1.0])
@pytest.mark.parametrize("opacity", [WORD, ring()], ids=["word", "ring"])
def test_mark_when_painted_over_then_never_present(share: float, opacity: pyvips.Image) -> None:
    how = Drawing(opacity=0.9)
    made = marking.covered(drawn(picture(), opacity, how), opacity, how, share=share)
    assert sighting(made, mark(opacity)) is (ABSENT if share == 1 else UNSURE)


def test_mark_when_cut_through_by_a_crop_then_never_present() -> None:
    made = drawn(picture(), WORD)
    _, left, _ = marking.placed(made, WORD, Drawing())
    assert sighting(made.crop(0, 0, left + 80, made.height)) is not PRESENT


def test_mark_when_blurred_until_nobody_can_read_it_then_never_present() -> None:
    made = drawn(picture(), WORD, Drawing(opacity=1.0))
    small, left, top = marking.placed(made, WORD, Drawing())
    box = made.crop(left, top, small.width, small.height).gaussblur(small.height * 0.3)
    assert sighting(made.insert(box, left, top)) is not PRESENT


def test_mark_when_not_where_the_source_puts_it_then_absent_and_anywhere_finds_it() -> None:
    made = drawn(picture(), WORD, Drawing(inset=250))
    assert sighting(made) is not PRESENT
    assert sighting(made, mark(WORD, places=(Place.ANYWHERE,))) is PRESENT


@pytest.mark.parametrize("place", list(Place))
def test_place_when_looked_for_then_there_is_a_rule_for_it(place: Place) -> None:
    assert sighting(picture(), mark(WORD, places=(place,))) is not PRESENT


def test_reference_when_black_on_white_then_it_serves_as_well() -> None:
    black = (255 - WORD.embed(20, 20, WORD.width + 40, WORD.height + 40)).cast("uchar")
    assert sighting(drawn(picture(), WORD), Mark(black.pngsave_buffer(), CORNERS, (0.08, 0.35))) is PRESENT


def test_reference_when_cut_out_of_a_picture_then_it_serves_as_well() -> None:
    other = drawn(picture("ISIC_0000001.jpg"), WORD, Drawing(width=0.3, opacity=0.9))
    small, left, top = marking.placed(other, WORD, Drawing(width=0.3))
    cutting = other.crop(left, top, small.width, small.height).pngsave_buffer()
    assert sighting(drawn(picture(), WORD, Drawing(opacity=0.9)), Mark(cutting, CORNERS, (0.08, 0.35))) is PRESENT


@pytest.mark.parametrize(
    "reference", [b"", b"no picture", marking.png(WORD)[:200], marking.png(WORD.new_from_image(0))]
)
def test_reference_when_it_cannot_serve_then_unsure(reference: bytes) -> None:
    assert read_shape(reference) is None
    assert sighting(drawn(picture(), WORD), replace(mark(WORD), picture=reference)) is UNSURE


@pytest.mark.parametrize("width", [100, 160])
def test_picture_when_too_small_to_tell_then_unsure_though_unmarked(width: int) -> None:
    assert sighting(picture().thumbnail_image(width)) is UNSURE


def test_check_when_there_is_no_reference_then_the_picture_waits() -> None:
    found = check_mark(pixels(picture()), None)
    assert found is not None
    assert (found.code, found.verdict) == ("watermark-unsure", Verdict.QUARANTINE)


def test_inspection_when_a_mark_is_wanted_then_refuses_without_and_accepts_with_it() -> None:
    wish = Wish(needs_mark=True, mark=mark(WORD))
    bare = inspect(marking.jpeg(picture()), name="bare.jpg", wish=wish)
    assert isinstance(bare, Refusal)
    assert bare.code == "no-watermark"
    marked = marking.jpeg(drawn(picture(), WORD))
    found = inspect(marked, name="marked.jpg", wish=wish)
    assert isinstance(found, Inspected)
    assert [one.code for one in found.findings if one.verdict is not Verdict.ACCEPT] == []
    assert see_mark_in(marked, mark(WORD)).sighting is PRESENT
