"""The Public Health Image Library's pages: real ones of 2011, and today's as far as anybody told of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, FileRef, Harvested, Refusal
from dermref.model.harvest import FetchFailed, HarvestRequest
from dermref.registry.load import load_source
from dermref.sources import cdc_phil
from dermref.sources.fetch import HttpFetch
from mirror import SOURCES, Mirror
from mirrored import fetch, judged, mirror_of, verdict_on

__all__ = ["fetch"]

SOURCE = load_source("cdc-phil")
FOLDER = SOURCES / "cdc-phil"
PAGE = "https://phil.cdc.gov/Details.aspx?pid={}"


def body(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read(name: str, pid: int | str, *, old: str = "", new: str = "") -> Harvested:
    page = body(name)
    assert old.encode() in page
    return cdc_phil.read(Document(page.replace(old.encode(), new.encode()), PAGE.format(pid), "text/html"), SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


mirror = mirror_of("cdc-phil")


def test_page_of_2011_when_read_then_each_row_is_where_it_belongs() -> None:
    item = read("phil_10248.2011.html", 10248)
    assert (item.foreign_id, item.contributor, item.creator) == ("10248", "CDC/ Dr. Stephen Kraus", None)
    assert item.file == FileRef("http://phil.cdc.gov/PHIL_Images/10248/10248_lores.jpg")
    assert [one.text.partition(" - ")[0] for one in item.statements] == ["None"]
    assert item.metadata["Creation Date"] == "1973"
    assert "“extracellular polymeric substance”" in str(item.metadata["Description"])
    assert (item.faults, item.doubts) == ((), ())


@pytest.mark.parametrize(
    ("name", "pid", "condition"),
    [
        ("RECONSTRUCTED_12187.html", 12187, "Lichen planus"),
        ("RECONSTRUCTED_3182.html", 3182, "Herpes zoster"),
        ("RECONSTRUCTED_12559.html", 12559, None),
        ("RECONSTRUCTED_15688.html", 15688, None),
        ("phil_6.2011.html", 6, None),
    ],
)
def test_condition_when_the_categories_name_one_disease_of_the_skin_then_that(
    name: str, pid: int, condition: str | None
) -> None:
    assert read(name, pid).depiction.condition == condition


def test_title_when_there_is_none_then_the_captions_first_sentence_within_bounds() -> None:
    assert (read("phil_6.2011.html", 6).depiction.title or "").endswith("leukemia (CML).")
    assert (read("RECONSTRUCTED_15688.html", 15688).depiction.title or "").endswith("dorsum of the penis.")
    assert (read("RECONSTRUCTED_12559.html", 12559).depiction.title or "").endswith("Human herpesvirus 3…")
    assert read("RECONSTRUCTED_14432.html", 14432).depiction.title is None


def test_file_when_linked_in_high_resolution_then_as_the_page_has_it_and_never_built() -> None:
    link = "//phil.cdc.gov/PHIL_Images/12187/12187.tif"
    odd = "/PHIL_Images/04301999/00025/40G0035.jpg"
    item = read("RECONSTRUCTED_12187.html", 12187, old=link, new=odd)
    assert item.file == FileRef(f"https://phil.cdc.gov{odd}")
    for gone in ("download.asp", "https://phil.cdc.example/12187.tif", "#"):
        item = read("RECONSTRUCTED_12187.html", 12187, old=link, new=gone)
        assert item.file == FileRef("https://phil.cdc.gov/PHIL_Images/12187/12187_lores.jpg")


NONES = {
    # As seen.
    "<b>None</b> - This image is in the public domain and thus free of any copyright restrictions.": True,
    "None- This image is in the public domain and thus free of any copyright restrictions": True,
    "NONE - this image is in the public domain.": True,
    # Begins alike, and nobody knows what it means: known to no parser, so kept out.
    "None": False,
    "None.": False,
    "None \N{EM DASH} This image is in the public domain.": False,
    "None - This image is in the public domain in the United States only.": False,
    "None - This image is in the public domain, but for its use in advertising.": False,
    "None of this may be reproduced.": False,
    "None - contact the content provider.": False,
}


@pytest.mark.parametrize("said", NONES)
def test_cell_when_it_begins_with_none_then_its_own_words_are_the_statement(said: str) -> None:
    cell = "<b>None</b> - This image is in the public domain and thus free of any copyright restrictions.</td>"
    item = read("RECONSTRUCTED_15688.html", 15688, old=cell.removesuffix("</td>"), new=said)
    assert [one.text for one in item.statements] == [said.replace("<b>", "").replace("</b>", "")]
    assert verdict(item) == ("LicenseRef-Public-Domain" if NONES[said] else "unknown-license")


def test_caption_when_it_speaks_of_rights_then_a_curator_reads_it_first() -> None:
    item = read("RECONSTRUCTED_18398.html", 18398)
    assert [one.code for one in item.doubts] == ["rights-in-caption"]
    assert (item.creator, item.contributor) == ("National Cancer Institute (NCI)",) * 2


@pytest.mark.parametrize(
    ("name", "pid", "code"),
    [
        ("RECONSTRUCTED_details_copyrighted.html", 99999, "copyright-protected"),
        ("RECONSTRUCTED_other_item.html", 90005, "wrong-item"),
        ("phil_6.2011.html", 10248, "wrong-item"),
        ("phil_sessionexpired.2011.html", 6, "page-not-understood"),
        ("RECONSTRUCTED_search_page.html", 6, "page-not-understood"),
        ("RECONSTRUCTED_server_error.html", 6, "page-not-understood"),
        ("RECONSTRUCTED_empty_page.html", 6, "page-not-understood"),
    ],
)
def test_page_when_it_is_not_a_free_images_own_then_a_fault_and_no_statement(name: str, pid: int, code: str) -> None:
    item = read(name, pid)
    assert (item.faults[0].code, item.statements) == (code, ())


def test_recorded_pages_when_harvested_then_each_by_the_id_it_names(tmp_path: Path) -> None:
    for name in ("phil_6.2011.html", "RECONSTRUCTED_12187.html", "phil_sessionexpired.2011.html"):
        (tmp_path / name).write_bytes(body(name))
    [page] = cdc_phil.harvest(HarvestRequest(SOURCE, folder=tmp_path), None)  # type: ignore[arg-type]  # not fetched
    assert {item.foreign_id: item.file and item.file.path for item in page.items} == {
        "12187": tmp_path / "files" / "12187.tif",
        "6": tmp_path / "files" / "6_lores.jpg",
    }
    assert [one.foreign_id for one in page.missed] == ["phil_sessionexpired.2011.html"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [({}, "no listing"), ({"query": "6", "since": "2026-01-01"}, "by date"), ({"query": "all"}, "neither an id")],
)
def test_harvest_when_asked_for_what_the_library_has_not_then_one_sentence(
    asked: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Stopped, match=sentence):
        list(cdc_phil.harvest(HarvestRequest(SOURCE, **asked), None))  # type: ignore[arg-type]  # not fetched


def test_item_when_asked_again_and_gone_then_none(fetch: HttpFetch) -> None:
    assert cdc_phil.ask_again("90014", HarvestRequest(SOURCE), fetch) is None


@pytest.mark.parametrize("pid", ["90009", "90010", "90011", "90012", "90013"])
def test_item_when_asked_again_and_its_page_is_broken_then_nothing_is_withdrawn(fetch: HttpFetch, pid: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        cdc_phil.ask_again(pid, HarvestRequest(SOURCE), fetch)
    assert caught.value.code == "page-not-understood"


def test_item_when_its_restrictions_changed_then_the_page_asked_again_says_so(mirror: Mirror, fetch: HttpFetch) -> None:
    page = body("phil_6.2011.html").replace(b"<B>None</b>", b"<B>Yes</b>")
    mirror.put(PAGE.format(6), page)
    document = cdc_phil.ask_again("6", HarvestRequest(SOURCE), fetch)
    assert document
    assert verdict(cdc_phil.read(document, SOURCE)) == "copyright-protected"


def test_site_when_every_page_is_broken_then_stopped(mirror: Mirror, fetch: HttpFetch) -> None:
    for pid in range(1, 30):
        mirror.put(PAGE.format(pid), body("phil_sessionexpired.2011.html"))
    with pytest.raises(Stopped, match="10 items in a row"):
        list(cdc_phil.harvest(HarvestRequest(SOURCE, query="1-30"), fetch))


@pytest.mark.parametrize(
    ("path", "is_own"),
    [
        ("/PHIL_Images/6886/6886_lores.jpg", True),
        ("/PHIL_Images/04301999/00025/40G0035_lores.jpg", True),
        ("/PHIL_Images/20031202/2f3e4b6a/6886_lores.jpg", True),
        ("/PHIL_Images/7000/7000_lores.jpg", False),
        ("/phil_images/%37000/a_lores.jpg", False),
        ("/PHIL_Images/20031202/2f3e4b6a/5223_lores.jpg", False),
        ('/PHIL_Images/04301999/a_lores.jpg" alt="PHIL Image 7000', False),
    ],
)
def test_file_when_its_address_or_name_is_another_images_then_none(path: str, is_own: bool) -> None:
    item = read("RECONSTRUCTED_6886.html", 6886, old="/PHIL_Images/6886/6886_lores.jpg", new=path)
    assert bool(item.file) is is_own
    assert verdict(item) == ("LicenseRef-Public-Domain" if is_own else "no-file")


def test_file_when_the_link_leads_to_another_images_then_the_own_preview() -> None:
    item = read("RECONSTRUCTED_6886.html", 6886, old="download.asp", new="/PHIL_Images/7000/7000.tif")
    assert item.file == FileRef("https://phil.cdc.gov/PHIL_Images/6886/6886_lores.jpg")


NONE = "None - This image is in the public domain and thus free of any copyright restrictions."
ROW = f"<table><tr><td><b>Copyright Restrictions:</b></td><td>{NONE}</td></tr></table>"


@pytest.mark.parametrize(
    "elsewhere",
    [
        f"</table><footer><p>Copyright Restrictions: {NONE}</p></footer>",
        f"</table>{ROW}",
        f"<tr><td>{ROW}</td></tr></table>",
        f"<tr><td>See also:</td><td>Copyright Restrictions: {NONE}</td></tr></table>",
        f"<tr><td><b>Description:</b>A hand. <b>Copyright Restrictions:</b> {NONE}</td></tr></table>",
        f"</table><iframe>{ROW}</iframe>",
        f"</table><xmp>{ROW}</xmp>",
        f"<tr><td><b>Copyright Restriction:</b>Yes - protected</td></tr></table>{ROW}",
    ],
)
def test_restrictions_when_the_own_row_is_not_there_then_no_other_place_stands_in(elsewhere: str) -> None:
    page = body("RECONSTRUCTED_6886.html").replace(b"Copyright Restrictions:", b"Note:")
    page = page.replace(b"</table>", elsewhere.encode())
    item = cdc_phil.read(Document(page, PAGE.format(6886), "text/html"), SOURCE)
    assert item.statements == ()
    assert item.faults


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Photo Credit:</b>", "Photo Credit:</b>© Elsevier, all rights reserved"),
        ("Providers(s):</b>CDC", "Providers(s):</b>© American Academy of Pediatrics"),
        ("pathogen.", "pathogen. (c) 2010 AAP"),
        ("pathogen.", "pathogen. ( C ) 2010 AAP"),
        ("pathogen.", "pathogen, licensed from Getty."),
        ("pathogen.", "pathogen. Used with per&shy;mission."),
    ],
)
def test_row_when_any_speaks_of_rights_then_a_curator_reads_it_first(old: str, new: str) -> None:
    assert [one.code for one in read("RECONSTRUCTED_6886.html", 6886, old=old, new=new).doubts] == ["rights-in-caption"]


@given(st.data())
def test_refusing_page_when_garbled_then_no_license_comes_out(data: st.DataObject) -> None:
    page = body("RECONSTRUCTED_details_copyrighted.html")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(page)))
        much = data.draw(st.integers(0, 80))
        page = (
            page[:at]
            + data.draw(st.sampled_from([b"", b"<", b">", b"\xff", b"<tr><td>", page[at : at + 9]]))
            + page[at + much :]
        )
    item = cdc_phil.read(Document(page, PAGE.format(99999), "text/html"), SOURCE)
    assert isinstance(judged(SOURCE, replace(item, file=None)), Refusal)
    assert item.statements == ()
