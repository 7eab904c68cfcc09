"""A page that stands by itself: a pair of images side by side, for a curator who has to decide about them."""

import base64
from dataclasses import dataclass

from django.template.loader import render_to_string

from dermref.services.serving import Shown, picture_of, show_for_review
from dermref.services.twins import PairRecord, Side, order_in_words


@dataclass(frozen=True, slots=True)
class SheetSide:
    """One image of the sheet; without `picture`, a data URL, where not even a curator may see it here."""

    side: Side
    shown: Shown | None
    picture: str | None


def pair_sheet(pair: PairRecord) -> str:
    """The page as HTML, its pictures in it."""
    sides = [_side(one) for one in pair.sides]
    return render_to_string("web/pair.html", {"pair": pair, "sides": sides, "order": order_in_words(pair)})


def _side(side: Side) -> SheetSide:
    shown = show_for_review(side.public_id)
    found = picture_of(shown) if shown else None
    return SheetSide(side, shown, _data_url(*found) if found else None)


def _data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
