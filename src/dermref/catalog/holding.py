"""Holds images for a reason that is no evidence of theirs: what other images or lists of bytes say of them."""

from datetime import datetime

from django.db.models import QuerySet

from dermref.catalog import models
from dermref.catalog.policies import intern, key_of
from dermref.model.policy import Hold


def hold_all(images: QuerySet[models.Image], hold: Hold, *, at: datetime) -> list[str]:
    """Hold these images in the caller's transaction, those that are held so already left alone; the ids of all."""
    rows = list(images.select_related("policy"))
    for row in rows:
        key = key_of(row.policy)
        if hold not in key.holds:
            models.Image.objects.filter(pk=row.pk).update(policy_id=intern(key.held(hold)), updated_at=at)
    return [row.public_id for row in rows]
