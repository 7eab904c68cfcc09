"""The registry prints what the page "Image sources & licenses" prints, word for word."""

import json
from collections import Counter
from pathlib import Path

import pytest

from dermref.registry.build import printed_row
from dermref.registry.load import load_datasets, load_sources

PRINTED = json.loads(Path(__file__).with_name("sources_printed.json").read_text(encoding="utf-8"))["sources"]


def test_sources_when_loaded_then_exactly_37_in_page_order():
    assert [source.source_id for source in load_sources()] == [row["id"] for row in PRINTED]
    assert len(load_sources()) == 37


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row["id"])
def test_printed_fields_when_compared_then_word_for_word_equal(row):
    [source] = [source for source in load_sources() if source.source_id == row["id"]]
    assert printed_row(source) == row


def test_groups_when_counted_then_as_the_page_says():
    counts = Counter(source.group_label for source in load_sources())
    assert counts == {
        "Integrated": 3,
        "Ready to ingest": 12,
        "Planned": 2,
        "Pending permission": 11,
        "Personal / institutional": 6,
        "Off-limits / paid": 1,
        "Meta": 2,
    }


def test_datasets_when_loaded_then_apart_from_the_tracked_sources():
    assert [one.source_id for one in load_datasets()] == ["fitzpatrick17k", "ham10000", "milk10k", "pad-ufes-20"]
    assert {(one.kind, one.seed_line) for one in load_datasets()} == {("dataset", None)}


def test_datasets_when_their_pictures_are_other_peoples_then_only_links():
    assert [one.source_id for one in load_datasets() if one.tier == "external-link-only"] == ["fitzpatrick17k"]
