"""What is cited of an image and of a source: the record's own words, and no license that is not the whole truth."""

import pytest

from dermref.catalog import models
from dermref.credit.citable import Work
from dermref.credit.formats import CitationFile, Format
from dermref.model.asking import ANONYMOUS
from dermref.model.evidence import Refusal
from dermref.registry.load import load_source, load_sources
from dermref.services.citing import citable_image, citable_source, cited, cited_file
from dermref.services.serving import Shown, show
from run_types import Run

IMAGE = "isic-archive:ISIC_0000001"


def shown(image_id: str = IMAGE) -> Shown:
    found = show(image_id, viewer=ANONYMOUS)
    assert isinstance(found, Shown)
    return found


def test_image_when_cited_then_by_who_gave_it_on_the_day_it_was_read(run: Run) -> None:
    run()
    image, thing = shown(), citable_image(shown())
    assert (thing.work, thing.identifier, thing.number) == (Work.IMAGE, IMAGE, "ISIC_0000001")
    assert thing.authors == (image.record.contributor,)
    assert thing.accessed == image.record.evidence.retrieved_at.date()
    assert thing.publisher == image.source.called
    assert thing.genre == "Dermoscopic image"
    assert thing.credit == image.credit.text
    assert thing.licenses == (("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),)


@pytest.mark.parametrize(
    ("fields", "title", "authors"),
    [
        ({"title": "On the arm", "creator": "A. Photographer"}, "On the arm", ("A. Photographer",)),
        ({"condition_as_published": "", "modality": ""}, "Image", None),
        ({"condition_as_published": "Melanoma, NOS"}, "Melanoma, NOS", None),
    ],
)
def test_image_when_the_record_says_more_or_less_then_the_citation_follows(
    run: Run, fields: dict[str, str], title: str, authors: tuple[str, ...] | None
) -> None:
    run()
    models.Image.objects.filter(public_id=IMAGE).update(**fields)
    thing = citable_image(shown())
    assert thing.title == title
    assert thing.authors == (authors or (shown().record.contributor,))


def test_image_when_it_has_no_year_then_datacite_is_refused_and_the_others_are_not(run: Run) -> None:
    run()
    thing = citable_image(shown())
    made = {asked: cited_file([thing], asked) for asked in Format if asked not in ("text", "html")}
    refused = {asked: one for asked, one in made.items() if isinstance(one, Refusal)}
    assert {asked: one.code for asked, one in refused.items()} == {Format.DATACITE: "no-year"}
    assert all("ISIC" in one.text for one in made.values() if isinstance(one, CitationFile))


@pytest.mark.parametrize("source", load_sources(), ids=lambda one: one.source_id)
def test_source_when_cited_then_its_name_stands_there_and_no_license_beside_its_own_terms(source: object) -> None:
    found = load_source(source.source_id)  # type: ignore[attr-defined]
    thing = citable_source(found, link=None)
    made = cited([thing], "apa")
    assert not isinstance(made, Refusal)
    assert found.called in made.text
    assert "http" not in made.text
    assert not thing.licenses or "LicenseRef" not in found.terms.license_expression


def test_source_when_its_link_is_a_doi_then_cited_by_it() -> None:
    source = load_source("pad-ufes-20")
    assert citable_source(source, link=source.homepage_url).doi == "10.17632/zr7vgbcyr2.1"
    assert citable_source(source, link="https://example.org/10.17632/x").doi is None


def test_style_when_there_is_none_then_refused() -> None:
    made = cited([citable_source(load_sources()[0], link=None)], "none")
    assert isinstance(made, Refusal)
    assert made.code == "no-such-style"
