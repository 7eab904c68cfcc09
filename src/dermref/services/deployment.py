"""The deployment as services see it: its settings and its store."""

from django.conf import settings

from dermref.media.store import LocalBlobs
from dermref.model.deployment import Deployment


def deployment() -> Deployment:
    """The settings, as one value."""
    found: Deployment = settings.DERMREF
    return found


def blobs() -> LocalBlobs:
    """The store of this deployment."""
    return LocalBlobs(deployment().store_dir)
