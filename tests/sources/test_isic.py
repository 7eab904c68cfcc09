"""The ISIC adapter reports what an image object says, word for word, and never more."""

import json
from pathlib import Path
from typing import Any

import pytest

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document
from dermref.model.harvest import Fetched, FetchFailed, HarvestRequest
from dermref.registry.load import load_source
from dermref.sources import isic

DEMO = Path(__file__).parents[2] / "demo" / "isic-archive"
SOURCE = load_source("isic-archive")
OBJECT: dict[str, Any] = json.loads((DEMO / "images-001.json").read_text(encoding="utf-8"))["results"][0]


def read(**changes: object) -> Any:
    body = json.dumps({**OBJECT, **changes}).encode()
    return isic.read(Document(body, "u"), SOURCE)


def no_fetch(url: str, *, max_bytes: int) -> Fetched:
    raise AssertionError("a folder needs no network")


def answer(body: object) -> Any:
    return lambda url, *, max_bytes: Fetched(url, json.dumps(body).encode(), "application/json")


def test_object_when_whole_then_license_and_attribution_are_verbatim() -> None:
    item = read()
    assert [one.text for one in item.statements] == [OBJECT["copyright_license"]]
    assert item.contributor == OBJECT["attribution"]
    assert item.metadata == OBJECT["metadata"]
    assert item.landing_url.endswith(f"/{OBJECT['isic_id']}/")
    assert item.faults == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"public": False}, "not-public"),
        ({"public": None}, "not-public"),
        ({"isic_id": "../../etc/passwd"}, "bad-id"),
        ({"isic_id": None}, "bad-id"),
        ({"files": {}}, "no-file"),
        ({"files": {"full": {"url": "file:///etc/passwd"}}}, "no-file"),
        ({"files": None}, "no-file"),
    ],
)
def test_object_when_garbled_then_fault_and_no_guess(change: dict[str, object], code: str) -> None:
    assert code in [fault.code for fault in read(**change).faults]


@pytest.mark.parametrize("missing", ["copyright_license", "attribution"])
def test_object_when_a_right_is_missing_then_nothing_stands_in(missing: str) -> None:
    item = read(**{missing: None})
    assert (item.statements == ()) if missing == "copyright_license" else (item.contributor is None)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"isic_id": 5}', b"\xff\xfe"])
def test_document_when_no_object_then_faults_not_a_traceback(body: bytes) -> None:
    assert isic.read(Document(body, "u"), SOURCE).faults


def test_folder_when_harvested_then_all_objects_with_local_files() -> None:
    pages = list(isic.harvest(HarvestRequest(SOURCE, folder=DEMO), no_fetch))
    items = [item for page in pages for item in page.items]
    assert len(items) == len({item.foreign_id for item in items}) >= 80
    assert all(item.file and item.file.path and item.file.path.is_file() for item in items)


def test_folder_when_resumed_then_earlier_pages_are_skipped() -> None:
    whole = list(isic.harvest(HarvestRequest(SOURCE, folder=DEMO), no_fetch))
    rest = list(isic.harvest(HarvestRequest(SOURCE, folder=DEMO, cursor=whole[0].next_cursor), no_fetch))
    assert rest == whole[1:]


@pytest.mark.parametrize("body", [{}, [], {"results": 3, "next": None}, {"results": [], "next": 7}])
def test_page_when_not_as_expected_then_stopped(body: object) -> None:
    with pytest.raises(Stopped, match="not a page"):
        list(isic.harvest(HarvestRequest(SOURCE, base_url="http://127.0.0.1:1/api/v2/"), answer(body)))


def test_next_link_when_on_another_host_then_stopped() -> None:
    page = {"results": [], "next": "http://169.254.169.254/latest/"}
    with pytest.raises(Stopped, match="another host"):
        list(isic.harvest(HarvestRequest(SOURCE, base_url="http://127.0.0.1:1/api/v2/"), answer(page)))


def test_date_when_asked_for_then_said_that_it_cannot() -> None:
    with pytest.raises(Stopped, match="by date"):
        list(isic.harvest(HarvestRequest(SOURCE, since="2026-01-01"), no_fetch))


def test_item_when_asked_again_and_gone_then_none() -> None:
    def gone(url: str, *, max_bytes: int) -> Fetched:
        raise FetchFailed("http-404", "gone", is_final=True, status=404)

    request = HarvestRequest(SOURCE, base_url="http://127.0.0.1:1/api/v2/")
    assert isic.ask_again("ISIC_0000000", request, gone) is None


