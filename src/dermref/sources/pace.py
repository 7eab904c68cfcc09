"""How often a host is asked, and by how many at once: every request takes its turn. It knows no addresses but hosts."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dermref.model.source import Pace


@dataclass(slots=True)
class Turns:
    """The turns at every host, for all threads. A host that no pace names is asked as `default` says."""

    paces: Iterable[Pace] = ()
    default: Pace = field(default_factory=lambda: Pace("", 0.0, 64))
    _hosts: "dict[str, _Host]" = field(init=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    @contextmanager
    def turn(self, host: str, *, at_least: float = 0.0) -> Iterator[None]:
        """Wait for a turn at `host`, whose own wish for the seconds between two requests is `at_least`, and keep it."""
        place = self._place(host)
        with place.free:
            if seconds := place.wait(max(place.pace.seconds, at_least)):
                time.sleep(seconds)
            yield

    def rest(self, host: str, seconds: float) -> None:
        """Nobody asks `host` for so long: it said that it is too busy."""
        self._place(host).rest(seconds)

    def _place(self, host: str) -> "_Host":
        with self._lock:
            if host not in self._hosts:
                named = next((pace for pace in self.paces if pace.host == host), self.default)
                self._hosts[host] = _Host(named)
            return self._hosts[host]


@dataclass(slots=True)
class _Host:
    pace: Pace
    free: threading.Semaphore = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _next: float = field(init=False, default=0.0)  # on the monotonic clock, which no jump of the day's time moves

    def __post_init__(self) -> None:
        self.free = threading.Semaphore(self.pace.connections)

    def wait(self, seconds: float) -> float:
        """Take the next turn, and say in how many seconds it is."""
        with self._lock:
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + seconds
            return mine - now

    def rest(self, seconds: float) -> None:
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)
