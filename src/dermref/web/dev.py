"""The page of one dev-only image, for a developer on this machine. To everybody else there is nothing here, as there is
where no such image exists."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.credit.robots import HIDDEN
from dermref.model.media import Size
from dermref.services.serving import Missing, show_dev
from dermref.services.viewing import dev_gate_viewer
from dermref.web.picture import Picture, alt_text, facts_of, fitted, heading
from dermref.web.status import Answer, page

ONLY = "Development only — never shown to anyone but a developer on this machine"


@require_safe
def dev_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """`/api/dev-image/{id}/page`: the picture, its credit, what was published of it, and why it may be seen here."""
    shown = show_dev(public_id, viewer=dev_gate_viewer(request.META))
    if isinstance(shown, Missing):
        response = page(request, "missing.html", {}, answer=Answer.MISSING)
    else:
        address = f"/api/dev-image/{quote(public_id, safe=':/')}?size={Size.MEDIUM}"
        context = {
            "robots": HIDDEN,
            "only": ONLY,
            "shown": shown,
            "heading": heading(shown),
            "picture": Picture(address, alt_text(shown), *fitted(shown, Size.MEDIUM)),
            "metadata": facts_of(shown.record.metadata),
        }
        response = page(request, "dev.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = HIDDEN
    return response
