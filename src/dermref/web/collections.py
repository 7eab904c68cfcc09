"""The pages of collections as anybody sees them: all of them, one of them, one by its secret link. Each is filtered by
the rights of whoever looks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dermref.credit.citable import Citable
from dermref.model.asking import ANONYMOUS, Action, Purpose, Viewer
from dermref.model.collection import CollectionRecord, Keeper, Sharing
from dermref.model.policy import Hold
from dermref.services.addresses import absolute
from dermref.services.citing_sets import citable_living, license_of_all
from dermref.services.collection_view import (
    View,
    find_by_link,
    find_collection,
    link_of,
    list_collections,
    uses_of_all,
    view,
)
from dermref.services.deciding import question_of
from dermref.services.freezing import snapshots_of
from dermref.services.searching import Shelf, shelf_of
from dermref.services.viewing import keeper_of_request, viewer_of_request
from dermref.web.asked import place_of, purpose_of
from dermref.web.citing import citations_of, collection_citation_path, file_response
from dermref.web.credit_panel import STYLE, CreditPanel, attribution_of_set, panel_of
from dermref.web.headers import PRIVATE
from dermref.web.images import Option
from dermref.web.picture import Tile, tiles_of
from dermref.web.set_uses import LISTED, NAMED, restrictions_of, set_columns
from dermref.web.status import page
from dermref.web.told import PublicSet, Told, of_set
from dermref.web.uses import PURPOSES

ON_A_PAGE = 12  # collections in the list
PREVIEWS = 4
SHARED_WITH = {
    Sharing.NOBODY: "nobody",
    Sharing.LINK: "who has its link",
    Sharing.EVERYBODY: "everybody",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A collection in the list: how many images this viewer may see, the first of those whose preview is permitted, and
    whether it is the viewer's to change."""

    record: CollectionRecord
    images: int
    tiles: tuple[Tile, ...]
    is_own: bool

    @property
    def shared_with(self) -> str:
        """Who may look at it, in words."""
        return SHARED_WITH[self.record.sharing]


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """Those everybody may look at, and the viewer's own; a dozen on a page."""
    keeper, viewer = keeper_of_request(request), viewer_of_request(request)
    start = max(place_of(request.GET, "from") or 1, 1)
    found, shelf = list_collections(keeper), shelf_of(viewer)
    shown = found[start - 1 : start - 1 + ON_A_PAGE]
    following = start + ON_A_PAGE
    context = {
        "section": "collections",
        "count": len(found),
        "listed": [_listed(one, shelf, viewer, keeper) for one in shown],
        "is_keeper": keeper.user_id is not None,
        "previous": max(start - ON_A_PAGE, 1) if start > 1 else None,
        "following": following if following <= len(found) else None,
    }
    return page(request, "collections.html", context)


def _listed(record: CollectionRecord, shelf: Shelf, viewer: Viewer, keeper: Keeper) -> Listed:
    found = view(record, shelf, limit=PREVIEWS)
    tiles = tuple(one for one in tiles_of(found.images, viewer=viewer) if one.preview)
    return Listed(record, found.shown, tiles, record.is_kept_by(keeper))


