"""Two answers for machines: what robots may read, and whether the site works."""

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.model.asking import ANONYMOUS
from dermref.services.searching import shelf_of
from dermref.web.status import Answer

PLAIN = "text/plain; charset=utf-8"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Pages may be read; the API is not for crawlers."""
    return HttpResponse("User-agent: *\nDisallow: /api/\n", content_type=PLAIN)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers."""
    try:
        shelf_of(ANONYMOUS)
    except Error:
        return HttpResponse("the database does not answer\n", content_type=PLAIN, status=Answer.UNAVAILABLE.value)
    return HttpResponse("ok\n", content_type=PLAIN, headers={"Cache-Control": "no-store"})
