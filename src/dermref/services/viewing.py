"""Who is asking over HTTP. The dev gate opens only when it is switched on, on a site that answers to no name but this
machine's, to a client on it that comes straight to us. What a proxy leaves behind closes it, and so do another site's
page and a foreign Host name."""

from collections.abc import Mapping

from django.conf import settings

from dermref.model.asking import ANONYMOUS, DEVELOPER, Viewer
from dermref.model.hosts import is_loopback, is_own_name
from dermref.services.deployment import deployment

PROXY_TRACES = (  # headers that begin so
    "HTTP_CF_",
    "HTTP_FORWARDED",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_VIA",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_FORWARDED",
    "HTTP_X_ORIGINAL",
    "HTTP_X_REAL_IP",
)
DIRECT = "HTTP/1.1"  # what a browser speaks to a local server; nginx, unless told otherwise, passes requests on in 1.0


def public_viewer() -> Viewer:
    """The viewer of every page and list: nobody in particular."""
    return ANONYMOUS


def dev_gate_viewer(environ: Mapping[str, object]) -> Viewer:
    """The viewer at the dev gate, from a WSGI environ: a developer, or nobody in particular."""
    is_open = deployment().dev_images and all(is_own_name(host) for host in settings.ALLOWED_HOSTS)
    return DEVELOPER if is_open and _is_local(environ) and _is_direct(environ) else ANONYMOUS


def _is_local(environ: Mapping[str, object]) -> bool:
    return is_loopback(str(environ.get("REMOTE_ADDR", ""))) and is_own_name(str(environ.get("HTTP_HOST", "")))


def _is_direct(environ: Mapping[str, object]) -> bool:
    is_passed_on = environ.get("SERVER_PROTOCOL") != DIRECT or any(name.startswith(PROXY_TRACES) for name in environ)
    return not is_passed_on and environ.get("HTTP_SEC_FETCH_SITE") != "cross-site"
