"""Which pictures of the catalogue look like this one? The index of this process: it is derived from the table of
fingerprints, follows it row by row, and no answer leaves before the table has confirmed it."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dermref.catalog.fingerprints import Kept, Rows, count_up_to, rows_after, sketches_of
from dermref.media.nearness import AGREEMENT, Candidates, Hashes, agreements, find_candidates
from dermref.model.media import Likeness
from dermref.services.deployment import deployment
from dermref.services.likeness_file import read_rows, write_rows

LOG = logging.getLogger(__name__)
FILE = "likeness.index"
READ_AGAIN = 100  # last rows: a slow transaction commits below them, one that is rolled back gives its numbers anew
SAMPLE = 64


@dataclass(frozen=True, slots=True)
class Match:
    """A picture that looks like the one asked about: of an image (its row id), or of bytes that may never come in again
    (their sha256). `distance` is in how many of 128 bits the hashes differ; `turn` (media.fingerprint.TURNS) is what
    makes the picture asked about look like this one; `agreement`, up to 1, is how well the sketches agree."""

    image_row: int | None
    tombstone: str | None
    distance: int
    turn: int
    agreement: float


class Likes:
    """All fingerprints in memory, 24 bytes each. For one thread. What others wrote since is seen after `refresh`."""

    def __init__(self, *, is_anew: bool = False) -> None:
        """Start from the file in the data folder where it still fits the table, or `is_anew`, and follow the table."""
        self._rows: Rows = np.zeros((3, 1024), dtype=np.int64)
        self._size = 0
        kept = None if is_anew else read_rows(index_file())
        if kept is not None and _fits(kept):
            self._append(kept)
        self.refresh()

    def __len__(self) -> int:
        return self._size

    def refresh(self) -> None:
        """Read the fingerprints that are new in the table."""
        self._size = max(0, self._size - READ_AGAIN)
        for rows in rows_after(int(self._rows[0, self._size - 1]) if self._size else 0):
            self._append(rows)

    def near(self, likeness: Likeness) -> tuple[Match, ...]:
        """What looks like this, nearest first. A picture that is in the table already finds itself."""
        found = find_candidates(self._hashes(1), self._hashes(2), asked=likeness)
        best: dict[int, Match] = {}
        for row, match in self._confirmed(found, likeness):
            if row not in best or match.agreement > best[row].agreement:
                best[row] = match
        return tuple(sorted(best.values(), key=lambda one: (one.distance, -one.agreement)))

    def keep(self) -> None:
        """Write the index into the data folder, so that another process need not read the whole table. Where it cannot
        be written, the next one reads the table."""
        try:
            write_rows(index_file(), self._rows[:, : self._size])
        except OSError as error:
            LOG.warning("The index of likenesses was not kept: %s", error)

    def _confirmed(self, found: Candidates, likeness: Likeness) -> list[tuple[int, Match]]:
        """The candidates that are still in the table, as they were, and whose sketch agrees in the same orientation."""
        ids, phashes, dhashes = self._rows[:, found.places].tolist()
        now = sketches_of(sorted(set(ids)))
        standing = [
            (now[row], turn, distance)
            for row, phash, dhash, turn, distance in zip(
                ids, phashes, dhashes, found.turns.tolist(), found.distances.tolist(), strict=True
            )
            if row in now and (now[row].phash, now[row].dhash) == (phash, dhash)
        ]
        sketches, turns = [kept.sketch for kept, _, _ in standing], [turn for _, turn, _ in standing]
        agreed = agreements(sketches, turns=turns, asked=likeness.sketch).tolist()
        return [
            (kept.row, _match(kept, distance, turn, agreement))
            for (kept, turn, distance), agreement in zip(standing, agreed, strict=True)
            if agreement >= AGREEMENT
        ]

    def _hashes(self, column: int) -> Hashes:
        return self._rows[column, : self._size].view(np.uint64)

    def _append(self, rows: Rows) -> None:
        size = self._size + rows.shape[1]
        if size > self._rows.shape[1]:
            grown = np.zeros((3, max(size, 2 * self._rows.shape[1])), dtype=np.int64)
            grown[:, : self._size] = self._rows[:, : self._size]
            self._rows = grown
        self._rows[:, self._size : size] = rows
        self._size = size


def index_file() -> Path:
    """Where this deployment keeps its index between two processes."""
    return deployment().data_dir / FILE


def _fits(kept: Rows) -> bool:
    """Whether these rows were taken from this table: those of a sample that are still there are as they were, the table
    has none besides, and not most of them are gone. What is gone since does no harm, what is new is read."""
    size = kept.shape[1]
    there = count_up_to(int(kept[0, -1])) if size else 0
    if not there <= size < 2 * there:
        return False
    places = sorted({*np.linspace(0, size - 1, min(size, SAMPLE)).astype(int).tolist(), *range(size)[-SAMPLE:]})
    now = sketches_of(kept[0, places].tolist())
    return bool(now) and all(
        row not in now or (now[row].phash, now[row].dhash) == (phash, dhash)
        for row, phash, dhash in kept[:, places].T.tolist()
    )


def _match(kept: Kept, distance: int, turn: int, agreement: float) -> Match:
    return Match(kept.image_row, kept.tombstone, distance, turn, round(agreement, 3))
