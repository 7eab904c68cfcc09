"""Links out: from a condition or a topic to a page of a source, with nothing of that page kept."""

from django.db import models
from django.db.models import Q

from dermref.catalog.models.images import Condition
from dermref.catalog.models.rights import Source


class Link(models.Model):
    """One link. `strikes` counts the checks in a row that found nothing there; `state` is what the checks lead to.
    `moved_to` is where its page says that it went, for a curator: nobody follows by themselves."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    url = models.TextField()
    title = models.TextField()
    condition = models.ForeignKey(Condition, null=True, blank=True, on_delete=models.PROTECT)
    topic = models.TextField(blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    needs_login = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    by = models.TextField()
    added_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="unchecked")
    strikes = models.SmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=60, blank=True, default="")
    moved_to = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="link_once", fields=["source", "url", "condition", "topic"]),
            models.UniqueConstraint(
                name="link_of_topic_once", fields=["source", "url", "topic"], condition=Q(condition__isnull=True)
            ),
            models.CheckConstraint(name="link_has_address", condition=~Q(url="") & ~Q(title="")),
            models.CheckConstraint(name="link_says_for_what", condition=Q(condition__isnull=False) | ~Q(topic="")),
            models.CheckConstraint(
                name="link_state_known",
                condition=Q(state__in=["unchecked", "there", "login", "moved", "missing", "broken"]),
            ),
        ]
        indexes = [
            models.Index(fields=["condition", "source"], name="link_of_condition"),
            models.Index(fields=["checked_at"], name="link_checked"),
        ]

    def __str__(self) -> str:
        """Its title, for the admin."""
        return self.title
