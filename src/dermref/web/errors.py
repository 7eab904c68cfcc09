"""The pages for what went wrong: asked wrongly, not there, our fault. None of them reads the database."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from dermref.web.status import Answer, page


def asked_wrongly(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. The sentence of our own readers is printed; any other fault's words are not."""
    sentence = str(exception) if isinstance(exception, BadRequest) else "This address cannot be understood."
    return page(request, "wrong.html", {"sentence": sentence}, answer=Answer.ASKED_WRONGLY)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, "missing.html", {}, answer=Answer.MISSING)


def fault(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, "fault.html", {}, answer=Answer.FAULT)
