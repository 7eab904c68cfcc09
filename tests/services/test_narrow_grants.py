"""A grant lets in what it names, on the deployment it was given to, as long as it runs; and not a byte more."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.grants import revoke_grant
from dermref.credit.xmp import packet_of
from dermref.media.store import Blobs
from dermref.model.asking import Action, Operator, OperatorKind, Purpose, Viewer, ViewerKind
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document
from dermref.model.harvest import HarvestRequest
from dermref.registry.load import load_source
from dermref.services import ingest as module
from dermref.services.auditing import audit
from dermref.services.granting import Permission, grant
from dermref.services.ingest import Job, ingest
from dermref.services.mining import policy_path
from dermref.services.noticing import notice_for
from dermref.services.papers import lacks
from dermref.services.registering import register_sources
from dermref.services.report import Fate
from dermref.services.serving import Bytes, Refused, Shown, open_bytes, outcome_of, show
from dermref.sources.adapters import MANIFEST
from granted import FIRST, QUOTE, SECOND, SOURCE, write_letter, write_manifest

pytestmark = pytest.mark.django_db
SHOWING = (Action.VIEW, Action.THUMBNAIL, Action.RESIZE, Action.STORE)
ANYBODY = (tuple(ViewerKind), tuple(Purpose), tuple(OperatorKind))


@pytest.fixture
def give(db: None, tmp_path: Path) -> Callable[..., str]:
    register_sources()
    given = Permission(SOURCE, "The editor", write_letter(tmp_path), QUOTE, SHOWING, *ANYBODY)
    return lambda **changes: grant(replace(given, **changes), by="A. Curator").grant.grant_id


@pytest.fixture
def bring(blobs: Blobs, tmp_path: Path) -> Callable[..., Any]:
    """Ingests the two images of the manifest, as this kind of operator."""

    def run(source_id: str = SOURCE, operator: Operator = Operator()) -> Any:
        request = HarvestRequest(load_source(source_id), folder=write_manifest(tmp_path))
        return ingest(Job(request.source, MANIFEST, request, no_fetch, blobs, operator, workers=1))

    return run


def no_fetch(url: str, **asked: Any) -> Any:
    raise AssertionError("a folder needs no network")


def revoke(grant_id: str) -> None:
    assert revoke_grant(grant_id, author=Author("A. Curator", "asked to"), at=timezone.now())


def judge_and_then(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Does something once, when both images are judged and neither is settled yet."""
    real, asked = module.judge, []

    def judge(*words: Any, **more: Any) -> Any:
        asked.append(words)
        found = real(*words, **more)
        if len(asked) == 2:
            act()
        return found

    monkeypatch.setattr(module, "judge", judge)


def test_image_when_the_only_grant_names_another_then_no_byte_of_it_comes_in(
    give: Callable[..., str], bring: Callable[..., Any], blobs: Blobs
) -> None:
    give(images=frozenset({FIRST}))
    report = bring()
    assert (report.fates[Fate.PUBLISHED], report.reasons) == (1, {"not-permitted": 1})
    assert audit(blobs).disagreements == []
    waiting = models.Accession.objects.exclude(state="published").get()
    assert (waiting.foreign_id, waiting.sha256) == (SECOND, "")


def test_door_when_the_grant_is_for_another_kind_of_operator_then_shut(
    give: Callable[..., str], bring: Callable[..., Any]
) -> None:
    give(operators=(OperatorKind.EDUCATIONAL_INSTITUTION,))
    assert bring().state == "stopped"
    assert bring(operator=Operator(OperatorKind.EDUCATIONAL_INSTITUTION, paywall=True)).state == "stopped"
    assert bring(operator=Operator(OperatorKind.EDUCATIONAL_INSTITUTION)).fates[Fate.PUBLISHED] == 2


