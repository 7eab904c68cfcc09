"""What may become an image: the source's own rules hold whichever way an item comes in."""

import string
from dataclasses import replace

import pytest

from dermref.model.evidence import Depiction, Document, Harvested, Refusal, Statement
from dermref.model.policy import PolicyKey
from dermref.model.source import Source
from dermref.registry.load import load_datasets, load_source, load_sources
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


# Where an item gives what a template asks for; the other placeholders follow from an item's id, page and license.
GIVEN = {
    "contributor": "contributor",
    "creator": "creator",
    "author": "creator",
    "title": "title",
    "citation": "citation",
}
FOLLOWING = {"license", "source_url", "phil_id", "nci_id"}
IDS = {"pmc-oa": "PMC1/F1/f.jpg", "wikimedia-commons": "M1", "pad-ufes-20": "PAT_1_1_1"}
EVERY = (*load_sources(), *load_datasets())


def placeholders(source: Source) -> list[str]:
    templates = (source.attribution or "", source.attribution_other or "")
    return [name for one in templates for _, name, _, _ in string.Formatter().parse(one) if name]


def item_of(source: Source, without: str | None = None) -> Harvested:
    """An item that gives everything a credit may need, but one thing."""
    words = {"contributor": "A Clinic", "creator": "Jane Doe", "citation": "Doe J. Nevi. 2020", "title": "Skin"}
    words.pop(without or "", None)
    host = next(iter(source.ingest.hosts), "example.org")
    return Harvested(
        source_id=source.source_id,
        foreign_id=IDS.get(source.source_id, "ISIC_0000001"),
        landing_url=f"https://{host}/1",
        file=None,
        document=Document(b"{}", "u"),
        statements=(Statement("CC-BY-4.0"),),
        depiction=Depiction(title=words.pop("title", None)),
        **words,  # type: ignore[arg-type]
    )


NEEDED = [(one, name) for one in EVERY for name in placeholders(one) if name in GIVEN]


def test_templates_when_read_then_every_placeholder_is_tried_or_follows_from_the_item() -> None:
    named = {name for source in EVERY for name in placeholders(source)}
    assert named - set(GIVEN) - FOLLOWING == set()
    assert {source.source_id for source, _ in NEEDED} >= set(IDS)


@pytest.mark.parametrize(("source", "name"), NEEDED, ids=lambda value: getattr(value, "source_id", value))
def test_item_when_it_lacks_what_its_credit_needs_then_it_stays_out_and_says_what(source: Source, name: str) -> None:
    whole, lacking = judged(source, item_of(source)), judged(source, item_of(source, GIVEN[name]))
    assert isinstance(whole, PolicyKey), whole
    assert isinstance(lacking, Refusal)
    assert (lacking.code, f"“{name}”" in lacking.text) == ("credit-incomplete", True)
