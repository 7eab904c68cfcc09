"""Collections and snapshots, to look at. Pages of the site and commands change them, for they keep the rules."""

from django.contrib import admin

from dermref.catalog import models
from dermref.catalog.admin.permissions import ReadOnly


@admin.register(models.Collection)
class CollectionAdmin(ReadOnly):
    """Collections. The secret of a link is told by the page of the collection alone."""

    list_display = ("slug", "title", "owner", "sharing", "version", "changed_at", "changed_by")
    list_select_related = ("owner",)
    list_filter = ("sharing",)
    search_fields = ("slug", "title")
    exclude = ("key",)


@admin.register(models.Snapshot)
class SnapshotAdmin(ReadOnly):
    """Snapshots. The document is named, not opened."""

    list_display = ("collection__slug", "number", "title", "images", "frozen_at", "frozen_by", "doi")
    list_select_related = ("collection",)
    search_fields = ("title", "doi", "document__sha256")
    exclude = ("document",)
    readonly_fields = ("document_id",)
