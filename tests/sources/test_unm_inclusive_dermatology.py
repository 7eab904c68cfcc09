"""UNM's gallery: addresses of pictures as others have them, on pages that nobody here has seen."""

from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, SkinTone
from dermref.model.harvest import BadCursor, FetchFailed, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources import unm_inclusive_dermatology as unm
from dermref.sources.fetch import HttpFetch
from dermref.sources.words import load_words
from mirror import SOURCES, Mirror
from mirrored import fetch, mirror_of, verdict_on

__all__ = ["fetch"]

SOURCE = load_source("unm-inclusive-dermatology")
FOLDER = SOURCES / "unm-inclusive-dermatology"
PLACE = "https://hsc.unm.edu/medicine/departments/dermatology/"
PAGES = f"{PLACE}inclusive-dermatology/"
PICTURE = "/medicine/departments/dermatology/_images/skin-atlas/{}"
GALLERY = f"{PAGES}gallery.html"


def body(name: str) -> bytes:
    return (FOLDER / f"RECONSTRUCTED_{name}.html").read_bytes()


def page(*pictures: str, more: str = "") -> bytes:
    shown = "".join(f'<div><img src="{one}"></div>' for one in pictures)
    return f"<html><body><main><h1>X</h1>{shown}{more}</main></body></html>".encode()


def read(name: str, *, key: str | None = None, more: str = "") -> Harvested:
    shown = page(PICTURE.format(name), more=more)
    return unm.read(Document(shown, f"{PAGES}x.html#{key or name.rpartition('.')[0]}", "text/html"), SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


mirror = mirror_of("unm-inclusive-dermatology")


def harvest(fetch: HttpFetch, **asked: str) -> list[Page]:
    return list(unm.harvest(HarvestRequest(SOURCE, **asked), fetch))


@pytest.mark.parametrize(
    ("name", "skin_type"),
    [
        ("acne/acne-type-i.jpg", "I"),
        ("acne/acne-type-iv.jpg", "IV"),
        ("stevens-johnson-syndrome/stevens-johnson-syndrome-type-vi-12.jpg", "VI"),
        ("acne/acne-type-vii.jpg", None),
        ("acne/acne-type-iiii.jpg", None),
        ("acne/acne-type-4.jpg", None),
        ("acne/acne-type-iv-.jpg", None),
        ("acne/acne-type-iv-thumb.jpg", None),
        ("acne/acne-type-iv.png", None),
        ("acne/acne-type-IV.jpg", None),
        ("acne/acne-iv.jpg", None),
        ("acne/psoriasis-type-iv.jpg", None),
        ("acne/old/acne-type-iv.jpg", None),
    ],
)
def test_skin_type_when_the_name_tells_it_in_the_one_form_then_that_else_a_doubt(
    name: str, skin_type: str | None
) -> None:
    item = read(name)
    tones = (SkinTone("Fitzpatrick", skin_type, "estimated by the UNM team"),) if skin_type else ()
    assert item.depiction.skin_tones == tones
    assert [one.code for one in item.doubts] == ([] if skin_type else ["skin-tone-unclear"])
    assert item.foreign_id == name.rpartition(".")[0]
    assert verdict(item) == "LicenseRef-unm-inclusive-dermatology"


def test_note_when_the_page_prints_it_then_the_pages_words_else_the_registrys() -> None:
    note = load_words(unm.WORDS)["skin_tone"]["note"]
    assert note in SOURCE.license_text
    assert read("acne/acne-type-iv.jpg").metadata["skin_tone_note"] == note
    shown = unm.read(Document(body("gallery"), f"{GALLERY}#acne/acne-type-ii"), SOURCE).metadata["skin_tone_note"]
    assert str(shown).startswith("This Atlas is organized by Fitzpatrick skin type which was estimated")
    assert str(shown).endswith("by our team of clinicians. We recognize that this scale has many limitations, including"
                               " its subjectivity and lack of variance in skin of color.")  # fmt: skip


def test_condition_when_a_heading_spells_its_folder_then_as_there_else_the_folders_words() -> None:
    name = "stevens-johnson-syndrome/stevens-johnson-syndrome-type-iv.jpg"
    assert read(name).depiction.condition == "stevens johnson syndrome"
    assert read(name, more="<h3>Stevens–Johnson Syndrome</h3>").depiction.condition == "Stevens–Johnson Syndrome"


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.example" + PICTURE.format("acne/acne-type-iv.jpg"),
        "https://hsc.unm.edu@cdn.example" + PICTURE.format("acne/acne-type-iv.jpg"),
        "https://hsc.unm.edu:8080" + PICTURE.format("acne/acne-type-iv.jpg"),
        PICTURE.format("../skin-atlas2/acne/acne-type-iv.jpg"),
        PICTURE.format("%2e%2e/acne/acne-type-iv.jpg"),
        PICTURE.format("acne/acne-type-iv.jpg?width=90"),
        PICTURE.format("acne-type-iv.jpg"),
        PICTURE.format("acne/acne-type-iv.gif"),
        "/elsewhere/skin-atlas/acne/acne-type-iv.jpg",
    ],
)
def test_picture_when_at_an_address_of_another_form_then_it_is_missed_and_the_site_has_changed(
    mirror: Mirror, fetch: HttpFetch, address: str
) -> None:
    mirror.put(GALLERY, page(address))
    with pytest.raises(Stopped, match="the site has changed"):
        harvest(fetch)
    mirror.put(GALLERY, page(address, PICTURE.format("acne/acne-type-i.jpg")))
    [found] = harvest(fetch)
    assert [one.foreign_id for one in found.items] == ["acne/acne-type-i"]
    assert [one.refusal.code for one in found.missed] == ["address-unclear"]


