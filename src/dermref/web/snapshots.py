"""The page of a snapshot. It is public whatever became of the collection; each member is asked for again at the gate,
and one that may not be shown any more is a gap with its reason and nothing else."""

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dermref.credit.citable import Attributed, Citable
from dermref.model.asking import Viewer
from dermref.model.collection import SnapshotRecord
from dermref.services.addresses import absolute
from dermref.services.citing_sets import citable_snapshot, license_of_snapshot
from dermref.services.collection_view import PAGE_SIZE, find_collection
from dermref.services.freezing import Entry, Gap, entries, find_snapshot, read_snapshot
from dermref.services.serving import Shown
from dermref.services.viewing import keeper_of_request, viewer_of_request
from dermref.web.asked import place_of
from dermref.web.citing import citations_of, collection_citation_path
from dermref.web.credit_panel import STYLE, CreditPanel, attribution_of_set, panel_of
from dermref.web.picture import Tile, tiles_of
from dermref.web.status import page
from dermref.web.told import PublicSet, Told, of_set

MOST_CREDITS = 100  # lines of the credit list on the page; the document has all


@dataclass(frozen=True, slots=True)
class Member:
    """A member at its place: its tile, or the gap where it was."""

    number: int
    public_id: str
    tile: Tile | None
    gap: Gap | None
    is_same_file: bool


@require_safe
def snapshot_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What was frozen, how to check it, and what is left of it to show."""
    snapshot = _found(slug, number)
    frozen, viewer = read_snapshot(snapshot), viewer_of_request(request)
    start = max(place_of(request.GET, "from") or 1, 1)
    following = start + PAGE_SIZE
    found = entries(frozen.members[start - 1 : start - 1 + PAGE_SIZE], viewer=viewer)
    cited = replace(citable_snapshot(snapshot), url=absolute(request, snapshot_path(snapshot)))
    credits_ = [Attributed(one.name, one.images, one.licenses) for one in frozen.credits]
    context = {
        "section": "collections",
        "snapshot": snapshot,
        "frozen": frozen,
        "credits": credits_[:MOST_CREDITS],
        "more_credits": max(len(credits_) - MOST_CREDITS, 0),
        "members": _members(found, start, viewer),
        "gaps": sum(isinstance(one.now, Gap) for one in found),
        "has_collection": find_collection(slug, keeper=keeper_of_request(request)) is not None,
        "file_name": f"{snapshot.slug}-{snapshot.number}.json",
        "document": _document_path(snapshot),
        "previous": max(start - PAGE_SIZE, 1) if start > 1 else None,
        "following": following if following <= len(frozen.members) else None,
        "panel": _panel(request, snapshot, cited),
        "told": _told(request, snapshot, cited, frozen.description),
    }
    return page(request, "snapshot.html", context)


def _panel(request: HttpRequest, snapshot: SnapshotRecord, frozen: Citable) -> CreditPanel:
    path = collection_citation_path(snapshot.slug, snapshot.number)
    citations = citations_of([frozen], request.GET.get(STYLE, ""), path=path)
    return panel_of(attribution_of_set(frozen.attributions), request.GET, citations=citations, has_several=True)


def _told(request: HttpRequest, snapshot: SnapshotRecord, frozen: Citable, description: str) -> Told:
    site = absolute(request, reverse("home"))
    return of_set(frozen, PublicSet(frozen, description, license_of_snapshot(snapshot), site))


def _members(found: tuple[Entry, ...], start: int, viewer: Viewer) -> list[Member]:
    shown = [one.now for one in found if isinstance(one.now, Shown)]
    tiles = dict(zip((one.record.public_id for one in shown), tiles_of(shown, viewer=viewer), strict=True))
    return [
        Member(
            at, one.member.id, tiles.get(one.member.id), one.now if isinstance(one.now, Gap) else None, one.is_same_file
        )
        for at, one in enumerate(found, start)
    ]


def _found(slug: str, number: int) -> SnapshotRecord:
    snapshot = find_snapshot(slug, number)
    if snapshot is None:
        raise Http404
    return snapshot


def _document_path(snapshot: SnapshotRecord) -> str:
    """Where the API has its document."""
    return f"/api/v1/collections/{snapshot.slug}/snapshots/{snapshot.number}/document"


def snapshot_path(snapshot: SnapshotRecord) -> str:
    """The path of a snapshot's page."""
    return reverse("snapshot", args=[snapshot.slug, snapshot.number])
