"""Collections and snapshots over the API, to read. Every collection is filtered by the rights of who asks; what one may
not know of is not there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from ninja import Query, Router
from ninja.errors import HttpError

from dermref.api.asking import Problem, question
from dermref.api.citing import CITATION, CitationQuery, citation
from dermref.api.collection_schemas import (
    CollectionDecisionOut,
    CollectionOut,
    CollectionPage,
    SnapshotOut,
    SnapshotPage,
)
from dermref.model.asking import Purpose, Viewer
from dermref.model.collection import CollectionRecord, Keeper, SnapshotRecord
from dermref.services.citing_sets import citable_living, citable_snapshot
from dermref.services.collection_view import View, find_collection, list_collections, use_of_all, view
from dermref.services.describing import describe_images, describe_set_decision
from dermref.services.describing_sets import describe_collection, describe_entry, describe_snapshot
from dermref.services.freezing import (
    Entry,
    document_of,
    entries,
    find_snapshot,
    read_snapshot,
    snapshots_of,
)
from dermref.services.searching import shelf_of
from dermref.services.serving import Shown
from dermref.services.viewing import keeper_of_request, viewer_of_request

router = Router(tags=["collections"])
NO_COLLECTION = "There is no such collection."
NO_SNAPSHOT = "There is no such snapshot."
NOTHING_KNOWN = "There is no image in it that you may know of: nothing can be decided about all of it."
MOST_NAMED = 1_000  # members of each cause, and lines of a credit list
MOST_AT_ONCE = 200
FOREVER = "public, max-age=31536000, immutable"


@router.get("", response={200: list[CollectionOut], 400: Problem})
def list_all(request: HttpRequest, start: int = 1, limit: int = 48) -> list[dict[str, Any]]:
    """Collections that everybody may look at, and your own; latest change first, from the `start`th on."""
    _check(start, limit, least=1)
    keeper, shelf = keeper_of_request(request), shelf_of(viewer_of_request(request))
    found = list_collections(keeper)[start - 1 : start - 1 + limit]
    return [_collection(view(one, shelf, limit=1), keeper) for one in found]


@router.get("/{slug}", response={200: CollectionPage, 400: Problem, 404: Problem})
def one_collection(request: HttpRequest, slug: str, after: int = 0, limit: int = 48) -> dict[str, Any]:
    """One collection with a page of the images that you may see, in its order; `after` is the `next` of the page
    before."""
    _check(after, limit, least=0)
    keeper, viewer = keeper_of_request(request), viewer_of_request(request)
    found = view(_known(slug, keeper), shelf_of(viewer), after=after, limit=limit)
    return {
        **_collection(found, keeper),
        "next": found.next_after,
        "results": describe_images(found.images, viewer=viewer),
    }


@router.get("/{slug}/decision", response={200: CollectionDecisionOut, 400: Problem, 404: Problem})
def collection_decision(
    request: HttpRequest, slug: str, action: str, purpose: str = Purpose.UNSPECIFIED
) -> dict[str, Any]:
    """May all of it be used so? The strictest outcome, all duties, and which images cause each restriction: up to 1,000
    of each are named, and `images` says how many there are."""
    record, asked = _known(slug, keeper_of_request(request)), question(request, action, purpose)
    found = use_of_all(record, asked, names=MOST_NAMED)
    if found is None:
        raise HttpError(404, NOTHING_KNOWN)
    return describe_set_decision(found.decision, numbers=found.numbers)


@router.get("/{slug}/citation", response=CITATION)
def cite_collection(request: HttpRequest, slug: str, query: Query[CitationQuery]) -> HttpResponse:
    """How a collection is cited, with every attribution of what you may see in it."""
    record = _known(slug, keeper_of_request(request))
    return citation([citable_living(record, shelf_of(viewer_of_request(request)))], query)


@router.get("/{slug}/snapshots", response={200: list[SnapshotOut], 404: Problem})
def list_snapshots(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The snapshots of a collection, latest first. They are public, whatever became of the collection."""
    found = snapshots_of(slug)
    if not found:
        _known(slug, keeper_of_request(request))
    return [_snapshot(one) for one in found]


@router.get("/{slug}/snapshots/{number}", response={200: SnapshotPage, 400: Problem, 404: Problem})
def one_snapshot(request: HttpRequest, slug: str, number: int, start: int = 1, limit: int = 48) -> dict[str, Any]:
    """One snapshot with a page of its members from the `start`th on, each as it may be shown to you now, or a gap with
    its reason."""
    _check(start, limit, least=1)
    snapshot, viewer = _found(slug, number), viewer_of_request(request)
    frozen = read_snapshot(snapshot)
    found = entries(frozen.members[start - 1 : start - 1 + limit], viewer=viewer)
    return {
        **_snapshot(snapshot),
        "description": frozen.description,
        "credits": [
            {"name": one.name, "images": one.images, "licenses": list(one.licenses)}
            for one in frozen.credits[:MOST_NAMED]
        ],
        "next": start + limit if start - 1 + limit < len(frozen.members) else None,
        "members": _members(found, start, viewer),
    }


@router.get("/{slug}/snapshots/{number}/citation", response=CITATION)
def cite_snapshot(request: HttpRequest, slug: str, number: int, query: Query[CitationQuery]) -> HttpResponse:
    """How a snapshot is cited, with the attributions that it froze."""
    return citation([citable_snapshot(_found(slug, number))], query)


@router.get("/{slug}/snapshots/{number}/document", response={200: dict[str, Any], 404: Problem})
def snapshot_document(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The document of a snapshot, byte for byte: its sha256 is the content hash. It never changes, so
    whoever has it need not ask again."""
    snapshot = _found(slug, number)
    etag = f'"{snapshot.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or HttpResponse(document_of(snapshot), content_type="application/json")
    response.headers["ETag"], response.headers["Cache-Control"] = etag, FOREVER
    response.headers["Content-Disposition"] = f'attachment; filename="{snapshot.slug}-{number}.json"'
    return response


def _check(place: int, limit: int, *, least: int) -> None:
    if not least <= place < 2**63 or not 1 <= limit <= MOST_AT_ONCE:
        raise HttpError(
            400,
            f"limit is 1 to {MOST_AT_ONCE}; after is the “next” of an earlier page, start a place, 1 being the first.",
        )


def _known(slug: str, keeper: Keeper) -> CollectionRecord:
    record = find_collection(slug, keeper=keeper)
    if record is None:
        raise HttpError(404, NO_COLLECTION)
    return record


def _found(slug: str, number: int) -> SnapshotRecord:
    snapshot = find_snapshot(slug, number)
    if snapshot is None:
        raise HttpError(404, NO_SNAPSHOT)
    return snapshot


def _collection(found: View, keeper: Keeper) -> dict[str, Any]:
    told = {"is_own": found.record.is_kept_by(keeper), "shown": found.shown, "withheld": found.withheld}
    return describe_collection(found.record) | told


def _snapshot(one: SnapshotRecord) -> dict[str, Any]:
    return describe_snapshot(one) | {"document": reverse("v1:snapshot_document", args=[one.slug, one.number])}


def _members(found: tuple[Entry, ...], start: int, viewer: Viewer) -> list[dict[str, Any]]:
    shown = [one.now for one in found if isinstance(one.now, Shown)]
    images = {one["id"]: one for one in describe_images(shown, viewer=viewer)}
    return [
        describe_entry(one) | {"place": at, "image": images.get(one.member.id)} for at, one in enumerate(found, start)
    ]
