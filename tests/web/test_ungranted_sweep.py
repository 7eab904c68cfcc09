"""Every route, asked by everybody: an image that came in with a permission appears to nobody whom no permission in
force names, whatever became of it; its link-only source shows no picture, count or file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.policies import intern
from dermref.media.store import Blobs
from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.change import Author
from dermref.model.media import StorePermit
from dermref.model.policy import PolicyKey
from dermref.registry.load import load_source
from dermref.services.granting import Permission, grant, revoke
from dermref.services.purging import purge
from dermref.services.registering import register_sources
from granted import QUOTE, SOURCE, write_letter
from ingest_fixtures import blobs
from institutions import CONDITION, DAY, PICTURE, TITLE, People, asking_as, people
from rows import make_parts
from web.test_viewer_sweep import BYTES, answers, names

__all__ = ["blobs"]

SHOWING = (Action.VIEW, Action.THUMBNAIL, Action.RESIZE, Action.STORE, Action.DOWNLOAD)
EVERYBODY = (None, "member", "current", "curator")
SCOPE: dict[str, Any] = {
    "actions": SHOWING,
    "viewers": tuple(ViewerKind),
    "purposes": tuple(Purpose),
    "operators": tuple(OperatorKind),
}


@pytest.fixture
def world(db: None, blobs: Blobs, tmp_path: Path) -> People:
    register_sources()
    return people(tmp_path / "contract.txt")


@pytest.fixture
def give(world: People, tmp_path: Path) -> Callable[..., str]:
    """Records the letter; keyword arguments change its scope. Returns the grant's id."""
    given = Permission(SOURCE, "The editor", write_letter(tmp_path), QUOTE, **SCOPE)
    return lambda **changes: grant(replace(given, **changes), by="A. Curator").grant.grant_id


def stand_in(blobs: Blobs) -> models.Image:
    """The image with its bytes in the store; one of the demo stands in for the atlas's own."""
    data = PICTURE.read_bytes()
    key = blobs.put(data, StorePermit(SOURCE))
    terms = load_source(SOURCE).terms
    policy = intern(PolicyKey(SOURCE, terms.license_expression, "as printed"))
    slug, label = CONDITION
    models.Condition.objects.get_or_create(slug=slug, defaults={"label": label})
    told = {"title": TITLE, "creator": "J. Doe", "condition_id": slug, "condition_as_published": label}
    file = {"sha256": key, "byte_size": len(data), "width": 1022, "height": 767, "modality": "zebraform"}
    values: dict[str, Any] = {"skin_tones": [], "metadata": {}, "facts": {}, "claims": []}
    return models.Image.objects.create(
        **{**make_parts(SOURCE, "stand-in-1", policy_id=policy), **told, **file, **values}
    )


def nowhere() -> models.Image:
    public_id = f"{SOURCE}:stand-in-1"
    return models.Image(source_id=SOURCE, foreign_id="stand-in-1", public_id=public_id, condition_id=CONDITION[0])


def over(give: Callable[..., str], blobs: Blobs) -> None:
    """The grant under which it came in is revoked."""
    revoke(models.Grant.objects.get().grant_id, Author("A. Curator", "the editor asked for it"))


def expired(give: Callable[..., str], blobs: Blobs) -> None:
    """Another one has run out, too."""
    over(give, blobs)
    row = models.Grant.objects.values().get()
    then: datetime = timezone.now() - DAY
    ended = {"grant_id": f"{SOURCE}-2", "ends": then, "revoked_at": None, "revoked_by": "", "revoked_why": ""}
    models.Grant.objects.create(**{**row, **ended})


def for_others(give: Callable[..., str], blobs: Blobs) -> None:
    """What is in force names other people, another site, another image, another use."""
    over(give, blobs)
    give(viewers=(ViewerKind.DEVELOPER,))
    give(domain="atlas.example.org")
    give(images=frozenset({"stand-in-2"}))
    give(actions=(Action.STORE, Action.PRESENT))


def removed(give: Callable[..., str], blobs: Blobs) -> None:
    """Its bytes are purged."""
    over(give, blobs)
    assert [one.images for one in purge(blobs)] == [1]
    assert list(blobs.keys()) == []


@pytest.fixture(params=[over, expired, for_others, removed], ids=lambda one: one.__name__)
def state(request: pytest.FixtureRequest) -> Callable[..., None]:
    found: Callable[..., None] = request.param
    return found


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_route_when_no_permission_names_the_asker_then_as_if_there_were_no_such_image(
    world: People, give: Callable[..., str], blobs: Blobs, state: Callable[..., None], who: str | None
) -> None:
    user: User | None = getattr(world, who) if who else None
    give()
    before = answers(user, nowhere())
    image = stand_in(blobs)
    state(give, blobs)
    after = answers(user, image)
    changed = {path for path in before if not names(path) and before[path] != after[path]}
    assert {path for path in changed if not path.startswith("/admin/")} == set()
    for path, (status, text) in after.items():
        if path.startswith("/admin/") and who == "curator":
            continue  # the tables are the curator's own
        assert status < 500, path
        assert [secret for secret in (BYTES, TITLE, CONDITION[1], image.sha256) if secret in text] == [], path


def test_every_route_when_a_permission_names_members_of_institutions_then_they_alone_have_it(
    world: People, give: Callable[..., str], blobs: Blobs
) -> None:
    give(viewers=(ViewerKind.INSTITUTION_MEMBER,))
    stand_in(blobs)
    shown = {who: asking_as(getattr(world, who) if who else None).get("/images/").body.decode() for who in EVERYBODY}
    assert {who: TITLE in page or CONDITION[1] in page for who, page in shown.items()} == {
        None: False, "member": False, "current": True, "curator": False,
    }  # fmt: skip
    path = f"/api/image/{SOURCE}:stand-in-1?size=medium"
    statuses = {who: asking_as(getattr(world, who) if who else None).get(path).status_code for who in EVERYBODY}
    assert statuses == {None: 401, "member": 403, "current": 200, "curator": 403}
