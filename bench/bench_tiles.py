"""What the first visitor of a page of 48 tiles waits for when nothing was made ahead, and what a later one waits for:
one server process, 48 requests one after the other, through the gate."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_ingest import ingest, server
from corpus import make_corpus
from report import Row, show

TILES = 48
BROWSER = {"Accept": "image/avif,image/webp,*/*;q=0.8"}
WIDTHS = (1024, 4000)


def main() -> None:
    """Run and print."""
    os.environ["DERMREF_RENDITIONS_AHEAD"] = "none"
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        for width in WIDTHS:
            folder = make_corpus(Path(scratch) / f"corpus{width}", TILES, widths=(width,))
            with server(folder) as url:
                ingest(data / str(width), url)
        for width in WIDTHS:
            first, again = [float(one) for one in visit(data / str(width))]
            rows += [
                Row(f"first visit, originals of {width} pixels, each tile", first, "ms"),
                Row(f"later visit, originals of {width} pixels, each tile", again, "ms"),
                Row(f"first visit, originals of {width} pixels, all {TILES}", first * TILES / 1000, "s"),
            ]
    show("48 tiles (small, WebP) on demand, one server process", rows)


def visit(data: Path) -> list[str]:
    """Median milliseconds a tile of the first and of the second visit, measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--visit"],
        env={**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.split()


def measure() -> None:
    """Ask for every tile twice, and print both medians."""
    from dermref.config.start import start

    start()
    from django.test import Client

    from dermref.catalog import models

    client, spent = Client(HTTP_HOST="localhost"), [list[float](), list[float]()]
    ids = [one.public_id for one in models.Image.objects.all()]
    for visit_times in spent:
        for public_id in ids:
            begun = time.perf_counter()
            b"".join(client.get(f"/api/image/{public_id}?size=small", headers=BROWSER).streaming_content)
            visit_times.append((time.perf_counter() - begun) * 1000)
    print(*(statistics.median(one) for one in spent))


if __name__ == "__main__":
    measure() if "--visit" in sys.argv else main()
