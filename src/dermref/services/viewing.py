"""Who is asking over HTTP. The dev gate opens only when it is switched on, to a client on this very machine that comes
straight to us: a proxy's traces or a foreign Host name close it."""

import ipaddress
from collections.abc import Mapping

from dermref.model.asking import ANONYMOUS, DEVELOPER, Viewer
from dermref.services.deployment import deployment

PROXY_TRACES = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_X_FORWARDED_HOST")


def public_viewer() -> Viewer:
    """The viewer of every page and list: nobody in particular."""
    return ANONYMOUS


def dev_gate_viewer(environ: Mapping[str, object]) -> Viewer:
    """The viewer at the dev gate, from a WSGI environ: a developer, or nobody in particular."""
    direct = not any(name in environ for name in PROXY_TRACES)
    local = is_loopback(str(environ.get("REMOTE_ADDR", ""))) and _is_loopback_host(str(environ.get("HTTP_HOST", "")))
    return DEVELOPER if deployment().dev_images and direct and local else ANONYMOUS


def is_loopback(address: str) -> bool:
    """Whether a client address is this machine; anything unreadable is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return bool((mapped or ip).is_loopback)


def _is_loopback_host(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    return name == "localhost" or is_loopback(name.strip("[]"))
