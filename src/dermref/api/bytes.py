"""Image bytes, all through the one gate, with credit and license in the file and in the headers. Nothing is
cached unasked: a browser must ask again each time, so that a withdrawn image is gone at once."""

from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from dermref.api.accept import wanted_format
from dermref.api.ranges import Unsatisfiable, parse_range
from dermref.api.status import busy_response, refusal_response
from dermref.credit.robots import HIDDEN, bytes_directives
from dermref.credit.tdm import declared
from dermref.model.asking import Purpose
from dermref.model.deployment import Stopped
from dermref.model.media import COPY, Size
from dermref.services.addresses import absolute
from dermref.services.announcing import Announced, announce, credit_on, link_header
from dermref.services.outgoing import outgoing
from dermref.services.rulings import all_sources
from dermref.services.serving import Bytes, Missing, Refused, open_bytes
from dermref.services.viewing import dev_gate_viewer, viewer_again, viewer_of_request

SIZES = frozenset({"", *Size, COPY})


@require_safe
def image(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """`/api/image/{id}`: a file of any source that is not dev-only."""
    source_id, _, foreign_id = public_id.partition(":")
    return _send(request, source_id, foreign_id)


def item_route(source_id: str) -> Callable[..., HttpResponseBase]:
    """A view that serves one source by its own item ids, such as `/api/isic-image/{isic_id}`."""

    @require_safe
    def view(request: HttpRequest, foreign_id: str) -> HttpResponseBase:
        return _send(request, source_id, foreign_id)

    return view


@require_safe
def dev_image(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """`/api/dev-image/{id}`: dev-only sources, to a developer on this machine; 404 for everybody else."""
    source_id, _, foreign_id = public_id.partition(":")
    viewer = dev_gate_viewer(request.META)
    size = request.GET.get("size", "")
    if size not in SIZES:
        return _bad_size(size)
    if source_id not in all_sources():
        return refusal_response(Missing(public_id))
    wanted = wanted_format(request.headers.get("Accept", ""))
    try:
        verdict = open_bytes(source_id, foreign_id, size=size, viewer=viewer, media_type=wanted, through_dev_gate=True)
    except Stopped as stop:
        return busy_response(stop)
    if not isinstance(verdict, Bytes):
        return refusal_response(Missing(public_id))
    response = _file_response(request, verdict)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = HIDDEN
    return response


def _send(request: HttpRequest, source_id: str, foreign_id: str) -> HttpResponseBase:
    size = request.GET.get("size", "")
    if size not in SIZES:
        return _bad_size(size)
    if source_id not in all_sources():
        return refusal_response(Missing(f"{source_id}:{foreign_id}"))
    named = request.GET.get("purpose", Purpose.UNSPECIFIED)
    if named not in set(Purpose):
        return JsonResponse({"detail": f"purpose “{named[:40]}” is none of {', '.join(Purpose)}."}, status=400)
    wanted = wanted_format(request.headers.get("Accept", ""))
    viewer, again = viewer_of_request(request), partial(viewer_again, request)
    try:
        verdict = open_bytes(
            source_id,
            foreign_id,
            size=size,
            viewer=viewer,
            media_type=wanted,
            purpose=Purpose(named),
            again=again,
        )
    except Stopped as stop:
        return busy_response(stop)
    if isinstance(verdict, Refused | Missing):
        return refusal_response(verdict)
    return _file_response(request, verdict)


def _bad_size(size: str) -> JsonResponse:
    known = ", ".join((*Size, COPY))
    detail = f"size “{size[:40]}” is none of {known}; leave it out for the file as received."
    return JsonResponse({"detail": detail}, status=400)


def _file_response(request: HttpRequest, found: Bytes) -> HttpResponseBase:
    leaving = outgoing(found)
    etag = f'"{leaving.etag}"'
    if etag in request.headers.get("If-None-Match", ""):
        found.stream.close()
        return _with_rights(request, HttpResponse(status=304), found, etag)
    stream, size = leaving.open()
    try:
        part = _wanted_range(request, size, etag)
    except Unsatisfiable:
        stream.close()
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _with_rights(request, refused, found, etag)
    if part is None:
        response = FileResponse(stream, content_type=found.file.media_type, filename=_file_name(found))
        return _with_rights(request, response, found, etag)
    first, last = part
    with stream:
        stream.seek(first)
        data = stream.read(last - first + 1)
    partial = HttpResponse(data, status=206, content_type=found.file.media_type)
    partial.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _with_rights(request, partial, found, etag)


def _file_name(found: Bytes) -> str:
    """The item's id at its source, safe for any disk, with the ending its content has."""
    stem = "".join(char if char.isalnum() or char in "-_." else "_" for char in found.shown.record.foreign_id)
    size = f"-{found.file.size}" if found.file.size else ""
    return f"{stem.rpartition('.')[0] or stem}{size}.{found.file.media_type.rpartition('/')[2].replace('jpeg', 'jpg')}"


def _wanted_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    header = request.headers.get("Range")
    if not header or request.headers.get("If-Range", etag) != etag:
        return None
    return parse_range(header, size)


def _with_rights(request: HttpRequest, response: HttpResponseBase, found: Bytes, etag: str) -> HttpResponseBase:
    shown, told = found.shown, announce(found.shown)
    response.headers["ETag"] = etag
    if found.file.size:  # a rendition comes in two formats, the stored file in its own alone
        response.headers["Vary"] = "Accept"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-cache"
    original = quote(shown.record.landing_url, safe=":/?#&=%+,;@")
    response.headers["Link"] = f'{link_header(told)}, <{original}>; rel="original"'
    response.headers["Dermref-License"] = quote(shown.license_id, safe=" ")
    credit = credit_on(shown, found.file).text
    response.headers["Dermref-Credit"] = "UTF-8''" + quote(credit, safe="")  # RFC 8187, for any script
    for name, value in _for_robots(request, told).items():
        response.headers[name] = value
    response.headers["Cross-Origin-Resource-Policy"] = "same-site"
    return response


def _for_robots(request: HttpRequest, told: Announced) -> dict[str, str]:
    """Whether the picture may be mined, and whether a search engine may keep and show it."""
    policy = absolute(request, told.policy_path) if told.policy_path else None
    directives = bytes_directives(told.allowed)
    mining = declared(is_reserved=told.notice.is_mining_reserved, policy_url=policy)
    return mining | ({"X-Robots-Tag": directives} if directives else {})
