"""The Atlas Dermatologico's pages, made up in the shape that its public readers tell of."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, FileRef, Harvested
from dermref.model.harvest import BadCursor, FetchFailed, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources import atlas_dermatologico as atlas
from dermref.sources.fetch import HttpFetch
from mirror import SOURCES, Mirror
from mirrored import fetch, mirror_of, verdict_on

__all__ = ["fetch"]

SOURCE = load_source("atlas-dermatologico")
FOLDER = SOURCES / "atlas-dermatologico"
SITE = "https://www.atlasdermatologico.com.br"
PAGE = f"{SITE}/disease.jsf?diseaseId={{}}"


def body(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read(image: str, *, name: str = "RECONSTRUCTED_3.html", old: str = "", new: str = "") -> Harvested:
    page = body(name)
    assert old.encode() in page
    return atlas.read(Document(page.replace(old.encode(), new.encode()), f"{PAGE.format(3)}#{image}"), SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


mirror = mirror_of("atlas-dermatologico")


def harvest(fetch: HttpFetch, **asked: str) -> list[Page]:
    return list(atlas.harvest(HarvestRequest(SOURCE, **asked), fetch))


def test_picture_when_read_then_its_page_and_file_are_without_a_session_and_nothing_is_made_up() -> None:
    item = read("31")
    assert (item.foreign_id, item.landing_url, item.file) == (
        "3/31", PAGE.format(3), FileRef(f"{SITE}/img?imageId=31")
    )  # fmt: skip
    assert (item.depiction.condition, item.depiction.title, item.depiction.modality) == ("accessory tragus", None, None)
    assert (item.creator, item.credit_line, item.statements, item.depiction.skin_tones) == (None, None, (), ())
    assert item.metadata == {"disease_id": "3", "image_id": "31", "alt": ["accessory tragus (1)"]}
    assert verdict(item) == "LicenseRef-atlas-dermatologico"


def test_picture_when_two_diseases_list_it_then_each_has_an_item_of_its_own(fetch: HttpFetch) -> None:
    [page] = harvest(fetch, query="3, 5")
    found = {item.foreign_id: (item.depiction.condition, item.file) for item in page.items}
    assert found["3/31"] == ("accessory tragus", FileRef(f"{SITE}/img?imageId=31"))
    assert found["5/31"] == ("acne vulgaris", FileRef(f"{SITE}/img?imageId=31"))
    assert list(found) == ["3/31", "3/32", "5/51", "5/52", "5/31"]


def test_page_when_only_the_session_changed_then_its_document_is_the_same(mirror: Mirror, fetch: HttpFetch) -> None:
    first = atlas.ask_again("3/31", HarvestRequest(SOURCE), fetch)
    changed = body("RECONSTRUCTED_3.html").replace(b"ABC123", b"0FF1CE.node2").replace(b'"-6212:881"', b'"7:3"')
    assert changed != body("RECONSTRUCTED_3.html")
    mirror.put(PAGE.format(3), changed)
    assert atlas.ask_again("3/31", HarvestRequest(SOURCE), fetch) == first
    assert first
    assert b"jsessionid" not in first.body
    assert b"ViewState" not in first.body


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("accessory tragus (2)", "tragus (2)", "condition-unclear"),
        ("</h1>", '</h1><span class="capitalized">preauricular sinus</span>', "condition-unclear"),
        ("</div>\n<p>", "</div>\n<p>Photographs courtesy of Dr. X. ", "rights-on-page"),
        ("</div>\n<p>", "</div>\n<p>© A Publisher and Samuel Freire da Silva. ", "rights-on-page"),
    ],
)
def test_page_when_anything_on_it_is_unclear_then_a_curator_looks_first(old: str, new: str, code: str) -> None:
    assert [one.code for one in read("32", old=old, new=new).doubts] == [code]


@pytest.mark.parametrize(
    "said",
    [
        "Foto: Dr. B",
        "© 2001 Elsevier",
        "Fonte: livro",
        "(c) 2010 AAP",
        "Photo by J. Doe",
        "© Samuel Freire da Silva and Jane Doe",
        "© Samuel Freire da Silva/J. Doe",
    ],
)
def test_picture_when_its_words_credit_anybody_then_the_sites_terms_never_cover_it(said: str) -> None:
    assert verdict(read("32", old="accessory tragus (2)", new=f"accessory tragus (2) {said}")) == "third-party-credit"
    assert verdict(read("32", old="</div>\n<p>", new=f"<i>{said}</i></div>\n<p>")) == "third-party-credit"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("RECONSTRUCTED_expired.html", "page-not-understood"),
        ("RECONSTRUCTED_error.html", "page-not-understood"),
        ("RECONSTRUCTED_no_name.html", "page-not-understood"),
        ("RECONSTRUCTED_18.html", "page-not-understood"),
        ("RECONSTRUCTED_home.html", "page-not-understood"),
        ("RECONSTRUCTED_14.html", "no-file"),
        ("RECONSTRUCTED_16.html", "listed-twice"),
    ],
)
def test_page_when_it_is_none_of_the_picture_then_a_fault(name: str, code: str) -> None:
    assert [one.code for one in read("161" if "16" in name else "99", name=name).faults] == [code]


@pytest.mark.parametrize(
    "address",
    [f"{SITE}/browse.jsf", PAGE.format("03"), f"{PAGE.format(3)}&x=1", "https://a.example/disease.jsf?diseaseId=3"],
)
def test_document_when_its_address_is_none_of_a_disease_then_a_fault(address: str) -> None:
    item = atlas.read(Document(body("RECONSTRUCTED_3.html"), f"{address}#31"), SOURCE)
    assert [one.code for one in item.faults] == ["page-not-understood"]
    assert item.foreign_id.startswith("malformed-")


def test_diseases_when_asked_for_by_number_then_those_that_are_not_there_are_absent(fetch: HttpFetch) -> None:
    [page] = harvest(fetch, query="3, 40-41, 9")
    assert [item.foreign_id for item in page.items] == ["3/31", "3/32"]
    assert [one.foreign_id for one in page.missed] == ["9"]
    assert page.absent == ("40", "41")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [({"since": "2026-01-01"}, "by date"), ({"query": "acne"}, "neither an id"), ({"query": "9-3"}, "neither an id")],
)
def test_harvest_when_asked_for_what_the_atlas_has_not_then_one_sentence(
    fetch: HttpFetch, asked: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Stopped, match=sentence):
        harvest(fetch, **asked)


@pytest.mark.parametrize("cursor", ["21", "-1", "x", "0"])
def test_cursor_when_it_leads_past_the_diseases_then_bad(fetch: HttpFetch, cursor: str) -> None:
    with pytest.raises(BadCursor):
        harvest(fetch, cursor=cursor)


@pytest.mark.parametrize("index", ["RECONSTRUCTED_home.html", "RECONSTRUCTED_18.html", "RECONSTRUCTED_error.html"])
def test_index_when_it_lists_no_disease_as_expected_then_stopped(mirror: Mirror, fetch: HttpFetch, index: str) -> None:
    mirror.put(f"{SITE}/browse.jsf", body(index))
    with pytest.raises(Stopped, match="the site has changed"):
        harvest(fetch)


@pytest.mark.parametrize("name", ["RECONSTRUCTED_14.html", "RECONSTRUCTED_expired.html", "RECONSTRUCTED_error.html"])
def test_site_when_ten_pages_in_a_row_show_no_picture_then_stopped(mirror: Mirror, fetch: HttpFetch, name: str) -> None:
    for disease in range(100, 120):
        mirror.put(PAGE.format(disease), body(name))
    with pytest.raises(Stopped, match="10 items in a row"):
        harvest(fetch, query="100-119")


@pytest.mark.parametrize("disease", ["9", "10", "11", "15", "18"])
def test_picture_when_asked_again_and_its_page_is_broken_then_nothing_is_withdrawn(
    fetch: HttpFetch, disease: str
) -> None:
    with pytest.raises(FetchFailed) as caught:
        atlas.ask_again(f"{disease}/99", HarvestRequest(SOURCE), fetch)
    assert caught.value.code == "page-not-understood"


@pytest.mark.parametrize("foreign_id", ["3/99", "14/141", "404/1", "12/121"])
def test_picture_when_asked_again_and_gone_then_none(fetch: HttpFetch, foreign_id: str) -> None:
    assert atlas.ask_again(foreign_id, HarvestRequest(SOURCE), fetch) is None


def test_recorded_pages_when_harvested_then_each_file_by_the_number_of_its_picture(tmp_path: Path) -> None:
    for name in ("RECONSTRUCTED_3.html", "RECONSTRUCTED_18.html", "RECONSTRUCTED_home.html"):
        (tmp_path / name).write_bytes(body(name))
    (tmp_path / "accessory_tragus.html").write_bytes(body("RECONSTRUCTED_3.html"))
    pages = list(atlas.harvest(HarvestRequest(SOURCE, folder=tmp_path), None))  # type: ignore[arg-type]  # not fetched
    found = {item.foreign_id: item.file and item.file.path for page in pages for item in page.items}
    assert found == {"3/31": tmp_path / "files" / "31.jpg", "3/32": tmp_path / "files" / "32.jpg"}
    missed = {one.foreign_id for page in pages for one in page.missed}
    assert missed == {"RECONSTRUCTED_18.html", "RECONSTRUCTED_home.html", "accessory_tragus.html"}


@given(
    st.sampled_from(["©", "courtesy of", "cortesia", "all rights reserved"]), st.text(max_size=40), st.text(max_size=40)
)
def test_words_when_anything_stands_around_a_cue_then_the_picture_is_not_published(
    cue: str, before: str, after: str
) -> None:
    around = [one.replace("<", "").replace("&", "") for one in (before, after)]
    item = read("32", old="</div>\n<p>", new=f"<i>{around[0]} {cue} {around[1]}</i></div>\n<p>")
    assert verdict(item) in ("third-party-credit", "malformed")
