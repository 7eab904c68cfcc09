"""What was given in writing, to look at. Nothing is written here: the commands do that, for they keep the rules."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from dermref.catalog import models

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
else:  # Django's own class takes no parameter when the program runs
    Page = admin.ModelAdmin


class ReadOnly(Page):
    """Rows to look at, for curators alone."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


@admin.register(models.Institution)
class InstitutionAdmin(ReadOnly):
    """Institutions."""

    list_display = ("slug", "name")
    search_fields = ("slug", "name")


@admin.register(models.Subscription)
class SubscriptionAdmin(ReadOnly):
    """Their subscriptions. The document is named, not opened."""

    list_display = ("institution", "source_id", "kind", "starts", "ends", "ended_at", "ended_why")
    list_select_related = ("institution",)
    list_filter = ("kind",)
    exclude = ("source", "document")
    readonly_fields = ("source_id", "document_id")


@admin.register(models.Membership)
class MembershipAdmin(ReadOnly):
    """Their members."""

    list_display = ("user", "institution", "joined_at", "ends")
    list_select_related = ("institution", "user")
    search_fields = ("user__username",)


@admin.register(models.Invitation)
class InvitationAdmin(ReadOnly):
    """Who was invited. The hash of a token is nobody's business."""

    list_display = ("email", "institution", "by", "at", "expires", "accepted_at", "withdrawn_at")
    list_select_related = ("institution",)
    search_fields = ("email",)
    exclude = ("token_sha256",)


@admin.register(models.Grant)
class GrantAdmin(ReadOnly):
    """Permissions in writing."""

    list_display = ("grant_id", "source_id", "granted_by", "starts", "ends", "revoked_at")
    search_fields = ("grant_id", "granted_by")
    exclude = ("source", "document")
    readonly_fields = ("source_id", "document_id")


@admin.register(models.CourtesyNote)
class CourtesyNoteAdmin(ReadOnly):
    """Notes that were sent to sources."""

    list_display = ("source_id", "sent_on", "sent_to", "by")
    exclude = ("source", "document")
    readonly_fields = ("source_id", "document_id")


@admin.register(models.Purge)
class PurgeAdmin(ReadOnly):
    """What was removed when a permission ended."""

    list_display = ("source_id", "reason", "begun_at", "finished_at", "images", "files")
    exclude = ("source", "record")
    readonly_fields = ("source_id", "record_id")
