"""How well marks are seen: draws marks of our own on real pictures of a corpus, compares, and prints what was said.

    python bench/bench_watermark.py CORPUS [PICTURES]

CORPUS has a MANIFEST.csv with `path` and `licence` columns; only pictures that may be adapted are drawn on, in memory.
The thresholds were chosen on the even pictures (--even); the figures are those of the odd ones.
"""

import csv
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips

from dermref.media.fingerprint import Grey
from dermref.media.watermark import see_mark
from dermref.model.media import Mark, Place, Sight, Sighting

ADAPTABLE = {"CC0 1.0", "CC BY 4.0"}
FOLDERS = ("isic/", "clinical/")
CORNERS = (Place.TOP_LEFT, Place.TOP_RIGHT, Place.BOTTOM_LEFT, Place.BOTTOM_RIGHT)
WIDTHS = (0.08, 0.35)
MEDIUM = 1024
FAINT = 12  # levels by which a mark must change what it lies on to be seen there
READABLE = 10  # pixels, height of a mark in the picture as compared
MARKED, FADED = "marked", "marked, in part as dark or light as its ground"


def wordmark(text: str, font: str) -> pyvips.Image:
    """A line of text as opacity (0 to 255)."""
    return pyvips.Image.text(text, font=font, dpi=400)


def bars(rows: list[str]) -> pyvips.Image:
    """A mark of squares, as opacity: “#” is filled."""
    drawn = np.array([[255 if field == "#" else 0 for field in row] for row in rows], dtype=np.uint8)
    large = np.kron(drawn, np.ones((12, 12), dtype=np.uint8))
    return pyvips.Image.new_from_memory(large.tobytes(), large.shape[1], large.shape[0], 1, "uchar")


def ring() -> pyvips.Image:
    """A ring with three bars of different length in it, as opacity."""
    y, x = np.mgrid[-150:150, -150:150]
    radius = np.hypot(x, y)
    drawn = (radius < 148) & (radius > 122)
    for at, length in ((-60, 50), (0, 90), (60, 70)):
        drawn |= (abs(y - at) < 16) & (x > -85) & (x < -85 + 2 * length) & (radius < 110)
    flat = (drawn * 255).astype(np.uint8)
    return pyvips.Image.new_from_memory(flat.tobytes(), 300, 300, 1, "uchar")


WORD = ["####.#..#.###..####.#...#", "#....#..#.#..#.#....##.##", "###..#..#.###..###..#.#.#",
        "#....#..#.#.#..#....#...#", "#.....##..#..#.####.#...#"]  # fmt: skip
OTHER = ["#..#.####.###...##..#..#", "##.#.#..#.#..#.#..#.#..#", "#.##.#..#.###..####..##.",
         "#..#.#..#.#....#..#..##.", "#..#.####.#....#..#..##."]  # fmt: skip


def marks() -> dict[str, pyvips.Image]:
    return {
        "text": wordmark("Hautatlas Nord", "DejaVu Sans Bold"),
        "serif": wordmark("© Cutis Library", "DejaVu Serif"),
        "ring": ring(),
        "squares": bars(WORD),
    }


def foreign() -> dict[str, pyvips.Image]:
    """For each mark another one of the same kind, which must not be taken for it."""
    circle = ring()
    turned = (circle.rot90() & 255).cast("uchar")
    return {
        "text": wordmark("Dermabild Süd", "DejaVu Sans Bold"),
        "serif": wordmark("© Image Archive", "DejaVu Serif"),
        "ring": turned,
        "squares": bars(OTHER),
    }


def reference(mark: pyvips.Image) -> bytes:
    white = mark.new_from_image([255, 255, 255]).copy(interpretation="srgb")
    return bytes(white.bandjoin(mark).pngsave_buffer())


@dataclass(frozen=True)
class Drawing:
    """How a mark is put on a picture. `width` is a share of the picture's; `inset` of the shorter side."""

    width: float
    opacity: float
    light: bool
    quality: int
    half: bool
    place: Place
    inset: float


def some(dice: random.Random) -> Drawing:
    return Drawing(
        width=dice.uniform(*WIDTHS),
        opacity=dice.uniform(0.35, 1.0),
        light=dice.random() < 0.6,
        quality=dice.choice((40, 70, 90)),
        half=dice.random() < 0.33,
        place=dice.choice(CORNERS),
        inset=dice.uniform(0.0, 0.08),
    )


def at(picture: pyvips.Image, mark: pyvips.Image, how: Drawing) -> tuple[pyvips.Image, int, int]:
    """The mark at its size, and where its left upper corner goes."""
    small = mark.resize(picture.width * how.width / mark.width)
    inset = round(how.inset * min(picture.width, picture.height))
    is_left, is_top = how.place.endswith("left"), how.place.startswith("top")
    left = inset if is_left else picture.width - small.width - inset
    return small, left, inset if is_top else picture.height - small.height - inset


