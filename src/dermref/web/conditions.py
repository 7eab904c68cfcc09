"""The pages of conditions, under the names that the sources gave them."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.model.asking import Viewer
from dermref.services.searching import conditions, shelf_of
from dermref.services.see_also import linked_conditions
from dermref.services.viewing import viewer_of_request
from dermref.web.asked import search_text
from dermref.web.images import browse_page
from dermref.web.status import page


@dataclass(frozen=True, slots=True)
class Listed:
    """A condition in the list. `links` counts where there is no image."""

    slug: str
    label: str
    images: int
    links: int


@require_safe
def condition_list(request: HttpRequest) -> HttpResponse:
    """Every condition with at least one image that may be seen or one link, by first letter; `q` keeps those that
    contain it."""
    words = search_text(request.GET)
    found = [one for one in _listed(viewer_of_request(request)) if words.casefold() in one.label.casefold()]
    by_label = sorted(found, key=lambda one: one.label.casefold())
    letters = [(letter, tuple(group)) for letter, group in groupby(by_label, key=lambda one: one.label[:1].upper())]
    context = {"section": "conditions", "words": words, "number": len(found), "letters": letters}
    return page(request, "conditions.html", context)


def _listed(viewer: Viewer) -> list[Listed]:
    images = {slug: Listed(slug, label, number, 0) for slug, label, number in conditions(shelf_of(viewer))}
    links = linked_conditions(viewer)
    alone = [Listed(slug, label, 0, number) for slug, (label, number) in links.items() if slug not in images]
    return [*images.values(), *alone]


@require_safe
def condition_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The images of one condition, and what other sites have on it."""
    return browse_page(request, condition=slug)
