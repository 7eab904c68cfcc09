"""Collections, their members in order, and the snapshots that were frozen of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dermref.catalog.models.images import Image
from dermref.catalog.models.rights import Document


class Collection(models.Model):
    """A living collection. `owner` is null where the curators keep it; `key` is the secret of its link; `version`
    counts its changes; `doi` is that of the same set where it is published elsewhere."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.TextField()
    description = models.TextField(blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    sharing = models.CharField(max_length=20)
    key = models.CharField(max_length=64, unique=True)
    search = models.JSONField(default=dict)
    doi = models.TextField(blank=True, default="")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="collection_named", condition=~Q(title="") & ~Q(slug="") & ~Q(changed_by="")),
            models.CheckConstraint(
                name="collection_sharing_known", condition=Q(sharing__in=["nobody", "link", "everybody"])
            ),
            models.CheckConstraint(name="collection_key_long", condition=Q(key__length__gte=32)),
        ]
        indexes = [models.Index(fields=["owner", "changed_at"], name="collection_of_owner")]


class CollectionImage(models.Model):
    """An image in a collection, at its place: positions grow, with room between them."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="members")
    image = models.ForeignKey(Image, on_delete=models.PROTECT)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="collected_once", fields=["collection", "image"])]
        indexes = [models.Index(fields=["collection", "position"], name="collected_in_order")]


class Snapshot(models.Model):
    """A collection as it was frozen: the document says everything. It never changes but that it gets a DOI, once."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT)
    number = models.IntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    title = models.TextField()
    images = models.IntegerField()
    frozen_at = models.DateTimeField()
    frozen_by = models.TextField()
    doi = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="snapshot_once", fields=["collection", "number"]),
            models.UniqueConstraint(name="snapshot_doi_once", fields=["doi"], condition=~Q(doi="")),
            models.CheckConstraint(name="snapshot_numbered", condition=Q(number__gte=1) & Q(images__gte=1)),
            models.CheckConstraint(name="snapshot_says_who", condition=~Q(frozen_by="") & ~Q(title="")),
        ]
