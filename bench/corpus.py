"""A corpus of JPEGs for the benchmarks, made from the demo's pictures, in the folder layout of the demo."""

import json
from pathlib import Path
from typing import Any

import pyvips

DEMO = Path(__file__).parents[1] / "demo" / "isic-archive"
KINDS = 40  # pictures that everything is made from


def make_corpus(folder: Path, number: int, *, widths: tuple[int, ...] = (1024,)) -> Path:
    """`number` image objects with files of their own, 4 : 3 in these widths (pixels) by turns.

    Every picture looks different, by a veil of random clouds: nothing is stored once for two, or taken for a copy.
    """
    (folder / "files").mkdir(parents=True)
    objects: list[dict[str, Any]] = [
        one for page in sorted(DEMO.glob("images-*.json")) for one in json.loads(page.read_text("utf-8"))["results"]
    ]
    pictures = [
        _picture(DEMO / "files" / f"{one['isic_id']}.jpg", widths[at % len(widths)])
        for at, one in enumerate(objects[:KINDS])
    ]
    made = []
    for at in range(number):
        isic_id = f"ISIC_{5_000_000 + at}"
        data = _veiled(pictures[at % KINDS], seed=at)
        (folder / "files" / f"{isic_id}.jpg").write_bytes(data)
        files = {"full": {"url": f"https://example.org/{isic_id}.jpg", "size": len(data)}}
        made.append({**objects[at % len(objects)], "isic_id": isic_id, "files": files})
    page = {"results": made, "count": number, "next": None, "previous": None}
    (folder / "images-001.json").write_text(json.dumps(page), encoding="utf-8")
    return folder


def _picture(path: Path, width: int) -> pyvips.Image:
    whole = pyvips.Image.new_from_file(str(path)).colourspace("srgb")
    return whole.thumbnail_image(width, height=width * 3 // 4, size="force").copy_memory()


def _veiled(picture: pyvips.Image, *, seed: int) -> bytes:
    """The picture under clouds of its own, as a JPEG."""
    clouds = pyvips.Image.gaussnoise(8, 6, mean=0, sigma=60, seed=seed)
    veil = clouds.resize(picture.width / 8, vscale=picture.height / 6, kernel="linear")
    return bytes((picture + veil).cast("uchar").jpegsave_buffer(Q=92, keep="none"))
