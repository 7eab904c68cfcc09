"""Collections and their snapshots as they are cited."""

from dermref.credit.citable import Citable
from dermref.model.asking import Viewer


def citable_collection(slug: str, *, viewer: Viewer, version: int | None = None) -> Citable | None:
    """The collection as `viewer` may see it now, or a snapshot of it; None where there is none for them."""
    return None