@require_safe
def collection_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One collection. Raises Http404 for one that this person may not know of, as for none."""
    record = find_collection(slug, keeper=keeper_of_request(request))
    if record is None:
        raise Http404
    return _draw(request, record)


@require_safe
def shared_page(request: HttpRequest, key: str) -> HttpResponse:
    """The same for who has its link. The address is the secret, so it is told to no other site, and no copy is kept."""
    record = find_by_link(key)
    if record is None:
        raise Http404
    return _hidden(_draw(request, record))


@require_safe
def shared_citation(request: HttpRequest, key: str) -> HttpResponse:
    """Its citation as a file, for who has its link."""
    record = find_by_link(key)
    if record is None:
        raise Http404
    living = citable_living(record, shelf_of(viewer_of_request(request)))
    return _hidden(file_response(living, request.GET.get("format", "")))


def _hidden(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noimageindex"
    response.headers["Cache-Control"] = PRIVATE
    return response


def _draw(request: HttpRequest, record: CollectionRecord) -> HttpResponse:
    keeper, viewer, purpose = keeper_of_request(request), viewer_of_request(request), purpose_of(request)
    shelf = shelf_of(viewer)
    before = place_of(request.GET, "before")
    after = place_of(request.GET, "after") if before is None else None
    found = view(record, shelf, after=-1 if after is None else after, before=before)
    is_own, living = record.is_kept_by(keeper), citable_living(record, shelf)
    if record.sharing is Sharing.EVERYBODY:
        living = replace(living, url=absolute(request, reverse("collection", args=[record.slug])))
    told = _told(request, record, living)
    context = {
        "section": "collections",
        "record": record,
        "found": found,
        "tiles": tiles_of(found.images, viewer=viewer),
        "is_own": is_own,
        "shared_with": SHARED_WITH[record.sharing],
        "link": whole_link(request, record) if is_own else None,
        "snapshots": snapshots_of(record.slug),
        "switch": _switch(request, purpose),
        "panel": _panel(request, record, living),
        "told": told,
        **_uses(found, viewer, purpose, None if is_own else shelf),
        **_neighbours(request, found, is_inside=before is not None or bool(after)),
    }
    return told.on(page(request, "collection.html", context))


def _panel(request: HttpRequest, record: CollectionRecord, living: Citable) -> CreditPanel:
    is_by_link = "key" in (request.resolver_match.kwargs if request.resolver_match else {})
    path = "citation/" if is_by_link else collection_citation_path(record.slug)  # the secret stays out of the page
    citations = citations_of([living], request.GET.get(STYLE, ""), path=path)
    return panel_of(attribution_of_set(living.attributions), request.GET, citations=citations, has_several=True)


def _told(request: HttpRequest, record: CollectionRecord, living: Citable) -> Told:
    """What the head tells machines, of what anybody may see whoever looks; and of what not everybody may look at,
    nothing but to keep away."""
    if record.sharing is not Sharing.EVERYBODY:
        return of_set(living, None)
    shelf, site = shelf_of(ANONYMOUS), absolute(request, reverse("home"))
    anybodys = replace(citable_living(record, shelf), url=living.url)
    return of_set(living, PublicSet(anybodys, record.description, license_of_all(record, shelf), site))


def whole_link(request: HttpRequest, record: CollectionRecord) -> str | None:
    """Its link with this site's address, to be sent to somebody; None where it is shared with nobody."""
    found = link_of(record)
    return request.build_absolute_uri(found) if found else None


def _uses(found: View, viewer: Viewer, purpose: Purpose, shelf: Shelf | None) -> Mapping[str, object]:
    """What may be done with all of it, where there is anything to do it with; else why nothing of it is shown. Who does
    not keep it reads the names of no image that is not shown to them."""
    actions = LISTED if found.shown else (Action.VIEW,)
    question, within = question_of(Action.VIEW, viewer=viewer, purpose=purpose), shelf.policies if shelf else None
    uses = uses_of_all(found.record, question, actions, names=NAMED, within=within)
    if found.shown:
        return {"columns": set_columns(uses)}
    why = restrictions_of(uses[Action.VIEW]) if uses else ()
    withdrawn = f"hold-{Hold.WITHDRAWN}"
    return {"why": why, "is_withdrawn": bool(why) and all(one.reason.code == withdrawn for one in why)}


def _switch(request: HttpRequest, chosen: Purpose) -> list[Option]:
    """The purposes to choose from, each with its query, at the same place of the list."""
    kept = {name: request.GET[name] for name in ("after", "before", STYLE) if request.GET.get(name)}
    return [Option(f"?{urlencode({**kept, 'purpose': one})}", label, one is chosen) for one, label in PURPOSES.items()]


def _neighbours(request: HttpRequest, found: View, *, is_inside: bool) -> dict[str, str | None]:
    """Queries of the first page and of the pages around this one; None where there is none."""
    kept = {name: request.GET[name] for name in ("purpose", STYLE) if request.GET.get(name)}
    before, after = found.previous_before, found.next_after
    return {
        "first_query": urlencode(kept) if is_inside else None,
        "previous_query": urlencode({**kept, "before": before}) if before is not None else None,
        "next_query": urlencode({**kept, "after": after}) if after is not None else None,
    }
