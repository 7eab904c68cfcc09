"""Ways in which a picture could be shown under rights it does not have, or be held for nothing, each tried."""

import struct
from pathlib import Path

import pytest

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS
from dermref.model.deployment import Stopped
from dermref.model.pair import PairDecision, PairVerdict
from dermref.services import reviewing
from dermref.services.auditing import audit
from dermref.services.burying import lay_stone
from dermref.services.fingerprinting import build
from dermref.services.report import Fate
from dermref.services.reviewing import accept, recheck, waiting_items
from dermref.services.rulings import all_sources
from dermref.services.searching import Wanted, search, shelf_of
from dermref.services.twins import decide, list_pairs
from isic_server import IsicServer
from laundering import COMMONS, COPY, CURATOR, Bring, Copy, bring, copied, original, reduced, shown
from metadata_blocks import ascii_field, exif
from run_types import Run
from stored import locate

__all__ = ["bring", "copied"]  # fixtures

FILES = Path(__file__).parents[1] / "files"
SAME = PairDecision(PairVerdict.SAME, CURATOR)
DIFFERENT = PairDecision(PairVerdict.DIFFERENT, CURATOR)


def give(archive: IsicServer, path: Path, code: str | None = None) -> str:
    """The first item of the archive gets this file, and this license."""
    isic_id = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.files[isic_id] = path
    archive.set_field(isic_id, "files.full.size", path.stat().st_size)
    if code:
        archive.relicense(isic_id, code)
    return isic_id


def with_copyright(folder: Path, text: str) -> Path:
    """A picture whose EXIF Copyright says `text`."""
    data = (FILES / "hopper.jpg").read_bytes()
    body = b"Exif\0\0" + exif({0x8298: ascii_field(text)}).data
    path = folder / "noticed.jpg"
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:])
    return path


def seen(isic_id: str) -> bool:
    return f"isic-archive:{isic_id}" in shown()


def waits() -> list[str]:
    return [one.foreign_id for one in waiting_items()]


def test_buried_image_when_its_source_is_ingested_again_then_unchanged_and_held(run: Run, blobs: Blobs) -> None:
    run()
    image = models.Image.objects.order_by("pk")[0]
    lay_stone(image.public_id, CURATOR)
    assert run().fates[Fate.UNCHANGED] == 12
    assert image.public_id not in shown()
    assert audit(blobs).disagreements == []


def test_decision_when_corrected_then_the_copy_is_held_again(copied: Copy, blobs: Blobs) -> None:
    pair, _ = copied("CC-BY-NC", change=reduced)
    for decision, is_shown in (
        (DIFFERENT, True),
        (SAME, False),
        (PairDecision(SAME.verdict, CURATOR, (COPY,)), True),
        (SAME, False),
    ):
        decide(pair.id, decision)
        assert (COPY in shown()) is is_shown
        assert audit(blobs).disagreements == []


def test_pair_told_apart_when_a_side_gets_an_unrelated_file_then_nothing_is_held(
    run: Run, copied: Copy, bring: Bring, blobs: Blobs
) -> None:
    pair, _ = copied("CC-BY-NC", "CC BY-ND 4.0", change=reduced)
    decide(pair.id, DIFFERENT)
    bring((FILES / "hopper.jpg").read_bytes(), "CC BY-ND 4.0")
    assert run().fates[Fate.UNCHANGED] == 12
    assert {side.public_id for side in pair.sides} <= shown()
    assert audit(blobs).disagreements == []


def test_copies_when_there_are_many_then_none_of_them_is_shown(run: Run, archive: IsicServer, bring: Bring) -> None:
    _, data = original(archive, "CC-BY-NC")
    run()
    for number in range(24):
        bring(reduced(data, quality=60 + number), "CC0 1.0", foreign_id=f"M{number + 1}")
    assert not [one for one in shown() if one.startswith(COMMONS)]


