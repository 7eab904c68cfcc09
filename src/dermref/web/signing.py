"""Signing in and out. Nobody learns here whether there is an account, and nobody is led to another site."""

from django import forms
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dermref.services.joining import LONGEST_NAME, LONGEST_PASSWORD, address_of
from dermref.services.throttling import SIGN_INS
from dermref.web.status import Answer, page

WRONG = "The name and the password do not belong together, or the account is closed."
LOCKED = "There were too many attempts; wait {minutes} and try again."


class SignIn(forms.Form):
    """What somebody signs in with. A password is taken as it is, spaces included."""

    name = forms.CharField(label="E-mail address", max_length=LONGEST_NAME)
    password = forms.CharField(max_length=LONGEST_PASSWORD, strip=False, widget=forms.PasswordInput)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; after it, the page that was wanted, or the account's own."""
    target = safe_target(request)
    if request.method != "POST":
        return _form(request, target)
    form = SignIn(request.POST)
    if not form.is_valid():
        return _form(request, target, said=WRONG)
    name, address = address_of(form.cleaned_data["name"]), str(request.META.get("REMOTE_ADDR", ""))
    if seconds := SIGN_INS.wait(name, address):
        return _locked(request, target, seconds)
    user = authenticate(request, username=name, password=form.cleaned_data["password"])
    if user is None:
        SIGN_INS.fail(name, address)
        return _form(request, target, said=WRONG)
    SIGN_INS.succeed(name, address)
    login(request, user)
    return redirect(target or resolve_url("account"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and to the first page."""
    logout(request)
    return redirect("home")


def safe_target(request: HttpRequest) -> str:
    """The path to go on to, out of `next`; empty where it is none of this site."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") and wanted.isprintable() else ""


def _locked(request: HttpRequest, target: str, seconds: int) -> HttpResponse:
    minutes = -(-seconds // 60)
    said = LOCKED.format(minutes=f"{minutes} minute{'s' if minutes > 1 else ''}")
    response = _form(request, target, said=said, answer=Answer.TOO_OFTEN)
    response.headers["Retry-After"] = str(seconds)
    return response


def _form(request: HttpRequest, target: str, *, said: str = "", answer: Answer = Answer.SHOWN) -> HttpResponse:
    """The form, empty: neither a name nor a password is sent back."""
    return page(request, "sign_in.html", {"section": "account", "next": target, "said": said}, answer=answer)
