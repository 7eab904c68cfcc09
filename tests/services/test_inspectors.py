"""Worker processes: whatever a picture does to its worker, it alone is refused, and the next one is served."""

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import pyvips

from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.media import Inspected, MediaType, Rung, Size, Wish
from dermref.services.inspectors import Inspectors
from dermref.services.limits import Limits

FILES = Path(__file__).parents[1] / "files"
HOPPER = (FILES / "hopper.jpg").read_bytes()


@pytest.fixture(scope="module")
def slow() -> bytes:
    """A sound picture that takes most of a second to decode."""
    return bytes(
        pyvips.Image.gaussnoise(500, 500).replicate(14, 14).cast("uchar").jpegsave_buffer(interlace=True, Q=40)
    )


@pytest.fixture(autouse=True)
def others() -> set[int | None]:
    """Child processes that other tests left running, such as the one that renders for the gate."""
    return {child.pid for child in multiprocessing.active_children()}


def workers_now(others: set[int | None]) -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid and child.pid not in others]


@pytest.fixture
def inspectors() -> Iterator[Inspectors]:
    with Inspectors(1) as workers:
        yield workers


def look(inspectors: Inspectors, data: bytes = HOPPER) -> Inspected | Refusal:
    return inspectors.inspect(data, name="picture.jpg", wish=Wish())


def code_of(verdict: Inspected | Refusal) -> str:
    assert isinstance(verdict, Refusal), verdict
    return verdict.code


def test_worker_when_it_cannot_be_started_then_stopped_in_one_sentence_and_started_later(
    inspectors: Inspectors, others: set[int | None]
) -> None:
    look(inspectors)
    os.kill(workers_now(others)[0], signal.SIGKILL)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(Stopped, match="No process can be started"):
            look(inspectors)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert isinstance(look(inspectors), Inspected)


def kill_worker(pid: int, having_computed: float) -> None:
    """Kill a worker as soon as it has computed for so many seconds."""
    while computed(pid) < having_computed:
        pass
    os.kill(pid, signal.SIGKILL)


def computed(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_worker_when_killed_while_it_decodes_then_that_picture_is_refused_and_the_next_is_not(
    inspectors: Inspectors, slow: bytes, others: set[int | None]
) -> None:
    assert isinstance(look(inspectors), Inspected)
    (pid,) = workers_now(others)
    killer = threading.Thread(target=kill_worker, args=(pid, computed(pid) + 0.1))
    killer.start()
    assert code_of(look(inspectors, slow)) == "decoder-crash"
    killer.join()
    assert isinstance(look(inspectors), Inspected)


def test_worker_when_it_died_while_idle_then_the_next_picture_has_another(
    inspectors: Inspectors, others: set[int | None]
) -> None:
    assert isinstance(look(inspectors), Inspected)
    os.kill(*workers_now(others), signal.SIGKILL)
    assert isinstance(look(inspectors), Inspected)


def test_picture_when_it_hangs_then_refused_and_its_worker_is_gone(slow: bytes, others: set[int | None]) -> None:
    with Inspectors(1, Limits(wall=0.2)) as inspectors:
        look(inspectors)
        assert code_of(look(inspectors, slow)) == "decoder-timeout"
        assert workers_now(others) == []


def test_picture_when_it_computes_too_long_then_refused_and_the_next_is_not(slow: bytes) -> None:
    with Inspectors(1, Limits(cpu=0.1)) as inspectors:
        assert code_of(look(inspectors, slow)) == "decoder-timeout"
        assert isinstance(look(inspectors), Inspected)


@pytest.mark.parametrize(
    "suffix", [".png[compression=1]", ".webp[effort=0]", ".tif[compression=deflate]", ".jpg[interlace]"]
)
def test_picture_when_it_wants_more_memory_than_it_may_have_then_refused(suffix: str) -> None:
    data = pyvips.Image.black(5000, 5000, bands=3).write_to_buffer(suffix)
    with Inspectors(1, Limits(memory=30_000_000)) as inspectors:
        assert code_of(look(inspectors, data)) == "too-much-memory"
        assert isinstance(look(inspectors), Inspected)


def test_picture_when_our_own_code_fails_then_refused_by_the_name_of_the_fault(inspectors: Inspectors) -> None:
    nonsense: Any = "no wish at all"
    refusal = inspectors.inspect(HOPPER, name="picture.jpg", wish=nonsense)
    assert refusal == Refusal("inspection-failed", "picture.jpg cannot be inspected: AttributeError")
    assert isinstance(look(inspectors), Inspected)


def test_file_when_a_hundred_megabytes_long_then_it_reaches_the_worker(inspectors: Inspectors) -> None:
    found = look(inspectors, HOPPER + bytes(100_000_000))
    assert isinstance(found, Inspected)
    assert found.byte_size == len(HOPPER) + 100_000_000


def test_threads_when_many_ask_at_once_then_each_gets_its_own_answer(others: set[int | None]) -> None:
    names = [f"ISIC_{one}.jpg" for one in ("0000001", "0000546", "0015740", "8390476")] * 8
    with Inspectors(2) as inspectors, ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda name: look(inspectors, (FILES / name).read_bytes()), names))
        assert len(workers_now(others)) <= 2
    sizes = [one.byte_size for one in found if isinstance(one, Inspected)]
    assert sizes == [(FILES / name).stat().st_size for name in names]


def test_worker_when_asked_to_render_then_it_makes_the_files(inspectors: Inspectors) -> None:
    rungs = [Rung(size, media_type) for size in Size for media_type in MediaType]
    made = inspectors.render((FILES / "ISIC_0000546.jpg").read_bytes(), rungs=rungs)
    assert isinstance(made, tuple)
    assert [Rung(one.size, one.media_type) for one in made] == [one for one in rungs if one.size is not Size.LARGE]
    assert code_of(inspectors.render(b"no picture", rungs=rungs)) == "not-an-image"  # type: ignore[arg-type]


ASKER = """
import os, signal, sys, threading
from multiprocessing import active_children
from pathlib import Path
from dermref.model.media import Wish
from dermref.services.inspectors import Inspectors
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests may have it ignored
    with Inspectors(1) as inspectors:
        inspectors.inspect(Path(sys.argv[1]).read_bytes(), name="a", wish=Wish())
        print(active_children()[0].pid, "pyvips" in sys.modules, flush=True)
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        while True:
            inspectors.inspect(Path(sys.argv[1]).read_bytes(), name="a", wish=Wish())
"""


def test_process_when_interrupted_then_it_leaves_no_worker_and_never_loaded_a_decoder(tmp_path: Path) -> None:
    script = tmp_path / "asker.py"
    script.write_text(ASKER, encoding="utf-8")
    command = [sys.executable, script, FILES / "hopper.jpg"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    pid, has_decoder = done.stdout.split()
    assert "KeyboardInterrupt" in done.stderr
    assert (Path(f"/proc/{pid}").exists(), has_decoder) == (False, "False")
