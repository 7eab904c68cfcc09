"""How images and sources are cited, over HTTP: text and HTML in a style as JSON, the file formats as themselves."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from ninja.errors import HttpError

from dermref.api.asking import Problem
from dermref.api.schemas import CitationOut
from dermref.api.status import refusal_response, status_of_uncitable
from dermref.credit.citable import Citable
from dermref.credit.formats import FOR_PEOPLE, Format
from dermref.credit.styles import DEFAULT
from dermref.model.evidence import Refusal
from dermref.services.citing import citable_image, citable_source, cited, cited_file
from dermref.services.serving import Missing, Refused, Shown, show
from dermref.services.source_pages import source_row
from dermref.services.viewing import viewer_of_request


class CitationQuery(Schema):
    """In which citation style, and as what: text and html are for people, the others are files."""

    style: str = DEFAULT
    format: str = Format.TEXT.value


CITATION: dict[int, Any] = {200: CitationOut, 400: Problem, 404: Problem, 422: Problem}


def images_citation(request: HttpRequest, image_ids: Sequence[str], query: CitationQuery) -> HttpResponse:
    """The citation of images that whoever asks may see; where one may not be seen, why, and nothing is cited."""
    viewer = viewer_of_request(request)
    verdicts = [show(one, viewer=viewer) for one in dict.fromkeys(image_ids)]
    refused = next((one for one in verdicts if isinstance(one, Refused | Missing)), None)
    if refused is not None:
        return refusal_response(refused)
    return citation([citable_image(one) for one in verdicts if isinstance(one, Shown)], query)


def source_citation(request: HttpRequest, source_id: str, query: CitationQuery) -> HttpResponse:
    """The citation of a source. Raises HttpError where there is none."""
    row = source_row(source_id, viewer_of_request(request))
    if row is None:
        raise HttpError(404, "There is no such source.")
    return citation([citable_source(row.source, link=row.link)], query)


def citation(citables: Sequence[Citable], query: CitationQuery) -> HttpResponse:
    """The answer with the citation of one thing or of several. Raises HttpError with one sentence for words that mean
    nothing."""
    if query.format not in set(Format):
        raise HttpError(400, f"format is one of {', '.join(Format)}.")
    wanted = Format(query.format)
    if wanted in FOR_PEOPLE:
        made = cited(citables, query.style)
        if isinstance(made, Refusal):
            raise HttpError(status_of_uncitable(made), made.text)
        return JsonResponse(asdict(made), json_dumps_params={"ensure_ascii": False})
    file = cited_file(citables, wanted)
    if isinstance(file, Refusal):
        raise HttpError(status_of_uncitable(file), file.text)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.text, content_type=f"{file.media_type}; charset=utf-8", headers=headers)
