"""The only way out: http(s) with bounds, retries that honour Retry-After, a User-Agent with a contact, and no way into
private networks. It returns whole bodies or raises; it judges no content."""

import ipaddress
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urlsplit

import httpcore
import httpx
import stamina

from dermref import __version__
from dermref.model.deployment import Stopped
from dermref.model.harvest import Fetched, FetchFailed

ATTEMPTS = 5
LONGEST_WAIT = 120.0
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
NAMES = {401: "asks to sign in", 403: "forbids it", 404: "knows no such thing", 410: "says it is gone"}


class Passing(Exception):
    """A fault that may pass: worth asking again, after `wait` seconds where the server said so."""

    def __init__(self, code: str, text: str, wait: float | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.wait = wait


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
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be found") from error
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if not is_permitted(address, allow_loopback=self._allow_loopback):
                raise ForbiddenAddress(f"{host} leads to {address}, a private address")
        return self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        """Wait, for httpcore's own retries (unused)."""
        time.sleep(seconds)


class ForbiddenAddress(Exception):
    """A name led into a private network."""


def is_permitted(address: str, *, allow_loopback: bool) -> bool:
    """Whether we may connect to this address: public ones, and loopback where the operator named it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return ip.is_global or (allow_loopback and ip.is_loopback)


def is_loopback_url(url: str) -> bool:
    """Whether the host of `url` is this machine by its literal name or address."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class HttpFetch:
    """A polite HTTP client; a context manager that holds the connections.

    `contact` goes into the User-Agent; without one nothing leaves but to a loopback `base_url` that the operator gave.
    """

    contact: str | None
    base_url: str | None = None
    connections: int = 4
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
            follow_redirects=True,
            max_redirects=5,
            trust_env=False,
            headers={"User-Agent": agent},
        )

    def __enter__(self) -> "HttpFetch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def __call__(self, url: str, *, max_bytes: int) -> Fetched:
        """The whole body at `url`. Raises FetchFailed."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise FetchFailed("bad-address", f"{url} is not a web address", is_final=True)
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
        try:
            with self._client.stream("GET", url) as response:
                _check_status(response, url)
                body = _bounded(response, url, max_bytes)
                media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return Fetched(str(response.url), body, media_type)
        except ForbiddenAddress as error:
            raise FetchFailed("bad-address", str(error), is_final=True) from error
        except httpx.TooManyRedirects as error:
            raise FetchFailed("bad-address", f"{url} redirects without end", is_final=True) from error
        except httpx.TimeoutException as error:
            raise Passing("timeout", f"{url} does not answer in time") from error
        except httpx.RequestError as error:
            raise Passing("dropped", f"the connection to {url} broke off") from error


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
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > max_bytes:
            raise FetchFailed("too-large", f"{url} sends more than {max_bytes:,} bytes", is_final=True)
    return bytes(body)


def _retry_after(value: str | None) -> float | None:
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
