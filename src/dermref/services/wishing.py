"""What an inspection is asked for, given where an item comes from and what its rights allow."""

from dermref.model.asking import Operator
from dermref.model.media import Rung, Wish
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.services.doors import Door
from dermref.services.judging import may_resize
from dermref.services.marks import wish_mark


def wish_for(source: Source, key: PolicyKey, *, operator: Operator, ahead: tuple[Rung, ...], door: Door) -> Wish:
    """The renditions to make ahead where any may be made, and the source's mark where every picture has to bear it."""
    rungs = ahead if may_resize(source, key, operator=operator, door=door) else ()
    needs_mark, mark = wish_mark(source)
    return Wish(rungs, needs_mark=needs_mark, mark=mark)
