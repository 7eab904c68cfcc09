"""Worker processes that decode strangers' pictures, each under limits of time and memory. A picture that breaks its
worker is refused, that picture alone; a new worker takes its place. Touches no database."""

import multiprocessing
import signal
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from queue import LifoQueue
from types import TracebackType

from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.media import Inspected, Made, Rung, Wish
from dermref.services.limits import DEFAULT, HAVE_IT, Limits

STARTING = 60.0  # seconds until a worker must have said that it begins; it takes a tenth of one
WORKER = "dermref.services.decoding"  # by name: a process that only asks, such as a server, never loads a decoder


@dataclass(slots=True)
class Inspectors:
    """Up to `workers` processes that decode, started when needed; every thread may ask."""

    workers: int
    limits: Limits = DEFAULT
    _all: "tuple[_Worker, ...]" = field(init=False)
    _idle: "LifoQueue[_Worker]" = field(init=False, default_factory=LifoQueue)

    def __post_init__(self) -> None:
        self._all = tuple(_Worker(self.limits) for _ in range(self.workers))
        for worker in self._all:
            self._idle.put(worker)

    def __enter__(self) -> "Inspectors":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._all:
            worker.stop()

    def inspect(self, data: bytes, *, name: str, wish: Wish) -> Inspected | Refusal:
        """The verdict on `data`, of which `name` is the file name. Raises Stopped where no process can be started."""
        answer = self._ask("inspect", data, name=name, wanted=wish)
        assert isinstance(answer, Inspected | Refusal)
        return answer

    def render(self, data: bytes, *, rungs: Iterable[Rung]) -> tuple[Made, ...] | Refusal:
        """These renditions of a stored picture, as far as there are such of a picture of its size."""
        answer = self._ask("render", data, name="the stored file", wanted=tuple(rungs))
        assert isinstance(answer, tuple | Refusal)
        return answer

    def _ask(self, task: str, data: bytes, *, name: str, wanted: object) -> object:
        worker = self._idle.get()
        try:
            return worker.ask((task, name, wanted), data)
        finally:
            self._idle.put(worker)


Task = tuple[str, str, object]  # which task, the name of the file, and what is wanted


class _Died(Exception):
    """The worker is gone."""


class _NoWorker(Exception):
    """No worker can be started."""


_ONE_AT_A_TIME = threading.Lock()  # multiprocessing keeps its list of children without one


@dataclass(slots=True)
class _Worker:
    """One process and the pipe to it, for one thread at a time. Started at its first task, and again after death."""

    limits: Limits
    _process: ForkServerProcess | None = None
    _pipe: "Connection | None" = None

    def ask(self, task: "Task", data: bytes) -> object:
        """The task's answer on `data`, or why there is none. Whatever goes wrong, the process does not outlive it."""
        is_well, (_, name, _) = False, task
        try:
            pipe = self._send(task, data)
            if not pipe.poll(self.limits.wall):
                return Refusal("decoder-timeout", f"{name} takes longer than {self.limits.wall:g} s to decode")
            answer: object = pipe.recv()
            is_well = True
            return answer
        except _NoWorker as error:
            raise Stopped(f"No process can be started to decode {name}; free some of this machine's limits.") from error
        except (_Died, EOFError, OSError):
            return self._cause_of_death(name)
        finally:
            if not is_well:
                self.stop()

    def _send(self, task: "Task", data: bytes) -> "Connection":
        """Hand the task over. A worker that died while idle, or before it said that it has everything, is no fault of
        the picture: another one gets it. Raises _Died when that dies too."""
        for _ in range(2):
            pipe = self._ready()
            try:
                pipe.send(task)
                pipe.send_bytes(data)
                if pipe.poll(STARTING) and pipe.recv_bytes() == HAVE_IT:
                    return pipe
            except (EOFError, BrokenPipeError, ConnectionResetError):
                pass
            self.stop()
        raise _Died

    def _ready(self) -> "Connection":
        if self._process is not None:
            with _ONE_AT_A_TIME:
                is_alive = self._process.is_alive()
            if not is_alive:
                self.stop()
        if self._pipe is None:
            self._start()
        assert self._pipe is not None  # a start that fails raises
        return self._pipe

    def _start(self) -> None:
        """Start a process, or leave things as they are and raise _NoWorker: the machine gives no more, for now."""
        context = multiprocessing.get_context("forkserver")  # a clean process that has read the code once
        context.set_forkserver_preload([WORKER])
        try:
            with ExitStack() as failing, _ONE_AT_A_TIME:
                pipe, far_end = context.Pipe()
                failing.enter_context(pipe)
                with far_end:
                    process = context.Process(target=_work, args=(far_end, self.limits), daemon=True)
                    process.start()
                failing.pop_all()
        except (OSError, EOFError, RuntimeError) as error:
            raise _NoWorker from error
        self._process, self._pipe = process, pipe

    def _cause_of_death(self, name: str) -> Refusal:
        if self._process is not None:
            with _ONE_AT_A_TIME:
                self._process.join(1.0)
        code = self._process.exitcode if self._process else None
        if code == -signal.SIGPROF:
            return Refusal("decoder-timeout", f"{name} takes more than {self.limits.cpu:g} s of computing to decode")
        # GLib, on which libvips stands, aborts when it gets no memory: from outside a crash like any other.
        return Refusal("decoder-crash", f"{name} crashes the decoder")

    def stop(self) -> None:
        """End the process, whatever it does; it holds nothing of value."""
        if self._process is not None:
            with _ONE_AT_A_TIME:
                self._process.kill()
                self._process.join()
                self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _work(pipe: "Connection", limits: Limits) -> None:
    import_module(WORKER).work(pipe, limits)
