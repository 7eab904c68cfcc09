"""The tables. An image cannot exist without a policy and evidence of its own; evidence and documents are append-only.

What a single row cannot check (evidence of the same item, policy of the same source, no bytes of a link-only source,
no blocked bytes) is kept by triggers: see `migrations/0002_promise.py` and `0003_situations.py`.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat, Length

models.CharField.register_lookup(Length)


def is_sha256(field: str) -> Q:
    """A check that `field` looks like 64 hexadecimal digits as far as plain SQL can tell."""
    return Q(**{f"{field}__length": 64})


class Source(models.Model):
    """A source or data set release as the registry has it; the registry's TOML stays the truth."""

    source_id = models.CharField(primary_key=True, max_length=80)
    tier = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="source_tier_known",
                condition=Q(tier__in=["hosted", "dev-only", "external-link-only", "institutional-only"]),
            ),
            models.CheckConstraint(name="source_digest_sha256", condition=is_sha256("digest")),
        ]


class SourceVersion(models.Model):
    """A source as the registry had it at some time, whole, under the sha256 of its canonical form. Append-only."""

    digest = models.CharField(primary_key=True, max_length=64)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    document = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="version_digest_sha256", condition=is_sha256("digest"))]


class TermsChange(models.Model):
    """A change of a source's terms: who made it and why, which fields differ, and for how many images which decision
    became another one. `before` is null where nothing was registered, `after` where nothing is now. Append-only."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.TextField()
    why = models.TextField()
    before = models.ForeignKey(SourceVersion, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(SourceVersion, null=True, on_delete=models.PROTECT, related_name="+")
    operator = models.CharField(max_length=40)
    fields = models.JSONField()
    outcomes = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="change_says_who_and_why", condition=~Q(by="") & ~Q(why="")),
            models.CheckConstraint(
                name="change_has_a_side", condition=Q(before__isnull=False) | Q(after__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["source", "id"], name="change_of_source")]


class Policy(models.Model):
    """One rights situation, stored once; immutable, found by its content hash. Its columns are the fields of
    `model.policy.PolicyKey`; `license_id` is an SPDX expression of any length."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    license_id = models.TextField()
    license_label = models.TextField()
    holds = models.JSONField(default=list)
    restrictions = models.JSONField(default=list)
    disputed = models.JSONField(default=list)
    grants = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="policy_license_recorded", condition=~Q(license_id="")),
            models.CheckConstraint(name="policy_hash_sha256", condition=is_sha256("content_hash")),
        ]


class Tally(models.Model):
    """How many images each policy has, in all and for every value of a facet, kept by triggers: counts and facets that
    are filtered by rights then cost nothing. `facet` is `all` (value ""), `condition`, `modality` or `body_site`."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE)
    facet = models.CharField(max_length=20)
    value = models.TextField()
    images = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tally_once", fields=["facet", "value", "policy"]),
            models.CheckConstraint(name="tally_not_negative", condition=Q(images__gte=0)),
        ]


class Document(models.Model):
    """A raw document as received, stored once under its sha256. Append-only."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    media_type = models.CharField(max_length=100)
    body = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(name="document_sha256", condition=is_sha256("sha256"))]


class Evidence(models.Model):
    """What a source said about one item at one time: the statement word for word and the document it stood in."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    foreign_id = models.TextField()
    mark = models.CharField(max_length=20)
    statement = models.TextField()
    url = models.TextField()
    retrieved_at = models.DateTimeField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    reader = models.CharField(max_length=60)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_mark_known", condition=Q(mark__in=["license", "refusal", "withdrawal", "decision"])
            ),
            models.CheckConstraint(name="evidence_url_recorded", condition=~Q(url="")),
            models.CheckConstraint(
                name="evidence_withdrawal_supersedes",
                condition=Q(mark="license") | Q(supersedes__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["source", "foreign_id"], name="evidence_item")]


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
    curator while it is quarantined, "" where none is; `reader` reads the document again."""

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
            models.Index(fields=["sha256"], name="accession_by_sha256", condition=~Q(sha256="")),
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
    phash = models.BinaryField(max_length=8)
    dhash = models.BinaryField(max_length=8)
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
    `holds_second` tell which of them is held while this pair stands, because its rights are looser than the other's."""

    first = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    distance = models.SmallIntegerField()
    holds_first = models.BooleanField(default=False)
    holds_second = models.BooleanField(default=False)
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
    """A curator lets an item in despite what inspection found in this very file, and says why. Append-only."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    foreign_id = models.TextField()
    sha256 = models.CharField(max_length=64)
    codes = models.JSONField()
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="acceptance_sha256", condition=is_sha256("sha256")),
            models.CheckConstraint(name="acceptance_says_who_and_why", condition=~Q(by="") & ~Q(why="")),
        ]
        indexes = [models.Index(fields=["source", "foreign_id"], name="acceptance_of_item")]
