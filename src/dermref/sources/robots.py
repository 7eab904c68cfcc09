"""What the robots.txt of a host allows us, and how slowly (RFC 9309). Where it cannot be had, nothing is allowed."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from dermref.model.harvest import FetchFailed

AGENT = "dermref"
MAX_BYTES = 512 * 1024  # the standard wants 500 KiB read; more is a fault of the host
REMEMBERED = 60.0  # seconds
NONE_THERE = range(400, 500)  # by the standard, a host without the file allows everything


@dataclass(slots=True)
class Robots:
    """The rules of every host, each fetched once by `fetch` and kept for this run; that they could not be had is kept
    for a minute."""

    fetch: Callable[[str], bytes]
    _known: "dict[str, _Host]" = field(init=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def check(self, url: str) -> float:
        """The seconds between two requests that the host of `url` wants, 0.0 where it does not say. Raises FetchFailed
        where it does not allow the address, or its rules cannot be had."""
        rules = self._host(url).rules(self.fetch)
        if not rules.can_fetch(url, AGENT):
            raise FetchFailed("robots", f"{url}: the robots.txt of its host does not allow it", is_final=True)
        return float(rules.crawl_delay(AGENT) or 0.0)

    def _host(self, url: str) -> "_Host":
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            return self._known.setdefault(origin, _Host(f"{origin}/robots.txt"))


@dataclass(slots=True)
class _Host:
    url: str
    _rules: Protego | None = None
    _fault: FetchFailed | None = None
    _failed_at: float = 0.0
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def rules(self, fetch: Callable[[str], bytes]) -> Protego:
        with self._lock:  # the others wait: nothing may be asked of a host before its rules are known
            if self._fault and time.monotonic() - self._failed_at < REMEMBERED:
                raise self._fault
            if self._rules is None:
                self._rules = self._fetched(fetch)
            return self._rules

    def _fetched(self, fetch: Callable[[str], bytes]) -> Protego:
        try:
            text = fetch(self.url).decode("utf-8-sig", errors="replace")
        except FetchFailed as fault:
            if fault.status not in NONE_THERE or not fault.is_final:
                self._fault, self._failed_at = fault, time.monotonic()
                raise
            text = ""
        self._fault = None
        return Protego.parse(text)
