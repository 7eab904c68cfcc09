"""A collection and its snapshot that hold an image which may not be shown any more, or not to everybody: whoever asks
whatever of them gets no byte, title, condition or file of it; what a snapshot recorded stays its record."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dermref.catalog import collecting as rows
from dermref.catalog import models
from dermref.catalog.policies import intern
from dermref.media.store import Blobs
from dermref.model.change import Author
from dermref.model.collection import CollectionRecord, Sharing
from dermref.model.policy import Hold, PolicyKey
from dermref.services.granting import Permission, grant, revoke
from dermref.services.purging import purge
from dermref.services.registering import register_sources
from dermref.services.viewing import viewer_of
from granted import QUOTE, SOURCE, write_letter
from ingest_fixtures import blobs, legacy
from institutions import CONDITION, TITLE, People, asking_as, people
from institutions import stand_in as institutional
from kept_sets import THE_CURATORS, again, collection, hold, snapshot
from rows import make_parts
from web.test_collection_access import RULES, path_of
from web.test_ungranted_sweep import SCOPE
from web.test_ungranted_sweep import stand_in as granted
from web.test_viewer_sweep import BEGINNING, CREDIT, END

__all__ = ["blobs", "legacy"]

CREATOR = "J. Doe"
EVERYBODY = (None, "member", "elsewhere", "ended", "curator")


@pytest.fixture
def world(db: None, blobs: Blobs, tmp_path: Path) -> People:
    register_sources()
    return people(tmp_path / "contract.txt")


def free_image() -> str:
    """An image that everybody may see, so that there is something to freeze."""
    policy = intern(PolicyKey("isic-archive", "CC0-1.0", "CC-0"))
    values: dict[str, Any] = {"skin_tones": [], "metadata": {}, "facts": {}, "claims": [], "contributor": "Anonymous"}
    parts = make_parts("isic-archive", "ISIC_0000000", policy_id=policy)
    return models.Image.objects.create(**{**parts, **values}).public_id


def put_in(slug: str, image: models.Image) -> CollectionRecord:
    """The image in a collection, whoever may see it by now."""
    record = collection(slug, [free_image()], sharing=Sharing.LINK)
    with rows.changing(record.row_id, version=None, by=THE_CURATORS.name, at=timezone.now()):
        rows.add_members(record.row_id, [image.pk])
    return again(slug)


def give(tmp_path: Path) -> str:
    return grant(
        Permission(SOURCE, "The editor", write_letter(tmp_path), QUOTE, **SCOPE), by="A. Curator"
    ).grant.grant_id


def institution_only(world: People, blobs: Blobs, tmp_path: Path) -> models.Image:
    image = institutional(blobs)
    snapshot(put_in("nevi", image))
    return image


def revoked(world: People, blobs: Blobs, tmp_path: Path) -> models.Image:
    given = give(tmp_path)
    image = granted(blobs)
    assert snapshot(put_in("nevi", image)).images == 2
    revoke(given, Author("A. Curator", "the editor asked for it"))
    return image


def purged(world: People, blobs: Blobs, tmp_path: Path) -> models.Image:
    image = revoked(world, blobs, tmp_path)
    assert [one.images for one in purge(blobs)] == [1]
    return image


def withdrawn(world: People, blobs: Blobs, tmp_path: Path) -> models.Image:
    give(tmp_path)
    image = granted(blobs)
    assert snapshot(put_in("nevi", image)).images == 2
    return hold(image.public_id, Hold.WITHDRAWN)


@pytest.fixture(params=[institution_only, revoked, purged, withdrawn], ids=lambda one: one.__name__)
def image(request: pytest.FixtureRequest, world: People, blobs: Blobs, tmp_path: Path) -> models.Image:
    make: Callable[..., models.Image] = request.param
    return make(world, blobs, tmp_path)


def answers(user: User | None, key: str) -> Iterator[tuple[str, int, bytes, str]]:
    client = asking_as(user)
    for route in RULES:
        for purpose in ("", "&purpose=teaching"):
            path = path_of(route, key, "isic-archive:ISIC_0000000") + purpose
            answer = client.get(path, HTTP_HOST="localhost")
            yield path, answer.status_code, answer.body, answer.body.decode("utf-8", "replace")


def is_frozen(path: str) -> bool:
    return "/nevi/1/" in path or "/snapshots/1" in path


@pytest.mark.parametrize("sharing", [Sharing.EVERYBODY, Sharing.LINK])
@pytest.mark.parametrize("who", EVERYBODY)
def test_every_route_of_collections_when_the_image_is_not_for_the_asker_then_nothing_of_it(
    world: People, image: models.Image, who: str | None, sharing: Sharing
) -> None:
    models.Collection.objects.update(sharing=sharing)
    user: User | None = getattr(world, who) if who else None
    asked = 0
    for path, status, body, text in answers(user, again("nevi").key):
        asked += status == 200
        assert status < 500, path
        assert BEGINNING not in body, path
        assert END not in body, path
        secrets = [TITLE, *CONDITION, "zebraform"]
        secrets += [] if is_frozen(path) else [image.sha256, CREATOR, CREDIT]
        assert [one for one in secrets if one in text] == [], path
        if image.public_id in text:  # the keeper's list, the set's decision, and the gap in the snapshot name it
            assert is_frozen(path) or "/decision" in path or who == "curator", path
    assert asked > 8


@pytest.mark.parametrize("make", [revoked, purged, withdrawn])
def test_gap_when_an_image_was_taken_down_then_id_and_reason_to_everybody(
    world: People, blobs: Blobs, tmp_path: Path, make: Callable[..., models.Image]
) -> None:
    image = make(world, blobs, tmp_path)
    for who in EVERYBODY:
        text = asking_as(getattr(world, who) if who else None).get("/collections/nevi/1/").body.decode()
        assert image.public_id in text
        assert text.count("Not shown any more") == 1


def test_collection_when_the_current_member_looks_then_has_the_image(
    world: People, blobs: Blobs, tmp_path: Path
) -> None:
    institution_only(world, blobs, tmp_path)
    models.Collection.objects.update(sharing=Sharing.EVERYBODY)
    text = asking_as(world.current).get("/collections/nevi/").body.decode()
    assert CREDIT in text
    assert "<b>2</b> images" in text
    data = text.partition('type="application/ld+json">')[2].partition("</script>")[0]
    assert data.count("Images: 1 by ") == 1
    assert "; 1 by " not in data  # machines are told what anybody may see
    assert "<b>1</b> image" in asking_as(None).get("/collections/nevi/").body.decode()
    frozen = asking_as(world.current).get("/collections/nevi/1/").body.decode()
    assert CREDIT not in frozen  # only what just anybody may see is frozen


def test_image_when_only_members_of_an_institution_may_see_it_then_only_they_can_collect_it(
    world: People, blobs: Blobs
) -> None:
    image = institutional(blobs)
    for who, number in (("elsewhere", 0), ("current", 1)):
        client = asking_as(getattr(world, who))
        location = client.post(f"/collections/new/?image={image.public_id}", {"title": who})["Location"]
        assert models.CollectionImage.objects.filter(collection__slug=location.split("/")[2]).count() == number


@pytest.mark.parametrize("gate", [False, True])
def test_dev_only_image_when_collected_or_in_a_collection_by_an_accident_then_nobody_learns_of_it(
    world: People, legacy: list[str], settings: Any, gate: bool
) -> None:
    settings.DERMREF = replace(settings.DERMREF, dev_images=gate)
    image = models.Image.objects.get(public_id=legacy[0])
    client = asking_as(world.member)
    client.post(f"/collections/new/?image={image.public_id}", {"title": "Mine"})
    assert not models.CollectionImage.objects.exists()
    record = put_in("nevi", image)
    snapshot(record)
    models.Collection.objects.filter(slug="nevi").update(sharing=Sharing.EVERYBODY)
    secrets = [image.sha256, image.title, image.metadata["class_label"]]
    for who in EVERYBODY:
        for path, status, _, text in answers(getattr(world, who) if who else None, record.key):
            assert status < 500, path
            # The keeper reads the id, so that it can be taken out; that of this source says more than others'.
            said = text.replace(image.public_id, "") if who == "curator" and "/edit/" in path else text
            assert [one for one in (*secrets, image.public_id) if one in said] == [], path


def test_collection_when_all_of_it_is_for_one_institution_then_the_others_read_that_nothing_may_be_shown(
    world: People, blobs: Blobs
) -> None:
    record = collection("nevi", [institutional(blobs).public_id], viewer=viewer_of(world.current.pk))
    assert "None of its images may be shown to you" in _page(record, world.elsewhere)
    assert CREDIT in _page(record, world.current)


def _page(record: CollectionRecord, user: User) -> str:
    return str(asking_as(user).get(f"/collections/{record.slug}/").body.decode())
