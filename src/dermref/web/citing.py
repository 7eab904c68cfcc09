"""The citations and the downloads that a credit panel offers."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse

from dermref.credit.citable import Citable
from dermref.credit.formats import Format
from dermref.credit.styles import DEFAULT, all_styles, style_named
from dermref.model.evidence import Refusal
from dermref.services.citing import cited, cited_file
from dermref.web.credit_panel import MOST_LINES, CitationForm, Citations

FILES = {Format.BIBTEX: "BibTeX", Format.RIS: "RIS", Format.CSL_JSON: "CSL-JSON"}
FILES_OF_ONE = {Format.CFF: "CITATION.cff", Format.DATACITE: "DataCite"}
FEW = 24  # lines up to which every style is drawn at once; else one is, and the others when they are asked for


def citations_of(citables: Sequence[Citable], asked: str, *, path: str) -> Citations:
    """The citation of one thing, or the list of several, in the style asked for, or in the first; and the files of the
    same to download, which are to be had at `path`."""
    if not citables:
        return Citations()
    chosen = style_named(asked) if asked else style_named(DEFAULT)
    style = DEFAULT if isinstance(chosen, Refusal) else chosen.key
    left = sum(max(len(one.attributions) - MOST_LINES, 0) for one in citables)
    drawn = [replace(one, attributions=one.attributions[:MOST_LINES]) for one in citables]
    is_short = sum(1 + len(one.attributions) for one in citables) <= FEW
    forms = (_form(drawn, key) for key in all_styles() if is_short or key == style)
    return Citations(
        styles=tuple((one.key, one.label) for one in all_styles().values()),
        forms=tuple(one for one in forms if one),
        chosen=style,
        is_asked=bool(asked) and not isinstance(chosen, Refusal),
        left_out=left,
        downloads=_downloads(path, citables),
    )


def _form(citables: Sequence[Citable], style: str) -> CitationForm | None:
    made = cited(citables, style)
    return None if isinstance(made, Refusal) else CitationForm(style, made.text, made.html)


def _downloads(path: str, citables: Sequence[Citable]) -> tuple[tuple[str, str], ...]:
    """The files there are of these: some formats have room for one thing, and DataCite wants the year it came out."""
    of_one = FILES_OF_ONE if len(citables) == 1 else {}
    is_dated = all(one.issued for one in citables)
    kinds = FILES | {kind: label for kind, label in of_one.items() if is_dated or kind is not Format.DATACITE}
    mark = "&" if "?" in path else "?"
    return tuple((label, f"{path}{mark}format={kind.value}") for kind, label in kinds.items())


def file_response(citable: Citable, asked: str) -> HttpResponse:
    """The citation as a file to download. Raises BadRequest with one sentence for a format that is none, or where the
    format needs what is not known."""
    if asked not in {*FILES, *FILES_OF_ONE}:
        raise BadRequest(f"There is no format “{asked[:40]}” to download.")
    file = cited_file([citable], Format(asked))
    if isinstance(file, Refusal):
        raise BadRequest(file.text)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.text, content_type=f"{file.media_type}; charset=utf-8", headers=headers)


def image_citation_path(public_id: str) -> str:
    """Where the API cites an image."""
    return f"/api/v1/images/{quote(public_id, safe='/:')}/citation"


def images_citation_path(public_ids: Sequence[str]) -> str:
    """Where the API cites several images together."""
    return "/api/v1/citation?" + urlencode([("image", one) for one in public_ids])


def collection_citation_path(slug: str, number: int | None = None) -> str:
    """Where the API cites a collection, or a snapshot of it."""
    snapshot = "" if number is None else f"/snapshots/{number}"
    return f"/api/v1/collections/{slug}{snapshot}/citation"
