"""Connections that go to the very address that was checked, never into a private network, and never last longer than
the attempt they serve."""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from dermref.model.harvest import FetchFailed

# These carry an IPv4 address inside, are no longer given out, or are kept for protocols: nobody publishes images there.
CLOSED = tuple(
    ipaddress.ip_network(one)
    for one in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "2002::/16", "2001::/32", "::/96", "fec0::/10"),
        "192.0.0.0/24",
    )
)

NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})

_ends_at: ContextVar[float] = ContextVar("_ends_at")  # on the monotonic clock, for the attempt of this thread


def begin_attempt(seconds: float) -> None:
    """What this thread does on the network from now on may take so long in all."""
    _ends_at.set(time.monotonic() + seconds)


class TimedStream(httpcore.NetworkStream):
    """A connection that gives no attempt more time than it has left, however slowly the bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes. Raises httpcore.ReadTimeout."""
        return self._inner.read(max_bytes, _time_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`. Raises httpcore.TimeoutException."""
        self._inner.write(buffer, _time_left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection encrypted, and still timed."""
        return TimedStream(self._inner.start_tls(ssl_context, server_hostname, _time_left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks about the socket."""
        return self._inner.get_extra_info(info)


def _time_left(timeout: float | None) -> float:
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this attempt is over")
    return left if timeout is None else min(timeout, left)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked, so a name cannot point elsewhere between check and use."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first permitted address of `host`. Raises httpcore.ConnectError, UnknownHost where nobody has
        that name."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise ForbiddenAddress(f"{host!a} is no name that a host can have") from error
        except socket.gaierror as error:
            fault = UnknownHost if error.errno in NO_SUCH_NAME else httpcore.ConnectError
            raise fault(f"{host} cannot be found") from error
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be found") from error
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if not is_permitted(address, allow_loopback=self._allow_loopback):
                raise ForbiddenAddress(f"{host} leads to {address}, a private address")
        inner = self._inner.connect_tcp(addresses[0], port, _time_left(timeout), local_address, socket_options)
        return TimedStream(inner)

    def sleep(self, seconds: float) -> None:
        """Wait, for httpcore's own retries (unused)."""
        time.sleep(seconds)


class UnknownHost(httpcore.ConnectError):
    """The name service says that there is no such host; that it does not answer is another fault."""


class ForbiddenAddress(Exception):
    """A name leads into a private network, or is none."""


def is_permitted(address: str, *, allow_loopback: bool) -> bool:
    """Whether we may connect to this address: public ones, and loopback where the operator named it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if ip.is_loopback:
        return allow_loopback
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in CLOSED)


def is_loopback_url(url: str) -> bool:
    """Whether the host of `url` is this machine by its literal name or address."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(url: str) -> None:
    """Raises FetchFailed for anything but http(s) to a host, without a user name."""
    try:
        parts, address = urlsplit(url), httpx.URL(url)
        address.raw_host.decode("ascii").encode("idna")  # as the socket will
        is_plain = parts.scheme in ("http", "https") and bool(address.host) and "@" not in parts.netloc
        is_plain = is_plain and parts.port != 0  # one beyond 65535 raises
        # Steps up are taken by the server, after whatever rule looked at the address.
        is_plain = is_plain and not {".", ".."} & {*re.split(r"[/\\]", unquote(parts.path))}
    except (ValueError, httpx.InvalidURL):
        is_plain = False
    if not is_plain:
        shown = url.rpartition("@")[2][:200]  # never a password
        raise FetchFailed("bad-address", f"{shown!a} is not a web address", is_final=True)
