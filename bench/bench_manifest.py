"""Checking a manifest before anything is taken: rows a second and a core, each file looked for; and the peak memory.

Baseline in the same run: the same file read by `csv.reader` and nothing else. HUGE=100000 checks a smaller table for
its memory.
"""

import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from report import Row, show

ROWS, HUGE, FILES, RUNS = 200_000, int(os.environ.get("HUGE", "1000000")), 200_000, 3
SOURCE = "pad-ufes-20"
HEADER = ("file", "foreign_id", "title", "creator", "license", "license_url", "attribution", "landing_url",
          "condition", "modality", "body_site", "skin_tone_scale", "skin_tone", "age", "sex")  # fmt: skip
PAGE = "https://data.mendeley.com/datasets/zr7vgbcyr2/1"
CREDIT = "Pacheco AGC et al. Data in Brief 32 (2020) 106221; Mendeley Data doi:10.17632/zr7vgbcyr2.1"


def main() -> None:
    """Make the folders, measure, print. The memory is that of a process of its own."""
    if len(sys.argv) > 1:
        checked(Path(sys.argv[1]))
        print(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))[0])
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for at in range(FILES):
            (folder / name(at)).touch()
        usual, huge = write(folder / "usual.csv", ROWS), write(folder / "huge.csv", HUGE)
        best = min(timed(checked, usual) for _ in range(RUNS))
        floor = min(timed(read, usual) for _ in range(RUNS))
        small, large = memory(write(folder / "small.csv", 1_000)), memory(huge)
        show(
            f"Checking a manifest of {ROWS:,} rows and as many files in one folder; memory over {HUGE:,} rows",
            [
                Row("rows a second and a core, each file looked for", ROWS / best, "1/s", floor=20_000),
                Row("baseline: the same rows through csv.reader and nothing else", ROWS / floor, "1/s"),
                Row("ratio to that baseline", floor / best, "×"),
                Row("peak memory of 1,000 rows", small, "MB"),
                Row(f"peak memory of {HUGE:,} rows", large, "MB", ceiling=300),
            ],
        )


def name(at: int) -> str:
    return f"PAT_{at}_1_1.png"


def write(path: Path, number: int) -> Path:
    """Rows like those of the demo, each with an id of its own; files are shared where there are more rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        for at in range(number):
            foreign_id = f"PAT_{at}_1_1"
            table.writerow((name(at % FILES), foreign_id, f"PAD-UFES-20 {foreign_id}", "Pacheco AGC et al.",
                            "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", CREDIT, PAGE,
                            "Nevus", "clinical", "back", "Fitzpatrick", "II", at % 90, "female"))  # fmt: skip
    return path


def checked(path: Path) -> int:
    """How many rows are sound; stops where the benchmark made one that is not."""
    from dermref.services.manifests import check, read_columns

    found = check(read_columns(SOURCE, path, {}), lambda fault: sys.exit(str(fault)))
    return found.accepted


def read(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def timed(call: Callable[[Path], int], path: Path) -> float:
    """Seconds of computing, so that others on the machine count for little."""
    begun = time.process_time()
    call(path)
    return time.process_time() - begun


def memory(path: Path) -> float:
    """Megabytes at the peak of a process that checks the manifest and does nothing else."""
    done = subprocess.run([sys.executable, __file__, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


if __name__ == "__main__":
    main()
