"""What a person sees of their own account: who they are here, and what their institutions subscribe to until when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dermref.services.accounts import account_of
from dermref.services.viewing import viewer_of_request
from dermref.web.status import page


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The page, or the way to sign in."""
    found = account_of(request.user.pk) if request.user.is_authenticated else None
    if found is None:
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    context = {"section": "account", "found": found, "viewer": viewer_of_request(request)}
    return page(request, "account.html", context)
