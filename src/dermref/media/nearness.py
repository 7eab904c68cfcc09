"""Which of a million pictures may look like this one: a look through all hashes, then a closer look at the sketches of
the few that are left. Arrays in, arrays out; the thresholds and why: docs/media.md."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dermref.media.fingerprint import SKETCH, turn_sketch
from dermref.model.media import Likeness

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

HASHES_REACH = 18  # bits of the 128 in which pHash and dHash together may differ
PHASH_REACH = 12  # bits of the 64 in which pHash alone may differ: it is looked at first
AGREEMENT = 0.55  # the least cosine between two sketches of one picture
MOST = 1000  # candidates of one look-up; the nearest are kept
AT_ONCE = 65_536  # hashes that stay in the processor's cache for all eight orientations


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the hashes alone hold to be alike, nearest first: `places` in the arrays searched, the number of the turn
    that makes the asked picture look so, and the bits in which both hashes then differ."""

    places: Numbers
    turns: Numbers
    distances: Numbers


def find_candidates(phashes: Hashes, dhashes: Hashes, *, asked: Likeness, most: int = MOST) -> Candidates:
    """The entries within reach of `asked` in any orientation; exact, by looking at all of them."""
    turned = np.array([[int.from_bytes(one) for one in turn] for turn in asked.turned], dtype=np.uint64).T
    found = [
        _look(phashes[start : start + AT_ONCE], dhashes[start : start + AT_ONCE], turned, start=start)
        for start in range(0, len(phashes), AT_ONCE)
    ]
    rows = np.concatenate(found, axis=1) if found else np.zeros((3, 0), dtype=np.int64)
    order = np.argsort(rows[2], kind="stable")[:most]
    return Candidates(*rows[:, order])


def agreements(sketches: Sequence[bytes], *, turns: Sequence[int], asked: bytes) -> npt.NDArray[np.float64]:
    """How well each sketch agrees with the asked one turned so: the cosine between them, from -1 to 1; 0 for a picture
    without light and shade, and for a sketch that was not made by this method."""
    length = SKETCH * SKETCH
    ours = _unit(b"".join(turn_sketch(asked, turn) for turn in range(8)))[list(turns)]
    theirs = _unit(b"".join(one if len(one) == length else bytes(length) for one in sketches))
    together: npt.NDArray[np.float64] = (ours * theirs).sum(axis=1)
    return together


def _look(phashes: Hashes, dhashes: Hashes, turned: Hashes, *, start: int) -> Numbers:
    """Rows of place, turn and distance within reach, for one stretch of the arrays. Most of it is passed over for all
    turns at once: the fewest bits in which a pHash differs from any of them are too many."""
    different, bits = np.empty_like(phashes), np.empty(len(phashes), dtype=np.uint8)
    fewest = np.full(len(phashes), 64, dtype=np.uint8)
    for phash in turned[0]:
        np.bitwise_count(np.bitwise_xor(phashes, phash, out=different), out=bits)
        np.minimum(fewest, bits, out=fewest)
    near = np.flatnonzero(fewest <= PHASH_REACH)
    of_phash = np.bitwise_count(phashes[near, None] ^ turned[0])
    of_both = of_phash + np.bitwise_count(dhashes[near, None] ^ turned[1])
    places, turns = np.nonzero((of_phash <= PHASH_REACH) & (of_both <= HASHES_REACH))
    return np.stack([near[places] + start, turns, of_both[places, turns]]).astype(np.int64)


def _unit(sketches: bytes) -> npt.NDArray[np.float32]:
    """Sketches as rows of length 1; one that is all 0 stays so."""
    rows = np.frombuffer(sketches, dtype=np.int8).reshape(-1, SKETCH * SKETCH).astype(np.float32)
    lengths: npt.NDArray[np.float32] = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return rows / lengths
