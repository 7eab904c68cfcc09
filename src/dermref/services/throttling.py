"""How often somebody may guess a password. Kept in the memory of one server process, and bounded: with several workers
each counts for itself, and a restart forgets. That slows guessing down; the password itself has to be good."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from dermref.model.hosts import is_loopback

WINDOW = 15 * 60  # seconds in which failures count
FROM_ONE_PLACE = 5  # failures for one account from one address
FOR_ONE_ACCOUNT = 30  # for one account from anywhere: a guesser with many addresses
FROM_ONE_ADDRESS = 50  # for any account; not from this machine, where a proxy stands for everybody
MOST_KEYS = 10_000

Key = tuple[str, ...]


@dataclass(slots=True)
class Throttle:
    """Failures of the last minutes by account and address. `clock` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _failures: "OrderedDict[Key, deque[float]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, account: str, address: str) -> int:
        """How many seconds somebody has to wait before the next attempt; 0 for none."""
        with self._lock:
            now = self.clock()
            waits = [self._wait(key, limit, now) for key, limit in _limits(account, address).items()]
            return max(waits, default=0)

    def fail(self, account: str, address: str) -> None:
        """Another failure. Beyond the bound, what was counted longest ago is forgotten."""
        with self._lock:
            now = self.clock()
            for key, limit in _limits(account, address).items():
                self._failures.setdefault(key, deque(maxlen=limit)).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > MOST_KEYS:
                self._failures.popitem(last=False)

    def succeed(self, account: str, address: str) -> None:
        """Whoever knows the password starts anew, from there."""
        with self._lock:
            self._failures.pop((account, address), None)

    def _wait(self, key: Key, limit: int, now: float) -> int:
        times = self._failures.get(key, ())
        recent = [one for one in times if now - one < WINDOW]
        return int(recent[-limit] + WINDOW - now) + 1 if len(recent) >= limit else 0


SIGN_INS = Throttle()


def _limits(account: str, address: str) -> dict[Key, int]:
    limits: dict[Key, int] = {(account, address): FROM_ONE_PLACE, ("account", account, ""): FOR_ONE_ACCOUNT}
    if not is_loopback(address):
        limits["address", address, ""] = FROM_ONE_ADDRESS
    return limits
