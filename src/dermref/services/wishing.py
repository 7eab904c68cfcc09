"""What an inspection is asked for, given where an item comes from and what its rights allow."""

from dermref.model.asking import Operator
from dermref.model.media import MediaType, Rung, Size, Wish
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.services.judging import may_resize
from dermref.services.marks import wish_mark

AHEAD = tuple(Rung(size, MediaType.JPEG) for size in Size)  # made at ingest


def wish_for(source: Source, key: PolicyKey, *, operator: Operator) -> Wish:
    """Renditions where they may be made, and the source's mark where every picture has to bear it."""
    ahead = AHEAD if may_resize(source, key, operator=operator) else ()
    needs_mark, mark = wish_mark(source)
    return Wish(ahead, needs_mark=needs_mark, mark=mark)
