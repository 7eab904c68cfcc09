"""Every source, every action, three viewers, three operators: pinned as pages that a curator has read."""

import pytest

from dermref.model.source import Source
from dermref.registry.load import load_sources
from rights.table import PAGES, render


@pytest.mark.parametrize("source", load_sources(), ids=lambda one: one.source_id)
def test_decisions_when_compared_with_the_read_page_then_the_same(source: Source) -> None:
    assert render(source) == (PAGES / f"{source.source_id}.txt").read_text(encoding="utf-8")


def test_pages_when_counted_then_one_for_each_source_and_none_besides() -> None:
    assert {page.stem for page in PAGES.iterdir()} == {source.source_id for source in load_sources()}
    assert len(load_sources()) == 37
