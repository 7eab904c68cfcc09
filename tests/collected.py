"""Images for collections: rows with licenses and people of their own, held and changed at will. No files."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.holding import hold_all
from dermref.catalog.policies import intern
from dermref.model.asking import Viewer, ViewerKind
from dermref.model.collection import Changed, CollectionRecord, Keeper, Sharing
from dermref.model.policy import Hold, PolicyKey
from dermref.services.collecting import NewCollection, create
from dermref.services.registering import register_sources
from rows import make_parts

CURATOR = Keeper("A. Curator", is_curator=True)
AS_CURATOR = Viewer(ViewerKind.CURATOR)
BY, NC, ZERO = "CC-BY-4.0", "CC-BY-NC-4.0", "CC0-1.0"


def make_image(foreign_id: str, license_id: str = BY, *, source_id: str = "isic-archive", **columns: Any) -> str:
    """An image under this license; its id."""
    register_sources()
    parts = make_parts(source_id, foreign_id, policy_id=intern(PolicyKey(source_id, license_id, license_id)))
    row = {**parts, "contributor": "A Hospital", "landing_url": f"https://example.org/{foreign_id}/", **columns}
    lists = {"skin_tones": [], "metadata": {}, "facts": {}, "claims": []}
    return models.Image.objects.create(**{**row, **lists}).public_id


def hold(public_id: str, why: Hold = Hold.TAKEDOWN) -> None:
    """Hold an image."""
    assert hold_all(models.Image.objects.filter(public_id=public_id), why, at=timezone.now())


def make_collection(slug: str, images: Iterable[str] = (), **changes: Any) -> CollectionRecord:
    """A collection of the curators, shared with everybody."""
    new = NewCollection(
        **{"title": slug.title(), "slug": slug, "sharing": Sharing.EVERYBODY, "images": tuple(images), **changes}
    )
    made = create(new, keeper=CURATOR, viewer=AS_CURATOR)
    assert isinstance(made, Changed)
    return made.record
