"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.services.searching import Wanted, choices, conditions, search, shelf_of
from dermref.services.source_pages import tracked_count
from dermref.services.viewing import viewer_of_request
from dermref.web.asked import LARGEST_ROW_ID
from dermref.web.picture import tiles_of
from dermref.web.status import page

RECENT = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the promise, how much there is, and the newest images."""
    viewer = viewer_of_request(request)
    shelf = shelf_of(viewer)
    newest = search(Wanted(before=LARGEST_ROW_ID, limit=RECENT), shelf)
    offered = choices(shelf)
    context = {
        "section": "home",
        "images": newest.count,
        "tracked": tracked_count(),
        "conditions": len(conditions(shelf)),
        "modalities": [(one, one.replace("-", " ")) for one in offered.modalities],
        "licenses": offered.licenses,
        "tiles": tiles_of(tuple(reversed(newest.images)), viewer=viewer),
    }
    return page(request, "home.html", context)
