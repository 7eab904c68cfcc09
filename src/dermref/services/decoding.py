"""What a worker process does: decodes one picture after the other, each under limits of time and memory. Loaded in
workers alone."""

import multiprocessing
import os
import re
import resource
import signal
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from dermref.media.inspect import inspect
from dermref.media.memory import keep_memory_flat
from dermref.media.renditions import render
from dermref.model.evidence import Refusal
from dermref.services.limits import HAVE_IT, Limits, over_memory

OUT_OF_MEMORY = re.compile("out of memory|insufficient memory", re.IGNORECASE)  # words of libvips, libtiff, libjpeg


def work(pipe: "Connection", limits: Limits) -> None:
    """Answer task after task until nobody asks any more."""
    _settle_in()
    while True:
        try:
            task, data = pipe.recv(), pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(HAVE_IT)
        own = _data_size()  # each time: what the picture before left behind is not this one's
        _allow(None if own is None else own + limits.memory, cpu=limits.cpu)
        answer = _answer(task, data, limits)
        _allow(None, cpu=0)
        pipe.send(answer)
        del task, data, answer  # an idle worker holds no picture


def _answer(task: tuple[str, str, Any], data: bytes, limits: Limits) -> object:
    kind, name, wanted = task
    try:
        answer = render(data, rungs=wanted) if kind == "render" else inspect(data, name=name, wish=wanted)
    except MemoryError:
        return over_memory(name, limits)
    except Exception as error:  # noqa: BLE001 (a picture our own code cannot deal with must not end the run)
        return Refusal("inspection-failed", f"{name} cannot be inspected: {type(error).__name__}")
    if isinstance(answer, Refusal) and OUT_OF_MEMORY.search(answer.text):
        return over_memory(name, limits)
    return answer


def _settle_in() -> None:
    """A worker keeps its memory flat, leaves no core file, must not outlive a parent that was killed, and leaves Ctrl-C
    to it."""
    keep_memory_flat()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _allow(memory: int | None, *, cpu: float) -> None:
    """Set the limits (bytes of data, seconds of computing) of what comes next; None and 0 for the system's own."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    is_lower = memory is not None and (hard == resource.RLIM_INFINITY or memory < hard)
    resource.setrlimit(resource.RLIMIT_DATA, (memory if memory is not None and is_lower else hard, hard))
    signal.setitimer(signal.ITIMER_PROF, cpu)  # at its end the kernel ends the process, by SIGPROF


def _data_size() -> int | None:
    """Bytes that the kernel counts as this process's data; None where it does not say, and no limit is set."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    found = re.search(r"^VmData:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else None
