"""What was given in writing: grants with their documents, courtesy notes, subscriptions of institutions, and the record
of what was removed when one of them ended."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dermref.catalog.models.checks import is_sha256
from dermref.catalog.models.rights import Document, Source


class Grant(models.Model):
    """A permission in writing, as `model.grant.Grant` has it; `stores` tells the database whether it lets bytes be
    kept. Nothing of it changes but that it is revoked, once."""

    grant_id = models.CharField(primary_key=True, max_length=40)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    granted_by = models.TextField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    document_name = models.TextField()
    document_url = models.TextField(blank=True, default="")
    document_ends = models.DateTimeField(null=True)
    quote = models.TextField()
    actions = models.JSONField()
    viewers = models.JSONField()
    purposes = models.JSONField()
    operators = models.JSONField()
    images = models.JSONField(null=True)
    domain = models.TextField(blank=True, default="")
    conditions = models.JSONField(default=list)
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    stores = models.BooleanField()
    by = models.TextField()
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True, default="")
    revoked_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_says_who_and_what", condition=~Q(granted_by="") & ~Q(quote="") & ~Q(by="")
            ),
            models.CheckConstraint(
                name="grant_names_something",
                condition=~Q(actions=[]) & ~Q(viewers=[]) & ~Q(purposes=[]) & ~Q(operators=[]),
            ),
            models.CheckConstraint(
                name="grant_dates_in_order",
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
            ),
            models.CheckConstraint(
                name="grant_revoked_says_who_and_why",
                condition=Q(revoked_at__isnull=True) | (~Q(revoked_by="") & ~Q(revoked_why="")),
            ),
        ]


class CourtesyNote(models.Model):
    """A note that was sent to a source before, or because, its images are used. Append-only."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    sent_on = models.DateField()
    sent_to = models.TextField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="note_says_who_and_to_whom", condition=~Q(by="") & ~Q(sent_to="")),
        ]
        indexes = [models.Index(fields=["source", "sent_on"], name="note_of_source")]


class Institution(models.Model):
    """An institution whose members may sign in."""

    slug = models.SlugField(primary_key=True, max_length=80)
    name = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(name="institution_named", condition=~Q(name=""))]

    def __str__(self) -> str:
        """Its name, for the admin."""
        return self.name


class Subscription(models.Model):
    """The right of an institution to use one source, and the contract it rests on. The end is excluded; `ended_at` is
    an end before that."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    document_name = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="subscription_kind_known", condition=Q(kind__in=["institutional", "individual", "trial"])
            ),
            models.CheckConstraint(
                name="subscription_dates_in_order", condition=Q(ends__isnull=True) | Q(ends__gt=F("starts"))
            ),
            models.CheckConstraint(
                name="subscription_ended_says_why", condition=Q(ended_at__isnull=True) | ~Q(ended_why="")
            ),
        ]
        indexes = [models.Index(fields=["source", "institution"], name="subscription_of_source")]


class Membership(models.Model):
    """A person of an institution. Ended, never deleted: what somebody saw, they saw as a member."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    joined_at = models.DateTimeField()
    ends = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="member_once", fields=["institution", "user"])]


class Invitation(models.Model):
    """An invitation to become a member: whoever has its token may accept it once, until it expires. Only the token's
    sha256 is kept."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    email = models.EmailField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    by = models.TextField()
    at = models.DateTimeField()
    expires = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="invitation_sha256", condition=is_sha256("token_sha256"))]


class Purge(models.Model):
    """The removal of a source's bytes because what allowed them ended: begun, and, once all are gone, finished with a
    signed record of what was removed."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    reason = models.TextField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    images = models.IntegerField(default=0)
    files = models.IntegerField(default=0)
    record = models.ForeignKey(Document, null=True, on_delete=models.PROTECT)
    signature = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="purge_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="purge_finished_is_signed",
                condition=Q(finished_at__isnull=True) | (Q(record__isnull=False) & ~Q(signature="")),
            ),
        ]
