"""The only way out: http(s) with bounds, at the pace and by the rules of every host, with retries that honour
Retry-After, a User-Agent with a contact, and no way into private networks. It returns whole bodies or raises; it judges
no content."""

import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

import httpcore
import httpx
import stamina

from dermref import __version__
from dermref.model.deployment import Stopped
from dermref.model.harvest import Busy, Fetched, FetchFailed
from dermref.model.link import Seen
from dermref.model.source import Pace
from dermref.sources import robots
from dermref.sources.connection import (
    CheckedBackend,
    ForbiddenAddress,
    UnknownHost,
    begin_attempt,
    check_address,
    is_loopback_url,
)
from dermref.sources.pace import Turns
from dermref.sources.remembered import Memory

ATTEMPTS = 5
LONGEST_WAIT = 120.0  # seconds; who is told to wait longer comes back another time
REDIRECTS = 5
DEADLINE = 300.0  # seconds for one answer from its first byte to its last; the wait for our turn is not counted
GLANCE = 60.0  # seconds for a look at an address, of whose answer only the head is waited for
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
POLITE = Pace("", 1.0, 1)  # for hosts that the registry does not name
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
HEAD_IS_ENOUGH = frozenset({401, 429, 503})  # other refusals may be of HEAD alone
NAMES = {401: "asks to sign in", 403: "forbids it", 404: "knows no such thing", 410: "says it is gone"}


class Passing(Exception):
    """A fault that may pass: worth asking again, after `wait` seconds where the server said so."""

    def __init__(self, code: str, text: str, *, wait: float | None = None, status: int = 0) -> None:
        super().__init__(text)
        self.code = code
        self.wait = wait
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """What one call of the fetcher asks for."""

    url: str
    max_bytes: int
    keep: bool = False
    busy: Busy | None = None


@dataclass(slots=True)
class HttpFetch:
    """A polite HTTP client; a context manager that holds the connections.

    `contact` goes into the User-Agent; without one nothing leaves but to a loopback `base_url` that the operator gave.
    With `is_mirrored`, every host is asked for below `base_url`, in a folder of its name, and nowhere else. No
    robots.txt speaks to `interfaces`, nor to the host of a `base_url` that is none of a mirror. `memory` keeps
    documents between runs.
    """

    contact: str | None
    base_url: str | None = None
    is_mirrored: bool = False
    connections: int = 4
    deadline: float = DEADLINE
    patience: float = 0.2  # seconds before the first repeat where the server names none; later ones wait longer
    paces: Iterable[Pace] = ()
    interfaces: tuple[str, ...] = ()
    memory: Memory | None = None
    _client: httpx.Client = field(init=False)
    _turns: Turns = field(init=False)
    _robots: robots.Robots = field(init=False)

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
        agent = f"{robots.AGENT}/{__version__} ({self.contact or 'loopback'})"
        self._client = httpx.Client(
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,  # httpx would read the whole body of a redirect, however large: _follow does it
            trust_env=False,
            headers={"User-Agent": agent, "Accept-Encoding": "identity"},
        )
        self._turns = Turns() if local else Turns(tuple(self.paces), POLITE)
        self._robots = robots.Robots(lambda url: self._ask(Request(url, robots.MAX_BYTES), is_ruled=False).body)

    def __enter__(self) -> "HttpFetch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        if self.memory:
            self.memory.shrink()

    def __call__(self, url: str, *, max_bytes: int, keep: bool = False, busy: Busy | None = None) -> Fetched:
        """The whole body at `url`. Raises FetchFailed."""
        return self._ask(Request(url, max_bytes, keep, busy))

    def look(self, url: str) -> Seen:
        """How the server answers for `url`, asked once: by HEAD, and where that brings no page by GET, of whose body
        nothing is read. No redirect is followed. Raises FetchFailed."""
        try:
            with _named_faults(url):
                seen = self._glance("HEAD", url)
                refused = seen.status >= httpx.codes.BAD_REQUEST and seen.status not in HEAD_IS_ENOUGH
                return self._glance("GET", url) if refused else seen
        except Passing as fault:
            raise FetchFailed(fault.code, str(fault), is_final=False, status=fault.status) from fault

    def _glance(self, method: str, url: str) -> Seen:
        check_address(url)
        with self._turn(url, is_ruled=True):
            begin_attempt(min(self.deadline, GLANCE))
            few = {"Range": "bytes=0-1023"} if method == "GET" else {}
            with self._client.stream(method, self._place(url), headers=few) as response:
                return Seen(response.status_code, response.headers.get("Location"))

    def _ask(self, request: Request, *, is_ruled: bool = True) -> Fetched:
        try:
            for attempt in stamina.retry_context(
                on=_wait_for, attempts=ATTEMPTS, timeout=None, wait_initial=self.patience, wait_max=50 * self.patience
            ):
                with attempt:
                    return self._once(request, is_ruled)
        except Passing as fault:
            asked = "" if _is_too_long(fault.wait) else f" (asked {ATTEMPTS} times)"
            raise FetchFailed(fault.code, f"{fault}{asked}", is_final=False, status=fault.status) from fault
        raise AssertionError("unreachable: the retry loop returns or raises")

    def _once(self, request: Request, is_ruled: bool) -> Fetched:
        with _named_faults(request.url):
            return self._follow(request, is_ruled)

    def _follow(self, request: Request, is_ruled: bool) -> Fetched:
        hop = request.url
        for _ in range(1 + REDIRECTS):
            check_address(hop)
            with self._turn(hop, is_ruled):
                begin_attempt(self.deadline)
                answer = self._answer(hop, request)
            if isinstance(answer, Fetched):
                return answer
            hop = answer
        raise FetchFailed("bad-address", f"{request.url} redirects without end", is_final=True)

    def _turn(self, url: str, is_ruled: bool) -> AbstractContextManager[None]:
        """Our turn at the host of `url`, by its own rules. Raises FetchFailed where these do not allow the address."""
        is_interface = any(_is_at(url, one) for one in self.interfaces) or (self._is_base(url) and not self.is_mirrored)
        at_least = self._robots.check(url) if is_ruled and not is_interface else 0.0
        if _is_too_long(at_least):
            raise FetchFailed("robots", f"{url}: its host wants {at_least:g} s between two requests", is_final=True)
        return self._turns.turn(urlsplit(url).hostname or "", at_least=at_least)

    def _answer(self, url: str, request: Request) -> Fetched | str:
        """The document at `url`, or where it is redirected to."""
        place = self._place(url)  # what a mirror says is remembered of the mirror alone
        known = self.memory.find(place) if self.memory and request.keep else None
        asked = dict(known.asked) if known and len(known.body) <= request.max_bytes else {}
        with self._client.stream("GET", place, headers=asked) as response:
            if known and asked and self.memory and response.status_code == httpx.codes.NOT_MODIFIED:
                self.memory.still_needed(place)
                return Fetched(url, known.body, known.media_type)
            if response.next_request is not None:
                return str(httpx.URL(url).join(response.headers["Location"]))
            self._check_status(response, url)
            body = _bounded(response, request)
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            self._check_busy(response, body, url, request)
        if self.memory and request.keep:
            self.memory.keep(place, body, media_type=media_type, headers=response.headers)
        return Fetched(url, body, media_type)

    def _check_status(self, response: httpx.Response, url: str) -> None:
        status = response.status_code
        if status in PASSING:
            wait = _retry_after(response.headers.get("Retry-After"))
            raise self._rested(Passing(f"http-{status}", f"{url} answers {status}", wait=wait, status=status), url)
        if status != httpx.codes.OK:
            text = f"{url} answers {status}: the server {NAMES.get(status, 'does not give it')}"
            raise FetchFailed(f"http-{status}", text, is_final=True, status=status)

    def _check_busy(self, response: httpx.Response, body: bytes, url: str, request: Request) -> None:
        wait = request.busy(body) if request.busy else None
        if wait is not None:
            named = _retry_after(response.headers.get("Retry-After"))
            text = f"{url} answers that it is too busy"
            raise self._rested(Passing("busy", text, wait=max(0.0, wait) if named is None else named), url)

    def _rested(self, fault: Passing, url: str) -> Passing:
        """The fault, after every thread was told to leave its host alone for so long."""
        if fault.wait and not _is_too_long(fault.wait):
            self._turns.rest(urlsplit(url).hostname or "", fault.wait)
        return fault

    def _is_base(self, url: str) -> bool:
        return bool(self.base_url) and urlsplit(url)[:2] == urlsplit(self.base_url or "")[:2]

    def _place(self, url: str) -> str:
        """Where `url` is asked for."""
        if not self.is_mirrored or not self.base_url:
            return url
        parts, base = urlsplit(url), urlsplit(self.base_url)
        path = f"{base.path.rstrip('/')}/{parts.netloc}{parts.path}"
        return urlunsplit((base.scheme, base.netloc, path, parts.query, ""))


