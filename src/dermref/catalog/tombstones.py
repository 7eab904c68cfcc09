"""Bytes that may never come in again, from anywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dermref.catalog import models
from dermref.catalog.fingerprints import save_tombstone_fingerprint
from dermref.catalog.holding import hold_all
from dermref.model.media import Likeness
from dermref.model.policy import Hold


@dataclass(frozen=True, slots=True)
class TombstoneRecord:
    """Which bytes, who laid the stone, and why."""

    sha256: str
    reason: str
    by: str
    at: datetime


def bury(stone: TombstoneRecord, looks: Likeness | None) -> list[str]:
    """Never let these bytes in again, and hold every image that has them; the ids of those images. `looks` is how the
    picture looks, so that near copies of it can be told."""
    with transaction.atomic():
        models.Tombstone.objects.create(sha256=stone.sha256, reason=stone.reason, by=stone.by, at=stone.at)
        if looks:
            save_tombstone_fingerprint(stone.sha256, looks)
        return hold_all(models.Image.objects.filter(sha256=stone.sha256), Hold.TAKEDOWN, at=stone.at)


def tombstone_of(sha256: str) -> TombstoneRecord | None:
    """The stone on these bytes."""
    return next(iter(_records(models.Tombstone.objects.filter(pk=sha256))), None)


def list_tombstones() -> list[TombstoneRecord]:
    """All of them, latest first."""
    return list(_records(models.Tombstone.objects.order_by("-at")))


def _records(rows: Iterable[models.Tombstone]) -> Iterable[TombstoneRecord]:
    return (TombstoneRecord(row.sha256, row.reason, row.by, row.at) for row in rows)
