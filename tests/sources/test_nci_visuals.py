"""NCI Visuals Online's pages, as stored text and public readers tell of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.harvest import FetchFailed, HarvestRequest
from dermref.registry.load import load_source
from dermref.sources import nci_visuals
from dermref.sources.fetch import HttpFetch
from mirror import SOURCES, Mirror
from mirrored import judged, verdict_on

SOURCE = load_source("nci-visuals")
FOLDER = SOURCES / "nci-visuals"
PAGE = "https://visualsonline.cancer.gov/details.cfm?imageid={}"


def body(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read(name: str, image_id: int, *, old: str = "", new: str = "") -> Harvested:
    page = body(name)
    assert old.encode() in page
    document = Document(page.replace(old.encode(), new.encode()), PAGE.format(image_id), "text/html")
    return nci_visuals.read(document, SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


@pytest.fixture
def fetch() -> Iterator[HttpFetch]:
    with Mirror("nci-visuals") as mirror, HttpFetch(None, base_url=mirror.base_url, is_mirrored=True) as client:
        yield client


def test_page_when_read_then_source_and_creator_are_kept_apart() -> None:
    item = read("RECONSTRUCTED_details_2304.html", 2304)
    assert (item.contributor, item.creator) == ("National Cancer Institute", "Dr. Cecil Fox")
    assert item.metadata["Creator"] == "Dr. Cecil Fox (Photographer)"
    assert item.metadata["AV Number"] == "AV-8711-3168"
    assert item.depiction.title == "Normal Cells"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Daniel Sone (Photographer)", "Daniel Sone"),
        ("Terese Winslow (Illustrator)", "Terese Winslow"),
        ("Terese Winslow (illustrator)", "Terese Winslow"),
        ("A B (Photographer), C D (Artist)", "A B, C D"),
        ("Unknown (Photographer), C D (Artist)", "C D"),
        ("A. Nobody (Somewhere)", "A. Nobody (Somewhere)"),
        ("(Photographer)", None),
        ("Unknown photographer", None),
        ("Unknown (Photographer)", None),
        ("", None),
    ],
)
def test_creator_when_a_role_stands_behind_then_the_name_alone(said: str, name: str | None) -> None:
    assert read("RECONSTRUCTED_9068.html", 9068, old="Daniel Sone (Photographer)", new=said).creator == name


def test_rows_when_plain_lines_without_a_table_then_read_alike() -> None:
    item = read("RECONSTRUCTED_plain_rows.html", 80001)
    assert (item.depiction.title, item.depiction.condition) == ("An older page", "Melanoma")
    assert verdict(item) == "LicenseRef-Public-Domain"


def test_protected_image_when_read_then_its_holder_is_named_and_nothing_is_stated() -> None:
    item = read("RECONSTRUCTED_7282.html", 7282)
    assert (item.rights_holder, item.statements) == ("Terese Winslow", ())
    assert verdict(item) == "copyright-protected"


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["dpi=72&fileformat=jpg", "dpi=300&fileformat=jpg", "dpi=150&fileformat=jpg"], 1),
        (["dpi=300&fileformat=tif", "dpi=300&fileformat=png", "dpi=300&fileformat=JPG"], 2),
        (["dpi=72&fileformat=jpg", "dpi=600&fileformat=pdf", "dpi=high&fileformat=jpg"], 0),
        (["fileformat=jpg&dpi=300", "dpi=72&fileformat=jpg"], 0),
    ],
)
def test_file_when_several_are_offered_then_the_finest_and_never_built(offered: list[str], chosen: int) -> None:
    links = "".join(f'<a href="/retrieve.cfm?imageid=80002&amp;{one}">x</a>' for one in offered)
    page = f"<html><p>Title: x<br>Source: y<br>Creator: z<br>Type: w</p>{links}</html>"
    item = nci_visuals.read(Document(page.encode(), PAGE.format(80002)), SOURCE)
    assert item.file
    assert item.file.url == f"https://visualsonline.cancer.gov/retrieve.cfm?imageid=80002&{offered[chosen]}"


@pytest.mark.parametrize(
    ("name", "image_id", "code"),
    [
        ("RECONSTRUCTED_other_item.html", 80007, "wrong-item"),
        ("RECONSTRUCTED_9068.html", 2304, "wrong-item"),
        ("RECONSTRUCTED_holder.html", 80008, "restriction-contradicted"),
        ("RECONSTRUCTED_source_twice.html", 80006, "label-twice"),
        ("RECONSTRUCTED_search.html", 80013, "page-not-understood"),
    ],
)
def test_page_when_in_doubt_about_itself_then_a_fault_and_no_statement(name: str, image_id: int, code: str) -> None:
    item = read(name, image_id)
    assert (item.faults[0].code, item.statements) == (code, ())


def test_page_when_its_files_are_of_several_images_then_of_none() -> None:
    item = read(
        "RECONSTRUCTED_9068.html",
        9068,
        old="</ul>",
        new='</ul><img src="retrieve.cfm?imageid=1&dpi=72&fileformat=jpg">',
    )
    assert verdict(item) == "wrong-item"


NONES = {
    "None - This image is in the public domain and can be freely reused.": True,
    "None - This image is in the public domain and can be freely reused. Please credit the source and/or author listed"
    " above": True,
    "None - Public Domain": False,
    "None - This image is in the public domain and can be freely reused. Please credit A Publisher, Inc.": False,
    "None, for members.": False,
}


@pytest.mark.parametrize("said", NONES)
def test_cell_when_it_begins_with_none_then_its_own_words_are_the_statement(said: str) -> None:
    cell = (
        "None - This image is in the public domain and can be freely reused. Please credit the source and, where"
        " possible, the creator listed above."
    )
    item = read("RECONSTRUCTED_9068.html", 9068, old=cell, new=said)
    assert [one.text for one in item.statements] == [said]
    assert verdict(item) == ("LicenseRef-Public-Domain" if NONES[said] else "unknown-license")


def test_recorded_pages_when_harvested_then_each_file_has_a_name_of_its_own(tmp_path: Path) -> None:
    for name in ("RECONSTRUCTED_9068.html", "RECONSTRUCTED_details_2304.html", "RECONSTRUCTED_error.html"):
        (tmp_path / name).write_bytes(body(name))
    [page] = nci_visuals.harvest(HarvestRequest(SOURCE, folder=tmp_path), None)  # type: ignore[arg-type]  # not fetched
    assert [item.file and item.file.path for item in page.items] == [
        tmp_path / "files" / "9068.jpg",
        tmp_path / "files" / "2304.jpg",
    ]
    assert [one.foreign_id for one in page.missed] == ["RECONSTRUCTED_error.html"]


def test_harvest_when_no_image_is_named_then_one_sentence_says_how_to() -> None:
    with pytest.raises(Stopped, match="--query"):
        list(nci_visuals.harvest(HarvestRequest(SOURCE), None))  # type: ignore[arg-type]  # not fetched


def test_item_when_asked_again_then_gone_is_none_and_broken_is_a_fault(fetch: HttpFetch) -> None:
    request = HarvestRequest(SOURCE)
    assert nci_visuals.ask_again("80014", request, fetch) is None
    for broken in ("80012", "80013", "80020"):
        with pytest.raises(FetchFailed):
            nci_visuals.ask_again(broken, request, fetch)


@pytest.mark.parametrize(
    ("old", "new", "verdict_or_doubt"),
    [
        ("A large bag", "© 2010 Terese Winslow LLC. All rights reserved. A large bag", "rights-in-caption"),
        ("<td>National Cancer Institute", "<td>© Stock photo, used with permission", "rights-in-caption"),
        ("<footer>", "<p>This image is Copyright Protected</p><footer>", "rights-in-caption"),
        ("<tr><th>Type", "<tr><th>Copyright holder:</th><td>X</td></tr><tr><th>Type", "restriction-unclear"),
        ("<tr><th>Reuse", "</table><table><tr><th>Reuse", "restriction-elsewhere"),
    ],
)
def test_page_when_anything_else_on_it_speaks_of_rights_then_kept_back(
    old: str, new: str, verdict_or_doubt: str
) -> None:
    item = read("RECONSTRUCTED_9068.html", 9068, old=old, new=new)
    assert [one.code for one in item.faults or item.doubts] == [verdict_or_doubt]


@given(st.integers(0, 3000), st.integers(0, 200), st.sampled_from([b"", b"<", b">", b"\xff", b"<tr><th>", b"</table>"]))
def test_refusing_page_when_garbled_then_no_license_comes_out(at: int, much: int, scrap: bytes) -> None:
    page = body("RECONSTRUCTED_7282.html")
    garbled = page[:at] + scrap + page[at + much :]
    item = nci_visuals.read(Document(garbled, PAGE.format(7282), "text/html"), SOURCE)
    assert item.statements == ()
    assert isinstance(judged(SOURCE, item), Refusal)
