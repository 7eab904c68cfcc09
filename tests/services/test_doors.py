"""What is in writing opens a door, and an end shuts it for what is under way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dermref.catalog import models
from dermref.catalog.grants import revoke_grant
from dermref.media.store import Blobs
from dermref.model.asking import Action, Operator, OperatorKind, Purpose, ViewerKind
from dermref.model.change import Author
from dermref.model.evidence import Refusal
from dermref.model.harvest import Fetched, HarvestRequest
from dermref.registry.load import load_source
from dermref.services.doors import open_door
from dermref.services.given import grants_of, one_reading
from dermref.services.granting import Permission, grant
from dermref.services.ingest import Job, ingest
from dermref.services.registering import register_sources
from dermref.services.report import Fate
from dermref.sources.adapters import MANIFEST
from granted import QUOTE, SOURCE, write_letter, write_manifest

pytestmark = pytest.mark.django_db
HELLENIC = load_source(SOURCE)


@pytest.fixture
def give(db: None, tmp_path: Path) -> Callable[..., str]:
    """Records the letter; keyword arguments change what it permits. Returns the grant's id."""
    register_sources()
    everybody = (tuple(ViewerKind), tuple(Purpose), tuple(OperatorKind))
    actions = (Action.VIEW, Action.THUMBNAIL, Action.RESIZE, Action.STORE)
    given = Permission(SOURCE, "The editor", write_letter(tmp_path), QUOTE, actions, *everybody)
    return lambda **changes: grant(replace(given, **changes), by="A. Curator").grant.grant_id


def no_fetch(url: str, **asked: Any) -> Fetched:
    raise AssertionError("a folder needs no network")


def job(blobs: Blobs, folder: Path) -> Job:
    request = HarvestRequest(HELLENIC, folder=write_manifest(folder))
    return Job(HELLENIC, MANIFEST, request, no_fetch, blobs, Operator(), workers=1)


def revoke(grant_id: str) -> None:
    from django.utils import timezone

    assert revoke_grant(grant_id, author=Author("A. Curator", "asked to"), at=timezone.now())


def test_grant_when_revoked_while_an_ingest_runs_then_nothing_more_is_published(
    give: Callable[..., str], blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant_id, asked = give(), []

    def judge_and_revoke(*words: Any, **more: Any) -> Any:
        asked.append(words)
        if len(asked) == 2:  # both are judged, and neither is settled yet
            revoke(grant_id)
        return real(*words, **more)

    from dermref.services import ingest as module

    real = module.judge
    monkeypatch.setattr(module, "judge", judge_and_revoke)
    report = ingest(job(blobs, tmp_path))
    assert (report.state, models.Image.objects.count()) == ("stopped", 0)
    assert "never stored" in report.message
    assert list(blobs.keys()) == []


def test_ingest_when_the_grant_runs_then_published_and_its_door_is_shut_afterwards(
    give: Callable[..., str], blobs: Blobs, tmp_path: Path
) -> None:
    grant_id = give()
    assert ingest(job(blobs, tmp_path)).fates[Fate.PUBLISHED] == 2
    revoke(grant_id)
    assert isinstance(open_door(HELLENIC, operator=Operator()), Refusal)


def test_database_when_a_link_only_source_has_no_grant_in_force_then_it_takes_no_image(
    give: Callable[..., str], blobs: Blobs, tmp_path: Path
) -> None:
    grant_id = give()
    ingest(job(blobs, tmp_path))
    row = models.Image.objects.values().first()
    assert row is not None
    models.Image.objects.filter(pk=row["id"]).delete()
    revoke(grant_id)
    with pytest.raises(Exception, match="a link-only source has no images without a grant"):
        models.Image.objects.create(**row)


@pytest.mark.parametrize("change", [{"quote": "x"}, {"granted_by": "Somebody"}, {"revoked_why": "another reason"}])
def test_grant_when_revoked_then_nothing_of_it_changes_any_more(
    give: Callable[..., str], change: dict[str, str]
) -> None:
    grant_id = give()
    revoke(grant_id)
    with pytest.raises(Exception, match="a grant never changes"):
        models.Grant.objects.filter(pk=grant_id).update(**change)


def test_grants_when_read_within_one_request_then_once_and_anew_in_the_next(
    give: Callable[..., str], django_assert_num_queries: Any
) -> None:
    grant_id = give()
    with django_assert_num_queries(1), one_reading():
        found = [grants_of(SOURCE), grants_of(SOURCE), grants_of("isic-archive")]
    assert [len(one) for one in found] == [1, 1, 0]
    revoke(grant_id)
    with one_reading():
        [value] = grants_of(SOURCE)
    assert value.revoked is not None


def test_courtesy_note_when_recorded_then_it_cannot_be_changed_or_taken_back(db: None) -> None:
    from datetime import date

    from dermref.services.noting import note

    register_sources()
    note("atlas-dermatologico", sent_on=date(2026, 11, 1), sent_to="the form", text="May we?", by="A. Curator")
    assert not isinstance(open_door(load_source("atlas-dermatologico"), operator=Operator()), Refusal)
    with pytest.raises(Exception, match="append-only"):
        models.CourtesyNote.objects.update(sent_to="nobody")
