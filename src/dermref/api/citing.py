"""How images and sources are cited, over HTTP: text and HTML in a style as JSON, the file formats as themselves."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.errors import HttpError

from dermref.api.status import refusal_response, status_of_uncitable
from dermref.credit.citable import Citable
from dermref.credit.formats import FOR_PEOPLE, Format
from dermref.model.evidence import Refusal
from dermref.services.citing import citable_image, citable_source, cited, cited_file
from dermref.services.serving import Shown, show
from dermref.services.source_pages import source_row
from dermref.services.viewing import viewer_of_request


def image_citation(request: HttpRequest, image_id: str, *, style: str, asked: str) -> HttpResponse:
    """The citation of an image that whoever asks may see, or why they may not."""
    verdict = show(image_id, viewer=viewer_of_request(request))
    return citation(citable_image(verdict), style, asked) if isinstance(verdict, Shown) else refusal_response(verdict)


def source_citation(request: HttpRequest, source_id: str, *, style: str, asked: str) -> HttpResponse:
    """The citation of a source. Raises HttpError where there is none."""
    row = source_row(source_id, viewer_of_request(request))
    if row is None:
        raise HttpError(404, "There is no such source.")
    return citation(citable_source(row.source, link=row.link), style, asked)


def citation(citable: Citable, style: str, asked: str) -> HttpResponse:
    """The answer with the citation of one thing. Raises HttpError with one sentence for words that mean nothing."""
    if asked not in set(Format):
        raise HttpError(400, f"format is one of {', '.join(Format)}.")
    wanted = Format(asked)
    if wanted in FOR_PEOPLE:
        made = cited([citable], style)
        if isinstance(made, Refusal):
            raise HttpError(status_of_uncitable(made), made.text)
        return JsonResponse(asdict(made), json_dumps_params={"ensure_ascii": False})
    file = cited_file([citable], wanted)
    if isinstance(file, Refusal):
        raise HttpError(status_of_uncitable(file), file.text)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.text, content_type=f"{file.media_type}; charset=utf-8", headers=headers)
