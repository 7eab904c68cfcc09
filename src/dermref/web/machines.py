"""Answers for machines: what robots may read, what may be mined and whom to ask, and whether the site works."""

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dermref.credit.tdm import MiningPolicy, odrl_policy, tdmrep_file
from dermref.model.asking import ANONYMOUS
from dermref.services.addresses import absolute
from dermref.services.mining import Offer, offered, reserved_paths
from dermref.services.searching import shelf_of
from dermref.web.status import Answer

PLAIN = "text/plain; charset=utf-8"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Pages may be read; the API, pictures included, is not for crawlers: many obey nothing but this file, and most
    pictures may not be taken to train a model."""
    return HttpResponse("User-agent: *\nDisallow: /api/\n", content_type=PLAIN)


@require_safe
def tdmrep(request: HttpRequest) -> HttpResponse:
    """`/.well-known/tdmrep.json`: mining is reserved, unless an image's own answer says otherwise."""
    rules = tdmrep_file((path, absolute(request, policy)) for path, policy in reserved_paths())
    return JsonResponse(rules, safe=False)  # a list, as the protocol wants it; no browser runs it any more


@require_safe
def tdm_policy(request: HttpRequest, source_id: str, offer: str) -> HttpResponse:
    """`/tdm/{source}/{offer}.json`: on what conditions the images of a source may be mined, in ODRL."""
    found = offered(source_id, offer)
    if found is None:
        return JsonResponse({"detail": "There is no such policy."}, status=Answer.MISSING.value)
    policy = MiningPolicy(
        url=absolute(request, request.path),
        target=absolute(request, reverse("source", args=[source_id])),
        contact=found.contact,
        homepage=found.source.homepage_url,
        is_research_free=found.offer is Offer.RESEARCH,
    )
    return JsonResponse(odrl_policy(policy), content_type="application/ld+json")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers."""
    try:
        shelf_of(ANONYMOUS)
    except Error:
        return HttpResponse("the database does not answer\n", content_type=PLAIN, status=Answer.UNAVAILABLE.value)
    return HttpResponse("ok\n", content_type=PLAIN, headers={"Cache-Control": "no-store"})
