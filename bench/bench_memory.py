"""Memory of a long ingest of mixed sizes: all processes together, tenth by tenth of the run.

Baseline in the same run: the first tenth. NUMBER=50000 makes it longer.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_ingest import pss, server, tree
from corpus import make_corpus
from report import Row, show

NUMBER, PAUSE, PARTS = int(os.environ.get("NUMBER", "20000")), 0.25, 10
WIDTHS = (320, 640, 1024, 640, 2400, 320, 4000, 640)  # pixels; cameras and crops as the ISIC Archive mixes them


def main() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = make_corpus(Path(scratch) / "corpus", NUMBER, widths=WIDTHS)
        with server(folder) as url:
            samples = ingest(Path(scratch) / "data", url)
    parts = [samples[len(samples) * at // PARTS : len(samples) * (at + 1) // PARTS] for at in range(PARTS)]
    rows = [Row(f"tenth {at + 1}: median", statistics.median(part), "MB") for at, part in enumerate(parts)]
    rows.append(Row("peak of all processes together", max(samples), "MB", ceiling=300))
    rows.append(Row("ratio of the last tenth to the first", rows[PARTS - 1].value / rows[0].value, "×"))
    show(f"Memory over {NUMBER:,} images of {min(WIDTHS)} to {max(WIDTHS)} pixels", rows)


def ingest(data: Path, url: str) -> list[float]:
    """Megabytes (PSS of the whole process tree) at equal intervals of one ingest into a new data folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dermref", "ingest", "isic-archive", "--base-url", url, "--json"],
        env={**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""},
        stdout=subprocess.DEVNULL,
    )
    samples: list[float] = []
    while process.poll() is None:
        samples.append(sum(pss(pid) for pid in tree(process.pid)) / 1e6)
        if os.environ.get("EACH") and len(samples) % 40 == 0:  # which process it is that grows
            print({pid: round(pss(pid) / 1e6) for pid in tree(process.pid)}, file=sys.stderr)
        time.sleep(PAUSE)
    if process.returncode:
        raise SystemExit(f"the ingest ended with {process.returncode}")
    return samples


if __name__ == "__main__":
    main()
