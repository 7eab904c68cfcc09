"""The members of a collection by their place, as whoever keeps it has to see them: what may not be shown any more is
there with its reason, so that it can be taken out."""

from dataclasses import dataclass

from dermref.catalog.collected import members_at
from dermref.model.asking import Viewer
from dermref.model.collection import CollectionRecord
from dermref.services.freezing import Gap, as_it_is
from dermref.services.serving import Shown


@dataclass(frozen=True, slots=True)
class Place:
    """A member at its place, 1 being the first: shown, or why it is not."""

    number: int
    public_id: str
    now: Shown | Gap


def places(record: CollectionRecord, *, viewer: Viewer, start: int, limit: int) -> tuple[Place, ...]:
    """The members at up to `limit` places from `start` on, 1 being the first, as the gate answers for them now."""
    found = members_at(record.row_id, start=start - 1, limit=limit)
    return tuple(Place(at, one.public_id, as_it_is(one, viewer=viewer)) for at, one in enumerate(found, start))
