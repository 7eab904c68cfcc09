"""Collections and snapshots as plain JSON values: one form for the API and for `--json`."""

from dermref.model.collection import CollectionRecord, SnapshotRecord
from dermref.services.describing import Json
from dermref.services.freezing import Entry, Gap


def describe_collection(record: CollectionRecord) -> Json:
    """A collection as anybody who may look at it may know it: without the secret of its link."""
    return {
        "slug": record.slug,
        "title": record.title,
        "description": record.description,
        "doi": record.doi or None,
        "shared_with": record.sharing.value,
        "version": record.version,
        "changed_at": record.changed_at.isoformat(),
    }


def describe_snapshot(one: SnapshotRecord) -> Json:
    """A snapshot."""
    return {
        "name": one.name,
        "collection": one.slug,
        "number": one.number,
        "title": one.title,
        "images": one.images,
        "sha256": one.sha256,
        "frozen_at": one.frozen_at.isoformat(),
        "frozen_by": one.frozen_by,
        "doi": one.doi or None,
    }


def describe_entry(one: Entry) -> Json:
    """A member of a snapshot as it is now; of a gap nothing is told but its id, its reason and the file that was
    frozen."""
    gap = {"code": one.now.code, "text": one.now.text} if isinstance(one.now, Gap) else None
    return {"id": one.member.id, "sha256": one.member.sha256, "is_same_file": one.is_same_file, "gap": gap}