@contextmanager
def _named_faults(url: str) -> Iterator[None]:
    """Raises what httpx raises as FetchFailed, or as Passing where it may pass."""
    try:
        yield
    except ForbiddenAddress as error:
        raise FetchFailed("bad-address", str(error), is_final=True) from error
    except (UnicodeError, httpx.InvalidURL) as error:  # httpx reads where a redirect leads before we can
        raise FetchFailed("bad-address", f"{url} redirects to what is not a web address", is_final=True) from error
    except httpx.TimeoutException as error:
        raise Passing("timeout", f"{url} does not answer in time") from error
    except httpx.ConnectError as error:
        if isinstance(error.__cause__, UnknownHost):
            raise Passing("no-such-host", f"no host has the name in {url}") from error
        raise Passing("dropped", f"the connection to {url} broke off") from error
    except httpx.RequestError as error:
        raise Passing("dropped", f"the connection to {url} broke off") from error


def _is_at(url: str, interface: str) -> bool:
    """Whether an address is that of an interface, or one below it."""
    rest = url.removeprefix(interface)
    return url.startswith(interface) and (interface.endswith("/") or rest[:1] in ("", "?", "/", "#"))


def _wait_for(error: Exception) -> bool | float:
    """stamina's question: try again (after how long) or not."""
    if not isinstance(error, Passing) or _is_too_long(error.wait):
        return False
    return True if error.wait is None else error.wait


def _is_too_long(wait: float | None) -> bool:
    return wait is not None and not wait <= LONGEST_WAIT


def _bounded(response: httpx.Response, request: Request) -> bytes:
    """The body as sent: a compressed one, which we did not ask for, could be endless inside."""
    url, most = request.url, request.max_bytes
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise FetchFailed("compressed", f"{url} sends a compressed body, which was not asked for", is_final=True)
    too_large = FetchFailed("too-large", f"{url} sends more than {most:,} bytes", is_final=True)
    if int(response.headers.get("Content-Length", 0)) > most:  # httpx has checked that it is a number
        raise too_large
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > most:
            raise too_large
    return bytes(body)


def _retry_after(value: str | None) -> float | None:
    """Seconds from a header that says a number of them, or a date."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
