"""Sources, rights situations, and the evidence behind them. Documents and evidence are append-only."""

from django.db import models
from django.db.models import Q

from dermref.catalog.models.checks import is_sha256


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
