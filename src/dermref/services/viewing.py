"""Who is asking over HTTP: nobody in particular, a member, a member of an institution with all that it ever subscribed
to, or a curator, who is none of the others by being one.

The dev gate opens only when it is switched on, on a site that answers to no name but this machine's, to a client on it
that comes straight to us. What a proxy leaves behind closes it, and so do another site's page and a foreign Host name.
"""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from dermref.catalog.institutions import list_institutions, subscriptions_of
from dermref.catalog.members import memberships_of
from dermref.catalog.people import find_person
from dermref.model.asking import ANONYMOUS, DEVELOPER, Viewer, ViewerKind
from dermref.model.collection import NOBODY, Keeper
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
MEMO = "_dermref_viewer"  # where a request remembers who it is
DIRECT = "HTTP/1.1"  # what a browser speaks to a local server; nginx, unless told otherwise, passes requests on in 1.0


def viewer_of_request(request: HttpRequest) -> Viewer:
    """The viewer of a request, read once for everything that it asks."""
    known: Viewer | None = getattr(request, MEMO, None)
    if known is None:
        known = viewer_again(request)
        setattr(request, MEMO, known)
    return known


def viewer_again(request: HttpRequest) -> Viewer:
    """The same as the catalogue has it at this moment, whatever was read before."""
    user = getattr(request, "user", None)
    return viewer_of(user.pk if user and user.is_authenticated else None)


def keeper_of_request(request: HttpRequest) -> Keeper:
    """Who keeps collections in a request: the account that is signed in. Nobody without one, or where it is closed."""
    user = getattr(request, "user", None)
    person = find_person(user.pk) if user and user.is_authenticated else None
    if person is None or not person.is_active:
        return NOBODY
    return Keeper(person.name, person.id, person.is_curator)


def viewer_of(user_id: int | None) -> Viewer:
    """The viewer that an account makes now; nobody in particular without one, or where it is closed. Subscriptions that
    ended are among those of a member, so that a refusal can say when and why."""
    person = find_person(user_id) if user_id is not None else None
    if person is None or not person.is_active:
        return ANONYMOUS
    if person.is_curator:
        return Viewer(ViewerKind.CURATOR)
    now = timezone.now()
    slugs = [one.institution.slug for one in memberships_of(person.id) if one.is_current(now)]
    if not slugs:
        return Viewer(ViewerKind.MEMBER)
    return Viewer(ViewerKind.INSTITUTION_MEMBER, tuple(one.subscription for one in subscriptions_of(slugs)))


def viewer_like(kind: ViewerKind) -> Viewer:
    """Somebody of this kind, for who looks through their eyes: an institution's member as one of every institution."""
    if kind is not ViewerKind.INSTITUTION_MEMBER:
        return Viewer(kind)
    slugs = [one.slug for one in list_institutions()]
    return Viewer(kind, tuple(one.subscription for one in subscriptions_of(slugs)))


def dev_gate_viewer(environ: Mapping[str, object]) -> Viewer:
    """The viewer at the dev gate, from a WSGI environ: a developer, or nobody in particular."""
    is_open = deployment().dev_images and all(is_own_name(host) for host in settings.ALLOWED_HOSTS)
    return DEVELOPER if is_open and _is_local(environ) and _is_direct(environ) else ANONYMOUS


def _is_local(environ: Mapping[str, object]) -> bool:
    return is_loopback(str(environ.get("REMOTE_ADDR", ""))) and is_own_name(str(environ.get("HTTP_HOST", "")))


def _is_direct(environ: Mapping[str, object]) -> bool:
    is_passed_on = environ.get("SERVER_PROTOCOL") != DIRECT or any(name.startswith(PROXY_TRACES) for name in environ)
    return not is_passed_on and environ.get("HTTP_SEC_FETCH_SITE") != "cross-site"
