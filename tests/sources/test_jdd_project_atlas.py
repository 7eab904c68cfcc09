"""The JDD Project Atlas: pictures by the host they lie on, words of a page for what they are, and no skin tone."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, FileRef, Harvested
from dermref.model.harvest import FetchFailed, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources import jdd_project_atlas
from dermref.sources.fetch import HttpFetch
from mirror import SOURCES, Mirror
from mirrored import fetch, mirror_of, verdict_on

__all__ = ["fetch"]

SOURCE = load_source("jdd-project-atlas")
FOLDER = SOURCES / "jdd-project-atlas"
ATLAS = "https://jddonline.com/project-atlas/inclusive-derm"
FILES = "https://cms.sanovaworks.com/uploads"
INDEX = "https://jddonline.com/project-atlas-a-z/"
NIGRICANS = "acanthosis-nigricans"


mirror = mirror_of("jdd-project-atlas")


def harvest(fetch: HttpFetch, **asked: str) -> list[Page]:
    return list(jdd_project_atlas.harvest(HarvestRequest(SOURCE, **asked), fetch))


def body(name: str) -> bytes:
    return (FOLDER / f"RECONSTRUCTED_{name}.html").read_bytes()


def read(name: str = NIGRICANS, key: str = f"{NIGRICANS}-1", *, old: str = "", new: str = "") -> Harvested:
    assert old.encode() in body(name)
    page = body(name).replace(old.encode(), new.encode())
    return jdd_project_atlas.read(Document(page, f"{ATLAS}/{name}#{key}", "text/html"), SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


def test_picture_when_read_then_it_is_of_its_condition_and_no_more_is_known() -> None:
    item = read()
    assert (item.foreign_id, item.landing_url) == (f"{NIGRICANS}/{NIGRICANS}-1", f"{ATLAS}/{NIGRICANS}")
    assert item.file == FileRef(f"{FILES}/{NIGRICANS}-1.jpg")
    assert (item.depiction.condition, item.depiction.title) == ("Acanthosis Nigricans", None)
    assert (item.depiction.skin_tones, item.creator, item.statements) == ((), None, ())
    assert (item.faults, item.doubts, verdict(item)) == ((), (), SOURCE.terms.license_expression)


def test_text_when_paragraphs_are_short_then_the_first_longer_one() -> None:
    assert str(read().metadata["text"]).startswith("Darker, velvet-like skin")
    assert read("acne-vulgaris", "acne-1").metadata["text"] is None


def test_credit_when_the_page_prints_its_own_then_kept_word_for_word() -> None:
    printed = "Image source: The Full Spectrum of Dermatology: A Diverse and Inclusive Atlas"
    assert read().metadata["printed_credit"] == printed
    assert "printed_credit" not in read("acne-vulgaris", "acne-1").metadata


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"{FILES}/{NIGRICANS}-1.JPG?width=900", SOURCE.terms.license_expression),
        (f"https://cms.sanovaworks.com.example/{NIGRICANS}-1.jpg", "foreign-host"),
        (f"https://jddonline.com/_image/cms.sanovaworks.com/{NIGRICANS}-1.jpg", "foreign-host"),
        (f"https://jddonline.com/uploads/{NIGRICANS}-1.jpg", "no-picture"),
        (f"{FILES}/{NIGRICANS}-1.svg", "no-picture"),
        (f"{FILES}/", "no-picture"),
    ],
)
def test_file_when_it_does_not_lie_on_the_host_of_the_atlas_then_none(address: str, code: str) -> None:
    assert verdict(read(old=f"{FILES}/{NIGRICANS}-1.jpg", new=address)) == code


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("1.jpg?w=200&h=200&fit=crop", ["maybe-reduced"]),
        ("1.jpg?width=900", ["maybe-reduced"]),
        ("1-150x150.jpg", ["maybe-reduced"]),
        ("1%2D1024x768.JPG", ["maybe-reduced"]),
        ("1.jpg?ver=6.5.2", []),
        ("1.jpg", []),
        ("10x10-1.jpg", []),
    ],
)
def test_file_when_its_address_may_be_that_of_a_reduced_copy_then_a_curator_looks_first(
    name: str, codes: list[str]
) -> None:
    key = unquote(f"{NIGRICANS}-{name}").partition("?")[0].rpartition(".")[0]
    item = read(key=key, old=f"{FILES}/{NIGRICANS}-1.jpg", new=f"{FILES}/{NIGRICANS}-{name}")
    assert [one.code for one in item.doubts] == codes
    assert item.file == FileRef(f"{FILES}/{NIGRICANS}-{name}")


@pytest.mark.parametrize(
    ("caption", "code"),
    [
        ("Courtesy of Dr C. Example", "third-party-credit"),
        ("© 2020 Example Publisher", "third-party-credit"),
        ("© 2024 Journal of Drugs in Dermatology. All rights reserved.", SOURCE.terms.license_expression),
    ],
)
def test_caption_when_it_credits_somebody_else_then_refused(caption: str, code: str) -> None:
    page = "<figcaption></figcaption>"
    assert verdict(read(old=page, new=f"<figcaption>{caption}</figcaption>")) == code


def test_index_when_it_links_conditions_then_each_once_and_none_elsewhere(fetch: HttpFetch) -> None:
    pages = harvest(fetch)
    assert [one.foreign_id.partition("/")[0] for page in pages for one in page.items] == (
        [NIGRICANS] + ["vitiligo"] * 7 + ["acne-vulgaris"] * 2 + ["psoriasis"]
    )
    assert [one.foreign_id.rpartition("/")[2] for page in pages for one in page.missed] == [
        "no-heading", "error", "gone", "other", "no-pictures", "moved",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("index", "sentence"),
    [(b"<html><a href='/about'>About</a></html>", "links no condition"), (b"", "no condition"), (b"\x9d", "no page")],
)
def test_index_when_of_another_shape_then_stopped(
    mirror: Mirror, fetch: HttpFetch, index: bytes, sentence: str
) -> None:
    mirror.put(INDEX, index)
    with pytest.raises(Stopped, match=sentence):
        harvest(fetch)


def test_site_when_ten_pages_in_a_row_are_errors_then_stopped(mirror: Mirror, fetch: HttpFetch) -> None:
    links = "".join(f"<a href='/project-atlas/inclusive-derm/c-{number}'>c</a>" for number in range(12))
    mirror.put(INDEX, links.encode())
    for number in range(12):
        mirror.put(f"{ATLAS}/c-{number}", body("error"))
    with pytest.raises(Stopped, match="10 items in a row"):
        harvest(fetch)


def test_picture_when_asked_again_then_gone_only_where_its_page_shows_others(mirror: Mirror, fetch: HttpFetch) -> None:
    asked = HarvestRequest(SOURCE)
    assert jdd_project_atlas.ask_again("gone/a-1", asked, fetch) is None
    assert jdd_project_atlas.ask_again("vitiligo/vitiligo-nose", asked, fetch) is None
    for name in ("error", "no-heading", "no-pictures", "other"):
        mirror.put(f"{ATLAS}/{NIGRICANS}", body(name))
        with pytest.raises(FetchFailed):
            jdd_project_atlas.ask_again(f"{NIGRICANS}/{NIGRICANS}-1", asked, fetch)


def test_recorded_page_when_named_by_its_condition_then_read_as_that(tmp_path: Path) -> None:
    (tmp_path / f"{NIGRICANS}.html").write_bytes(body(NIGRICANS))
    (tmp_path / "Page 2.html").write_bytes(body(NIGRICANS))
    asked = HarvestRequest(SOURCE, folder=tmp_path)
    [page] = jdd_project_atlas.harvest(asked, None)  # type: ignore[arg-type]  # nothing is fetched
    assert [one.foreign_id for one in page.items] == [f"{NIGRICANS}/{NIGRICANS}-1"]
    assert [one.foreign_id for one in page.missed] == ["Page 2.html"]
