"""What came in, what became an image, and its files. An image cannot exist without a policy and evidence of its own."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat

from dermref.catalog.models.checks import is_sha256
from dermref.catalog.models.rights import Document, Evidence, Policy, Source


class IngestRun(models.Model):
    """One ingest: what was asked, how far it came, what it counted."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    request = models.JSONField(default=dict)
    state = models.CharField(max_length=20)
    cursor = models.TextField(blank=True, default="")
    counts = models.JSONField(default=dict)
    message = models.TextField(blank=True, default="")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="run_state_known", condition=Q(state__in=["running", "stopped", "finished"])),
            models.CheckConstraint(
                name="run_finished_has_time", condition=~Q(state="finished") | Q(finished_at__isnull=False)
            ),
        ]


class Accession(models.Model):
    """Every item ever received, published or not; a quarantined one says why. `sha256` is the file that is kept for a
    curator while it is quarantined, "" where none is; `reader` reads the document again. What it says was new at
    `received_at`, and was still the same at `checked_at`, if it was asked for since."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    foreign_id = models.TextField()
    state = models.CharField(max_length=20)
    reasons = models.JSONField(default=list)
    landing_url = models.TextField()
    file_url = models.TextField(blank=True, default="")
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    document_url = models.TextField(blank=True, default="")
    reader = models.CharField(max_length=60, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    run = models.ForeignKey(IngestRun, on_delete=models.PROTECT)
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accession_item_once", fields=["source", "foreign_id"]),
            models.CheckConstraint(
                name="accession_state_known", condition=Q(state__in=["published", "quarantined", "failed", "withdrawn"])
            ),
            models.CheckConstraint(name="accession_out_says_why", condition=Q(state="published") | ~Q(reasons=[])),
        ]
        indexes = [
            models.Index(fields=["source", "run"], name="accession_seen"),
            models.Index(fields=["source", "state"], name="accession_state"),
            models.Index(fields=["sha256"], name="accession_by_sha256"),
            models.Index(fields=["source", "checked_at"], name="accession_checked"),
        ]


class Condition(models.Model):
    """A condition as the sources name it."""

    slug = models.SlugField(primary_key=True, max_length=200)
    label = models.TextField()
    xrefs = models.JSONField(default=list)


class Image(models.Model):
    """A published image. `public_id` is `<source_id>:<foreign_id>` and never changes. `original_path` is where the file
    as received lies when it is not in the store; `facts` are the fields of `model.media.Facts`, `claims` what the file
    says of its own rights."""

    public_id = models.TextField(unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    foreign_id = models.TextField()
    accession = models.OneToOneField(Accession, on_delete=models.PROTECT)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT)
    title = models.TextField(blank=True, default="")
    creator = models.TextField(blank=True, default="")
    contributor = models.TextField(blank=True, default="")
    rights_holder = models.TextField(blank=True, default="")
    credit_line = models.TextField(null=True)  # noqa: DJ001 (columns that may be NULL are added in place)
    citation = models.TextField(null=True)  # noqa: DJ001
    landing_url = models.TextField()
    condition = models.ForeignKey(Condition, null=True, on_delete=models.PROTECT)
    condition_as_published = models.TextField(blank=True, default="")
    modality = models.TextField(blank=True, default="")
    body_site = models.TextField(blank=True, default="")
    skin_tones = models.JSONField(default=list)
    age = models.SmallIntegerField(null=True)
    sex = models.TextField(blank=True, default="")
    metadata = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    original_path = models.TextField(blank=True, default="")
    media_type = models.CharField(max_length=40)
    byte_size = models.BigIntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    facts = models.JSONField(default=dict)
    claims = models.JSONField(default=list)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="image_public_id_composed",
                condition=Q(
                    public_id=Concat(
                        F("source_id"), models.Value(":"), F("foreign_id"), output_field=models.TextField()
                    )
                ),
            ),
            models.CheckConstraint(name="image_sha256", condition=is_sha256("sha256")),
            models.CheckConstraint(name="image_has_pixels", condition=Q(width__gt=0, height__gt=0, byte_size__gt=0)),
            models.CheckConstraint(name="image_landing_recorded", condition=~Q(landing_url="")),
        ]
        indexes = [
            models.Index(fields=["policy", "id"], name="image_by_policy"),
            models.Index(fields=["policy", "condition", "id"], name="image_by_condition"),
            models.Index(fields=["policy", "modality", "id"], name="image_by_modality"),
            models.Index(fields=["policy", "body_site", "id"], name="image_by_body_site"),
            models.Index(fields=["sha256"], name="image_by_sha256"),
        ]


class Rendition(models.Model):
    """A file made from an image for display: whole, proportional, without metadata."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")
    size = models.CharField(max_length=10)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    byte_size = models.BigIntegerField()
    width = models.IntegerField()
    height = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rendition_once", fields=["image", "size", "media_type"]),
            models.CheckConstraint(name="rendition_size_known", condition=Q(size__in=["small", "medium", "large"])),
            models.CheckConstraint(name="rendition_sha256", condition=is_sha256("sha256")),
        ]
        indexes = [models.Index(fields=["sha256"], name="rendition_by_sha256")]


class BlockedHash(models.Model):
    """Bytes that may come in from `source` alone and are refused from everywhere else."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    reason = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(name="blocked_sha256", condition=is_sha256("sha256"))]
