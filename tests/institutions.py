"""An institution-only image, and everybody who may or may not see it. No picture of such a source is at hand, so a
free one of the demo stands in for it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.people import add_curator
from dermref.catalog.policies import intern
from dermref.media.store import Blobs
from dermref.model.asking import SubscriptionKind
from dermref.model.media import StorePermit
from dermref.model.policy import PolicyKey
from dermref.registry.load import load_source
from dermref.services.institutions import Order, add, subscribe
from reading_client import ReadingClient
from rows import make_parts

SOURCE = "visualdx"
TITLE = "Quillfeather stand-in"
CONDITION = ("zebraform-naevus", "Zebraform naevus")
PICTURE = Path(__file__).parents[1] / "demo" / "isic-archive" / "files" / "ISIC_0000000.jpg"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class People:
    """Accounts by what they are."""

    member: User  # of an institution no longer, or of none
    current: User
    ended: User
    elsewhere: User
    curator: User


def stand_in(blobs: Blobs) -> models.Image:
    """The image with its bytes in the store."""
    data = PICTURE.read_bytes()
    key = blobs.put(data, StorePermit(SOURCE))
    terms = load_source(SOURCE).terms
    policy = intern(PolicyKey(SOURCE, terms.license_expression, "as printed"))
    slug, label = CONDITION
    models.Condition.objects.get_or_create(slug=slug, defaults={"label": label})
    told = {"title": TITLE, "condition_id": slug, "condition_as_published": label, "modality": "zebraform"}
    file = {"sha256": key, "byte_size": len(data), "width": 1022, "height": 767}
    values: dict[str, Any] = {"skin_tones": [], "metadata": {}, "facts": {}, "claims": []}
    parts = make_parts(SOURCE, "stand-in-1", policy_id=policy)
    return models.Image.objects.create(**{**parts, **told, **file, **values})


def institution(slug: str, *, contract: Path) -> models.Subscription:
    """An institution with a subscription that runs."""
    contract.write_text("You may show our images to your members.", "utf-8")
    add(slug, slug.title())
    now = timezone.now()
    subscribe(
        Order(slug, SOURCE, SubscriptionKind.INSTITUTIONAL, now - 90 * DAY, now + 90 * DAY, contract, "A. Curator")
    )
    return models.Subscription.objects.get(institution_id=slug)


def account(name: str, slug: str | None = None, *, ended: bool = False) -> User:
    """An account, a member's where an institution is named."""
    now = timezone.now()
    user = User.objects.create(username=name, email=name, password="!")  # signs in with a client alone
    if slug:
        ends = now - DAY if ended else None
        models.Membership.objects.create(institution_id=slug, user=user, joined_at=now - 30 * DAY, ends=ends)
    return user


def people(contract: Path) -> People:
    """One of each, with their institutions."""
    institution("riverside", contract=contract)
    gone = institution("hillside", contract=contract)
    models.Subscription.objects.filter(pk=gone.pk).update(ends=timezone.now() - DAY)
    add("seaside", "Seaside")
    add_curator("anna", "unused")
    return People(
        member=account("left@riverside.example", "riverside", ended=True),
        current=account("jane@riverside.example", "riverside"),
        ended=account("joe@hillside.example", "hillside"),
        elsewhere=account("sue@seaside.example", "seaside"),
        curator=User.objects.get(username="anna"),
    )


def asking_as(user: User | None) -> ReadingClient:
    """A client that is signed in as somebody, or as nobody."""
    client = ReadingClient(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client
