"""How Wikimedia Commons is asked: titles, words, dates, folders; and what garbled pages come to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons_pages import FOLDER, SOURCE, Way, page_of, read, saying
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.harvest import BadCursor, HarvestRequest
from dermref.sources import commons
from dermref.sources.extmetadata import FIELDS
from dermref.sources.fetch import HttpFetch
from mirror import Mirror
from mirrored import judged


@pytest.fixture
def way() -> Iterator[Way]:
    with Mirror("wikimedia-commons") as mirror, HttpFetch(None, base_url=mirror.base_url, is_mirrored=True) as fetch:
        yield Way(mirror, fetch)


def test_titles_when_asked_for_then_old_names_lead_on_and_missing_ones_are_absent(way: Way) -> None:
    names = ["File:Lichen_planus_wrist.jpg", "File:Nothing of this name.jpg", "File:Former name.jpg"]
    [page] = way.pages("|".join(names))
    assert [item.foreign_id for item in page.items] == ["M999999012", "M999999011"]
    assert (page.absent, page.total) == (("File:Nothing of this name.jpg",), 3)
    assert way.pages("\n".join(names)) == [page]


def test_words_when_looked_for_then_every_page_comes_and_rank_is_no_change(way: Way) -> None:
    first, second = way.pages("erythema")
    assert [item.foreign_id for page in (first, second) for item in page.items] == [
        "M999999030",
        "M999999011",
        "M999999012",
    ]
    document = commons.ask_again("M999999030", way.asking(None), way.fetch)
    assert document == first.items[0].document
    assert way.pages("erythema", cursor=first.next_cursor) == [second]


def test_date_when_given_then_only_files_put_there_since_and_no_other_pages(way: Way) -> None:
    [page] = way.pages("Category:Dermatology", since="2026-01-31")
    assert [item.foreign_id for item in page.items] == ["M52257860"]


@pytest.mark.parametrize(("query", "words"), [("erythema", "by date"), ("File:A.jpg", "by date")])
def test_date_when_no_category_is_named_then_said_that_it_cannot(way: Way, query: str, words: str) -> None:
    with pytest.raises(Stopped, match=words):
        way.pages(query, since="2026-01-31")


@pytest.mark.parametrize(
    ("query", "more", "words"),
    [
        ("Category:Dermatology", {"since": "lately"}, "no date"),
        ("Category:Not there", {}, "spelled"),
        ("File:A.jpg|Category:B", {}, "mixture"),
        ("Category:B|File:A.jpg", {}, "mixture"),
    ],
)
def test_query_when_it_cannot_be_meant_then_stopped_with_a_sentence(
    way: Way, query: str, more: Any, words: str
) -> None:
    with pytest.raises(Stopped, match=words):
        way.pages(query, **more)


@pytest.mark.parametrize(("query", "cursor"), [("File:A.jpg", '{"from":7}'), ("erythema", '{"after":3}'), ("x", "{")])
def test_cursor_when_it_fits_no_more_then_begin_again(way: Way, query: str, cursor: str) -> None:
    with pytest.raises(BadCursor):
        way.pages(query, cursor=cursor)


def test_item_when_its_page_is_gone_then_none(way: Way) -> None:
    assert commons.ask_again("M999999777", way.asking(None), way.fetch) is None


def test_folder_when_harvested_then_whole_replies_with_local_files(tmp_path: Path) -> None:
    for name in ("openverse_cc0_cc0.json", "rec20260925_ccbysa40_oxford.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    first, second = commons.harvest(HarvestRequest(SOURCE, folder=tmp_path), no_fetch)
    assert [item.foreign_id for item in (*first.items, *second.items)] == ["M44672286", "M52257860"]
    assert second.items[0].file
    assert second.items[0].file.path == tmp_path / "files" / "1_oxford_aerial_panorama_2016.jpg"


@pytest.mark.parametrize(
    ("name", "words"),
    [("openverse_continuation_step1.trimmed.json", "only part"), ("RECONSTRUCTED_error_maxlag.json", "maxlag")],
)
def test_folder_when_a_reply_is_not_whole_then_stopped(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    with pytest.raises(Stopped, match=words):
        list(commons.harvest(HarvestRequest(SOURCE, folder=tmp_path), no_fetch))


def no_fetch(url: str, **more: object) -> Any:
    raise AssertionError("a folder needs no network")


REFUSED = [page_of(f"RECONSTRUCTED_M{number}.json") for number in (999999001, 999999026, 999999027, 42098895)]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.lists(st.text(max_size=5), max_size=2)
)


@settings(max_examples=150, deadline=None)
@given(page=st.sampled_from(REFUSED), field=st.sampled_from(FIELDS), value=VALUES)
def test_page_when_a_refused_one_is_garbled_then_no_license_comes_out(page: Any, field: str, value: object) -> None:
    info = page["imageinfo"][0]
    garbled = {**info, "extmetadata": {**info.get("extmetadata", {}), field: {"value": value}}}
    item = read({**page, "imageinfo": [garbled]})
    assert isinstance(judged(SOURCE, item), Refusal)


@settings(max_examples=100, deadline=None)
@given(extra=st.lists(st.text(max_size=30), max_size=4))
def test_page_when_it_is_in_more_categories_then_its_license_is_as_strict_as_before(extra: list[str]) -> None:
    item = saying("CC-BY-SA-4.0", *extra)
    assert item.faults or set(saying("CC-BY-SA-4.0").statements) <= set(item.statements)


def test_items_when_read_from_the_older_format_then_they_are_the_same(way: Way) -> None:
    [first, *_] = way.pages("Category:Dermatology depth:2")
    again = commons.ask_again("M44672185", way.asking(None), way.fetch)
    assert again == first.items[0].document
