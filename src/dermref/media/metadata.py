"""What a file's metadata give away: private facts, and what it says of its own rights."""

from collections.abc import Iterable
from dataclasses import dataclass

from dermref.model.media import Block, Claim, Finding


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was read from all blocks of a file. `orientation` is 1 to 8, None where nothing says; `thumbnails` are
    encoded pictures left inside."""

    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()
    orientation: int | None = None
    thumbnails: tuple[bytes, ...] = ()


def read_metadata(blocks: Iterable[Block]) -> Metadata:
    """Everything the blocks say; total: a block that cannot be read becomes a finding."""
    return Metadata()
