"""One picture under two rights: the looser ones are shown nowhere until a curator decided."""

from collections.abc import Callable
from pathlib import Path

import pytest
import pyvips
from django.test import Client

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.model.asking import ANONYMOUS
from dermref.model.deployment import Stopped
from dermref.model.pair import PairDecision, PairKind, PairVerdict
from dermref.services.auditing import audit
from dermref.services.serving import Missing, Refused, Shown, open_bytes, show
from dermref.services.twins import decide, find_pair, list_pairs, order_in_words
from isic_server import IsicServer
from laundering import COMMONS, CURATOR, Bring, Copy, bring, copied, original, reduced, shown
from run_types import Run

__all__ = ["bring", "copied"]  # fixtures


@pytest.mark.parametrize("change", [lambda data: data, reduced], ids=["the same bytes", "smaller and recompressed"])
@pytest.mark.parametrize("is_copy_first", [False, True])
def test_copy_under_a_looser_license_when_brought_in_then_it_is_shown_nowhere_and_the_original_stays(
    run: Run,
    archive: IsicServer,
    bring: Bring,
    blobs: Blobs,
    change: Callable[[bytes], bytes],
    is_copy_first: bool,
) -> None:
    isic_id, data = original(archive, "CC-BY-NC")
    if is_copy_first:
        bring(change(data), "CC0 1.0")
    run()
    if not is_copy_first:
        bring(change(data), "CC0 1.0")
    copy, first = f"{COMMONS}:M1", f"isic-archive:{isic_id}"
    assert copy not in shown()
    assert first in shown()
    assert isinstance(show(copy, viewer=ANONYMOUS), Refused)
    assert isinstance(open_bytes(COMMONS, "M1", size="small", viewer=ANONYMOUS), Refused | Missing)
    (pair,) = list_pairs(verdict=PairVerdict.OPEN, limit=9)
    assert {side.public_id: side.is_held for side in pair.sides} == {copy: True, first: False}
    assert {side.policy.license_id for side in pair.sides} == {"CC0-1.0", "CC-BY-NC-4.0"}
    assert all(side.statement and side.evidence_url for side in pair.sides)
    assert audit(blobs).disagreements == []
    assert (bring(change(data), "CC0 1.0").fates["unchanged"], run().fates["unchanged"]) == (1, 12)


def test_pair_when_its_rights_are_the_same_then_both_are_shown_and_the_curator_is_asked(copied: Copy) -> None:
    pair, _ = copied("CC-BY", "CC BY 4.0")
    assert (pair.kind, pair.distance, order_in_words(pair)) == (PairKind.EXACT, 0, "both allow the same")
    assert {side.public_id for side in pair.sides} <= shown()
    assert models.Image.objects.filter(sha256=pair.sides[0].sha256).count() == 2


def test_pair_when_neither_side_is_the_stricter_then_both_are_held(copied: Copy) -> None:
    pair, _ = copied("CC-BY-NC", "CC BY-ND 4.0")
    assert [side.is_held for side in pair.sides] == [True, True]
    assert not {side.public_id for side in pair.sides} & shown()


def test_copy_when_its_original_is_relicensed_to_something_stricter_later_then_it_is_held_from_then_on(
    run: Run, archive: IsicServer, bring: Bring, blobs: Blobs
) -> None:
    isic_id, data = original(archive, "CC-BY")
    run()
    bring(data, "CC BY 4.0")
    assert f"{COMMONS}:M1" in shown()
    archive.relicense(isic_id, "CC-BY-NC")
    run()
    assert f"{COMMONS}:M1" not in shown()
    assert audit(blobs).disagreements == []


