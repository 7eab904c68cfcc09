"""A corpus of 1024 x 768 JPEGs for the benchmarks, made from the demo's pictures, in the folder layout of the demo."""

import json
from pathlib import Path
from typing import Any

import pyvips

DEMO = Path(__file__).parents[1] / "demo" / "isic-archive"
WIDTH, HEIGHT = 1024, 768


def make_corpus(folder: Path, number: int) -> Path:
    """`number` image objects with files of their own; every file differs, so nothing is stored once for two."""
    (folder / "files").mkdir(parents=True)
    objects: list[dict[str, Any]] = [
        one for page in sorted(DEMO.glob("images-*.json")) for one in json.loads(page.read_text("utf-8"))["results"]
    ]
    pictures = [_picture(DEMO / "files" / f"{one['isic_id']}.jpg") for one in objects[:20]]
    made = []
    for at in range(number):
        isic_id = f"ISIC_{5_000_000 + at}"
        picture = pictures[at % len(pictures)].linear([1 + at / 10_000] * 3, [at % 7] * 3).cast("uchar")
        data = picture.jpegsave_buffer(Q=92, keep="none")
        (folder / "files" / f"{isic_id}.jpg").write_bytes(data)
        files = {"full": {"url": f"https://example.org/{isic_id}.jpg", "size": len(data)}}
        made.append({**objects[at % len(objects)], "isic_id": isic_id, "files": files})
    page = {"results": made, "count": number, "next": None, "previous": None}
    (folder / "images-001.json").write_text(json.dumps(page), encoding="utf-8")
    return folder


def _picture(path: Path) -> pyvips.Image:
    whole = pyvips.Image.new_from_file(str(path)).colourspace("srgb")
    return whole.thumbnail_image(WIDTH, height=HEIGHT, size="force").copy_memory()