@pytest.mark.parametrize("address", ["javascript:show('a.jpg')", "data:image/png;base64,AA", "/logo.png", "//x/a.jpg"])
def test_picture_when_none_of_the_atlas_then_nothing_is_said_of_it(
    mirror: Mirror, fetch: HttpFetch, address: str
) -> None:
    mirror.put(GALLERY, page(address, PICTURE.format("acne/acne-type-i.jpg")))
    [found] = harvest(fetch)
    assert (len(found.items), found.missed) == (1, ())


def test_walk_when_pages_link_others_then_those_of_the_gallery_alone_are_read(mirror: Mirror, fetch: HttpFetch) -> None:
    pages = harvest(fetch)
    asked = [one.path for one in mirror.requests if "_images" not in one.path and "robots.txt" not in one.path]
    inside = f"/hsc.unm.edu{PAGES.removeprefix('https://hsc.unm.edu')}"
    assert {one.removeprefix(inside) for one in asked if one.startswith(inside)} == {
        "gallery.html", "acne.html", "lichen-planus.html", "conditions/vitiligo.html", "psoriasis.html", "gone.html",
        "dermoscopy-gallery2.html", "moved.html", "eczema.html",
    }  # fmt: skip
    assert len(asked) == len(set(asked))
    assert {one for one in asked if not one.startswith(inside)} == {
        "/hsc.unm.edu/medicine/departments/dermatology/index.html"  # where one of them redirects to
    }
    assert {page.total for page in pages} == {14}


def test_picture_when_one_page_credits_it_and_another_does_not_then_the_credit_counts(fetch: HttpFetch) -> None:
    key = "vitiligo/vitiligo-type-vi"
    assert verdict(unm.read(Document(body("gallery"), f"{GALLERY}#{key}"), SOURCE)).startswith("LicenseRef")
    item = next(one for found in harvest(fetch) for one in found.items if one.foreign_id == key)
    assert verdict(item) == "third-party-credit"
    assert item.landing_url == f"{PAGES}conditions/vitiligo.html"


@pytest.mark.parametrize(
    "said",
    ["Photo courtesy of X", "© 2001 Elsevier", "From: a book", "Used with permission", "© UNM and Jane Doe"],
)
def test_picture_when_anybody_is_credited_beside_it_then_the_sites_terms_never_cover_it(said: str) -> None:
    assert verdict(read("acne/acne-type-iv.jpg", more=f"<p>{said}</p>")) == "third-party-credit"


@pytest.mark.parametrize(
    "said", ["© 2026 The University of New Mexico", "estimated from patient photographs by our team of clinicians"]
)
def test_picture_when_the_gallerys_own_words_stand_beside_it_then_nothing_is_against_it(said: str) -> None:
    item = read("acne/acne-type-iv.jpg", more=f"<p>{said}</p>")
    assert (item.faults, item.doubts) == ((), ())


def test_picture_when_one_name_has_two_files_then_a_fault() -> None:
    both = f'<img src="{PICTURE.format("acne/acne-type-iv.png")}">'
    assert verdict(read("acne/acne-type-iv.jpg", more=both)) == "listed-twice"


