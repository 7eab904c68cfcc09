"""Source rows."""

from dermref.catalog import models
from dermref.model.source import Source


def save_source(source: Source, *, digest: str) -> None:
    """Insert or update the row of `source`; `digest` tells whether it changed."""
    known = models.Source.objects.filter(pk=source.source_id).values_list("digest", flat=True).first()
    if known == digest:
        return
    models.Source.objects.update_or_create(
        source_id=source.source_id,
        defaults={"tier": source.tier, "status": source.status, "digest": digest},
    )
