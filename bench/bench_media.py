"""What one 1024-px JPEG costs: inspection with a medium rendition beside a bare libvips thumbnail of the same file in
the same process, part by part; what a rendition costs on demand, and in which format and quality.

`python bench/bench_media.py [folder of JPEGs]`; without a folder, pictures of the demo at 1024 pixels.
"""

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus import make_corpus
from report import Row, show

from dermref.media.fingerprint import grey_square, likeness
from dermref.media.formats import JPEG as JPEG_FILE
from dermref.media.inspect import _grey, inspect  # also tells libvips to use one thread
from dermref.media.metadata import read_metadata
from dermref.media.renditions import base_picture, ladder, make_renditions, render
from dermref.media.structure import look_through
from dermref.model.media import MediaType, Rung, Size, Wish

import pyvips  # isort: skip (after the module that sets its threads)

ROUNDS, NUMBER = 7, 12
MEDIUM = Rung(Size.MEDIUM, MediaType.JPEG)


def main() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else make_corpus(Path(scratch) / "corpus", NUMBER) / "files"
        files = [path.read_bytes() for path in sorted(folder.glob("*.jp*g"))[:NUMBER]]
    bare, whole, *parts = together([bare_thumbnail, inspect_with_medium, *(one for _, one in PARTS)], files)
    show(
        "Inspection of a 1024-px JPEG: hash, fingerprints and medium rendition (JPEG), one thread",
        [
            Row("inspect + hash + fingerprints + medium rendition", whole, "ms"),
            Row("baseline: thumbnail_buffer(1024) and jpegsave of the same file", bare, "ms"),
            Row("ratio to that baseline", whole / bare, "×", ceiling=2),
            *(Row(f"of it: {name}", value, "ms") for (name, _), value in zip(PARTS, parts, strict=True)),
        ],
    )
    made = [Rung(size, kind) for size in (Size.SMALL, Size.MEDIUM) for kind in MediaType]
    costs = together([bare_thumbnail, *(asked_for(rung) for rung in made)], files)
    show(
        "A rendition of a stored 1024-px JPEG on demand, in the worker",
        [Row(f"{rung.size} {rung.media_type}", value, "ms") for rung, value in zip(made, costs[1:], strict=True)]
        + [Row("baseline: thumbnail_buffer(1024) and jpegsave", costs[0], "ms")],
    )
    formats(files)


def together(actions: Sequence[Callable[[bytes], object]], files: list[bytes]) -> list[float]:
    """Median milliseconds of CPU time a file of each action; they take turns, so a slow moment strikes them all."""
    spent: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for at, action in enumerate(actions):
            start = time.process_time()
            for data in files:
                action(data)
            spent[at].append((time.process_time() - start) / len(files) * 1000)
    return [statistics.median(one) for one in spent]


def bare_thumbnail(data: bytes) -> object:
    return pyvips.Image.thumbnail_buffer(data, 1024).jpegsave_buffer(Q=85, keep="none")


def inspect_with_medium(data: bytes) -> object:
    return inspect(data, name="a.jpg", wish=Wish((MEDIUM,)))


def decode(data: bytes) -> pyvips.Image:
    return base_picture(pyvips.Image.jpegload_buffer(data, access="sequential", fail_on="error"))


def decode_and_shrink(data: bytes) -> dict[Size, pyvips.Image]:
    picture = decode(data)
    return ladder(picture, full=(picture.width, picture.height))


def decode_shrink_and_fingerprint(data: bytes) -> object:
    return likeness(grey_square(_grey(decode_and_shrink(data)[Size.SMALL])))


def decode_and_encode(data: bytes) -> object:
    return make_renditions({Size.MEDIUM: decode(data)}, [MEDIUM])


PARTS: tuple[tuple[str, Callable[[bytes], object]], ...] = (
    ("sha256", lambda data: hashlib.sha256(data).hexdigest()),
    ("look through the container, read metadata", lambda data: read_metadata(look_through(data, JPEG_FILE).blocks)),
    ("decode whole, in memory, sRGB", decode),
    ("decode, and shrink to small", decode_and_shrink),
    ("decode, shrink, and fingerprints in eight orientations", decode_shrink_and_fingerprint),
    ("decode, and encode medium as JPEG", decode_and_encode),
)


def asked_for(rung: Rung) -> Callable[[bytes], object]:
    return lambda data: render(data, rungs=(rung,))


def formats(files: list[bytes]) -> None:
    """Bytes and milliseconds of a rendition by format, quality and effort."""
    jpeg = ("JPEG Q 85", lambda picture: picture.jpegsave_buffer(Q=85, keep="none"))
    webp = [
        (f"WebP Q {quality} effort {effort}", webp_saver(quality, effort))
        for quality, effort in ((80, 2), (85, 0), (85, 2), (85, 4))
    ]
    rows = []
    for size, limit in (("small", 256), ("medium", 1024)):
        pictures = [pyvips.Image.thumbnail_buffer(data, limit).copy_memory() for data in files]
        for name, save in (jpeg, *webp):
            start = time.process_time()
            total = sum(len(save(picture)) for picture in pictures)
            spent = (time.process_time() - start) / len(files) * 1000
            rows.append(Row(f"{size} {name}, {spent:.1f} ms", total / len(files) / 1000, "kB"))
    show("Renditions by format and quality", rows)


def webp_saver(quality: int, effort: int) -> Callable[[pyvips.Image], bytes]:
    return lambda picture: bytes(picture.webpsave_buffer(Q=quality, effort=effort, keep="none"))


if __name__ == "__main__":
    main()