def test_pair_when_a_curator_calls_them_different_then_the_held_image_is_free_and_stays_so(
    copied: Copy, bring: Bring, blobs: Blobs
) -> None:
    pair, data = copied("CC-BY-NC", change=reduced)
    assert decide(pair.id, PairDecision(PairVerdict.DIFFERENT, CURATOR)) == [f"{COMMONS}:M1"]
    assert f"{COMMONS}:M1" in shown()
    assert audit(blobs).disagreements == []
    bring(reduced(data), "CC0 1.0")
    assert f"{COMMONS}:M1" in shown()
    shown_now = show(f"{COMMONS}:M1", viewer=ANONYMOUS)
    assert isinstance(shown_now, Shown)
    assert shown_now.record.evidence.url.startswith("manifest:")
    evidence = models.Image.objects.get(public_id=f"{COMMONS}:M1").evidence
    assert (evidence.mark, evidence.supersedes is not None) == ("decision", True)


def test_pair_when_told_apart_and_then_the_file_is_swapped_for_the_original_then_held_again(
    copied: Copy, bring: Bring
) -> None:
    pair, data = copied("CC-BY-NC", change=reduced)
    decide(pair.id, PairDecision(PairVerdict.DIFFERENT, CURATOR))
    bring(data, "CC0 1.0")
    assert f"{COMMONS}:M1" not in shown()
    found = find_pair(pair.id)
    assert found is not None
    assert found.verdict is PairVerdict.OPEN


def test_pair_when_one_picture_and_the_looser_rights_are_genuine_then_the_curator_can_release_it(
    copied: Copy, blobs: Blobs
) -> None:
    pair, _ = copied("CC-BY-NC")
    assert decide(pair.id, PairDecision(PairVerdict.SAME, CURATOR)) == []
    assert f"{COMMONS}:M1" not in shown()
    assert decide(pair.id, PairDecision(PairVerdict.SAME, CURATOR, released=(f"{COMMONS}:M1",)))
    assert f"{COMMONS}:M1" in shown()
    assert audit(blobs).disagreements == []


def test_decision_when_it_names_no_image_of_the_pair_then_refused_in_one_sentence(copied: Copy) -> None:
    pair, _ = copied("CC-BY-NC")
    with pytest.raises(Stopped, match="is not in pair"):
        decide(pair.id, PairDecision(PairVerdict.SAME, CURATOR, released=("isic-archive:nobody",)))
    with pytest.raises(Stopped, match="There is no pair"):
        decide(pair.id + 1, PairDecision(PairVerdict.SAME, CURATOR))


def test_audit_when_a_looser_copy_is_not_held_then_it_says_so(copied: Copy, blobs: Blobs) -> None:
    copied("CC-BY-NC")
    models.Pair.objects.update(holds_first=False, holds_second=False)
    assert {one.code for one in audit(blobs).disagreements} == {"looser-copy", "policy-differs"}


def test_clinical_and_dermoscopic_picture_when_they_look_alike_then_no_pair(
    run: Run, archive: IsicServer, bring: Bring
) -> None:
    isic_id, data = original(archive, "CC-BY")
    archive.set_field(isic_id, "metadata.acquisition.image_type", "dermoscopic")
    run()
    bring(reduced(data), "CC BY 4.0", modality="clinical")
    assert list_pairs(verdict=None, limit=9) == []


def test_legacy_picture_when_a_near_copy_comes_from_elsewhere_then_it_waits_for_a_curator(
    legacy: list[str], bring: Bring
) -> None:
    data = (Path(__file__).parents[1] / "files" / "hopper.jpg").read_bytes()
    smaller = bytes(pyvips.Image.thumbnail_buffer(data, 100).jpegsave_buffer(Q=70))
    assert bring(smaller, "CC0 1.0").reasons == {"blocked-lookalike": 1}
    assert shown() == set()


def test_held_copy_when_its_page_is_opened_then_says_that_somebody_has_to_look(copied: Copy, client: Client) -> None:
    copied("CC-BY-NC")
    answer = client.get(f"/images/{COMMONS}:M1/")
    assert answer.status_code == 403
    assert "held back until somebody has looked at it" in answer.text
    assert "<img" not in answer.text
