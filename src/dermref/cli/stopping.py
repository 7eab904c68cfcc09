"""Ctrl-C and SIGTERM for work that ends between two steps; a second one ends it on the spot."""

import signal
import time
from types import FrameType, TracebackType
from typing import Any


class Stopping:
    """Between its steps the work calls `check`, which raises KeyboardInterrupt once somebody asked it to stop."""

    def __init__(self) -> None:
        self.is_asked = False
        self._is_idle = False
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> "Stopping":
        self._handlers = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raises KeyboardInterrupt when somebody asked to stop."""
        if self.is_asked:
            raise KeyboardInterrupt

    def wait(self, seconds: float) -> None:
        """Do nothing for so long. Raises KeyboardInterrupt at once when somebody asks to stop."""
        self._is_idle = True  # first, so that a signal between the two lines is not lost
        self.check()
        time.sleep(seconds)
        self._is_idle = False

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.is_asked or self._is_idle:
            raise KeyboardInterrupt
        self.is_asked = True
