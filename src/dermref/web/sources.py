"""The page "Image sources & licenses", and each source in full."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.model.source import Source, SourceKind
from dermref.rights.facts import licenses_in
from dermref.services.source_pages import grouped_sources, source_row, tracked_count
from dermref.services.viewing import viewer_of_request
from dermref.web.see_also import for_source
from dermref.web.status import page
from dermref.web.told import of_source


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """Every tracked source in its group; data set releases apart."""
    groups = grouped_sources(viewer_of_request(request))
    context = {
        "section": "sources",
        "tracked": tracked_count(),
        "groups": [one for one in groups if one.rows[0].source.kind is SourceKind.SITE],
        "releases": [one for one in groups if one.rows[0].source.kind is SourceKind.DATASET],
    }
    return page(request, "sources.html", context)


@require_safe
def source_page(request: HttpRequest, source_id: str) -> HttpResponse:
    """One source: what is printed, and the structured terms behind it."""
    viewer = viewer_of_request(request)
    row = source_row(source_id, viewer)
    if row is None:
        raise Http404
    source, told = row.source, of_source(request, row)
    context = {
        "told": told,
        "section": "sources",
        "source": source,
        "images": row.images,
        "link": row.link,
        "is_tracked": source.kind is SourceKind.SITE,
        "listed": [(known.source, one.proof) for one in source.lists if (known := source_row(one.source_id, viewer))],
        "see_also": for_source(source_id, viewer=viewer),
        "licenses": licenses_in(source.terms.license_expression),
        "open_conflicts": _conflicts(source, is_open=True),
        "cleared_conflicts": _conflicts(source, is_open=False),
    }
    return told.on(page(request, "source.html", context))


def _conflicts(source: Source, *, is_open: bool) -> list[object]:
    return [one for one in source.terms.conflicts if (one.cleared is None) is is_open]
