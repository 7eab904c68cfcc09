"""Ingest from a local server: images a second and a core, and memory, with the real command.

Baseline in the same run: a bare loop over the same files that decodes, hashes and encodes with libvips on one core.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from corpus import make_corpus
from report import Row, show

NUMBER, RUNS = int(os.environ.get("NUMBER", "400")), 3


def main() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = make_corpus(Path(scratch) / "corpus", NUMBER)
        floor = statistics.median(bare_loop(folder) for _ in range(RUNS))
        with server(folder) as url:
            ingest(Path(scratch) / "warm", url, limit=10)
            empty = statistics.median(ingest(Path(scratch) / f"empty{at}", url, limit=1)[1] for at in range(RUNS))
            runs = [ingest(Path(scratch) / f"data{at}", url) for at in range(RUNS)]
    wall = statistics.median(run[0] for run in runs)
    cpu = statistics.median(run[1] for run in runs) - empty
    peak = max(run[2] for run in runs)
    show(
        "Ingest of 1024-px JPEGs from a local server (decode, hash, fingerprint, small WebP, commit)",
        [
            Row("images a second, wall, start included, 2 workers", NUMBER / wall, "1/s"),
            Row("images a second and a core, start excluded", NUMBER / cpu, "1/s", floor=60),
            Row("the same work as a bare libvips loop on one core", floor, "1/s"),
            Row("ratio to that baseline", NUMBER / cpu / floor, "×"),
            Row("peak memory of all processes together", peak / 1e6, "MB", ceiling=300),
        ],
    )


def bare_loop(folder: Path) -> float:
    """Images a second of decoding, hashing and encoding a small WebP with nothing around it."""
    code = (
        "import hashlib,os,pathlib,sys,time\nos.environ['VIPS_CONCURRENCY']='1'\nimport pyvips\n"
        "files=sorted(pathlib.Path(sys.argv[1]).glob('*.jpg'))\nstart=time.process_time()\n"
        "for path in files:\n data=path.read_bytes()\n hashlib.sha256(data)\n"
        " image=pyvips.Image.jpegload_buffer(data,access='sequential').copy_memory()\n"
        " image.thumbnail_image(256).webpsave_buffer(Q=85,effort=2,keep='none')\n"
        "print(len(files)/(time.process_time()-start))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(folder / "files")], capture_output=True, check=True, text=True
    )
    return float(out.stdout)


class server:  # noqa: N801 (reads as a verb in a with statement)
    """The tests' ISIC server over the corpus, in a process of its own so that its time is not counted."""

    def __init__(self, folder: Path) -> None:
        here = Path(__file__).parents[1] / "tests"
        code = (
            f"import sys,time; sys.path.insert(0,{str(here)!r}); from pathlib import Path\n"
            "from isic_server import IsicServer\n"
            "with IsicServer(Path(sys.argv[1])) as one: print(one.api_url, flush=True); sys.stdin.read()"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        self._process.communicate(input="")


def ingest(data: Path, url: str, limit: int | None = None) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak bytes (PSS of the whole process tree) of one ingest into a new data folder."""
    more = ["--limit", str(limit)] if limit else []
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "dermref", "ingest", "isic-archive", "--base-url", url, "--json", *more],
        env={**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
    )
    peaks, spent = [0.0], dict[int, float]()
    watcher = threading.Thread(target=watch, args=(process, peaks, spent))
    watcher.start()
    out, _ = process.communicate()
    wall = time.perf_counter() - start
    watcher.join()
    if process.returncode:
        raise SystemExit(out.decode())
    return wall, sum(spent.values()), max(peaks)


def watch(process: "subprocess.Popen[bytes]", peaks: list[float], spent: dict[int, float]) -> None:
    """Sample the tree ten times a second: its proportional memory, and the CPU seconds of each process so far.

    The workers are not our children's children in the eyes of wait(2), so resource.getrusage does not see them.
    """
    while process.poll() is None:
        pids = tree(process.pid)
        spent.update({pid: max(spent.get(pid, 0.0), cpu_seconds(pid)) for pid in pids})
        peaks.append(sum(pss(pid) for pid in pids))
        time.sleep(0.1)


def cpu_seconds(pid: int) -> float:
    """User and system time of one process; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [one for child in path.read_text().split() for one in tree(int(child))]
        except OSError:
            continue
    return found


def pss(pid: int) -> float:
    """Proportional set size in bytes; 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
