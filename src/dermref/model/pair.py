"""Two images that look like one picture, and what a curator decides about them."""

from dataclasses import dataclass
from enum import StrEnum

from dermref.model.change import Author


class PairKind(StrEnum):
    """How alike: the very same bytes, or nearly the same picture."""

    EXACT = "exact"
    NEAR = "near"


class PairVerdict(StrEnum):
    """What a curator says of a pair. Until then, and for one and the same picture, the stricter rights hold."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class NewPair:
    """A pair of an image with another (`other`, its row id), and which of the two it holds."""

    other: int
    kind: PairKind
    distance: int
    holds_this: bool
    holds_other: bool


@dataclass(frozen=True, slots=True)
class PairDecision:
    """What was decided, by whom and why. `released` are ids of images whose own, looser rights the curator found to be
    genuine though the picture is the same."""

    verdict: PairVerdict
    author: Author
    released: tuple[str, ...] = ()