@pytest.mark.parametrize("key", ["acne/acne-type-v", "../x", "a/b/c/d", ""])
def test_document_when_it_does_not_show_the_picture_then_a_fault(key: str) -> None:
    item = unm.read(Document(page(PICTURE.format("acne/acne-type-i.jpg")), f"{PAGES}x.html#{key}"), SOURCE)
    assert verdict(item) in ("no-file", "bad-id")
    assert item.file is None


@pytest.mark.parametrize("asked", [{"query": "acne"}, {"since": "2026-01-01"}])
def test_harvest_when_asked_for_a_part_then_one_sentence(fetch: HttpFetch, asked: dict[str, str]) -> None:
    with pytest.raises(Stopped, match="read whole"):
        harvest(fetch, **asked)


def test_cursor_when_past_the_last_picture_then_bad(fetch: HttpFetch) -> None:
    with pytest.raises(BadCursor):
        harvest(fetch, cursor="zoster/zoster-type-i")


def test_gallery_when_it_cannot_be_read_then_nothing_is_harvested(mirror: Mirror, fetch: HttpFetch) -> None:
    mirror.put(GALLERY, b"<html><body>Service unavailable")
    with pytest.raises(FetchFailed):
        harvest(fetch)
    mirror.remove(GALLERY)
    with pytest.raises(FetchFailed) as caught:
        harvest(fetch)
    assert caught.value.code == "http-404"


def test_gallery_when_its_pages_have_no_end_then_stopped(mirror: Mirror, fetch: HttpFetch) -> None:
    mirror.put(GALLERY, page(more="".join(f'<a href="p{one}.html">x</a>' for one in range(unm.MOST_PAGES + 1))))
    with pytest.raises(Stopped, match="more than 400 pages"):
        harvest(fetch)


def test_gallery_when_ten_pages_in_a_row_are_broken_then_stopped(mirror: Mirror, fetch: HttpFetch) -> None:
    mirror.put(GALLERY, page(more="".join(f'<a href="p{one}.html">x</a>' for one in range(12))))
    for one in range(12):
        mirror.put(f"{PAGES}p{one}.html", b"<html>")
    with pytest.raises(Stopped, match="10 items in a row"):
        harvest(fetch)


def test_picture_when_asked_again_and_no_page_shows_it_then_none(mirror: Mirror, fetch: HttpFetch) -> None:
    request = HarvestRequest(SOURCE)
    with pytest.raises(FetchFailed):  # two pages, on one of which it may be, cannot be read
        unm.ask_again("acne/acne-type-vi", request, fetch)
    mirror.put(GALLERY, page(PICTURE.format("acne/acne-type-i.jpg")))
    assert unm.ask_again("acne/acne-type-vi", request, fetch) is None
    mirror.put(GALLERY, page("/logo.png"))
    with pytest.raises(FetchFailed, match="as it did"):
        unm.ask_again("acne/acne-type-vi", request, fetch)


def test_page_when_the_gallery_links_it_and_it_is_not_there_then_missed_and_no_picture_is_gone(
    mirror: Mirror, fetch: HttpFetch
) -> None:
    mirror.put(GALLERY, page(PICTURE.format("acne/acne-type-i.jpg"), more='<a href="gone.html">Rosacea</a>'))
    [found] = harvest(fetch)
    assert [(one.foreign_id, one.refusal.code) for one in found.missed] == [("gone.html", "gone-since-listed")]
    with pytest.raises(FetchFailed) as caught:
        unm.ask_again("rosacea/rosacea-type-i", HarvestRequest(SOURCE), fetch)
    assert (caught.value.code, caught.value.is_gone) == ("gone-since-listed", False)
    assert unm.ask_again("acne/acne-type-i", HarvestRequest(SOURCE), fetch)


def test_recorded_pages_when_harvested_then_each_picture_once(tmp_path: Path) -> None:
    for name in ("gallery", "acne", "psoriasis"):
        (tmp_path / f"{name}.html").write_bytes(body(name))
    request = HarvestRequest(SOURCE, folder=tmp_path)
    [found] = unm.harvest(request, None)  # type: ignore[arg-type]  # not fetched
    assert [(one.foreign_id, one.file and one.file.path) for one in found.items][:2] == [
        ("acne/acne-type-ii", tmp_path / "files" / "acne-type-ii.jpg"),
        ("acne/acne-type-iii", tmp_path / "files" / "acne-type-iii.jpg"),
    ]
    assert [one.foreign_id for one in found.missed] == ["psoriasis.html"]
