"""The deployment as services see it: its settings and its store."""

from typing import cast

from django.conf import settings
from django.core.files.storage import storages

from dermref.media.storage import Shelf
from dermref.media.store import Blobs
from dermref.model.deployment import Deployment


def deployment() -> Deployment:
    """The settings, as one value."""
    found: Deployment = settings.DERMREF
    return found


def blobs() -> Blobs:
    """The store of this deployment: its journal in the data folder, its files where `STORAGES` says."""
    return Blobs(deployment().store_dir, cast(Shelf, storages["images"]))


def site_address() -> str | None:
    """The address people know this site by, without a slash at its end; None where it has no name but the machine's."""
    names = [one for one in deployment().operator.domains if not one.startswith((".", "*"))]
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return f"{scheme}://{names[0]}" if names else None
