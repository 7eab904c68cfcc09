"""What an inspection is asked for, given where an item comes from and what its rights allow."""

from dermref.model.asking import Operator
from dermref.model.media import MediaType, Rung, Size, Wish
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.services.judging import may_resize

AHEAD = tuple(Rung(size, MediaType.JPEG) for size in Size)  # made at ingest


def wish_for(source: Source, key: PolicyKey, *, operator: Operator) -> Wish:
    """Renditions where they may be made."""
    return Wish(AHEAD if may_resize(source, key, operator=operator) else ())
