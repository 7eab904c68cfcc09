"""Security headers on every response, and none kept unasked. Static files never come here: WhiteNoise answers first."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# RFC 9110 wants a challenge with every 401. No scheme is registered for a session; browsers pass over one unknown to
# them, and a program learns where the form is.
CHALLENGE = 'Cookie realm="dermref", form-action="{form}", cookie-name="{cookie}"'
PRIVATE = "private, no-store"


def policy_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: nothing from elsewhere may load, frame or run in our pages; what is withdrawn is gone at once, and no
    copy is kept of what somebody sees who is signed in."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cache-Control", "no-cache")  # a shared cache asks before it repeats a refusal
        patch_vary_headers(response, ("Cookie",))
        if _has_session(request, response):
            response.headers["Cache-Control"] = PRIVATE
        if response.status_code == 401:
            response.headers.setdefault("WWW-Authenticate", _challenge())
        return response

    return respond


def _has_session(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether anybody may be signed in, told without a look into the database."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies


def _challenge() -> str:
    return CHALLENGE.format(form=reverse(settings.LOGIN_URL), cookie=settings.SESSION_COOKIE_NAME)
