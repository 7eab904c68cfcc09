"""A record that says something new: followed as it is where nothing rests on what is new, looked at again where
something does, and compared with the checksum that its source declares."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.model.evidence import FileRef, Harvested
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.services.auditing import audit
from dermref.services.bringing import undeclared
from dermref.services.inspectors import Inspectors
from dermref.services.report import Fate
from dermref.sources import isic
from isic_server import IsicServer
from run_types import Run


def ids(archive: IsicServer) -> list[str]:
    return sorted(set(archive.objects) - archive.withdrawn)


def test_record_when_only_its_words_change_then_the_image_follows_without_a_look_at_its_file(
    run: Run, archive: IsicServer, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    isic_id = ids(archive)[0]
    before = models.Image.objects.get(foreign_id=isic_id)
    archive.set_field(isic_id, "metadata.clinical.age_approx", 77)
    monkeypatch.setattr(Inspectors, "inspect", _never)
    report = run()
    after = models.Image.objects.get(foreign_id=isic_id)
    assert (report.fates[Fate.UPDATED], report.fates[Fate.UNCHANGED]) == (1, 11)
    assert (after.age, after.sha256, after.policy_id) == (77, before.sha256, before.policy_id)
    assert after.evidence.supersedes_id == before.evidence_id
    assert audit(blobs).disagreements == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("attribution", "Somebody Else"),
        ("metadata.acquisition.image_type", "clinical: overview"),
        ("copyright_license", "CC-BY-NC"),
    ],
)
def test_record_when_what_inspection_rests_on_changes_then_its_file_is_looked_at_again(
    run: Run, archive: IsicServer, monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    run()
    archive.set_field(ids(archive)[0], field, value)
    looked: list[str] = []
    inspect = Inspectors.inspect
    monkeypatch.setattr(
        Inspectors, "inspect", lambda self, data, **more: looked.append(more["name"]) or inspect(self, data, **more)
    )
    assert run().fates[Fate.UPDATED] == 1
    assert len(looked) == 1


def _never(*_: object, **__: object) -> object:
    raise AssertionError("no file needs a look")


@pytest.mark.parametrize(
    ("checksum", "code"),
    [
        (None, None),
        ("md5:5d41402abc4b2a76b9719d911017c592", None),
        ("SHA1:".lower() + "AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D", None),
        ("md5:00000000000000000000000000000000", "wrong-checksum"),
        ("sha1:0000000000000000000000000000000000000000", "wrong-checksum"),
    ],
)
def test_bytes_when_they_are_not_those_of_the_declared_checksum_then_they_are_refused(
    checksum: str | None, code: str | None
) -> None:
    fault = undeclared(b"hello", FileRef("https://x.example/a.jpg", checksum=checksum))
    assert (fault.code if fault else None) == code


def test_file_when_its_checksum_changes_under_the_same_address_and_size_then_it_is_fetched_anew(
    run: Run, archive: IsicServer, tmp_path: Path
) -> None:
    isic_id = ids(archive)[0]
    size = archive.files[isic_id].stat().st_size
    other = archive.files[ids(archive)[1]].read_bytes()
    summed = _Summed(archive)
    run(adapter=summed)
    path = Path(archive.files[isic_id])
    changed = path.read_bytes()[:-2] + other[-2:-1] + b"!"
    assert len(changed) == size
    (tmp_path / "changed.jpg").write_bytes(changed)
    archive.files[isic_id] = tmp_path / "changed.jpg"
    archive.set_field(isic_id, "metadata.clinical.age_approx", 66)
    report = run(adapter=summed)
    assert (report.fates[Fate.UPDATED] + report.fates[Fate.QUARANTINED], report.fates[Fate.UNCHANGED]) == (1, 11)
    assert sum(one.path.endswith(f"{isic_id}.jpg") for one in archive.requests) == 2


class _Summed:
    """The real adapter, were the archive to declare checksums."""

    reader, is_local, is_mirrored, is_listing_complete = isic.reader, False, False, True
    read = staticmethod(isic.read)
    ask_again = staticmethod(isic.ask_again)

    def __init__(self, archive: IsicServer) -> None:
        self.archive = archive

    def harvest(self, request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
        for page in isic.harvest(request, fetch):
            yield replace(page, items=tuple(self._summed(item) for item in page.items))

    def _summed(self, item: Harvested) -> Harvested:
        digits = hashlib.md5(self.archive.files[item.foreign_id].read_bytes(), usedforsecurity=False).hexdigest()
        assert item.file is not None
        return replace(item, file=replace(item.file, checksum=f"md5:{digits}"))


@pytest.mark.parametrize("days", [-400, 400])
def test_clock_when_it_jumps_between_two_runs_then_nothing_is_lost_or_doubled(
    run: Run, archive: IsicServer, blobs: Blobs, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    run()
    archive.relicense(ids(archive)[0], "CC-BY-NC")
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=days))
    report = run()
    assert (report.state, report.fates[Fate.UPDATED], report.fates[Fate.UNCHANGED]) == ("finished", 1, 11)
    monkeypatch.undo()
    assert run().fates[Fate.UNCHANGED] == 12
    assert models.Evidence.objects.count() == 13
    assert audit(blobs).disagreements == []
