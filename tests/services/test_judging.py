"""What may become an image: the source's own rules hold whichever way an item comes in."""

from dataclasses import replace

import pytest

from dermref.model.evidence import Document, Harvested, Refusal, Statement
from dermref.registry.load import load_source
from mirrored import judged

ISIC = load_source("isic-archive")
ITEM = Harvested(
    source_id="isic-archive",
    foreign_id="ISIC_0000000",
    landing_url="https://api.isic-archive.com/images/ISIC_0000000/",
    file=None,
    document=Document(b"{}", "u"),
    statements=(Statement("CC-BY"),),
    contributor="Example Hospital",
)


def code(item: Harvested) -> str | None:
    verdict = judged(ISIC, item)
    return verdict.code if isinstance(verdict, Refusal) else None


def test_item_when_sound_then_it_may_become_an_image() -> None:
    assert code(ITEM) is None


@pytest.mark.parametrize("foreign_id", ["", "ISIC_1", "ISIC_0000000\n", "../ISIC_0000000", "isic_0000000"])
def test_id_when_not_of_the_sources_form_then_refused(foreign_id: str) -> None:
    assert code(replace(ITEM, foreign_id=foreign_id)) == "bad-id"


@pytest.mark.parametrize("url", ["https://evil.example/", "https://api.isic-archive.com.evil/", "http://[x", ""])
def test_landing_page_when_on_a_foreign_host_then_refused(url: str) -> None:
    assert code(replace(ITEM, landing_url=url)) == "bad-landing"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 20_000])
def test_words_when_no_page_could_carry_them_then_refused(text: str) -> None:
    assert code(replace(ITEM, contributor=text)) == "malformed"
    assert code(replace(ITEM, metadata={"note": text[:3]})) == ("malformed" if len(text) < 100 else None)
