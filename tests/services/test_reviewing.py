"""What inspection finds keeps an item out until a curator lets it pass, with a name and a reason."""

from pathlib import Path

import pytest

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS
from dermref.model.deployment import Stopped
from dermref.services.auditing import audit
from dermref.services.burying import lay_stone
from dermref.services.report import Fate
from dermref.services.reviewing import accept, find_waiting, recheck, waiting_items
from dermref.services.searching import Wanted, search, shelf_of
from isic_server import IsicServer
from laundering import CURATOR
from run_types import Run
from stored import locate

FILES = Path(__file__).parents[1] / "files"


def shown() -> set[str]:
    return {one.record.foreign_id for one in search(Wanted(), shelf_of(ANONYMOUS)).images}


def with_file(archive: IsicServer, name: str) -> str:
    """Gives the first item of the archive this file; its id."""
    isic_id = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.files[isic_id] = FILES / name
    archive.set_field(isic_id, "files.full.size", (FILES / name).stat().st_size)
    return isic_id


def test_private_file_when_ingested_then_kept_untouched_and_listed_with_every_finding(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id = with_file(archive, "gps_and_serial.jpg")
    assert run().fates[Fate.QUARANTINED] == 1
    (item,) = waiting_items()
    assert item.public_id == f"isic-archive:{isic_id}"
    assert "privacy-gps" in {one.code for one in item.reasons}
    path = locate(blobs, item.sha256)
    assert path is not None
    assert path.read_bytes() == (FILES / "gps_and_serial.jpg").read_bytes()
    assert isic_id not in shown()


def test_private_file_when_ingested_again_then_it_still_waits_and_is_not_fetched_again(
    run: Run, archive: IsicServer
) -> None:
    isic_id = with_file(archive, "gps_and_serial.jpg")
    run()
    archive.requests.clear()
    again = run()
    assert (again.fates[Fate.QUARANTINED], again.fates[Fate.UNCHANGED]) == (1, 11)
    assert not any(isic_id in one.path for one in archive.requests)


def test_private_file_when_a_curator_accepts_it_then_published_with_who_and_why_and_stays_so(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id = with_file(archive, "gps_and_serial.jpg")
    run()
    report = accept(lambda: find_waiting([f"isic-archive:{isic_id}"]), CURATOR)
    assert report.fates[Fate.PUBLISHED] == 1
    assert isic_id in shown()
    row = models.Acceptance.objects.get()
    assert (row.by, row.why, "privacy-gps" in row.codes) == (CURATOR.by, CURATOR.why, True)
    assert audit(blobs).disagreements == []
    assert run().fates[Fate.UNCHANGED] == 12
    assert list(waiting_items()) == []


def test_private_file_when_only_another_finding_is_accepted_then_it_stays_out(run: Run, archive: IsicServer) -> None:
    with_file(archive, "gps_and_serial.jpg")
    run()
    report = accept(waiting_items, CURATOR, codes=frozenset({"privacy-person"}))
    assert report.fates[Fate.QUARANTINED] == 1


def test_acceptance_when_the_file_changes_then_it_does_not_count_for_the_new_one(run: Run, archive: IsicServer) -> None:
    isic_id = with_file(archive, "exif_gps.jpg")
    run()
    accept(lambda: find_waiting([f"isic-archive:{isic_id}"]), CURATOR)
    with_file(archive, "gps_and_serial.jpg")
    assert run().fates[Fate.QUARANTINED] == 1
    assert models.Image.objects.get(foreign_id=isic_id).byte_size == (FILES / "exif_gps.jpg").stat().st_size


def test_waiting_item_when_its_source_gives_a_clean_file_then_published_and_the_kept_file_goes(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    with_file(archive, "gps_and_serial.jpg")
    run()
    (item,) = waiting_items()
    with_file(archive, "hopper.jpg")
    assert run().fates[Fate.PUBLISHED] == 1
    assert locate(blobs, item.sha256) is None


def test_waiting_items_when_rechecked_with_nothing_new_then_they_wait_on(run: Run, archive: IsicServer) -> None:
    with_file(archive, "gps_and_serial.jpg")
    run()
    assert recheck(waiting_items).fates[Fate.QUARANTINED] == 1
    assert len(list(waiting_items())) == 1


def test_kept_file_when_lost_then_the_item_stays_out_and_says_so(run: Run, archive: IsicServer, blobs: Blobs) -> None:
    with_file(archive, "gps_and_serial.jpg")
    run()
    (item,) = waiting_items()
    blobs.remove(item.sha256)
    assert recheck(waiting_items).reasons == {"file-missing": 1}


def test_item_when_it_does_not_wait_then_accepting_it_is_refused_in_one_sentence(run: Run) -> None:
    run()
    with pytest.raises(Stopped, match="does not wait"):
        find_waiting(["isic-archive:ISIC_0000000"])


def test_rights_in_the_file_when_they_contradict_the_record_then_a_curator_has_to_settle_it(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    isic_id = with_file(archive, "xmp_rights_conflict.jpg")
    archive.relicense(isic_id, "CC-0")
    assert run().reasons["rights-conflict"] == 1
    assert isic_id not in shown()
    accept(waiting_items, CURATOR)
    assert isic_id in shown()
    assert models.Image.objects.get(foreign_id=isic_id).policy.license_id == "CC0-1.0 AND CC-BY-NC-ND-4.0"
    assert run().fates[Fate.UNCHANGED] == 12
    assert audit(blobs).disagreements == []


def test_buried_bytes_when_they_come_again_then_refused_and_the_image_that_has_them_is_held(
    run: Run, archive: IsicServer, blobs: Blobs
) -> None:
    run()
    image = models.Image.objects.order_by("pk").first()
    assert image is not None
    assert lay_stone(image.public_id, CURATOR).images == (image.public_id,)
    assert image.foreign_id not in shown()
    assert audit(blobs).disagreements == []
    with pytest.raises(Stopped, match="buried already"):
        lay_stone(image.public_id, CURATOR)
    other = with_file(archive, "hopper.jpg")
    lay_stone(str(FILES / "hopper.jpg"), CURATOR)
    assert run().reasons["buried-bytes"] == 1
    assert other not in shown()
