"""Changing a collection: what it says, who may look, its order, what is in it; freezing it; taking it away. Every form
names the version it was made from, and nobody's words are lost where somebody was faster."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dermref.model.asking import ANONYMOUS
from dermref.model.collection import Changed, CollectionRecord, Keeper, Order, Overtaken, Sharing
from dermref.model.deployment import Stopped
from dermref.services.collecting import LONGEST, describe, move, remove, renew_link, sort, take_out
from dermref.services.collection_places import places
from dermref.services.collection_view import PAGE_SIZE, view
from dermref.services.freezing import freeze, snapshots_of
from dermref.services.searching import shelf_of
from dermref.services.serving import Shown
from dermref.services.viewing import viewer_of_request
from dermref.web.asked import place_of
from dermref.web.collections import SHARED_WITH, whole_link
from dermref.web.images import Option
from dermref.web.keeping import images_in_words, kept, number_in, version_in
from dermref.web.picture import Tile, tiles_of
from dermref.web.snapshots import snapshot_path
from dermref.web.status import Answer, page

ORDERS = {Order.TITLE: "title", Order.CONDITION: "condition", Order.SOURCE: "source", Order.ID: "id"}
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A member on the page that changes the list: its tile, or why it is not shown."""

    number: int
    public_id: str
    tile: Tile | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """What a collection says, or what somebody typed that it should say."""

    title: str
    description: str
    sharing: str
    doi: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a change, and the place in the list to go back to."""

    outcome: Changed | Overtaken
    said: str
    place: int | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@kept
def edit(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> HttpResponse:
    """The page with all members, those included that are not shown; a form of it says in `do` what it changes."""
    if request.method != "POST":
        return _draw(request, record, keeper)
    act = DOINGS.get(request.POST.get("do", ""))
    if act is None:
        raise BadRequest("This form does not say what to change: load the page anew.")
    try:
        done = act(request, record, keeper)
    except Stopped as stop:
        return _draw(request, record, keeper, said=str(stop), answer=Answer.ASKED_WRONGLY)
    if isinstance(done.outcome, Overtaken):
        return _draw(request, done.outcome.record, keeper, said=done.outcome.text, answer=Answer.OVERTAKEN)
    messages.success(request, done.said)
    return redirect(_back(request, record, done.place))


def _back(request: HttpRequest, record: CollectionRecord, place: int | None) -> str:
    """The page of the list to go back to: with the place where something was put, or the one that was left."""
    path, asked = reverse("collection-edit", args=[record.slug]), place_of(request.GET, "from") or 1
    start = asked if place is None else (place - 1) // PAGE_SIZE * PAGE_SIZE + 1
    return path + (f"?from={start}" if start > 1 else "") + ("#members" if place is None else f"#place-{place}")


def _describe(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> Done:
    words = _typed(request, record)
    if words.sharing not in set(Sharing):
        raise BadRequest("Choose whom the collection is shared with.")
    outcome = describe(
        record,
        title=words.title,
        description=words.description,
        sharing=Sharing(words.sharing),
        doi=words.doi,
        keeper=keeper,
        version=version_in(request),
    )
    return Done(outcome, "Saved.")


def _move(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> Done:
    wanted = request.POST.get("to") or request.POST.get("place", "")
    place = number_in(wanted, or_say="A place in the list is a whole number, 1 being the first.")
    place = min(place, record.images)
    outcome = move(record, request.POST.get("image", ""), place=place, keeper=keeper, version=version_in(request))
    return Done(outcome, f"Put at place {place:,}.", place)


def _sort(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> Done:
    wanted = request.POST.get("order", "")
    if wanted not in set(Order):
        raise BadRequest("Choose what the images are put in order by.")
    outcome = sort(record, Order(wanted), keeper=keeper, version=version_in(request))
    return Done(outcome, f"All images are in the order of their {ORDERS[Order(wanted)]} now.", 1)


def _take_out(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> Done:
    chosen = request.POST.getlist("image")
    if not chosen:
        raise Stopped("Choose the images to take out first.")
    changed = take_out(record, chosen, keeper=keeper)
    return Done(changed, f"{images_in_words(changed.images)} taken out.")


def _new_link(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> Done:
    return Done(renew_link(record, keeper=keeper), "It has a new link; the earlier one leads nowhere from now on.")


DOINGS: Mapping[str, Callable[[HttpRequest, CollectionRecord, Keeper], Done]] = {
    "describe": _describe,
    "move": _move,
    "sort": _sort,
    "take-out": _take_out,
    "new-link": _new_link,
}


def _draw(
    request: HttpRequest, record: CollectionRecord, keeper: Keeper, *, said: str = "", answer: Answer = Answer.SHOWN
) -> HttpResponse:
    start = max(place_of(request.GET, "from") or 1, 1)
    following, words = start + PAGE_SIZE, _typed(request, record)
    context = {
        "section": "collections",
        "record": record,
        "said": said,
        "words": words,
        "now": _words_of(record) if words != _words_of(record) else None,
        "sharings": _sharings(record, keeper, words.sharing),
        "shared_now": SHARED_WITH[record.sharing],
        "longest": LONGEST,
        "link": whole_link(request, record),
        "rows": _rows(request, record, start),
        "orders": ORDERS.items(),
        "has_snapshots": bool(snapshots_of(record.slug)),
        "previous": max(start - PAGE_SIZE, 1) if start > 1 else None,
        "following": following if following <= record.images else None,
    }
    return page(request, "collection_edit.html", context, answer=answer)


def _typed(request: HttpRequest, record: CollectionRecord) -> Words:
    """The words of the form where it was sent, else those of the collection."""
    words = _words_of(record)
    if request.method != "POST" or request.POST.get("do") != "describe":
        return words
    sent = {name: request.POST[name].replace("\r\n", "\n") for name in Words.__slots__ if name in request.POST}
    return replace(words, **sent)


def _words_of(record: CollectionRecord) -> Words:
    return Words(record.title, record.description, record.sharing.value, record.doi)


def _sharings(record: CollectionRecord, keeper: Keeper, chosen: str) -> list[Option]:
    """Whom this person may share it with: a curator with everybody, too; and as it is, it may stay."""
    offered = [one for one in Sharing if keeper.is_curator or one in (Sharing.NOBODY, Sharing.LINK, record.sharing)]
    return [Option(one.value, SHARED_WITH[one], one.value == chosen) for one in dict.fromkeys(offered)]


def _rows(request: HttpRequest, record: CollectionRecord, start: int) -> list[Row]:
    viewer = viewer_of_request(request)
    found = places(record, viewer=viewer, start=min(start, record.images + 1), limit=PAGE_SIZE)
    shown = [one.now for one in found if isinstance(one.now, Shown)]
    tiles = dict(zip((one.record.public_id for one in shown), tiles_of(shown, viewer=viewer), strict=True))
    return [
        Row(one.number, one.public_id, tiles.get(one.public_id), None if isinstance(one.now, Shown) else one.now.text)
        for one in found
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@kept
def freeze_page(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> HttpResponse:
    """What a snapshot is, and what would go in; then the snapshot itself."""
    name = " ".join(request.POST.get("name", keeper.name if keeper.is_curator else "").split())[:LONGEST_NAME]
    said = ""
    if request.method == "POST":
        try:
            done = freeze(record, keeper=replace(keeper, name=_named(name)))
        except Stopped as stop:
            said = str(stop)
        else:
            told = "It was frozen." if done.is_new else "Nothing has changed since this snapshot was frozen."
            out = f" {images_in_words(done.left_out)} stayed out: not just anybody may see them."
            messages.success(request, told + (out if done.left_out else ""))
            return redirect(snapshot_path(done.snapshot))
    shown = view(record, shelf_of(ANONYMOUS), limit=1).shown
    left_out = record.images - shown
    context = {
        "section": "collections",
        "record": record,
        "said": said,
        "name": name,
        "shown": shown,
        "left_out": left_out,
    }
    return page(request, "collection_freeze.html", context, answer=Answer.ASKED_WRONGLY if said else Answer.SHOWN)


def _named(name: str) -> str:
    """Who froze it, as everybody will read it: a person's own choice, for an account's name is an e-mail address."""
    if not any(map(str.isalnum, name)) or not name.isprintable():
        raise Stopped("Say who freezes it, as it should stand in the snapshot.")
    return name


@require_http_methods(["GET", "HEAD", "POST"])
@kept
def delete_page(request: HttpRequest, record: CollectionRecord, keeper: Keeper) -> HttpResponse:
    """The question whether, then the deed; refused where there are snapshots."""
    said = ""
    if request.method == "POST":
        try:
            remove(record, keeper=keeper)
        except Stopped as stop:
            said = str(stop)
        else:
            messages.success(request, f"The collection “{record.title}” was deleted.")
            return redirect("collections")
    context = {
        "section": "collections",
        "record": record,
        "said": said,
        "has_snapshots": bool(snapshots_of(record.slug)),
    }
    return page(request, "collection_delete.html", context, answer=Answer.OVERTAKEN if said else Answer.SHOWN)
