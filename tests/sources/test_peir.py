"""PEIR's records: no license stands on any of them, so what counts is whether anybody else is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested
from dermref.model.harvest import BadCursor, FetchFailed, HarvestRequest, Page
from dermref.model.policy import Restriction
from dermref.registry.load import load_source
from dermref.sources import peir
from dermref.sources.fetch import HttpFetch
from dermref.sources.piwigo import hex_md5, result_of
from mirror import SOURCES, Mirror
from mirrored import fetch, mirror_of, verdict_on

__all__ = ["fetch"]

SOURCE = load_source("peir")
FOLDER = SOURCES / "peir"
API = "https://peir.path.uab.edu/library/ws.php?format=json&method="
INFO = f"{API}pwg.images.getInfo&image_id="
LIST = f"{API}pwg.categories.getImages&cat_id="
RECORD: dict[str, Any] = json.loads((FOLDER / "RECONSTRUCTED_getInfo_25279.json").read_text("utf-8"))["result"]


def read(**changes: object) -> Harvested:
    return peir.read(Document(json.dumps({**RECORD, **changes}).encode(), f"{INFO}25279"), SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


def reply(result: object) -> bytes:
    return json.dumps({"stat": "ok", "result": result}).encode()


mirror = mirror_of("peir")


def harvest(fetch: HttpFetch, **asked: str) -> list[Page]:
    return list(peir.harvest(HarvestRequest(SOURCE, **asked), fetch))


def test_record_when_read_then_its_words_and_file_are_the_librarys() -> None:
    item = read()
    assert (item.foreign_id, item.creator, item.statements, item.restrictions) == ("25279", "Peter Anderson", (), ())
    assert (item.depiction.title, item.depiction.modality) == ("HISTOLOGY: SKIN: HERPES, VESICLE", "histopathology")
    assert item.file
    assert item.file.checksum == f"md5:{RECORD['md5sum']}"
    assert item.landing_url == RECORD["page_url"]
    assert item.metadata["tags"] == ["herpes simplex"]
    assert verdict(item) == "LicenseRef-peir"


@pytest.mark.parametrize(
    "said",
    [
        {"comment": "SKIN: Nevus © A Publisher"},
        {"comment": "SKIN: Nevus &copy;2001"},
        {"comment": "<p>Used with <i>permission</i></p>"},
        {"comment": "Copyright 1999, A Publisher. All rights reserved."},
        {"comment": "COURTESY OF Dr. A. Nobody"},
        {"comment_raw": "[courtesy of a friend]"},
        {"name": "Reprinted from a book"},
        {"author": "courtesy of CDC"},
        {"comments": [{"content": "my picture, no permission given"}]},
        {"comment": "SKIN: Nevus \N{CIRCLED LATIN SMALL LETTER C} A Publisher"},
        {"comment": "SKIN: Nevus ( c ) 2010"},
        {"comment": "SKIN: Nevus. Photograph by J Doe"},
        {"comment": "From: Robbins and Cotran"},
        {"comment": "Taken from NEJM"},
        {"comment": "Contributed by A. Nobody"},
        {"comment": "Provided by AFIP"},
        {"comment": "Source: Elsevier"},
        {"comment": "Credits: J"},
        {"comment": "with permiss&shy;ion"},
        {"tags": [{"name": "© Elsevier"}]},
        {"categories": [{"name": "Images courtesy of AFIP"}]},
    ],
)
def test_record_when_somebody_else_is_credited_then_the_sites_terms_never_cover_it(said: dict[str, object]) -> None:
    item = read(**said)
    assert item.restrictions == (Restriction.THIRD_PARTY,)
    assert verdict(item) == "third-party-credit"


@pytest.mark.parametrize("said", ["A permissive lesion, discourteous", "Micro photographs", "SKIN: Nevus"])
def test_record_when_a_cue_is_only_part_of_a_word_then_nobody_is_credited(said: str) -> None:
    assert read(comment=said).restrictions == ()


@pytest.mark.parametrize(
    ("author", "creator", "contributor", "doubts"),
    [
        ("Peter Anderson", "Peter Anderson", None, []),
        ("PEIR Digital Library", None, "PEIR Digital Library", []),
        ("", None, None, []),
        (None, None, None, []),
        ("Peter Andersen", "Peter Andersen", None, ["author-unknown"]),
        ("UAB, and A. Nobody", "UAB, and A. Nobody", None, ["author-unknown"]),
    ],
)
def test_author_when_not_known_as_the_departments_own_then_a_curator_decides(
    author: str | None, creator: str | None, contributor: str | None, doubts: list[str]
) -> None:
    item = read(author=author)
    assert (item.creator, item.contributor, [one.code for one in item.doubts]) == (creator, contributor, doubts)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"level": "4"}, "not-public"),
        ({"level": None}, "not-public"),
        ({"level": "0 "}, "not-public"),
        ({"element_url": None}, "no-file"),
        ({"element_url": "http://10.100.230.78/upload/x.jpg"}, "no-file"),
        ({"element_url": "https://peir.path.uab.edu.example/x.jpg"}, "no-file"),
        ({"element_url": "file:///etc/passwd"}, "no-file"),
        ({"element_url": "http://[::1"}, "no-file"),
        ({"author": ["Other"]}, "record-garbled"),
        ({"author": {"name": "Other"}}, "record-garbled"),
        ({"author": 5}, "record-garbled"),
        ({"comment": {"en": "© A Publisher"}}, "record-garbled"),
        ({"tags": "© A Publisher"}, "record-garbled"),
        ({"comments": [{"content": ["© A Publisher"]}]}, "record-garbled"),
        ({"id": 25280}, "wrong-item"),
        ({"id": None}, "page-not-understood"),
        ({"id": True}, "page-not-understood"),
    ],
)
def test_record_when_garbled_then_a_fault_and_no_guess(change: dict[str, object], code: str) -> None:
    assert code in [fault.code for fault in read(**change).faults]


@pytest.mark.parametrize("page_url", ["http://10.0.0.1/picture.php?/25279", "http://[::1", ["x"], None])
def test_page_when_on_no_host_of_the_library_then_its_own_address_of_it(page_url: object) -> None:
    assert read(page_url=page_url).landing_url.endswith("uab.edu/library/picture.php?/25279")


@pytest.mark.parametrize(
    ("caption", "modality"),
    [
        ("GROSS: HEART: Infarct: Gross excellent example, micro is 916", "gross"),
        ("IMMUNOHISTOCHEMISTRY: NERVOUS: Brain", "histopathology"),
        ("PATIENT: BODY: Ulcerations", "clinical"),
        ("SKIN: Melanoma: Micro med mag H&amp;E", "histopathology"),
        ("SKIN: gross and micro", None),
        ("SKIN: Melanoma, microscopic", None),
        ("", None),
    ],
)
def test_modality_when_the_caption_says_it_then_by_its_words_alone(caption: str, modality: str | None) -> None:
    assert read(comment=caption).depiction.modality == modality


@pytest.mark.parametrize("said", ["", "none", "D41D8CD98F00B204E9800998ECF8427", 5, None, "g" * 32])
def test_md5_when_not_32_hex_digits_then_none(said: object) -> None:
    assert hex_md5({"md5sum": said}) is None


def test_record_when_only_its_visitors_changed_then_the_document_is_the_same(mirror: Mirror, fetch: HttpFetch) -> None:
    request = HarvestRequest(SOURCE)
    first = peir.ask_again("25279", request, fetch)
    busy = {"hit": 999, "rates": {"score": 5}, "rating_score": "5", "comment_post": {"key": "x"}, "is_favorite": False}
    mirror.put(f"{INFO}25279", reply({**RECORD, **busy}))
    assert peir.ask_again("25279", request, fetch) == first


def test_category_when_harvested_then_in_pages_as_large_as_the_server_makes_them(fetch: HttpFetch) -> None:
    pages = harvest(fetch)
    assert [page.next_cursor for page in pages] == ["1", "2", None]
    assert {page.total for page in pages} == {20}
    assert pages[0].items[2].foreign_id == "171"


def test_ids_when_asked_for_then_those_that_are_not_there_are_absent(fetch: HttpFetch) -> None:
    [page] = harvest(fetch, query="8, 40011-40013")
    assert [item.foreign_id for item in page.items] == ["8"]
    assert page.absent == ("40011", "40012")
    assert [one.foreign_id for one in page.missed] == ["40013"]


def test_category_when_asked_by_date_then_the_gallery_is(fetch: HttpFetch) -> None:
    [page] = harvest(fetch, query="category:2", since="2013-08-06")
    assert [item.foreign_id for item in page.items] == ["25279"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"query": "8", "since": "2013-08-06"}, "by date"),
        ({"since": "yesterday"}, "by date"),
        ({"query": "category:skin"}, "neither an id"),
        ({"query": "category:404"}, "does not list category 404"),
    ],
)
def test_harvest_when_asked_for_what_the_library_has_not_then_one_sentence(
    fetch: HttpFetch, asked: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Stopped, match=sentence):
        harvest(fetch, **asked)


def test_cursor_when_no_page_number_then_bad(fetch: HttpFetch) -> None:
    with pytest.raises(BadCursor):
        harvest(fetch, cursor="https://peir.path.uab.edu/")


@pytest.mark.parametrize(
    "listing",
    [
        b"<html>",
        b"[]",
        b'{"stat":"ok"}',
        b'{"stat":"fail","err":401,"message":"Access denied"}',
        reply({"images": {"a": 1}}),
        reply({"images": [{"id": "x"}]}),
        reply({"paging": {"page": 3}, "images": [{"id": 8}]}),
        reply({"paging": {"page": 0, "per_page": 100, "total_count": 500}, "images": []}),
    ],
)
def test_listing_when_not_as_expected_then_stopped(mirror: Mirror, fetch: HttpFetch, listing: bytes) -> None:
    mirror.put(f"{LIST}2&page=0", listing)
    with pytest.raises(Stopped):
        harvest(fetch)


def test_images_when_ten_in_a_row_are_missed_then_stopped(mirror: Mirror, fetch: HttpFetch) -> None:
    listed = {
        "paging": {"page": 0, "per_page": 100, "total_count": 12},
        "images": [{"id": one} for one in range(101, 113)],
    }
    mirror.put(f"{LIST}2&page=0", reply(listed))
    with pytest.raises(Stopped, match="10 items in a row"):
        harvest(fetch)


@pytest.mark.parametrize("image", ["40011", "40012"])
def test_image_when_asked_again_and_not_shown_then_none(fetch: HttpFetch, image: str) -> None:
    assert peir.ask_again(image, HarvestRequest(SOURCE), fetch) is None


@pytest.mark.parametrize("image", ["40011", "40012", "999"])
def test_image_when_asked_again_and_the_whole_interface_is_closed_then_nothing_is_withdrawn(
    mirror: Mirror, fetch: HttpFetch, image: str
) -> None:
    mirror.put(f"{LIST}2&page=0", b'{"stat":"fail","err":401,"message":"Access denied"}', status=401)
    with pytest.raises(FetchFailed):
        peir.ask_again(image, HarvestRequest(SOURCE), fetch)


def test_reply_of_another_gallery_when_real_then_its_listing_is_understood() -> None:
    result = result_of((FOLDER / "getImages_ruby_piwigo_api_fixture.json").read_bytes(), "u")
    assert [image["id"] for image in result["images"]] == [39, 40]
    assert result["paging"]["total_count"] == "29"


def test_recorded_replies_when_harvested_then_those_of_images_alone(tmp_path: Path) -> None:
    for name in ("RECONSTRUCTED_getInfo_8.json", "RECONSTRUCTED_getImages_0.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    (tmp_path / "error.json").write_text('{"stat":"fail","err":404,"message":"image_id not found"}')
    [page] = peir.harvest(HarvestRequest(SOURCE, folder=tmp_path), None)  # type: ignore[arg-type]  # not fetched
    assert [item.foreign_id for item in page.items] == ["8"]
    assert {one.foreign_id for one in page.missed} == {"RECONSTRUCTED_getImages_0.json", "error.json"}


@given(
    st.sampled_from(["©", "courtesy of", "all rights reserved", "permission"]),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_caption_when_anything_stands_around_a_cue_then_it_is_seen(cue: str, before: str, after: str) -> None:
    plain = before.replace("<", "").replace("&", ""), after.replace("<", "").replace("&", "")
    assert verdict(read(comment=f"{plain[0]} {cue} {plain[1]}")) in ("third-party-credit", "malformed")
