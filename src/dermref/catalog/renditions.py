"""The renditions of an image: found by size and format, kept when made on demand, forgotten when they could not be
stored."""

from django.db import transaction

from dermref.catalog import models
from dermref.catalog.inserting import insert
from dermref.catalog.policies import policies_held
from dermref.catalog.reading import FILE_FIELDS, FileRecord, ImageRecord
from dermref.model.policy import Hold

REPLACE = "ON CONFLICT (image_id, size, media_type) DO UPDATE SET " + ", ".join(
    f"{column} = excluded.{column}" for column in ("sha256", "byte_size", "width", "height")
)


def find_rendition(record: ImageRecord, *, size: str, media_type: str) -> FileRecord | None:
    """The rendition of this size and format, if one was made. Its file may be missing."""
    rows = models.Rendition.objects.filter(image_id=record.row_id, size=size, media_type=media_type)
    row = rows.values_list(*FILE_FIELDS).first()
    return FileRecord(*row) if row else None


def keep_rendition(record: ImageRecord, file: FileRecord) -> bool:
    """Note that `file` was made of the bytes that `record` names; False when the image has other bytes by
    now, or none any more.

    Two who made the same file at the same time note it once. A row whose file went missing takes what was made anew.
    """
    with transaction.atomic():
        images = models.Image.objects.select_for_update().filter(pk=record.row_id, sha256=record.sha256)
        images = images.exclude(policy_id__in=policies_held(Hold.PURGED))
        if not list(images.values_list("pk")):  # locked, so that nothing replaces the bytes before the row is there
            return False
        values = {name: getattr(file, name) for name in FILE_FIELDS}
        insert(models.Rendition(image_id=record.row_id, **values), on_conflict=REPLACE)
    return True


def forget_rendition(record: ImageRecord, file: FileRecord) -> None:
    """Take the note back: the file could not be stored."""
    models.Rendition.objects.filter(
        image_id=record.row_id, size=file.size, media_type=file.media_type, sha256=file.sha256
    ).delete()
