"""Making a collection, from a search as the viewer sees it or from images one by one; and putting one image into a
collection that is there."""

from dataclasses import dataclass
from secrets import token_hex

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from dermref.model.collection import Changed, Keeper
from dermref.model.deployment import Stopped
from dermref.services.collecting import NewCollection, Search, add, create
from dermref.services.collection_view import find_collection
from dermref.services.searching import choices, conditions, search, shelf_of
from dermref.services.viewing import viewer_of_request
from dermref.web.asked import purpose_of, use_of, wanted_of
from dermref.web.images import count_text
from dermref.web.keeping import images_in_words, own_collections, signed_in
from dermref.web.status import Answer, page

KEEP = "keep"  # in the address of the form: what a search finds is to be kept
NEW = "new"  # in the form of an image: not into one that is there
NO_SUCH = "You keep no such collection; choose one of yours, or make a new one."
SLUG_BEGINNING = 60  # characters of the title in a name that is made of it


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, to be given back where it could not be used."""

    title: str = ""
    description: str = ""
    slug: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_collection(request: HttpRequest, keeper: Keeper) -> HttpResponse:
    """The form; its address says what goes in: `image`, as often as wanted, or with `keep` the filters of a list."""
    found = _search(request)
    if request.method != "POST":
        return _form(request, keeper, found, Typed())
    said = {name: request.POST.get(name, "") for name in ("title", "description", "slug")}
    try:
        made = create(
            NewCollection(
                said["title"],
                said["description"],
                _slug(said["slug"].strip(), said["title"], keeper),
                images=tuple(request.GET.getlist("image")),
                search=found,
            ),
            keeper=keeper,
            viewer=viewer_of_request(request),
        )
    except Stopped as stop:
        return _form(request, keeper, found, Typed(**said), said=str(stop))
    messages.success(request, f"The collection was made, with {images_in_words(made.images)}.{_left_out(made)}")
    return redirect("collection", made.record.slug)


def _form(request: HttpRequest, keeper: Keeper, found: Search | None, typed: Typed, *, said: str = "") -> HttpResponse:
    context = {
        "section": "collections",
        "typed": typed,
        "said": said,
        "is_curator": keeper.is_curator,
        "images": request.GET.getlist("image"),
        "count": count_text(search(found.wanted, found.shelf)) if found else None,
        "is_search": found is not None,
    }
    return page(request, "collection_new.html", context, answer=Answer.ASKED_WRONGLY if said else Answer.SHOWN)


def _search(request: HttpRequest) -> Search | None:
    """The search of the address, as this viewer sees it. Raises BadRequest with one sentence."""
    query: QueryDict = request.GET
    if not query.get(KEEP):
        return None
    viewer = viewer_of_request(request)
    everything = shelf_of(viewer)
    offered = choices(everything)
    wanted = wanted_of(
        query,
        conditions=frozenset(slug for slug, _, _ in conditions(everything)),
        licenses=frozenset(license_id for license_id, _, _ in offered.licenses),
        modalities=frozenset(offered.modalities),
    )
    return Search(wanted, shelf_of(viewer, action=use_of(request), purpose=purpose_of(request)))


def _slug(typed: str, title: str, keeper: Keeper) -> str:
    """The name in the address. A member's ends in what nobody can guess: so nobody learns, by trying titles, which
    collections there are that they may not know of. Curators know all, and may choose."""
    if keeper.is_curator:
        return typed
    beginning = slugify(title)[:SLUG_BEGINNING].strip("-") or "collection"
    return f"{beginning}-{token_hex(5)}"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add_image(request: HttpRequest, keeper: Keeper) -> HttpResponse:
    """Put the image of the address into a collection that is chosen, or begin a new one with it."""
    public_id, chosen = request.GET.get("image", ""), request.POST.get("collection", "")
    if not public_id or "\0" in public_id:  # which no id holds
        raise BadRequest("Say which image: its page has a form that does.")
    if request.method != "POST":
        return _choice(request, keeper, public_id)
    if chosen == NEW:
        return redirect(f"{reverse('collection-new')}?{urlencode({'image': public_id})}")
    record = find_collection(chosen, keeper=keeper)
    if record is None or not record.is_kept_by(keeper):
        return _choice(request, keeper, public_id, said=NO_SUCH)
    try:
        changed = add(record, [public_id], keeper=keeper, viewer=viewer_of_request(request))
    except Stopped as stop:
        return _choice(request, keeper, public_id, said=str(stop))
    if changed.left_out:
        return _choice(request, keeper, public_id, said=f"“{public_id[:80]}” is no image that you may see.")
    did = "was added to" if changed.images else "is already in"
    messages.success(request, f"This image {did} “{record.title}”.")
    return redirect("image", public_id)


def _choice(request: HttpRequest, keeper: Keeper, public_id: str, *, said: str = "") -> HttpResponse:
    context = {
        "section": "collections",
        "public_id": public_id,
        "own_collections": own_collections(keeper),
        "said": said,
    }
    return page(request, "collection_add.html", context, answer=Answer.ASKED_WRONGLY if said else Answer.SHOWN)


def _left_out(made: Changed) -> str:
    number = len(made.left_out)
    return f" {images_in_words(number)} stayed out: none that you may see." if number else ""
