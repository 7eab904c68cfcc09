"""Images that look alike (stub)."""

from dataclasses import dataclass

from dermref.model.media import Likeness


@dataclass(frozen=True, slots=True)
class Match:
    """An image, or buried bytes, that look nearly the same."""

    image_row: int | None
    tombstone: str | None
    distance: int
    turn: int


class Likes:
    """All fingerprints."""

    def near(self, likeness: Likeness) -> tuple[Match, ...]:
        """What looks like this, nearest first."""
        return ()