def drawn(picture: pyvips.Image, mark: pyvips.Image, how: Drawing) -> pyvips.Image:
    small, left, top = at(picture, mark, how)
    opacity = small.embed(left, top, picture.width, picture.height) * (how.opacity / 255)
    return (picture * (1 - opacity) + opacity * (255 if how.light else 0)).cast("uchar")


def marked(picture: pyvips.Image, mark: pyvips.Image, how: Drawing) -> tuple[str, pyvips.Image]:
    """The mark drawn. Where a tenth of it or more is as dark (or light) as its ground, nobody could see it whole."""
    made = drawn(picture, mark, how)
    small, left, top = at(picture, mark, how)
    steps = (made.cast("short") - picture.cast("short")).abs().crop(left, top, small.width, small.height)
    inside = small > 200
    hidden = (steps.bandmean() < FAINT) & inside
    return (FADED if hidden.avg() > inside.avg() / 10 else MARKED), made


def cut(picture: pyvips.Image, mark: pyvips.Image, how: Drawing) -> pyvips.Image:
    """The picture cropped through the middle of its mark."""
    small, left, top = at(picture, mark, how)
    whole = drawn(picture, mark, how)
    if small.width > 2.5 * small.height:
        middle = left + small.width // 2
        return (
            whole.crop(middle, 0, whole.width - middle, whole.height)
            if how.place.endswith("left")
            else whole.crop(0, 0, middle, whole.height)
        )
    middle = top + small.height // 2
    return (
        whole.crop(0, middle, whole.width, whole.height - middle)
        if how.place.startswith("top")
        else whole.crop(0, 0, whole.width, middle)
    )


def painted(picture: pyvips.Image, mark: pyvips.Image, how: Drawing, *, share: float = 1.0) -> pyvips.Image:
    """The mark drawn, and a box of skin colour over this share of it."""
    small, left, top = at(picture, mark, how)
    whole = drawn(picture, mark, how)
    box = whole.crop(left, top, round(small.width * share), small.height)
    return whole.insert(box.new_from_image([box[band].avg() for band in range(3)]).cast("uchar"), left, top)


def half_painted(picture: pyvips.Image, mark: pyvips.Image, how: Drawing) -> pyvips.Image:
    """The mark drawn, and a box over 40 % of it."""
    return painted(picture, mark, how, share=0.4)


def blurred(picture: pyvips.Image, mark: pyvips.Image, how: Drawing) -> pyvips.Image:
    """The mark drawn, and its box blurred until it cannot be read."""
    small, left, top = at(picture, mark, how)
    whole = drawn(picture, mark, how)
    box = whole.crop(left, top, small.width, small.height).gaussblur(max(2.0, 0.3 * small.height))
    return whole.insert(box, left, top)


def encoded(picture: pyvips.Image, how: Drawing) -> bytes:
    if how.half:
        picture = picture.resize(0.5)
    return bytes(picture.jpegsave_buffer(Q=how.quality, keep="none"))


def seen(data: bytes) -> Grey:
    """What inspection compares: the medium rendition's pixels."""
    whole = pyvips.Image.new_from_buffer(data, "")
    if max(whole.width, whole.height) > MEDIUM:
        whole = whole.resize(MEDIUM / max(whole.width, whole.height))
    flat = np.frombuffer(whole.write_to_memory(), dtype=np.uint8)
    return flat.reshape(whole.height, whole.width, whole.bands).astype(np.float64)


Negative = Callable[[pyvips.Image, pyvips.Image, Drawing], pyvips.Image]
NEGATIVES: dict[str, Negative] = {
    "cut through by a crop": cut,
    "painted over": painted,
    "40 % painted over": half_painted,
    "blurred": blurred,
}


@dataclass(frozen=True)
class Case:
    """One comparison: what was done, to which mark, and what was seen of it."""

    kind: str
    mark: str
    how: Drawing
    sight: Sight
    path: str
    height: float


def cases(path: Path, dice: random.Random) -> Iterator[Case]:
    picture = pyvips.Image.new_from_file(str(path)).autorot().colourspace("srgb")[0:3]
    picture = picture.thumbnail_image(1600, size="down").copy_memory()
    for name, mark in marks().items():
        for kind, made, how in variants(picture, name, mark, dice):
            yield compared(path, kind, name, mark, made, how)


def variants(
    picture: pyvips.Image, name: str, mark: pyvips.Image, dice: random.Random
) -> Iterator[tuple[str, pyvips.Image, Drawing]]:
    """What is compared with this mark: two marked pictures, and three that do not bear it whole."""
    for how in (some(dice), some(dice)):
        yield *marked(picture, mark, how), how
    how = some(dice)
    yield "unmarked", picture, how
    yield "another mark", drawn(picture, foreign()[name], how), how
    kind, how = dice.choice(list(NEGATIVES)), some(dice)
    yield kind, NEGATIVES[kind](picture, mark, how), how


