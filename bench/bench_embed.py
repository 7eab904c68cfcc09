"""Rights written into files, and what that costs the gate.

Baseline in the same run: copying the same bytes in memory, and an answer with the file as received.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from pathlib import Path

import numpy as np
import pyvips
from report import Row, show

from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.credit.notice import Notice, notice_of
from dermref.credit.xmp import packet_of
from dermref.media.embed import embed
from dermref.model.media import Packet
from dermref.registry.load import load_source
from dermref.rights.facts import licenses_in

RUNS, REPEATS, ANSWERS = 50, 7, 101
MEGABYTE = 1_000_000


def main() -> None:
    """Run and print."""
    said = notice("A lesion")
    words, long = packet_of(said), packet_of(notice("&" * 15_000))
    jpeg = of_size("jpg")
    small = bytes(picture(256, 192).jpegsave_buffer(Q=85, keep="none"))
    webp = bytes(picture(256, 192).webpsave_buffer(Q=85, keep="none"))
    rows = [
        Row("the packet of a notice", best(lambda: packet_of(said)) * 1e3, "µs"),
        Row(f"into a JPEG of {len(jpeg) / 1e6:.1f} MB", best(lambda: embed(jpeg, words)), "ms", ceiling=3),
        Row("the same, over 64 kB of XMP", best(lambda: embed(jpeg, long)), "ms", ceiling=3),
        Row("into one that has a packet already", best(lambda: embed(embed_once(jpeg, words), words)), "ms"),
        Row("baseline: the same bytes copied", best(lambda: bytes(bytearray(jpeg))), "ms"),
        Row("into a small JPEG rendition", best(lambda: embed(small, words)) * 1e3, "µs"),
        Row("into a small WebP rendition", best(lambda: embed(webp, words)) * 1e3, "µs"),
        Row("into a PNG of 1 MB", best(lambda: embed(PNG, words)), "ms"),
        Row("into a TIFF of 1 MB", best(lambda: embed(TIFF, words)), "ms"),
        Row("into a JPEG of 128 MB, the most that is taken", best(lambda: embed(HUGE, words), runs=2), "ms"),
    ]
    show(f"Rights in the file, best of {REPEATS} × {RUNS}", rows)
    show(f"An answer of the gate, median of {ANSWERS}", served())
    show("What it adds to a file", [Row("bytes", len(embed_once(small, words)) - len(small), "bytes")])


def served() -> list[Row]:
    """Answers of the view in this process, from a catalogue of the demo in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="dermref-bench-") as folder:
        os.environ.update(DERMREF_DATA_DIR=folder, DATABASE_URL="")
        command = [sys.executable, "-m", "dermref", "ingest", "isic-archive", "--from", "demo/isic-archive"]
        subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[1])
        from dermref.config.start import start

        start(migrate=False)
        from django.test import Client

        client = Client(SERVER_NAME="localhost")
        path = "/api/image/isic-archive:ISIC_0000000"
        etag = client.get(path, {"size": "small"})["ETag"]
        asked = {
            "the file as received": ({}, {}),
            "the same with its rights inside": ({"size": "copy"}, {}),
            "a small rendition, its rights inside": ({"size": "small"}, {}),
            "the same, not changed since (304)": ({"size": "small"}, {"If-None-Match": etag}),
        }
        return [Row(name, answered(client, path, *one), "ms") for name, one in asked.items()]


def answered(client, path: str, query: dict[str, str], headers: dict[str, str]) -> float:
    """Milliseconds of one answer, read to its end."""
    times = []
    for _ in range(ANSWERS):
        begun = time.perf_counter()
        response = client.get(path, query, headers=headers)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        times.append((time.perf_counter() - begun) * 1e3)
        assert response.status_code in (200, 304)
        assert body or response.status_code == 304
        response.close()
    return statistics.median(times)


def notice(title: str) -> Notice:
    source, facts = (
        load_source("isic-archive"),
        CreditFacts("1", "https://example.org/1/", title, "Jane Doe", "A Hospital"),
    )
    credit = attribution(source, licenses_in("CC-BY-NC-4.0"), facts)
    assert isinstance(credit, Credit)
    return notice_of(source, "CC-BY-NC-4.0", facts, credit, holder="Jane Doe", is_mining_reserved=True)


_ONCE: dict[int, bytes] = {}


def embed_once(data: bytes, words: Packet) -> bytes:
    made = _ONCE.get(id(data)) or embed(data, words)
    assert isinstance(made, bytes)
    return _ONCE.setdefault(id(data), made)


def picture(width: int, height: int) -> pyvips.Image:
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")


def of_size(kind: str) -> bytes:
    """About a megabyte of noise in this format."""
    made = {
        "jpg": lambda: picture(1100, 825).jpegsave_buffer(Q=90, keep="none"),
        "png": lambda: picture(640, 520).pngsave_buffer(keep="none"),
        "tif": lambda: picture(640, 520).tiffsave_buffer(keep="none"),
    }[kind]()
    return bytes(made)


def best(work, *, runs: int = RUNS) -> float:
    """Milliseconds of one run."""
    return min(timeit.repeat(work, number=runs, repeat=REPEATS)) / runs * 1e3


PNG, TIFF = of_size("png"), of_size("tif")
HUGE = of_size("jpg")[:-2] + b"\0" * (127 * MEGABYTE) + b"\xff\xd9"

if __name__ == "__main__":
    main()
