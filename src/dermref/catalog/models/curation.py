"""How pictures look, which of them look alike, and what curators decided."""

from django.db import models
from django.db.models import F, Q

from dermref.catalog.models.checks import is_sha256
from dermref.catalog.models.images import Image
from dermref.catalog.models.rights import Source


class Tombstone(models.Model):
    """Bytes that may never come in again, from anywhere, and how they looked. Append-only."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    reason = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tombstone_sha256", condition=is_sha256("sha256")),
            models.CheckConstraint(name="tombstone_says_who_and_why", condition=~Q(by="") & ~Q(reason="")),
        ]


class Fingerprint(models.Model):
    """How a picture looks, for finding near copies: of an image, or of bytes that may never come in again. A changed
    picture gets a new row, so an index in memory follows by reading the rows it has not seen. `phash` and `dhash` are
    the 64 bits as a signed integer; `sketch` is small enough to compare a few hundred of them exactly."""

    image = models.OneToOneField(Image, null=True, on_delete=models.CASCADE)
    tombstone = models.OneToOneField(Tombstone, null=True, on_delete=models.CASCADE)
    phash = models.BigIntegerField()
    dhash = models.BigIntegerField()
    sketch = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fingerprint_of_one",
                condition=Q(image__isnull=False, tombstone__isnull=True)
                | Q(image__isnull=True, tombstone__isnull=False),
            )
        ]


class Pair(models.Model):
    """Two images that look like one picture (`first` has the lower row id), for a curator to decide. `holds_first` and
    `holds_second` tell which of them is held while this pair stands, because its rights are looser than the other's;
    `released_…` which a curator freed because its own rights are genuine."""

    first = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    distance = models.SmallIntegerField()
    holds_first = models.BooleanField(default=False)
    holds_second = models.BooleanField(default=False)
    released_first = models.BooleanField(default=False)
    released_second = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, default="open")
    by = models.TextField(blank=True, default="")
    why = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pair_once", fields=["first", "second"]),
            models.CheckConstraint(name="pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(name="pair_kind_known", condition=Q(kind__in=["exact", "near"])),
            models.CheckConstraint(name="pair_verdict_known", condition=Q(verdict__in=["open", "same", "different"])),
            models.CheckConstraint(
                name="pair_decided_says_who_and_why",
                condition=Q(verdict="open") | (~Q(by="") & ~Q(why="") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["verdict", "id"], name="pair_by_verdict")]


class Acceptance(models.Model):
    """A curator lets an item in despite what inspection found in this very file, and says why. `license_id` is what its
    record said then: a contradiction is settled for that alone. Append-only."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    foreign_id = models.TextField()
    sha256 = models.CharField(max_length=64)
    codes = models.JSONField()
    license_id = models.TextField()
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="acceptance_sha256", condition=is_sha256("sha256")),
            models.CheckConstraint(name="acceptance_says_who_and_why", condition=~Q(by="") & ~Q(why="")),
        ]
        indexes = [models.Index(fields=["source", "foreign_id"], name="acceptance_of_item")]
