"""Whether bytes of a source may come in at this very moment, by what is recorded in writing: asked at the start of an
ingest, at every page, and before every commit, so that what is revoked stops what is under way."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dermref.catalog.grants import recorded_grants
from dermref.catalog.institutions import subscriptions_to
from dermref.catalog.notes import has_note
from dermref.model.asking import Operator
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.grant import Grant
from dermref.model.media import StorePermit
from dermref.model.source import Source
from dermref.rights.gate import Writings, depends_on_writings, kept_images, store_permit
from dermref.services.deployment import deployment


class DoorShut(Stopped):
    """Bytes of the source may not come in, or not any more; the message says why."""


@dataclass(frozen=True, slots=True)
class Door:
    """An open door: the permit of the store, the source's grants, which widen what its items may be used for, and the
    items that may come in (None: all)."""

    permit: StorePermit
    grants: tuple[Grant, ...]
    now: datetime
    kept: frozenset[str] | None = None

    def lets_in(self, foreign_id: str) -> bool:
        """Whether this item may come in, and its files be kept."""
        return self.kept is None or foreign_id in self.kept

    def is_as(self, other: "Door") -> bool:
        """Whether the same may come in, and be used alike."""
        return (self.grants, self.kept) == (other.grants, other.kept)


def open_door(source: Source, *, operator: Operator) -> Door | Refusal:
    """The door of a source, or why it is shut."""
    now, grants = timezone.now(), recorded_grants(source.source_id)
    writings = _writings(source, grants, operator)
    permit = store_permit(source.terms, writings, now=now)
    if isinstance(permit, Refusal):
        return permit
    return Door(permit, grants, now, kept_images(source.terms, writings, now=now))


def is_open(source: Source) -> bool:
    """Whether bytes of a source may come in now, on this deployment."""
    return not isinstance(open_door(source, operator=deployment().operator), Refusal)


def kept_now(source: Source, *, operator: Operator, at: datetime | None = None) -> frozenset[str] | None:
    """Which of its images may be kept now, or could be `at` another time by what is recorded (`gate.kept_images`).
    None, at no cost, where nothing in writing decides."""
    if not depends_on_writings(source.terms):
        return None
    writings = _writings(source, recorded_grants(source.source_id), operator)
    return kept_images(source.terms, writings, now=at or timezone.now())


def _writings(source: Source, grants: tuple[Grant, ...], operator: Operator) -> Writings:
    if not depends_on_writings(source.terms):
        return Writings()
    return Writings(
        is_note_sent=has_note(source.source_id),
        grants=tuple(one for one in grants if one.is_given_to(operator)),
        subscriptions=subscriptions_to(source.source_id),
    )


def require_door(source: Source, *, operator: Operator) -> Door:
    """The same, for who cannot go on without. Raises DoorShut with the reason."""
    door = open_door(source, operator=operator)
    if isinstance(door, Refusal):
        raise DoorShut(f"{door.text}.")
    return door
