"""Harvest and commit of metadata from a local server, the files already there: every record changed, and none changed.

Baseline in the same run: reading and parsing the same pages with nothing behind it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench_ingest import ingest
from corpus import make_corpus
from report import Row, show

NUMBER, RUNS = int(os.environ.get("NUMBER", "2000")), 3
SERVER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from isic_server import IsicServer
with IsicServer(Path(sys.argv[1])) as one:
    print(one.api_url, flush=True)
    for at, _ in enumerate(sys.stdin):
        for isic_id in one.objects:
            one.set_field(isic_id, "metadata.clinical.age_approx", 20 + at % 60)
        print("changed", flush=True)
"""


def main() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, data = make_corpus(Path(scratch) / "corpus", NUMBER, widths=(320,)), Path(scratch) / "data"
        tests = Path(__file__).parents[1] / "tests"
        command = [sys.executable, "-c", SERVER, str(folder), str(tests)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            ingest(data, url)
            empty = statistics.median(ingest(data, url, limit=1)[1] for _ in range(RUNS))
            changed, same = list[float](), list[float]()
            for _ in range(RUNS):
                server.stdin.write("change\n")
                server.stdin.flush()
                server.stdout.readline()
                changed.append(ingest(data, url)[1] - empty)
                same.append(ingest(data, url)[1] - empty)
            floor = statistics.median(bare(url) for _ in range(RUNS))
            server.stdin.close()
    show(
        f"Harvest and commit of {NUMBER:,} records from a local server, the files already there",
        [
            Row(
                "records a second and a core, every one changed", NUMBER / statistics.median(changed), "1/s", floor=400
            ),
            Row("records a second and a core, none changed", NUMBER / statistics.median(same), "1/s"),
            Row("baseline: the same pages read and parsed", NUMBER / floor, "1/s"),
            Row("ratio of the changed to that baseline", floor / statistics.median(changed), "×"),
        ],
    )


def bare(url: str) -> float:
    """CPU seconds of reading and parsing every page."""
    start = time.process_time()
    following: str | None = f"{url}images/?limit=100"
    while following:
        with urllib.request.urlopen(following) as reply:
            following = json.loads(reply.read())["next"]
    return time.process_time() - start


if __name__ == "__main__":
    main()
