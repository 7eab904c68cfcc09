"""The one table from what the gate says to an HTTP status for programs."""

from django.http import JsonResponse

from dermref.model.deployment import Stopped
from dermref.services.describing import describe_decision
from dermref.services.serving import Missing, Refused


def refusal_response(verdict: Refused | Missing) -> JsonResponse:
    """404 for what this viewer may not know of, 403 with the decision for the rest."""
    if isinstance(verdict, Missing) or verdict.is_hidden:
        return JsonResponse({"detail": "There is no such image."}, status=404)
    return JsonResponse(refusal_body(verdict), status=403)


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
