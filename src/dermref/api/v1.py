"""The native JSON API. Every answer passes the gate; the schema is at `/api/v1/openapi.json`."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Schema, Status
from ninja.errors import HttpError

from dermref import __version__
from dermref.api.asking import Problem, question
from dermref.api.citing import CITATION, CitationQuery, images_citation, source_citation
from dermref.api.collections import router as collections
from dermref.api.schemas import (
    ConditionOut,
    DecisionOut,
    DecisionsOut,
    FacetsOut,
    ImageOut,
    ImagePage,
    RefusalOut,
    SetDecisionOut,
    SourceDetail,
    SourceOut,
)
from dermref.api.status import refusal_body, status_of
from dermref.model.asking import Action, Purpose
from dermref.model.source import SourceKind
from dermref.services.deciding import answer_set, answers
from dermref.services.describing import describe_decision, describe_image, describe_images, describe_set
from dermref.services.searching import Shelf, Wanted, conditions, facets, search, shelf_of
from dermref.services.see_also import describe_pointers, see_also
from dermref.services.serving import Missing, Shown, show
from dermref.services.source_pages import Row, source_row, source_rows
from dermref.services.viewing import viewer_of_request

api = NinjaAPI(
    title="dermref",
    version=__version__,
    description="A dermatology image reference that knows its rights. Keep the attribution of every image beside it.",
    urls_namespace="v1",
)
api.add_router("/collections", collections)


NO_IMAGE = "There is no such image."
MOST_OF_A_SET = 1000
MOST_CITED = 100


class ImageQuery(Schema):
    """Which images; everything may be left out. `may` is an action and `purpose` what for: only images that you may do
    that with. `after` is the `next` of the page before."""

    source: str | None = None
    license: str | None = None
    condition: str | None = None
    modality: str | None = None
    body_site: str | None = None
    may: str = Action.VIEW.value
    purpose: str = Purpose.UNSPECIFIED.value
    after: int = 0
    limit: int = 48


@api.get("/images", response={200: ImagePage, 400: Problem})
def list_images(request: HttpRequest, query: Query[ImageQuery]) -> dict[str, Any]:
    """One page of images that you may see, each with its license and attribution."""
    if not 1 <= query.limit <= 200 or not 0 <= query.after < 2**63:
        raise HttpError(400, "limit is 1 to 200, and after is the “next” of an earlier page.")
    if "\0" in f"{query.condition}{query.modality}{query.body_site}":
        raise HttpError(400, "a filter holds a character that no condition has.")
    viewer = viewer_of_request(request)
    wanted = Wanted(
        source_id=query.source or None,  # as an empty field of a form is sent
        license_id=query.license or None,
        condition=query.condition or None,
        modality=query.modality or None,
        body_site=query.body_site or None,
        after=query.after,
        limit=query.limit,
    )
    found = search(wanted, _shelf(request, query.may, query.purpose))
    return {
        "count": found.count,
        "count_is_capped": found.is_count_capped,
        "next": found.next_after,
        "results": describe_images(found.images, viewer=viewer),
    }


@api.get("/images/{path:image_id}/decision", response={200: DecisionOut | DecisionsOut, 400: Problem, 404: Problem})
def image_decisions(
    request: HttpRequest, image_id: str, action: str | None = None, purpose: str = Purpose.UNSPECIFIED
) -> dict[str, Any]:
    """What may be done with an image: the decision for the action asked for, or one for each action by its name."""
    asked = question(request, action or Action.VIEW, purpose)
    found = answers(image_id, asked, [asked.action] if action else Action)
    if isinstance(found, Missing):
        raise HttpError(404, NO_IMAGE)
    if action:
        return describe_decision(found[asked.action])
    return {"id": image_id, "decisions": {one.value: describe_decision(decision) for one, decision in found.items()}}


@api.get("/images/{path:image_id}/citation", response={**CITATION, 401: RefusalOut, 403: RefusalOut})
def cite_image(request: HttpRequest, image_id: str, query: Query[CitationQuery]) -> HttpResponse:
    """How an image is cited: as JSON in a style (text, html), or as a file of its own (bibtex, ris, csl-json, cff,
    datacite)."""
    return images_citation(request, [image_id], query)


@api.get("/citation", response={**CITATION, 401: RefusalOut, 403: RefusalOut})
def cite_images(request: HttpRequest, query: Query[CitationQuery], image: Query[list[str]]) -> HttpResponse:
    """How several images are cited together: one list, each `image` (an id) once, in the style's order. One that you
    may not see is a refusal, and nothing is cited."""
    if len(image) > MOST_CITED:
        raise HttpError(400, f"image is named up to {MOST_CITED} times; it is named {len(image):,} times.")
    return images_citation(request, image, query)


class SetQuestion(Schema):
    """May all these images be used so? `images` are ids, each counted once; `action` and `purpose` as in a decision."""

    images: list[str]
    action: str
    purpose: str = Purpose.UNSPECIFIED.value


@api.post("/decisions", response={200: SetDecisionOut, 400: Problem})
def set_decision(request: HttpRequest, asked: SetQuestion) -> dict[str, Any]:
    """The decision for a set of images: the strictest outcome, all duties, and which images cause each restriction."""
    if not 1 <= len(asked.images) <= MOST_OF_A_SET:
        raise HttpError(400, f"images lists 1 to {MOST_OF_A_SET:,} ids; it lists {len(asked.images):,}.")
    return describe_set(answer_set(asked.images, question(request, asked.action, asked.purpose)))


@api.get("/images/{path:image_id}", response={200: ImageOut, 401: RefusalOut, 403: RefusalOut, 404: Problem})
def one_image(request: HttpRequest, image_id: str) -> Any:
    """One image, or why it may not be shown."""
    viewer = viewer_of_request(request)
    verdict = show(image_id, viewer=viewer)
    if isinstance(verdict, Shown):
        return describe_image(verdict, viewer=viewer)
    if isinstance(verdict, Missing) or verdict.is_hidden:
        raise HttpError(404, NO_IMAGE)
    return Status(status_of(verdict), refusal_body(verdict))


@api.get("/sources", response=list[SourceOut])
def list_sources(request: HttpRequest, datasets: bool = False) -> list[dict[str, Any]]:
    """All tracked sources; data set releases as well when asked for."""
    rows = source_rows(viewer_of_request(request))
    return [_source(row) for row in rows if datasets or row.source.kind is SourceKind.SITE]


@api.get("/sources/{source_id}/citation", response=CITATION)
def cite_source(request: HttpRequest, source_id: str, query: Query[CitationQuery]) -> HttpResponse:
    """How a source is cited, in the same styles and formats as an image."""
    return source_citation(request, source_id, query)


@api.get("/sources/{source_id}", response={200: SourceDetail, 404: Problem})
def one_source(request: HttpRequest, source_id: str) -> dict[str, Any]:
    """One source as the registry has it, and the pages there that whoever asks may be pointed to."""
    viewer = viewer_of_request(request)
    row = source_row(source_id, viewer)
    if row is None:
        raise HttpError(404, "There is no such source.")
    return {**_source(row), "see_also": describe_pointers(see_also(viewer=viewer, source_id=source_id))}


@api.get("/conditions", response=list[ConditionOut])
def list_conditions(request: HttpRequest) -> list[dict[str, Any]]:
    """Conditions with at least one image that you may see."""
    return [
        {"slug": slug, "label": label, "images": number}
        for slug, label, number in conditions(shelf_of(viewer_of_request(request)))
    ]


@api.get("/facets", response={200: FacetsOut, 400: Problem})
def list_facets(
    request: HttpRequest, may: str = Action.VIEW.value, purpose: str = Purpose.UNSPECIFIED.value
) -> dict[str, Any]:
    """What the filters can be set to, most images first; with `may` and `purpose`, among images that allow that use."""
    return {
        name: [{"value": value, "label": label, "images": number} for value, label, number in rows]
        for name, rows in asdict(facets(_shelf(request, may, purpose))).items()
    }


def _shelf(request: HttpRequest, may: str, purpose: str) -> Shelf:
    """What this viewer may meet in lists and use so. Raises HttpError with one sentence for words that mean nothing."""
    asked = question(request, may, purpose)
    return shelf_of(asked.viewer, action=asked.action, purpose=asked.purpose)


def _source(row: Row) -> dict[str, Any]:
    source = row.source
    return {
        "id": source.source_id,
        "name": source.name,
        "homepage": row.link,
        "terms_url": source.terms_url,
        "license_label": source.license_label,
        "license_text": source.license_text,
        "treated_as": source.terms.license_expression,
        "per_item": source.terms.per_item,
        "group": source.group.value,
        "status": source.status.value,
        "tier": source.tier.value,
        "notes": source.notes,
        "attribution": source.attribution,
        "contact": source.contact,
        "conflicts": [
            {"code": one.code, "severity": one.severity, "quote": one.quote, "meaning": one.meaning}
            for one in source.terms.conflicts
            if one.cleared is None
        ],
        "images": row.images,
    }
