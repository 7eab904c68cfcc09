"""The copy with its rights inside, and no contradiction when it comes back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dermref.catalog import models
from dermref.media.inspect import inspect
from dermref.model.asking import ANONYMOUS, Action
from dermref.model.decision import Decision, Outcome
from dermref.model.evidence import Refusal
from dermref.model.media import Inspected, Verdict
from dermref.model.policy import PolicyKey
from dermref.rights.embedded import Narrowed, narrowed
from dermref.services.copying import Copied, copy_image, file_name
from dermref.services.inspecting import inspect_files
from dermref.services.outgoing import outgoing
from dermref.services.rulings import decide_for
from dermref.services.serving import Bytes, Shown, open_bytes, show
from embedding import pixels
from run_types import Run
from stored import locate


@pytest.fixture
def images(run: Run) -> list[Shown]:
    run()
    verdicts = [show(one.public_id, viewer=ANONYMOUS) for one in models.Image.objects.all()]
    found = [one for one in verdicts if isinstance(one, Shown)]
    assert len(found) == len(verdicts) > 0
    return found


def deny(monkeypatch: pytest.MonkeyPatch, denied: Action) -> None:
    def decide_but(key: PolicyKey, action: Action, **asked: Any) -> Decision:
        decision = decide_for(key, action, **asked)
        return replace(decision, outcome=Outcome.DENY) if action is denied else decision

    monkeypatch.setattr("dermref.services.serving.decide_for", decide_but)


def opened(shown: Shown, size: str = "copy") -> Bytes | None:
    record = shown.record
    found = open_bytes(record.source_id, record.foreign_id, size=size, viewer=ANONYMOUS)
    return found if isinstance(found, Bytes) else None


def credited(shown: Shown, size: str = "copy") -> bytes | None:
    """The file with its rights inside; None where it may not be had, or goes as it is."""
    found = opened(shown, size)
    data, has_credit = outgoing(found).read() if found else (b"", False)
    return data if has_credit else None


def test_copy_when_inspected_and_brought_back_then_nothing_contradicts_its_record(
    images: list[Shown], tmp_path: Path
) -> None:
    for number, shown in enumerate(images):
        copy = credited(shown)
        assert isinstance(copy, bytes)
        (tmp_path / f"{number}.jpg").write_bytes(copy)
        found = inspect(copy, name="copy.jpg")
        assert isinstance(found, Inspected)
        assert narrowed(shown.record.policy, found.claims) == Narrowed(shown.record.policy)
    reports = list(inspect_files(tmp_path.glob("*.jpg")))
    assert [one.findings for one in reports if one.verdict is not Verdict.ACCEPT] == []


def test_copy_when_its_terms_bar_any_change_then_refused_and_copied_as_received_with_the_credit_beside(
    images: list[Shown], blobs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = images[0]
    deny(monkeypatch, Action.RESIZE)
    assert credited(shown) is None
    copied = copy_image(shown.record.public_id, tmp_path, size="copy", viewer=ANONYMOUS)
    assert isinstance(copied, Copied)
    assert not copied.has_credit
    assert copied.path.read_bytes() == locate(blobs, shown.record.sha256).read_bytes()
    assert shown.credit.text in copied.credit_path.read_text("utf-8")


def test_copy_when_it_may_not_be_downloaded_then_refused(
    images: list[Shown], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(monkeypatch, Action.DOWNLOAD)
    assert credited(images[0]) is None
    refused = copy_image(images[0].record.public_id, tmp_path, size="copy", viewer=ANONYMOUS)
    assert isinstance(refused, Refusal)
    assert refused.code == "not-allowed"
    assert list(tmp_path.glob("*.jpg*")) == []


def test_copy_when_a_file_of_its_name_is_there_then_it_stays_as_it_is(images: list[Shown], tmp_path: Path) -> None:
    public_id = images[0].record.public_id
    first = copy_image(public_id, tmp_path, size="small", viewer=ANONYMOUS)
    assert isinstance(first, Copied)
    first.credit_path.unlink()
    first.path.write_bytes(b"mine")
    again = copy_image(public_id, tmp_path, size="small", viewer=ANONYMOUS)
    assert isinstance(again, Refusal)
    assert (again.code, first.path.read_bytes(), first.credit_path.exists()) == ("file-exists", b"mine", False)


def test_name_when_the_id_is_a_path_or_very_long_then_it_stays_in_the_folder_and_is_its_own(
    images: list[Shown],
) -> None:
    found = opened(images[0])
    assert found is not None
    found.stream.close()
    names = set()
    for odd in ("../../up", "/etc/x y", "皮" * 300, "a" * 400 + "1", "a" * 400 + "2"):
        named = replace(found, shown=replace(found.shown, record=replace(found.shown.record, foreign_id=odd)))
        names.add(file_name(outgoing(named)))
    assert len(names) == 5
    assert all("/" not in name and len(name.encode()) < 200 and not name.startswith(".") for name in names)


def test_rendition_when_copied_then_its_pixels_are_those_that_are_stored(images: list[Shown], blobs: Any) -> None:
    copy = credited(images[0], "small")
    made = models.Rendition.objects.get(image_id=images[0].record.row_id, media_type="image/jpeg")
    stored = locate(blobs, made.sha256)
    assert isinstance(copy, bytes)
    assert stored is not None
    assert b"<x:xmpmeta" not in stored.read_bytes()
    assert pixels(copy) == pixels(stored.read_bytes())
