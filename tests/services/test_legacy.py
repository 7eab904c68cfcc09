"""Dev-only images: ingested, blocked from everywhere else, and in no list."""

from pathlib import Path

from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS, DEVELOPER
from dermref.services.auditing import audit
from dermref.services.outgoing import outgoing
from dermref.services.report import Fate
from dermref.services.searching import Wanted, choices, counts_by_source, search, shelf_of
from dermref.services.serving import Bytes, Missing, Refused, open_bytes, show
from isic_server import IsicServer
from run_types import Run

FILES = Path(__file__).parents[1] / "files"


def test_legacy_bytes_when_they_come_from_another_source_then_refused_and_not_kept(
    legacy: list[str], run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.files[isic_id] = FILES / "hopper.jpg"
    archive.set_field(isic_id, "files.full.size", (FILES / "hopper.jpg").stat().st_size)
    before = set(blobs.keys())
    report = run(limit=1)
    assert (report.fates[Fate.QUARANTINED], report.reasons) == (1, {"blocked-bytes": 1})
    assert set(blobs.keys()) == before
    assert audit(blobs).disagreements == []


def test_legacy_images_when_anybody_lists_or_counts_then_absent_even_for_a_developer(legacy: list[str]) -> None:
    for viewer in (ANONYMOUS, DEVELOPER):
        assert search(Wanted(), shelf_of(viewer)).count == 0
        assert counts_by_source(shelf_of(viewer)) == {}
        assert choices(shelf_of(viewer)).sources == ()


def test_legacy_image_when_shown_to_the_public_then_hidden_and_to_a_developer_through_the_dev_gate_only(
    legacy: list[str],
) -> None:
    verdict = show(legacy[0], viewer=ANONYMOUS)
    assert isinstance(verdict, Refused)
    assert verdict.is_hidden
    source_id, _, foreign_id = legacy[0].partition(":")
    assert isinstance(open_bytes(source_id, foreign_id, size="", viewer=DEVELOPER), Missing)
    opened = open_bytes(source_id, foreign_id, size="small", viewer=DEVELOPER, through_dev_gate=True)
    assert isinstance(opened, Bytes)
    opened.stream.close()
    copy = open_bytes(source_id, foreign_id, size="copy", viewer=DEVELOPER, through_dev_gate=True)
    assert isinstance(copy, Bytes)
    data, has_credit = outgoing(copy).read()
    assert has_credit == copy.takes_credit == (b"xmpRights:WebStatement" in data)
