"""The only way out: http(s) with bounds, retries that honour Retry-After, a User-Agent with a contact, and no way into
private networks. It returns whole bodies or raises; it judges no content."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpcore
import httpx
import stamina

from dermref import __version__
from dermref.model.deployment import Stopped
from dermref.model.harvest import Busy, Fetched, FetchFailed

ATTEMPTS = 5
LONGEST_WAIT = 120.0
REDIRECTS = 5
DEADLINE = 300.0  # seconds for one attempt from its first byte to its last, redirects included
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# These carry an IPv4 address inside, or are no longer given out: nobody publishes images there.
CLOSED = tuple(
    ipaddress.IPv6Network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10")
)
NAMES = {401: "asks to sign in", 403: "forbids it", 404: "knows no such thing", 410: "says it is gone"}


class Passing(Exception):
    """A fault that may pass: worth asking again, after `wait` seconds where the server said so."""

    def __init__(self, code: str, text: str, wait: float | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.wait = wait


_ends_at: ContextVar[float] = ContextVar("_ends_at")  # on the monotonic clock, for the attempt of this thread


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
        """A stream to the first permitted address of `host`. Raises httpcore.ConnectError."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise ForbiddenAddress(f"{host!a} is no name that a host can have") from error
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


@dataclass(slots=True)
class HttpFetch:
    """A polite HTTP client; a context manager that holds the connections.

    `contact` goes into the User-Agent; without one nothing leaves but to a loopback `base_url` that the operator gave.
    With `is_mirrored`, every host is asked for below `base_url`, in a folder of its name, and nowhere else.
    """

    contact: str | None
    base_url: str | None = None
    is_mirrored: bool = False
    connections: int = 4
    deadline: float = DEADLINE
    patience: float = 0.2  # seconds before the first repeat where the server names none; later ones wait longer
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        local = bool(self.base_url and is_loopback_url(self.base_url))
        if not local and not self.contact:
            raise Stopped("Set DERMREF_CONTACT to your e-mail address first: every request names whom to write to.")
        limits = httpx.Limits(max_connections=self.connections)
        transport = httpx.HTTPTransport(limits=limits)
        transport._pool = httpcore.ConnectionPool(  # httpx has no public way to hand its pool a network backend
            ssl_context=httpx.create_ssl_context(),
            max_connections=self.connections,
            network_backend=CheckedBackend(allow_loopback=local),
        )
        stamina.instrumentation.set_on_retry_hooks([])  # progress and the final sentence tell of it
        agent = f"dermref/{__version__} ({self.contact or 'loopback'})"
        self._client = httpx.Client(
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,  # httpx would read the whole body of a redirect, however large: _follow does it
            trust_env=False,
            headers={"User-Agent": agent, "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> "HttpFetch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def __call__(self, url: str, *, max_bytes: int, keep: bool = False, busy: Busy | None = None) -> Fetched:
        """The whole body at `url`. Raises FetchFailed."""
        try:
            for attempt in stamina.retry_context(
                on=_wait_for, attempts=ATTEMPTS, timeout=None, wait_initial=self.patience, wait_max=50 * self.patience
            ):
                with attempt:
                    return self._once(url, max_bytes)
        except Passing as fault:
            raise FetchFailed(fault.code, f"{fault} (asked {ATTEMPTS} times)", is_final=False) from fault
        raise AssertionError("unreachable: the retry loop returns or raises")

    def _once(self, url: str, max_bytes: int) -> Fetched:
        _ends_at.set(time.monotonic() + self.deadline)
        try:
            return self._follow(url, max_bytes)
        except ForbiddenAddress as error:
            raise FetchFailed("bad-address", str(error), is_final=True) from error
        except UnicodeError as error:  # httpx reads the name where a redirect leads before we can
            raise FetchFailed("bad-address", f"{url} redirects to what is not a web address", is_final=True) from error
        except httpx.TimeoutException as error:
            raise Passing("timeout", f"{url} does not answer in time") from error
        except httpx.RequestError as error:
            raise Passing("dropped", f"the connection to {url} broke off") from error

    def _follow(self, url: str, max_bytes: int) -> Fetched:
        hop = url
        for _ in range(1 + REDIRECTS):
            _check_address(hop)
            with self._client.stream("GET", self._place(hop)) as response:
                if response.next_request is None:
                    _check_status(response, url)
                    body = _bounded(response, url, max_bytes)
                    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                    return Fetched(hop, body, media_type)
                hop = str(httpx.URL(hop).join(response.headers["Location"]))
        raise FetchFailed("bad-address", f"{url} redirects without end", is_final=True)

    def _place(self, url: str) -> str:
        """Where `url` is asked for."""
        if not self.is_mirrored or not self.base_url:
            return url
        parts, base = urlsplit(url), urlsplit(self.base_url)
        path = f"{base.path.rstrip('/')}/{parts.netloc}{parts.path}"
        return urlunsplit((base.scheme, base.netloc, path, parts.query, ""))


def _check_address(url: str) -> None:
    """Raises FetchFailed for anything but http(s) to a host, without a user name."""
    try:
        parts, address = urlsplit(url), httpx.URL(url)
        address.raw_host.decode("ascii").encode("idna")  # as the socket will
        is_plain = parts.scheme in ("http", "https") and bool(address.host) and "@" not in parts.netloc
        is_plain = is_plain and parts.port != 0  # one beyond 65535 raises
    except (ValueError, httpx.InvalidURL):
        is_plain = False
    if not is_plain:
        shown = url.rpartition("@")[2][:200]  # never a password
        raise FetchFailed("bad-address", f"{shown!a} is not a web address", is_final=True)


def _wait_for(error: Exception) -> bool | float:
    """stamina's question: try again (after how long) or not."""
    if not isinstance(error, Passing):
        return False
    return True if error.wait is None else min(error.wait, LONGEST_WAIT)


def _check_status(response: httpx.Response, url: str) -> None:
    status = response.status_code
    if status in PASSING:
        raise Passing(f"http-{status}", f"{url} answers {status}", _retry_after(response.headers.get("Retry-After")))
    if status != 200:
        meaning = NAMES.get(status, "does not give it")
        raise FetchFailed(f"http-{status}", f"{url} answers {status}: the server {meaning}", is_final=True)


def _bounded(response: httpx.Response, url: str, max_bytes: int) -> bytes:
    """The body as sent: a compressed one, which we did not ask for, could be endless inside."""
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise FetchFailed("compressed", f"{url} sends a compressed body, which was not asked for", is_final=True)
    too_large = FetchFailed("too-large", f"{url} sends more than {max_bytes:,} bytes", is_final=True)
    if int(response.headers.get("Content-Length", 0)) > max_bytes:  # httpx has checked that it is a number
        raise too_large
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > max_bytes:
            raise too_large
    return bytes(body)


def _retry_after(value: str | None) -> float | None:
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
