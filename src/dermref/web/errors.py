"""The pages for what went wrong: asked wrongly, not there, our fault. None of them reads the database."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from dermref.web.status import Answer, page

STALE = "This form was open for too long, or was not sent from here: load the page anew and send it again."


def asked_wrongly(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. The sentence of our own readers is printed; any other fault's words are not."""
    sentence = str(exception) if isinstance(exception, BadRequest) else "This address cannot be understood."
    return page(request, "wrong.html", {"sentence": sentence}, answer=Answer.ASKED_WRONGLY, is_blind=True)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, for a form without its token, or from another site."""
    return page(request, "wrong.html", {"sentence": STALE}, answer=Answer.REFUSED, is_blind=True)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, "missing.html", {}, answer=Answer.MISSING, is_blind=True)


def fault(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, "fault.html", {}, answer=Answer.FAULT, is_blind=True)