def test_one_of_two_grants_when_revoked_while_files_come_in_then_its_image_stays_out(
    give: Callable[..., str], bring: Callable[..., Any], blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(images=frozenset({FIRST}))
    second = give(images=frozenset({SECOND}))
    judge_and_then(monkeypatch, lambda: revoke(second))
    assert bring().fates[Fate.PUBLISHED] == 1
    assert {one.foreign_id for one in models.Image.objects.all()} == {FIRST}
    assert audit(blobs).disagreements == []


def test_grant_when_recorded_while_files_come_in_then_it_counts(
    give: Callable[..., str], bring: Callable[..., Any], blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    give()
    judge_and_then(monkeypatch, lambda: give(images=frozenset({FIRST}), actions=(Action.DOWNLOAD,)))
    assert bring().fates[Fate.PUBLISHED] == 2
    assert audit(blobs).disagreements == []
    assert isinstance(show(f"{SOURCE}:{FIRST}", viewer=Viewer(), action=Action.DOWNLOAD), Shown)


def test_grant_when_it_names_purposes_then_the_images_come_in_and_show_for_these(
    give: Callable[..., str], bring: Callable[..., Any]
) -> None:
    give(purposes=(Purpose.TEACHING,))
    assert bring().fates[Fate.PUBLISHED] == 2
    public_id = f"{SOURCE}:{FIRST}"
    assert isinstance(show(public_id, viewer=Viewer()), Refused)
    assert isinstance(show(public_id, viewer=Viewer(), purpose=Purpose.COMMERCIAL), Refused)
    found = open_bytes(SOURCE, FIRST, size="small", viewer=Viewer(), purpose=Purpose.TEACHING)
    assert isinstance(found, Bytes)
    found.stream.close()


def test_rendition_when_its_bytes_may_be_kept_no_longer_then_shown_and_not_stored(
    give: Callable[..., str], bring: Callable[..., Any], blobs: Blobs
) -> None:
    storing = give()
    bring()
    give(actions=(Action.VIEW, Action.THUMBNAIL, Action.RESIZE))
    revoke(storing)
    before = set(blobs.keys())
    found = open_bytes(SOURCE, FIRST, size="medium", viewer=Viewer())
    assert isinstance(found, Bytes)
    found.stream.close()
    assert set(blobs.keys()) == before


@pytest.mark.parametrize("wrong", [f"{SOURCE}:{FIRST}"])
def test_grant_when_it_names_ids_that_no_image_has_then_it_is_not_recorded(
    give: Callable[..., str], wrong: str
) -> None:
    with pytest.raises(Stopped, match="is no id at this source"):
        give(images=frozenset({wrong}))


MAIL = (
    b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    b"You may show our pictures =E2=80=93 all of them =\non your pages.\n"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (MAIL, "message/rfc822"),
        ("You may show our pictures – all of them on your pages.".encode("utf-16"), "text/plain"),
        ("You may show our pictures – all of them on your pages.".encode("cp1252"), "text/plain"),
        ("<p>You may show our&nbsp;pictures <b>–</b> all of them on your pages.</p>".encode(), "text/html"),
        (b"%PDF-1.7 a scan", "application/pdf"),
    ],
)
def test_letter_when_saved_in_some_other_way_then_its_sentence_is_found_in_it(body: bytes, kind: str) -> None:
    assert not lacks(Document(body, "file:letter", kind), "You may show our pictures – all of them on your pages.")
    assert lacks(Document(body, "file:letter", kind), "You may sell them.") == (kind != "application/pdf")


def test_notice_when_a_letter_permits_training_then_no_file_says_that_anybody_may(
    give: Callable[..., str], bring: Callable[..., Any]
) -> None:
    give(actions=(*SHOWING, Action.TRAIN))
    bring()
    shown = show(f"{SOURCE}:{FIRST}", viewer=Viewer(ViewerKind.ANONYMOUS))
    assert isinstance(shown, Shown)
    assert outcome_of(shown, Action.TRAIN).is_allowed
    assert notice_for(shown).is_mining_reserved
    assert b"DMI-ALLOWED" not in packet_of(notice_for(shown)).xmp
    assert policy_path(shown.record).endswith("/consent.json")
