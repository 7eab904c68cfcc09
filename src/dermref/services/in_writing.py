"""What stands behind an image besides the words of its source: the permission that lets it be here, and the courtesy
note that was sent. Both are part of its evidence."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from dermref.catalog.reading import ImageRecord
from dermref.model.asking import Viewer
from dermref.model.grant import Grant
from dermref.services.deployment import deployment
from dermref.services.given import courtesy_notes_of, grants_of


class Kind(StrEnum):
    """What kind of writing it is."""

    NOTE = "courtesy-note"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Written:
    """One writing: its day (ISO 8601; of a grant, its last moment or None), the sha256 of the stored document, and of a
    grant who gave it in which words. To whom a note went and what it said stays with the curator."""

    kind: Kind
    day: str | None
    sha256: str
    granted_by: str | None = None
    quote: str | None = None


def written_for(record: ImageRecord, *, viewer: Viewer) -> tuple[Written, ...]:
    """The grants in force that speak of the image to this viewer, then the notes to its source."""
    now, operator = timezone.now(), deployment().operator
    grants = [
        Written(Kind.GRANT, _moment(one), one.document.sha256, one.granted_by, one.document.quote)
        for one in grants_of(record.source_id)
        if one.is_current(now)
        and one.is_given_to(operator)
        and one.is_for(viewer.kind)
        and (one.images is None or one.image_key in record.policy.grants)
    ]
    notes = [Written(Kind.NOTE, one.sent_on.isoformat(), one.sha256) for one in courtesy_notes_of(record.source_id)]
    return (*grants, *notes)


def _moment(one: Grant) -> str | None:
    end = one.effective_end
    return end.isoformat() if end else None
