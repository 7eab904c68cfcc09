"""The credits of images for whoever uses them, through the gate: nothing is credited that may not be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dermref.credit.attribution import Credit, Shared, attributions
from dermref.credit.plain import plain_sentence
from dermref.model.asking import Viewer
from dermref.services.credits import credit_facts
from dermref.services.serving import Missing, Refused, Shown, show


class Style(StrEnum):
    """`source`: in the source's own words, completed. `plain`: one sentence of the same form for every source."""

    SOURCE = "source"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Credited:
    """The credits of several images, each distinct one once; which images are refused; and which ids mean nothing that
    this viewer may know of."""

    shared: tuple[Shared, ...]
    refused: tuple[Refused, ...]
    missing: tuple[str, ...]


def credited(public_ids: Iterable[str], *, viewer: Viewer, style: Style = Style.SOURCE) -> Credited:
    """The credits of those images that `viewer` may see; each id counts once."""
    verdicts = {one: show(one, viewer=viewer) for one in dict.fromkeys(public_ids)}
    shown = {one: verdict for one, verdict in verdicts.items() if isinstance(verdict, Shown)}
    refused = tuple(one for one in verdicts.values() if isinstance(one, Refused) and not one.is_hidden)
    missing = tuple(one for one, verdict in verdicts.items() if _is_unknown(verdict))
    return Credited(attributions(credits_of(shown, style)), refused, missing)


def credits_of(shown: Mapping[str, Shown], style: Style) -> dict[str, Credit]:
    """The credit of each image that is shown, in a style."""
    return {one: plain_of(image) if style is Style.PLAIN else image.credit for one, image in shown.items()}


def plain_of(shown: Shown) -> Credit:
    """The plain sentence about an image that is shown."""
    return plain_sentence(shown.source, shown.license_id, credit_facts(shown.record))


def _is_unknown(verdict: Shown | Refused | Missing) -> bool:
    return isinstance(verdict, Missing) or (isinstance(verdict, Refused) and verdict.is_hidden)