def compared(path: Path, kind: str, name: str, mark: pyvips.Image, made: pyvips.Image, how: Drawing) -> Case:
    pixels = seen(encoded(made, how))
    height = how.width * pixels.shape[1] * mark.height / mark.width
    wanted = Mark(reference(mark), CORNERS, WIDTHS)
    return Case(kind, name, how, see_mark(pixels, wanted), path.name, height)


def pictures(corpus: Path) -> list[Path]:
    rows = csv.DictReader((corpus / "MANIFEST.csv").read_text(encoding="utf-8").splitlines())
    named = [row["path"] for row in rows if row["licence"] in ADAPTABLE and row["path"].startswith(FOLDERS)]
    return [corpus / one for one in named if one.endswith((".jpg", ".png"))]


CONDITIONS: dict[str, Callable[[Case], str]] = {
    "mark": lambda one: one.mark,
    "width": lambda one: "8–12 %" if one.how.width < 0.12 else "12–20 %" if one.how.width < 0.2 else "20–35 %",
    "opacity": lambda one: "0.35–0.5" if one.how.opacity < 0.5 else "0.5–0.75" if one.how.opacity < 0.75 else "0.75–1",
    "light or dark": lambda one: "light" if one.how.light else "dark",
    "JPEG quality": lambda one: f"{one.how.quality}",
    "resized": lambda one: "to 50 %" if one.how.half else "no",
    "height of the mark as compared": lambda one: (
        "below 10 px" if one.height < 10 else "from 10 px" if one.height < 14 else "from 14 px"
    ),
}


def table(found: list[Case]) -> None:
    print("\n| condition | pictures | present | unsure | absent |\n|---|---|---|---|---|")
    rows: dict[str, Counter[Sighting]] = defaultdict(Counter)
    for one in found:
        rows[f"**{one.kind}**"][one.sight.sighting] += 1
    for name, of in CONDITIONS.items():
        for one in sorted((one for one in found if one.kind == MARKED), key=of):
            rows[f"marked; {name}: {of(one)}"][one.sight.sighting] += 1
    for name, counts in rows.items():
        shown = " | ".join(f"{counts[one]}" for one in Sighting)
        print(f"| {name} | {counts.total()} | {shown} |")
    right = [one for one in found if one.kind == MARKED]
    present = [one for one in found if one.sight.sighting is Sighting.PRESENT]
    good = [one for one in present if one.kind in {MARKED, FADED}]
    print(f"\nprecision {len(good) / max(1, len(present)):.4f} ({len(good)} of {len(present)})")
    recall("recall", right)
    recall(f"recall of marks at least {READABLE} px high", [one for one in right if one.height >= READABLE])


def recall(title: str, found: list[Case]) -> None:
    """Which share of these marks was seen, and which was taken as absent."""
    counts = Counter(one.sight.sighting for one in found)
    seen_, lost = (counts[one] / len(found) for one in (Sighting.PRESENT, Sighting.ABSENT))
    print(f"{title} {seen_:.4f} ({counts[Sighting.PRESENT]} of {len(found)}), taken as absent {lost:.4f}")


def speed(path: Path) -> None:
    """One comparison at medium size, beside a bare thumbnail of the same file; the best of several, in CPU time."""
    picture = pyvips.Image.new_from_file(str(path)).colourspace("srgb")[0:3].thumbnail_image(MEDIUM)
    data, mark = bytes(picture.jpegsave_buffer(Q=90)), reference(bars(WORD))
    pixels = seen(data)
    bare = best(lambda: pyvips.Image.thumbnail_buffer(data, 256).write_to_memory())
    print(f"\n| figure | CPU time | ratio |\n|---|---|---|\n| baseline: a bare thumbnail | {bare:.1f} ms | 1 |")
    for name, places in (("four corners", CORNERS), ("anywhere", (Place.ANYWHERE,))):
        taken = best(lambda places=places: see_mark(pixels, Mark(mark, places, WIDTHS)))
        print(f"| one comparison, {name} | {taken:.0f} ms | {taken / bare:.0f} |")


def best(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(7):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken) * 1000


def main(corpus: Path, *, number: int, parity: int) -> list[Case]:
    chosen = [path for at, path in enumerate(pictures(corpus)) if at % 2 == parity][:number]
    dice = random.Random(20260 + parity)
    found = [one for path in chosen for one in cases(path, dice)]
    print(f"{len(chosen)} pictures, {len(found)} comparisons")
    table(found)
    return found


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if not words:
        print("bench_watermark.py needs a corpus of pictures: bench/bench_watermark.py CORPUS")
        sys.exit(0)
    speed(next(path for path in pictures(Path(words[0])) if path.suffix == ".jpg"))
    main(Path(words[0]), number=int(words[1]) if len(words) > 1 else 1000, parity=0 if "--even" in sys.argv else 1)