COLLECTION = {
    "doi": "10.34970/012345",
    "doi_url": "https://doi.org/10.34970/012345",
    "id": 902,
    "name": "Example consecutive biopsies",
    "description": "Markdown **allowed**.",
    "public": True,
    "pinned": True,
    "locked": True,
}
API = "http://127.0.0.1:1/api/v2/"


def in_collection(query: str, told: object, *, collection: object = COLLECTION) -> tuple[list[Any], list[str]]:
    """What comes of a query for a collection, and the addresses that were asked; `told` are its attributions."""
    asked: list[str] = []
    answers = {"attribution/": told, "collections/902/": collection}

    def fetch(url: str, *, max_bytes: int) -> Fetched:
        asked.append(url.removeprefix(API))
        value = next((one for end, one in answers.items() if url.endswith(end)), {"results": [OBJECT], "next": None})
        if value is None:
            raise FetchFailed("http-404", "gone", is_final=True, status=404)
        return Fetched(url, json.dumps(value).encode(), "application/json")

    pages = list(isic.harvest(HarvestRequest(SOURCE, base_url=API, query=query), fetch))
    return [item for page in pages for item in page.items], asked


@pytest.mark.parametrize("public", ["true", 1, "yes", [True]])
def test_object_when_public_is_anything_but_true_then_it_is_not(public: object) -> None:
    assert [fault.code for fault in read(public=public).faults] == ["not-public"]


def test_age_when_a_truth_value_then_none() -> None:
    metadata = {**OBJECT["metadata"], "clinical": {"age_approx": True}}
    assert read(metadata=metadata).depiction.age is None


def test_collection_when_asked_for_then_the_archives_search_is_narrowed_to_it() -> None:
    _, asked = in_collection("collection:902 AND sex:male", [])
    assert asked == [
        "collections/902/",
        "collections/902/attribution/",
        "images/search/?limit=100&query=sex%3Amale&collections=902",
    ]
    assert in_collection("collection:902", [])[1][2] == "images/search/?limit=100&collections=902"


def test_collection_when_harvested_then_membership_and_both_attributions_are_kept() -> None:
    told = [{"license": OBJECT["copyright_license"], "attribution": "Example Hospital", "count": 7}]
    told += [{"license": "CC-BY-NC", "attribution": "Another Hospital", "count": 1}]
    [item], _ = in_collection("collection:902", told)
    assert item.metadata["collections"] == [{key: COLLECTION[key] for key in ("id", "name", "doi", "doi_url")}]
    both = {"of_the_cohort": OBJECT["attribution"], "of_the_image": "Example Hospital"}
    assert item.metadata["attributions"] == both
    assert item.contributor == item.rights_holder == OBJECT["attribution"], "what every listing says: it never flips"
    assert isic.read(item.document, SOURCE) == item


@pytest.mark.parametrize(
    "told",
    [
        [],
        None,
        [{"license": "CC-0", "attribution": "A", "count": 1}, {"license": "CC-0", "attribution": "B", "count": 1}],
        [{"license": "CC-0", "attribution": 5}, "garbled", {}],
        [{"license": "CC-BY", "attribution": "Of another license"}],
        {"not": "a list"},
    ],
)
def test_collection_when_its_attributions_do_not_settle_it_then_the_cohorts_stays(told: object) -> None:
    assert OBJECT["copyright_license"] == "CC-0"
    [item], _ = in_collection("collection:902", told)
    assert (item.contributor, item.metadata["attributions"]["of_the_image"]) == (OBJECT["attribution"], None)


@pytest.mark.parametrize("collection", [None, {}, [], {**COLLECTION, "id": 901}, "x"])
def test_collection_when_not_shown_or_another_then_stopped(collection: object) -> None:
    with pytest.raises(Stopped, match="collection"):
        in_collection("collection:902", [], collection=collection)


def test_object_when_wrapped_with_nonsense_then_no_more_comes_out_than_it_says() -> None:
    for body in (
        b'{"image":{},"collections":[]}',
        b'{"image":5}',
        b'{"image":{"isic_id":"ISIC_0000000"},"collections":7}',
    ):
        item = isic.read(Document(body, "u"), SOURCE)
        assert (item.statements, bool(item.faults)) == ((), True)
