"""Items are asked for again when they are due: what changed of late often, what stood still for long seldom."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.received import items_under
from dermref.model.change import Author
from dermref.model.evidence import Refusal
from dermref.model.harvest import Fetch, HarvestRequest, Page
from dermref.model.policy import Hold
from dermref.services.report import Fate
from dermref.services.reviewing import accept, find_waiting
from dermref.sources import isic
from isic_server import IsicServer
from run_types import Run


class Incremental:
    """The real adapter, were its listing one of changes alone. `absent` and `doubts` are added to what it reports."""

    is_local, is_mirrored, is_listing_complete = False, False, False
    read = staticmethod(isic.read)
    ask_again = staticmethod(isic.ask_again)

    def __init__(self, *, absent: tuple[str, ...] = (), doubts: Mapping[str, str] | None = None) -> None:
        self.reader, self.absent, self.doubts = isic.reader, absent, doubts or {}

    def harvest(self, request: HarvestRequest, fetch: Fetch) -> Iterator[Page]:
        for page in isic.harvest(request, fetch):
            items = tuple(
                replace(item, doubts=(Refusal("doubtful", self.doubts[item.foreign_id]),))
                if item.foreign_id in self.doubts
                else item
                for item in page.items
            )
            yield replace(page, items=items, absent=self.absent if page.next_cursor is None else ())


def age(days: int, *, checked: int | None = None, **chosen: Any) -> None:
    """As if these items had last changed so many days ago, and had last been asked for then or `checked` days ago."""
    now = timezone.now()
    models.Accession.objects.filter(**chosen).update(
        received_at=now - timedelta(days=days), checked_at=now - timedelta(days=days if checked is None else checked)
    )


def asked(archive: IsicServer) -> set[str]:
    return {one.path.split("/")[4] for one in archive.requests if "/images/ISIC" in one.path and "jpg" not in one.path}


@pytest.mark.parametrize(
    ("days", "checked", "is_due"),
    [
        (0, 0, False),
        (8, 6, False),
        (8, 8, True),
        (100, 29, False),
        (100, 31, True),
        (1000, 170, False),
        (1000, 190, True),
        (8, -3, True),
    ],
)
def test_item_when_it_stood_still_for_longer_then_it_is_asked_for_more_seldom(
    run: Run, archive: IsicServer, days: int, checked: int, is_due: bool
) -> None:
    run()
    archive.requests.clear()
    age(days, checked=checked)
    report = run(adapter=Incremental(), is_recheck=True)
    assert (report.state, len(asked(archive))) == ("finished", 12 if is_due else 0)
    archive.requests.clear()
    run(adapter=Incremental(), is_recheck=True)
    assert asked(archive) == set()


def test_item_when_it_was_relicensed_or_withdrawn_meanwhile_then_the_recheck_follows_at_once(
    run: Run, archive: IsicServer
) -> None:
    run()
    age(40)
    freed, gone, *_ = sorted(set(archive.objects) - archive.withdrawn)
    archive.relicense(freed, "CC-BY-NC")
    archive.withdraw(gone)
    report = run(adapter=Incremental(), is_recheck=True)
    assert {fate: report.fates[fate] for fate in (Fate.UPDATED, Fate.WITHDRAWN, Fate.UNCHANGED)} == {
        Fate.UPDATED: 1,
        Fate.WITHDRAWN: 1,
        Fate.UNCHANGED: 10,
    }
    image = models.Image.objects.get(foreign_id=freed)
    assert models.Evidence.objects.filter(foreign_id=freed).count() == 2
    assert image.policy.license_id == "CC-BY-NC-4.0"
    assert Hold.WITHDRAWN in models.Image.objects.get(foreign_id=gone).policy.holds


def test_listing_when_it_tells_of_changes_alone_then_what_is_due_is_asked_for_after_it(
    run: Run, archive: IsicServer
) -> None:
    run()
    gone = sorted(set(archive.objects) - archive.withdrawn)[3]
    archive.withdraw(gone)
    age(40, foreign_id=gone)
    report = run(adapter=Incremental())
    assert report.fates[Fate.WITHDRAWN] == 1
    assert gone in asked(archive)
    assert len(asked(archive)) == 2, "it, and another to make sure that the source has not moved"


def test_source_when_it_cannot_be_asked_then_nothing_is_withdrawn_and_it_stops(run: Run, archive: IsicServer) -> None:
    run()
    age(40)
    archive.fail("images/ISIC_.*/$", 403, times=99)
    report = run(adapter=Incremental(), is_recheck=True)
    assert (report.state, report.fates[Fate.FAILED], report.fates[Fate.WITHDRAWN]) == ("stopped", 12, 0)
    assert "in a row" in report.message


def test_item_when_it_answers_with_another_then_it_counts_as_failed(run: Run, archive: IsicServer) -> None:
    run()
    one, other, *_ = sorted(set(archive.objects) - archive.withdrawn)
    age(40, foreign_id=one)
    archive.objects[one] = archive.objects[other]
    report = run(adapter=Incremental(), is_recheck=True)
    assert (report.fates[Fate.FAILED], report.reasons) == (1, {"other-item": 1})


def test_item_when_the_source_says_that_there_is_none_then_it_is_withdrawn_and_an_unknown_one_only_counted(
    run: Run, archive: IsicServer
) -> None:
    run()
    known = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.withdraw(known)
    report = run(adapter=Incremental(absent=(known, "ISIC_9999999")))
    assert (report.fates[Fate.WITHDRAWN], report.absent) == (1, 1)
    assert Hold.WITHDRAWN in models.Image.objects.get(foreign_id=known).policy.holds


def test_doubt_when_it_comes_with_an_item_then_its_file_waits_for_a_curator(run: Run, archive: IsicServer) -> None:
    doubted = sorted(set(archive.objects) - archive.withdrawn)[0]
    report = run(adapter=Incremental(doubts={doubted: "the caption says “adapted from”"}))
    assert (report.fates[Fate.PUBLISHED], report.reasons) == (11, {"doubtful": 1})
    waiting = models.Accession.objects.get(foreign_id=doubted)
    assert (waiting.state, len(waiting.sha256)) == ("quarantined", 64)


def test_doubt_when_it_comes_later_then_the_image_is_held(run: Run, archive: IsicServer) -> None:
    run()
    doubted = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.set_field(doubted, "metadata.clinical.sex", "female")
    run(adapter=Incremental(doubts={doubted: "the caption says “adapted from”"}))
    assert Hold.REFUSED in models.Image.objects.get(foreign_id=doubted).policy.holds


def test_source_when_nothing_is_where_it_was_then_it_has_moved_and_nothing_is_withdrawn(
    run: Run, archive: IsicServer
) -> None:
    run()
    age(40)
    archive.fail("images/ISIC_.*/$", 404, times=99)
    report = run(adapter=Incremental(), is_recheck=True)
    assert (report.state, report.fates[Fate.WITHDRAWN]) == ("stopped", 0)
    assert "has moved" in report.message


def test_doubt_when_only_rehearsed_then_it_counts_as_kept_out(run: Run, archive: IsicServer) -> None:
    doubted = sorted(set(archive.objects) - archive.withdrawn)[0]
    report = run(adapter=Incremental(doubts={doubted: "the caption says “adapted from”"}), is_dry=True)
    assert (report.fates[Fate.PUBLISHED], report.reasons) == (11, {"doubtful": 1})


def test_doubt_when_its_file_cannot_be_had_then_the_image_is_held_all_the_same(run: Run, archive: IsicServer) -> None:
    run()
    doubted = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.set_field(doubted, "files.full.size", 7)
    archive.fail(f"{doubted}.jpg", 404, times=9)
    run(adapter=Incremental(doubts={doubted: "the caption says “adapted from”"}))
    assert Hold.REFUSED in models.Image.objects.get(foreign_id=doubted).policy.holds


AUTHOR = Author("A. Curator", "ours")


def accepted(run: Run, archive: IsicServer, words: str) -> str:
    """An item that a curator let pass although its record is in doubt by these words."""
    doubted = sorted(set(archive.objects) - archive.withdrawn)[0]
    run(adapter=Incremental(doubts={doubted: words}))
    report = accept(lambda: find_waiting([f"isic-archive:{doubted}"]), AUTHOR)
    assert report.fates[Fate.PUBLISHED] == 1
    return doubted


def test_doubt_when_a_curator_let_it_pass_then_the_image_stays_and_is_unchanged(run: Run, archive: IsicServer) -> None:
    doubted = accepted(run, archive, "courtesy of our own clinic")
    report = run(adapter=Incremental(doubts={doubted: "courtesy of our own clinic"}))
    assert (report.fates[Fate.UNCHANGED], report.reasons) == (12, {})


def test_doubt_when_another_comes_after_one_was_let_pass_then_the_image_is_held(run: Run, archive: IsicServer) -> None:
    doubted = accepted(run, archive, "courtesy of our own clinic")
    report = run(adapter=Incremental(doubts={doubted: "© Elsevier, all rights reserved"}))
    assert report.reasons == {"doubtful": 1}
    assert Hold.REFUSED in models.Image.objects.get(foreign_id=doubted).policy.holds


def test_doubt_when_the_license_changes_after_it_was_let_pass_then_it_is_put_before_a_curator_again(
    run: Run, archive: IsicServer
) -> None:
    doubted = accepted(run, archive, "courtesy of our own clinic")
    was = archive.objects[doubted]["copyright_license"]
    archive.relicense(doubted, "CC-BY" if was != "CC-BY" else "CC-0")
    report = run(adapter=Incremental(doubts={doubted: "courtesy of our own clinic"}))
    assert report.reasons == {"doubtful": 1}


def test_article_when_it_is_gone_then_the_images_of_its_figures_are_held(run: Run, archive: IsicServer) -> None:
    run()
    one = models.Accession.objects.filter(state="published").first()
    assert one is not None
    assert [known.foreign_id for known in items_under("isic-archive", [one.foreign_id])] == [one.foreign_id]
    assert items_under("isic-archive", [one.foreign_id[:-1]]) == [], "a name is one only up to its end or a slash"


def test_items_when_they_can_never_be_asked_for_then_the_others_have_their_turn_next_time(
    run: Run, archive: IsicServer
) -> None:
    run()
    first, *_, gone = sorted(set(archive.objects) - archive.withdrawn)
    age(60, foreign_id=first)
    archive.fail(f"images/{first}/$", 403, times=99)
    assert run(adapter=Incremental(), is_recheck=True).fates[Fate.FAILED] == 1
    archive.withdraw(gone)
    age(40, foreign_id=gone)
    assert run(adapter=Incremental(), is_recheck=True).fates[Fate.WITHDRAWN] == 1


def test_item_when_it_was_withdrawn_and_is_back_then_the_recheck_finds_it(run: Run, archive: IsicServer) -> None:
    run()
    back = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.withdraw(back)
    run(adapter=Incremental(absent=(back,)))
    archive.publish(back)
    age(40, foreign_id=back)
    run(adapter=Incremental(), is_recheck=True)
    assert models.Image.objects.get(foreign_id=back).policy.holds == []


def test_item_when_it_is_refused_again_in_the_same_words_then_it_did_not_change(run: Run, archive: IsicServer) -> None:
    refused = sorted(set(archive.objects) - archive.withdrawn)[0]
    archive.relicense(refused, "CC-BY-9")
    run()
    age(40, checked=10, foreign_id=refused)
    before = models.Accession.objects.get(foreign_id=refused)
    assert run().reasons == {"unknown-license": 1}
    after = models.Accession.objects.get(foreign_id=refused)
    assert (after.received_at, after.checked_at > before.checked_at) == (before.received_at, True)


def test_reader_when_it_is_a_new_one_then_unchanged_documents_are_read_in_its_way(
    run: Run, archive: IsicServer
) -> None:
    run()
    newer = Incremental()
    newer.reader = "isic/2"
    report = run(adapter=newer)
    assert report.fates[Fate.UPDATED] == 12
    assert set(models.Accession.objects.values_list("reader", flat=True)) == {"isic/2"}
    assert run(adapter=newer).fates[Fate.UNCHANGED] == 12
