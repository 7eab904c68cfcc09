"""The one table from what a page answers to its HTTP status, and the one way to draw a page."""

from collections.abc import Mapping
from enum import Enum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dermref.services.serving import Missing, Refused, Shown


class Answer(Enum):
    """What a page says. `MISSING` is also the answer about what this viewer may not know of."""

    SHOWN = 200
    ASKED_WRONGLY = 400
    NEEDS_SIGN_IN = 401
    REFUSED = 403
    MISSING = 404
    OVERTAKEN = 409
    GONE = 410
    TOO_OFTEN = 429
    FAULT = 500
    UNAVAILABLE = 503


def answer_to(verdict: Shown | Refused | Missing) -> Answer:
    """The answer that a verdict of the gate makes."""
    if isinstance(verdict, Shown):
        return Answer.SHOWN
    if isinstance(verdict, Missing) or verdict.is_hidden:
        return Answer.MISSING
    return Answer.NEEDS_SIGN_IN if verdict.would_sign_in_help else Answer.REFUSED


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    answer: Answer = Answer.SHOWN,
    is_blind: bool = False,
) -> HttpResponse:
    """A drawn page with the status of its answer. Nothing is kept unasked: what is withdrawn is gone at once. A blind
    one does not look who is signed in, and needs no database."""
    response = render(request, f"web/{template}", {**context, "is_blind": is_blind}, status=answer.value)
    response.headers["Cache-Control"] = "no-cache"
    return response
