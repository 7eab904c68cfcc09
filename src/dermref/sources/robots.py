"""What the robots.txt of a host allows us, and how slowly (RFC 9309). Where it cannot be had, nothing is allowed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from dermref.model.harvest import FetchFailed

AGENT = "dermref"
MAX_BYTES = 512 * 1024  # the standard wants 500 KiB read; more is a fault of the host
NONE_THERE = range(400, 500)  # by the standard, a host without the file allows everything


@dataclass(slots=True)
class Robots:
    """The rules of every host, each fetched once by `fetch` and kept for this run."""

    fetch: Callable[[str], bytes]
    _known: dict[str, Protego] = field(init=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def check(self, url: str) -> float:
        """The seconds between two requests that the host of `url` wants, 0.0 where it does not say. Raises FetchFailed
        where it does not allow the address, or its rules cannot be had."""
        rules = self._rules(url)
        if not rules.can_fetch(url, AGENT):
            raise FetchFailed("robots", f"{url}: the robots.txt of its host does not allow it", is_final=True)
        return float(rules.crawl_delay(AGENT) or 0.0)

    def _rules(self, url: str) -> Protego:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:  # the others wait: nothing may be asked before the rules are known
            if origin not in self._known:
                self._known[origin] = self._fetched(f"{origin}/robots.txt")
            return self._known[origin]

    def _fetched(self, url: str) -> Protego:
        try:
            text = self.fetch(url).decode("utf-8-sig", errors="replace")
        except FetchFailed as fault:
            if fault.status not in NONE_THERE:
                raise
            text = ""
        return Protego.parse(text)
