"""The pages of conditions, under the names that the sources gave them."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.services.searching import conditions, shelf_of
from dermref.services.viewing import viewer_of_request
from dermref.web.asked import search_text
from dermref.web.images import browse_page
from dermref.web.status import page


@require_safe
def condition_list(request: HttpRequest) -> HttpResponse:
    """Every condition with at least one image that may be seen, by first letter; `q` keeps those that contain it."""
    words = search_text(request.GET)
    found = [one for one in conditions(shelf_of(viewer_of_request(request))) if words.casefold() in one[1].casefold()]
    by_label = sorted(found, key=lambda one: one[1].casefold())
    letters = [(letter, tuple(group)) for letter, group in groupby(by_label, key=lambda one: one[1][:1].upper())]
    context = {"section": "conditions", "words": words, "number": len(found), "letters": letters}
    return page(request, "conditions.html", context)


@require_safe
def condition_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The images of one condition."""
    return browse_page(request, condition=slug)
