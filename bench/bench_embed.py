"""Rights written into files, and what that costs the gate.

Baseline in the same run: copying the same bytes in memory, and reading a rendition from the store as it is.
"""

import sys
import timeit
from pathlib import Path

import numpy as np
import pyvips
from report import Row, show

from dermref.media.embed import embed
from dermref.model.media import Packet

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from embedding import notice, packet

from dermref.credit.xmp import packet_of

RUNS, REPEATS = 50, 7
MEGABYTE = 1_000_000


def main() -> None:
    """Run and print."""
    words, long = packet(), packet(title="&" * 15_000)
    jpeg = of_size("jpg")
    small = bytes(picture(256, 192).jpegsave_buffer(Q=85, keep="none"))
    webp = bytes(picture(256, 192).webpsave_buffer(Q=85, keep="none"))
    said = notice()
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
    show("What it adds to a file", [Row("bytes", len(embed_once(small, words)) - len(small), "bytes")])


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
