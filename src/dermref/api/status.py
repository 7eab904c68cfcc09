"""The one table from what the gate says to an HTTP status for programs."""

from django.http import JsonResponse

from dermref.credit.formats import OF_ONE_THING
from dermref.credit.styles import NO_SUCH_STYLE
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.services.describing import describe_decision
from dermref.services.serving import Missing, Refused


def refusal_response(verdict: Refused | Missing) -> JsonResponse:
    """The status with the decision, and nothing but the status for what this viewer may not know of."""
    if isinstance(verdict, Missing) or verdict.is_hidden:
        return JsonResponse({"detail": "There is no such image."}, status=status_of(verdict))
    return JsonResponse(refusal_body(verdict), status=status_of(verdict))


def status_of(verdict: Refused | Missing) -> int:
    """404 for what this viewer may not know of, 401 where signing in would help, 403 for the rest."""
    if isinstance(verdict, Missing) or verdict.is_hidden:
        return 404
    return 401 if verdict.would_sign_in_help else 403


def status_of_uncitable(refusal: Refusal) -> int:
    """400 for a citation style that there is none of, and for several things in a format that has room for one; 422
    where what is cited lacks something that the format needs."""
    return 400 if refusal.code in (NO_SUCH_STYLE, OF_ONE_THING) else 422


def busy_response(stop: Stopped) -> JsonResponse:
    """503, and when to ask again: the store does not answer."""
    return JsonResponse({"detail": str(stop)}, status=503, headers={"Retry-After": "30"})


def refusal_body(verdict: Refused) -> dict[str, object]:
    """What a program learns of a refusal: the decision, and the page to link to instead."""
    return {
        "id": verdict.public_id,
        "source_id": verdict.source.source_id,
        "landing_url": verdict.landing_url,
        "decision": describe_decision(verdict.decision),
    }
