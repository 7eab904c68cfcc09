"""Courtesy notes: recorded with their date and words once they were sent. Some sources open only then, and every such
note stands with the evidence of the source's images."""

from datetime import date

from django.utils import timezone

from dermref.catalog.notes import NoteRecord, notes_of, save_note
from dermref.model.decision import DutyCode
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document
from dermref.model.source import Source
from dermref.rights.gate import NEEDS_NOTE
from dermref.services.papers import key_of
from dermref.services.rulings import all_sources

__all__ = ["NoteRecord", "note", "notes_of", "wants_note"]


def note(source_id: str, *, sent_on: date, sent_to: str, text: str, by: str) -> NoteRecord:
    """Record a note that was sent. Raises Stopped for a source that asks for none, a day to come, or missing words."""
    source = all_sources()[source_id]
    if not wants_note(source):
        raise Stopped(f"{source_id} asks for no courtesy note.")
    if sent_on > timezone.now().date():
        raise Stopped(f"{sent_on} is still to come; record the note when it was sent.")
    if not all(part.strip() for part in (sent_to, text, by)):
        raise Stopped("A note says to whom it was sent, what it said, and who sent it; none may be empty.")
    words = text.strip()
    made = NoteRecord(
        source_id=source_id,
        sent_on=sent_on,
        sent_to=sent_to.strip(),
        text=words,
        sha256=key_of(Document(words.encode(), "")),
        by=by.strip(),
        at=timezone.now(),
    )
    save_note(made)
    return made


def wants_note(source: Source) -> bool:
    """Whether its status or its terms ask that somebody is told."""
    asks = any(duty.code is DutyCode.NOTIFY_COURTESY for duty in source.terms.duties)
    return asks or source.status in NEEDS_NOTE
