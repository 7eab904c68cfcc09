"""Which near copies are found and which are not, ours beside imagededup's hashes at their own threshold, by transform.

python bench/neardup_table.py CORPUS, where CORPUS/neardup/groundtruth.csv lists pairs (query, reference, relation,
transform) and CORPUS/isic and CORPUS/clinical hold the pictures. Blurs are made here. imagededup is not a dependency:
without it (pip install imagededup, best in an environment of its own with this project) its columns stay empty.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pyvips

from dermref.media.inspect import inspect
from dermref.media.nearness import AGREEMENT, HASHES_REACH, PHASH_REACH, agreements, find_candidates
from dermref.model.media import Inspected, Likeness

BLURS = {"blur, 0.3 % of the longest side": 0.003, "blur, 0.6 %": 0.006, "blur, 1.5 %": 0.015}
SAME = ("near_duplicate", "near_duplicate_or_identical")
COPIES = "isic/isic_repo"  # the same pictures as others of the corpus
Near = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files and what they are to each other."""

    query: str
    reference: str
    relation: str
    transform: str


def main() -> None:
    """Measure and print."""
    if len(sys.argv) != 2:
        sys.exit("Say where the pictures are: python bench/neardup_table.py CORPUS")
    root = Path(sys.argv[1])
    rows = list(csv.DictReader((root / "neardup" / "groundtruth.csv").open()))
    pairs = [Pair(row["query"], row["reference"], row["relation"], row["transform"]) for row in rows]
    files = [*pictures(root / "isic"), *pictures(root / "clinical")]
    likes = {name: like((root / name).read_bytes()) for name in {*names(root, files), *of(pairs)}}
    likes |= {blurred: like(data) for blurred, data in blurs(root, pairs)}
    pairs += [Pair(f"{one}|{blur}", one, SAME[0], blur) for one in originals(pairs) for blur in BLURS]
    different = [name for name in names(root, files) if COPIES not in name]
    theirs = imagededup(root, pairs, different)
    methods: dict[str, Near] = {"ours": lambda one, other: is_near(likes[one], likes[other])}
    recall_table(pairs, methods | {label: within_ten(codes) for label, codes in theirs.items()})
    tail_table({name: likes[name] for name in different})
    for label, codes in theirs.items():
        near = within_ten(codes)
        false = sum(near(one, other) for one, other in combinations(different, 2))
        print(
            f"- {label}, as it is alone: {false} false pairs, or {false * 2 / len(different) ** 2 * 1e6:,.0f} a look-up"
        )


def pictures(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in {".jpg", ".jpeg", ".png"})


