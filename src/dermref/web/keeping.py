"""Whose a collection is, for the pages that change one: whoever is not signed in is led to the form, what somebody may
not know of is not there, and what is not theirs is refused."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from dermref.model.collection import CollectionRecord, Keeper
from dermref.services.collecting import NOT_YOURS
from dermref.services.collection_view import find_collection, kept_collections
from dermref.services.viewing import keeper_of_request
from dermref.web.status import Answer, page

NO_VERSION = "This form does not say which version of the collection it changes: load the page anew."
LONGEST_NUMBER = 9  # digits

Answering = Callable[[HttpRequest, Keeper], HttpResponse]
Changing = Callable[[HttpRequest, CollectionRecord, Keeper], HttpResponse]


def signed_in(view: Answering) -> Callable[[HttpRequest], HttpResponse]:
    """The view, for who has an account; for everybody else the way to sign in and back."""

    @wraps(view)
    def respond(request: HttpRequest) -> HttpResponse:
        keeper = keeper_of_request(request)
        return _to_sign_in(request) if keeper.user_id is None else view(request, keeper)

    return respond


def kept(view: Changing) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view, for who keeps the collection of the address."""

    @wraps(view)
    def respond(request: HttpRequest, slug: str) -> HttpResponse:
        keeper = keeper_of_request(request)
        if keeper.user_id is None:
            return _to_sign_in(request)  # before the collection is looked for: nobody learns whether there is one
        record = find_collection(slug, keeper=keeper)
        if record is None:
            raise Http404
        if not record.is_kept_by(keeper):
            return page(request, "not_yours.html", {"sentence": NOT_YOURS, "record": record}, answer=Answer.REFUSED)
        return view(request, record, keeper)

    return respond


def number_in(text: str, *, or_say: str) -> int:
    """A whole number of a form. Raises BadRequest with that sentence for anything else."""
    words = text.strip()
    if not (words.isascii() and words.isdigit() and len(words) <= LONGEST_NUMBER):
        raise BadRequest(or_say)
    return int(words)


def version_in(request: HttpRequest) -> int:
    """The version that a form was made from."""
    return number_in(request.POST.get("version", ""), or_say=NO_VERSION)


def own_collections(keeper: Keeper) -> tuple[tuple[str, str], ...]:
    """Name and title of those that this person may put images into."""
    return kept_collections(keeper) if keeper.user_id is not None else ()


def images_in_words(number: int) -> str:
    """A number of images."""
    return "1 image" if number == 1 else f"{number:,} images"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