def test_copies_of_one_source_when_one_is_relicensed_by_its_record_alone_then_the_looser_one_is_held(
    bring: Bring, archive: IsicServer, blobs: Blobs
) -> None:
    _, data = original(archive, "CC-BY")
    bring(data, "CC0 1.0", foreign_id="M7")
    bring(reduced(data), "CC0 1.0", foreign_id="M8")
    assert list_pairs(verdict=None, limit=9) == []
    bring(data, "CC BY-NC 4.0", foreign_id="M7")
    assert shown() & {f"{COMMONS}:M7", f"{COMMONS}:M8"} == {f"{COMMONS}:M7"}
    assert audit(blobs).disagreements == []


def test_copy_when_it_calls_its_modality_something_else_then_held_all_the_same(
    run: Run, archive: IsicServer, bring: Bring
) -> None:
    isic_id, data = original(archive, "CC-BY-NC")
    archive.set_field(isic_id, "metadata.acquisition.image_type", "dermoscopic")
    run()
    bring(reduced(data), "CC0 1.0", modality="clinical")
    assert COPY not in shown()


def test_exact_copies_of_one_source_when_their_rights_are_equal_then_no_pairs_and_all_linked(
    bring: Bring, archive: IsicServer
) -> None:
    _, data = original(archive, "CC-BY")
    for number in range(4):
        bring(data, "CC0 1.0", foreign_id=f"M{number + 1}")
    assert models.Pair.objects.count() == 0
    assert len(shown()) == 4


@pytest.mark.parametrize("before", ["CC-BY", "CC-nothing"], ids=["shown before", "refused before"])
def test_new_license_and_private_file_when_they_come_together_then_held_listed_and_acceptable(
    run: Run, archive: IsicServer, blobs: Blobs, before: str
) -> None:
    isic_id, _ = original(archive, "CC-BY")
    run()
    archive.relicense(isic_id, before)
    run()
    give(archive, FILES / "gps_and_serial.jpg", "CC-BY-NC")
    run()
    assert (waits(), seen(isic_id)) == ([isic_id], False)
    assert run().fates[Fate.QUARANTINED] == 1
    accept(waiting_items, CURATOR)
    assert seen(isic_id)
    assert audit(blobs).disagreements == []


