"""What a page says of an image or a set to reference managers: no more than it shows to whoever is looking."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dermref.credit.citable import Citable
from dermref.credit.coins import coins
from dermref.credit.meta_tags import meta_tags
from dermref.model.source import Tier
from dermref.services.citing import citable_image
from dermref.services.serving import Shown


@dataclass(frozen=True, slots=True)
class Embedded:
    """`tags` are `meta` elements by name, `coins` the title of a span. Both are empty where nothing is said."""

    tags: Mapping[str, str]
    coins: str


NOTHING = Embedded({}, "")


def embedded_image(shown: Shown) -> Embedded:
    """For the page of an image; nothing for one that is here for development alone."""
    if shown.source.tier is Tier.DEV_ONLY:
        return NOTHING
    citable = citable_image(shown)
    return Embedded(meta_tags(citable), coins(citable))


def embedded_in_list(shown: Shown) -> str:
    """The span's title for an image in a list; empty as above."""
    return "" if shown.source.tier is Tier.DEV_ONLY else coins(citable_image(shown))


def embedded_set(citable: Citable, *, url: str) -> Embedded:
    """For the page of a collection or a snapshot. `url` is where everybody finds it; empty for one that not everybody
    may look at, whose address is then told to nobody."""
    told = replace(citable, url=url)
    return Embedded(meta_tags(told), coins(told))
