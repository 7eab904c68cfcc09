"""What robots are told of an image's page and of its bytes: whether they may list it, and whether they may show its
picture elsewhere. Pure. What it says of mining is in `tdm`: robots have no agreed word for that."""

from collections.abc import Set as AbstractSet

from dermref.model.asking import Action

HIDDEN = "noindex, nofollow, noimageindex"  # nothing here is for anybody else
UNLISTED = "noindex, noimageindex"
NO_PICTURE = "noimageindex, max-image-preview:none"
ELSEWHERE = frozenset({Action.VIEW, Action.THUMBNAIL, Action.EMBED, Action.REDISTRIBUTE})


def may_stand_elsewhere(allowed: AbstractSet[Action]) -> bool:
    """Whether a search engine may keep the picture and show it among its results, which is a small copy of it, on a
    page of somebody else. `allowed` is what anybody may do, no purpose named."""
    return allowed >= ELSEWHERE


def page_directives(allowed: AbstractSet[Action]) -> str | None:
    """For the page of an image: None where robots may do as with any page. A page that not just anybody sees, or that
    is shown for a named purpose alone, is in no list."""
    if Action.VIEW not in allowed:
        return UNLISTED
    if may_stand_elsewhere(allowed):
        return None
    return "noimageindex" if {Action.THUMBNAIL, Action.EMBED} <= allowed else NO_PICTURE


def bytes_directives(allowed: AbstractSet[Action]) -> str | None:
    """For the bytes of an image: None where a search engine may keep and show them."""
    return None if may_stand_elsewhere(allowed) else UNLISTED