def names(root: Path, files: list[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in files]


def of(pairs: list[Pair]) -> set[str]:
    return {name for pair in pairs for name in (pair.query, pair.reference)}


def originals(pairs: list[Pair]) -> list[str]:
    return sorted({pair.reference for pair in pairs if pair.relation == SAME[0]})


def like(data: bytes) -> Likeness:
    found = inspect(data, name="picture")
    assert isinstance(found, Inspected), found
    return found.likeness


def blurs(root: Path, pairs: list[Pair]) -> Iterator[tuple[str, bytes]]:
    for name in originals(pairs):
        picture = pyvips.Image.new_from_file(str(root / name))
        for blur, share in BLURS.items():
            yield f"{name}|{blur}", picture.gaussblur(share * max(picture.width, picture.height)).jpegsave_buffer(Q=85)


def is_near(one: Likeness, other: Likeness) -> bool:
    stored = (np.array([int.from_bytes(hash_)], dtype=np.uint64) for hash_ in (other.phash, other.dhash))
    found = find_candidates(*stored, asked=one)
    turns = found.turns.tolist()
    agreed = agreements([other.sketch] * len(turns), turns=turns, asked=one.sketch) if turns else np.zeros(1)
    return bool(agreed.max() >= AGREEMENT)


def imagededup(root: Path, pairs: list[Pair], different: list[str]) -> dict[str, dict[str, str]]:
    """Its hashes of every file, by method, where it is installed."""
    try:
        from imagededup.methods import DHash, PHash
    except ImportError:
        print("imagededup is not installed; its columns are left out.", file=sys.stderr)
        return {}
    found: dict[str, dict[str, str]] = {}
    for label, method in (("imagededup PHash", PHash(verbose=False)), ("imagededup DHash", DHash(verbose=False))):
        codes = {
            name: method.encode_image(image_file=root / name) for name in {*of(pairs), *different} if "|" not in name
        }
        for name, data in blurs(root, pairs):
            picture = pyvips.Image.new_from_buffer(data, "").colourspace("srgb")
            codes[name] = method.encode_image(image_array=picture.numpy())
        found[label] = codes
    return found


def within_ten(codes: dict[str, str]) -> Near:
    """Its default threshold."""
    return lambda one, other: (int(codes[one], 16) ^ int(codes[other], 16)).bit_count() <= 10


def recall_table(pairs: list[Pair], methods: dict[str, Near]) -> None:
    groups: dict[tuple[bool, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.relation in SAME, f"{pair.relation}: {pair.transform}"].append(pair)
    print(f"\n| pairs | how many | {' | '.join(methods)} |\n|---|---|{'---|' * len(methods)}")
    hits = {name: [0, 0, 0] for name in methods}
    for (is_same, label), members in sorted(groups.items(), reverse=True):
        found = {name: sum(near(pair.query, pair.reference) for pair in members) for name, near in methods.items()}
        print(f"| {label} | {len(members)} | {' | '.join(str(one) for one in found.values())} |")
        for name, number in found.items():
            hits[name][0 if is_same else 1] += number
            hits[name][2] += len(members) if is_same else 0
    for title, figure in (
        ("recall over all near duplicates", lambda good, false, all_: good / all_),
        ("precision over these pairs", lambda good, false, all_: good / max(1, good + false)),
    ):
        print(f"| {title} | | {' | '.join(f'{figure(*one):.3f}' for one in hits.values())} |")


def tail_table(likes: dict[str, Likeness]) -> None:
    """How near different pictures come to each other, over all pairs in all orientations, and what that means for one
    look-up among a million such pictures."""
    stored = [np.array([int.from_bytes(one) for one in column], dtype=np.uint64) for column in zip(
        *((like.phash, like.dhash) for like in likes.values()), strict=True
    )]  # fmt: skip
    sketches = [one.sketch for one in likes.values()]
    number, candidates, most, pairs = len(likes), 0, -1.0, 0
    for place, one in enumerate(likes.values()):
        found = find_candidates(*stored, asked=one)
        others = found.places != place
        candidates += int(others.sum())
        turns = found.turns[others].tolist()
        if turns:
            agreed = agreements([sketches[at] for at in found.places[others]], turns=turns, asked=one.sketch)
            most, pairs = max(most, agreed.max()), pairs + int((agreed >= AGREEMENT).sum())
    turns = np.repeat(range(8), number).tolist()
    every = [
        np.delete(agreements(sketches * 8, turns=turns, asked=one), at + number * np.arange(8))
        for at, one in enumerate(sketches)
    ]
    print(f"\nAll pairs of {number} different pictures in 8 orientations ({number * (number - 1) * 8:,} comparisons):")
    print(f"- reach {HASHES_REACH} bits, of them at most {PHASH_REACH} of the pHash; agreement from {AGREEMENT}")
    print(f"- candidates: {candidates}, or {candidates / number**2 * 1e6:,.0f} a look-up among 1,000,000 such pictures")
    print(f"- best agreement of a candidate: {most:.2f}; false pairs: {pairs}")
    print(f"- best agreement of any two, whatever their hashes: {max(one.max() for one in every):.2f}")


if __name__ == "__main__":
    main()
