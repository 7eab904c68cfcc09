"""Accepting an invitation. Whoever has its address holds the key, so the address is told to no other site."""

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dermref.services.institutions import Faults
from dermref.services.joining import Closed, Joined, accept_as, accept_as_new, has_account, look_up
from dermref.web.status import Answer, page

CLOSED = {
    Closed.UNKNOWN: "There is no such invitation. Check that the whole address was copied.",
    Closed.USED: "This invitation was accepted already. Sign in with the account that it made.",
    Closed.EXPIRED: "This invitation has expired. Ask whoever invited you for another.",
    Closed.WITHDRAWN: "This invitation was withdrawn, or another took its place. Ask whoever invited you.",
    Closed.HAS_ACCOUNT: "There is an account for this address by now. Sign in, and open the invitation again.",
    Closed.CURATOR: "A curator’s account cannot be a member’s. Sign out, and open the invitation again.",
}
DIFFERENT = "The two passwords are not the same."


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, until when; and the form that accepts."""
    response = _accept(request, token) if request.method == "POST" else _draw(request, token)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _draw(request: HttpRequest, token: str, *, faults: tuple[str, ...] = ()) -> HttpResponse:
    found = look_up(token)
    if isinstance(found, Closed):
        return _closed(request, found)
    is_taken = not request.user.is_authenticated and has_account(found)
    context = {
        "section": "account",
        "invitation": found,
        "is_taken": is_taken,
        "faults": faults,
        "next": request.get_full_path(),
    }
    return page(request, "invitation.html", context)


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    if request.user.is_authenticated:
        outcome: Joined | Closed | Faults = accept_as(request.user.pk, token)
    else:
        outcome = _with_password(request, token)
    if isinstance(outcome, Faults):
        return _draw(request, token, faults=outcome.sentences)
    if isinstance(outcome, Closed):
        return _closed(request, outcome)
    if not request.user.is_authenticated:
        name, password = outcome.person.name, request.POST.get("password", "")
        login(request, authenticate(request, username=name, password=password))
    return redirect("account")


def _with_password(request: HttpRequest, token: str) -> Joined | Closed | Faults:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        return Faults((DIFFERENT,))
    return accept_as_new(token, password)


def _closed(request: HttpRequest, why: Closed) -> HttpResponse:
    """404 for what there is not, 410 for what is over."""
    answer = Answer.MISSING if why is Closed.UNKNOWN else Answer.GONE
    answer = Answer.REFUSED if why in (Closed.HAS_ACCOUNT, Closed.CURATOR) else answer
    return page(request, "closed.html", {"section": "account", "sentence": CLOSED[why]}, answer=answer)