def test_kept_file_when_its_item_is_refused_for_its_license_then_let_go(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id, _ = original(archive, "CC-BY")
    run()
    give(archive, FILES / "gps_and_serial.jpg")
    run()
    (item,) = waiting_items()
    archive.relicense(isic_id, "CC-nothing")
    run()
    assert (waits(), locate(blobs, item.sha256)) == ([], None)


def test_waiting_item_when_its_source_withdraws_it_then_it_waits_no_longer(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id = give(archive, FILES / "gps_and_serial.jpg")
    run()
    (item,) = waiting_items()
    archive.withdraw(isic_id)
    assert run().fates[Fate.WITHDRAWN] == 1
    assert (waits(), locate(blobs, item.sha256)) == ([], None)


def test_relicensed_image_when_its_own_notice_now_conflicts_then_it_waits_and_a_clean_file_frees_it(
    run: Run, archive: IsicServer, blobs: Blobs, tmp_path: Path
) -> None:
    isic_id = give(archive, with_copyright(tmp_path, "(c) 2019 Anonymous"), "CC-BY")
    run()
    assert seen(isic_id)
    archive.relicense(isic_id, "CC-0")
    run()
    assert (waits(), seen(isic_id)) == ([isic_id], False)
    assert audit(blobs).disagreements == []
    give(archive, FILES / "hopper.jpg")
    run()
    assert seen(isic_id)


def test_relicensed_image_when_a_clean_file_comes_with_it_then_the_old_notice_does_not_count(
    run: Run, archive: IsicServer, tmp_path: Path
) -> None:
    isic_id = give(archive, with_copyright(tmp_path, "(c) 2019 Anonymous"), "CC-BY")
    run()
    give(archive, FILES / "orientation_2.jpg", "CC-0")
    run()
    assert seen(isic_id)


def test_narrowed_image_when_withdrawn_then_the_audit_agrees(
    run: Run, archive: IsicServer, blobs: Blobs, tmp_path: Path
) -> None:
    isic_id = give(archive, with_copyright(tmp_path, "CC BY-NC 4.0"), "CC-BY")
    run()
    assert models.Image.objects.get(foreign_id=isic_id).policy.license_id == "CC-BY-4.0 AND CC-BY-NC-4.0"
    archive.withdraw(isic_id)
    run()
    assert audit(blobs).disagreements == []


def test_accepted_contradiction_when_the_record_changes_then_it_has_to_be_accepted_anew(
    run: Run, archive: IsicServer, tmp_path: Path
) -> None:
    isic_id = give(archive, with_copyright(tmp_path, "All rights reserved"), "CC-BY-NC")
    run()
    accept(waiting_items, CURATOR)
    assert seen(isic_id)
    archive.relicense(isic_id, "CC-0")
    run()
    assert (waits(), seen(isic_id)) == ([isic_id], False)


def test_acceptance_when_an_ingest_is_running_or_nothing_has_the_finding_then_nothing_is_recorded(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    give(archive, FILES / "gps_and_serial.jpg")
    run()
    with blobs.only_writer(), pytest.raises(Stopped, match="Another ingest"):
        accept(waiting_items, CURATOR)
    with pytest.raises(Stopped, match="waits for privacy-typo"):
        accept(waiting_items, CURATOR, codes=frozenset({"privacy-typo"}))
    assert models.Acceptance.objects.count() == 0


def test_waiting_item_when_its_source_left_the_registry_then_told_and_the_others_go_on(
    run: Run, archive: IsicServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(archive, FILES / "gps_and_serial.jpg")
    run()
    left = {source_id: one for source_id, one in all_sources().items() if source_id != "isic-archive"}
    monkeypatch.setattr(reviewing, "all_sources", lambda: left)
    assert recheck(waiting_items).reasons == {"unknown-source": 1}


def test_index_when_it_cannot_be_kept_then_the_ingest_ends_well(run: Run, tmp_path: Path) -> None:
    (tmp_path / "likeness.index").mkdir()
    assert run().state == "finished"


def test_images_of_a_release_without_inspection_when_ingested_again_then_looked_at(
    run: Run, archive: IsicServer
) -> None:
    run()
    models.Image.objects.update(facts={}, claims=[])
    models.Fingerprint.objects.all().delete()
    assert run().fates[Fate.UPDATED] == 12
    assert models.Fingerprint.objects.count() == 12
    assert run().fates[Fate.UNCHANGED] == 12


def test_fingerprints_when_built_later_then_a_looser_copy_is_found_and_held(
    run: Run, archive: IsicServer, bring: Bring, blobs: Blobs
) -> None:
    _, data = original(archive, "CC-BY-NC")
    run()
    models.Fingerprint.objects.all().delete()
    bring(reduced(data), "CC0 1.0")
    assert COPY in shown()
    assert build(is_every=False, workers=1, progress=lambda built: None).pairs == 1
    assert COPY not in shown()
    assert audit(blobs).disagreements == []


def test_search_when_anything_is_held_then_counts_leave_it_out(run: Run, archive: IsicServer, bring: Bring) -> None:
    _, data = original(archive, "CC-BY-NC")
    run()
    bring(data, "CC0 1.0")
    assert search(Wanted(), shelf_of(ANONYMOUS)).count == 12


def test_accepted_image_when_another_file_waits_then_its_own_acceptance_still_counts(
    run: Run, archive: IsicServer, blobs: Blobs, tmp_path: Path
) -> None:
    isic_id = give(archive, with_copyright(tmp_path, "All rights reserved"), "CC-BY")
    run()
    accept(waiting_items, CURATOR)
    give(archive, FILES / "gps_and_serial.jpg")
    run()
    assert (waits(), seen(isic_id)) == ([isic_id], True)
    run()
    assert (waits(), seen(isic_id)) == ([isic_id], True)
    assert audit(blobs).disagreements == []
