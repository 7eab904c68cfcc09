"""Courtesy notes as rows: what was sent to a source, when, to whom and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from dermref.catalog import models
from dermref.catalog.writing import save_document
from dermref.model.evidence import Document


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note: the day it was sent, its words, and the sha256 of the stored text."""

    source_id: str
    sent_on: date
    sent_to: str
    text: str
    sha256: str
    by: str
    at: datetime


def save_note(note: NoteRecord) -> None:
    """Record a note."""
    with transaction.atomic():
        document_id = save_document(Document(note.text.encode(), f"note:{note.source_id}", "text/plain"))
        models.CourtesyNote.objects.create(
            source_id=note.source_id,
            sent_on=note.sent_on,
            sent_to=note.sent_to,
            document_id=document_id,
            by=note.by,
            at=note.at,
        )


def notes_of(source_id: str | None = None) -> tuple[NoteRecord, ...]:
    """The notes to a source, or all of them, latest first."""
    rows = models.CourtesyNote.objects.select_related("document").order_by("-sent_on", "-id")
    return tuple(_records(rows.filter(source_id=source_id) if source_id else rows))


def has_note(source_id: str) -> bool:
    """Whether any note was sent to this source."""
    return models.CourtesyNote.objects.filter(source_id=source_id).exists()


def _records(rows: Iterable[models.CourtesyNote]) -> Iterable[NoteRecord]:
    for row in rows:
        text = bytes(row.document.body).decode()
        yield NoteRecord(row.source_id, row.sent_on, row.sent_to, text, row.document_id, row.by, row.at)
