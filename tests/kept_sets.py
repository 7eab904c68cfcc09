"""Collections and snapshots for tests, made by the services that make them, and images that may be shown no more."""

from collections.abc import Sequence

from django.contrib.auth.models import User

from dermref.catalog import models
from dermref.catalog.policies import intern, key_of
from dermref.model.asking import Viewer, ViewerKind
from dermref.model.collection import CollectionRecord, Keeper, Sharing, SnapshotRecord
from dermref.model.policy import Hold
from dermref.services.collecting import NewCollection, create
from dermref.services.collection_view import find_collection
from dermref.services.freezing import freeze

THE_CURATORS = Keeper("A. Curator", is_curator=True)


def collection(
    slug: str,
    images: Sequence[str],
    *,
    owner: User | None = None,
    sharing: Sharing = Sharing.EVERYBODY,
    viewer: Viewer = Viewer(ViewerKind.CURATOR),
    description: str = "",
) -> CollectionRecord:
    """A collection of these images, the curators' own or an account's."""
    new = NewCollection(f"The {slug} set", description, slug, Sharing.NOBODY, tuple(images))
    keeper = Keeper(owner.username, owner.pk) if owner else THE_CURATORS
    changed = create(new, keeper=keeper, viewer=viewer)
    assert changed.left_out == ()
    models.Collection.objects.filter(slug=slug).update(sharing=sharing)  # also what its owner may not choose
    return again(slug)


def again(slug: str) -> CollectionRecord:
    """The collection as it is now."""
    found = find_collection(slug, keeper=THE_CURATORS)
    assert found
    return found


def snapshot(record: CollectionRecord) -> SnapshotRecord:
    """The collection frozen."""
    return freeze(record, keeper=THE_CURATORS).snapshot


def hold(public_id: str, why: Hold = Hold.WITHDRAWN) -> models.Image:
    """The image held back, as a withdrawal or a takedown does."""
    image = models.Image.objects.select_related("policy").get(public_id=public_id)
    models.Image.objects.filter(pk=image.pk).update(policy_id=intern(key_of(image.policy).held(why)))
    return image


def members_of(slug: str) -> list[str]:
    """The ids of its members, in order."""
    rows = models.CollectionImage.objects.filter(collection__slug=slug).order_by("position")
    return list(rows.values_list("image__public_id", flat=True))


def ids(number: int | None = None) -> list[str]:
    """The ids of the images in the catalogue, in the order of publication."""
    return list(models.Image.objects.order_by("pk").values_list("public_id", flat=True)[:number])
