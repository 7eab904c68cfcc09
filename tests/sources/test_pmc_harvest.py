"""The protocol of PubMed Central: versions, lists of names, searches, folders, and what cannot be had."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document
from dermref.model.harvest import BadCursor, FetchFailed, HarvestRequest
from dermref.sources import pmc
from dermref.sources.fetch import HttpFetch
from dermref.sources.pmc_bucket import own_address
from dermref.sources.reading import canonical
from mirror import Mirror
from pmc_documents import BUCKET, EXPECTED, FOLDER, SOURCE, envelope, harvest, ids, no_fetch, outcome


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror("pmc-oa") as running:
        yield running


def test_versions_when_the_newest_is_a_manuscript_then_the_published_one_counts(mirror: Mirror) -> None:
    (page,) = harvest(mirror, "PMC900000014")
    assert [urlsplit(item.document.url).path for item in page.items] == ["/PMC900000014.1/PMC900000014.1.xml"]


def test_versions_when_any_is_retracted_then_that_one_counts(mirror: Mirror) -> None:
    url = f"{BUCKET}PMC900000014.2/PMC900000014.2.json"
    mirror.put(url, json.dumps(envelope("PMC900000014.2", is_retracted=True)["metadata"]).encode())
    (page,) = harvest(mirror, "PMC900000014")
    assert [fault.code for fault in page.items[0].faults][:1] == ["retracted"]


def test_names_when_written_in_any_way_then_each_article_is_asked_for_once(mirror: Mirror) -> None:
    pages = harvest(mirror, "pmc8060433, PMC8027102\nPMC08060433; PMC900000099")
    assert ids(pages) == ["PMC8060433", "PMC8027102"]
    assert pages[0].absent == ("PMC900000099",)
    assert pages[-1].next_cursor is None


def test_record_when_it_lies_among_those_of_all_articles_then_it_is_found_there(mirror: Mirror) -> None:
    url = f"{BUCKET}PMC8060433.1/PMC8060433.1.json"
    mirror.put(f"{BUCKET}metadata/PMC8060433.1.json", json.dumps(envelope("PMC8060433.1")["metadata"]).encode())
    mirror.remove(url)
    (page,) = harvest(mirror, "PMC8060433")
    assert [outcome(item) for item in page.items] == ["CC-BY-4.0"] * 3
    mirror.remove(f"{BUCKET}metadata/PMC8060433.1.json")
    (page,) = harvest(mirror, "PMC8060433")
    assert [one.refusal.code for one in page.missed] == ["no-record"]


def test_envelope_when_the_record_is_of_another_article_than_its_folder_then_mixed_up() -> None:
    whole = envelope("PMC1790863.1", pmcid="PMC8")
    whole["xml"] = whole["xml"].replace('pub-id-type="pmc"', 'pub-id-type="x"')
    item = pmc.read(Document(canonical(whole), f"{whole['xml_url']}#pone-0000217-g001/pone.0000217.g001"), SOURCE)
    assert "mixed-up" in [fault.code for fault in item.faults]
    assert item.file is None


@pytest.mark.parametrize(
    ("pmcid", "code"),
    [
        ("PMC900000023", "wrong-checksum"),
        ("PMC900000024", "no-xml"),
        ("PMC900000025", "bad-record"),
        ("PMC900000026", "http-404"),
    ],
)
def test_article_when_it_cannot_be_had_this_time_then_it_is_missed(mirror: Mirror, pmcid: str, code: str) -> None:
    (page,) = harvest(mirror, pmcid)
    assert [(one.foreign_id, one.refusal.code) for one in page.missed] == [(pmcid, code)]
    assert page.items == ()


LIST = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>{}</Prefix>{}</ListBucketResult>'


@pytest.mark.parametrize(
    "listing",
    [
        "",
        "<html><title>Sign in</title></html>",
        "<!DOCTYPE a [<!ENTITY a 'b'>]>" + LIST.format("PMC8060433.", ""),
        LIST.format("PMC1.", "<CommonPrefixes><Prefix>PMC1.1/</Prefix></CommonPrefixes>"),
        LIST.format("PMC8060433.", "<IsTruncated>true</IsTruncated>"),
        LIST.format("PMC8060433.", "<IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken>"),
    ],
)
def test_listing_when_of_another_form_or_endless_then_the_article_is_missed(mirror: Mirror, listing: str) -> None:
    mirror.put(f"{BUCKET}?list-type=2&prefix=PMC8060433.&delimiter=%2F", listing.encode())
    (page,) = harvest(mirror, "PMC8060433")
    assert [one.refusal.code for one in page.missed] == ["bad-listing"]


def test_articles_when_ten_in_a_row_cannot_be_had_then_stopped(mirror: Mirror) -> None:
    with pytest.raises(Stopped, match="10 items in a row"):
        harvest(mirror, " ".join(f"PMC{number}" for number in range(1, 40)))


@pytest.mark.parametrize(
    "address",
    [
        "s3://another/PMC1.1/a.xml",
        "s3://pmc-oa-opendata/PMC2.1/a.xml",
        "s3://pmc-oa-opendata/PMC1.1/../PMC2.1/a.xml",
        "s3://pmc-oa-opendata/PMC1.1/a.xml?md5=zz",
        "s3://pmc-oa-opendata/PMC1.1/a.xml#x",
        "https://pmc-oa-opendata.s3.amazonaws.com/PMC1.1/a.xml",
        "file:///etc/passwd",
        None,
        7,
    ],
)
def test_address_when_it_leads_anywhere_but_into_the_articles_folder_then_refused(address: object) -> None:
    assert own_address(address, BUCKET, folder=f"{BUCKET}PMC1.1") is None
    assert own_address("s3://pmc-oa-opendata/PMC1.1/a b.xml?md5=" + "A" * 32, BUCKET, folder=f"{BUCKET}PMC1.1") is None
    good = own_address("s3://pmc-oa-opendata/PMC1.1/a.xml?md5=" + "A" * 32, BUCKET, folder=f"{BUCKET}PMC1.1")
    assert good == (f"{BUCKET}PMC1.1/a.xml", "a" * 32)


# The search


def test_search_when_it_has_several_pages_then_all_open_articles_come_once_a_page_and_it_ends(mirror: Mirror) -> None:
    pages = harvest(mirror, "dermoscopy")
    assert ids(pages)[:2] == ["PMC8060433", "PMC8027102"]
    assert ids(pages)[-1] == "PMC8023327"
    assert "PMC1" not in [one.foreign_id for page in pages for one in page.missed]  # found, and not open access
    assert pages[-1].next_cursor is None


def test_search_when_resumed_at_any_cursor_then_the_rest_is_the_same(mirror: Mirror) -> None:
    pages = harvest(mirror, "dermoscopy")
    assert len(pages) >= 3
    for number, page in enumerate(pages[:-1], 1):
        assert harvest(mirror, "dermoscopy", cursor=page.next_cursor) == pages[number:]


def test_search_when_asked_by_date_then_the_archive_is_asked_for_changes(mirror: Mirror) -> None:
    assert ids(harvest(mirror, "dermoscopy", since="2026-10-01")) == ["PMC8023327"]


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "2026-10-01 OR x"])
def test_date_when_it_is_none_then_said_so(mirror: Mirror, since: str) -> None:
    with pytest.raises(Stopped, match="is no day"):
        harvest(mirror, "dermoscopy", since=since)


def test_date_when_articles_are_named_then_refused(mirror: Mirror) -> None:
    with pytest.raises(Stopped, match="leave --since out"):
        harvest(mirror, "PMC1", since="2026-10-01")


@pytest.mark.parametrize(
    ("query", "cursor"), [("dermoscopy", "nonsense"), ("dermoscopy", "1@"), ("PMC1 PMC2", "7"), ("PMC1 PMC2", "x")]
)
def test_cursor_when_it_cannot_be_read_then_the_run_begins_anew(mirror: Mirror, query: str, cursor: str) -> None:
    with pytest.raises(BadCursor):
        harvest(mirror, query, cursor=cursor)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"<html>", b'{"resultList": 3}', b'{"resultList": {"result": []}, "nextCursorMark": 7}']
)
def test_search_when_the_answer_is_no_page_then_stopped(mirror: Mirror, body: bytes) -> None:
    url = next(route.place for route in mirror.routes if route.place.startswith("www.ebi.ac.uk"))
    mirror.routes = [route for route in mirror.routes if not route.place.startswith("www.ebi.ac.uk")]
    mirror.put(f"https://{url}", body)
    with pytest.raises(Stopped, match="not a page of Europe PMC"):
        harvest(mirror, "dermoscopy")


# Again, and from a folder


def test_figure_when_asked_again_and_the_article_is_gone_then_none(mirror: Mirror) -> None:
    with HttpFetch(None, base_url=mirror.base_url, is_mirrored=True) as fetch:
        request = HarvestRequest(SOURCE, base_url=mirror.base_url)
        assert pmc.ask_again("PMC900000099/fig1/gr1", request, fetch) is None
        assert pmc.ask_again("PMC8060433/F9/gone", request, fetch) is None
        assert pmc.ask_again("PMC8060433/F1/fmed-08-631642-g0001", request, fetch) is not None


def test_figure_when_asked_again_and_the_article_is_retracted_then_its_document_says_so(mirror: Mirror) -> None:
    with HttpFetch(None, base_url=mirror.base_url, is_mirrored=True) as fetch:
        document = pmc.ask_again("PMC900000011/fig1/gr1", HarvestRequest(SOURCE), fetch)
    assert document is not None
    assert outcome(pmc.read(document, SOURCE)) == "retracted"


def test_figure_when_asked_again_and_the_bucket_is_broken_then_nothing_is_said_against_it(mirror: Mirror) -> None:
    with (
        HttpFetch(None, base_url=mirror.base_url, is_mirrored=True) as fetch,
        pytest.raises(FetchFailed, match="is not the file"),
    ):
        pmc.ask_again("PMC900000023/fig1/gr1", HarvestRequest(SOURCE), fetch)


def test_folder_when_harvested_then_it_says_the_same_as_the_bucket(mirror: Mirror) -> None:
    live = {item.foreign_id: item for page in harvest(mirror, EXPECTED["query"]) for item in page.items}
    pages = list(pmc.harvest(HarvestRequest(SOURCE, folder=FOLDER), no_fetch))
    items = [item for page in pages for item in page.items]
    assert all(item.document == live[item.foreign_id].document for item in items if item.foreign_id in live)
    picture = next(item.file for item in items if item.file)
    assert picture.path == FOLDER / "PMC1790863.1" / "pone.0000217.g001.jpg"
    rest = list(pmc.harvest(HarvestRequest(SOURCE, folder=FOLDER, cursor=pages[0].next_cursor), no_fetch))
    assert rest == pages[1:]


def test_folder_when_a_document_lacks_then_that_article_is_missed_and_no_other(tmp_path: Path) -> None:
    for name in ("PMC8060433.1", "PMC8027102.1"):
        shutil.copytree(FOLDER / name, tmp_path / name)
    (tmp_path / "PMC8060433.1" / "PMC8060433.1.xml").unlink()
    (page,) = pmc.harvest(HarvestRequest(SOURCE, folder=tmp_path), no_fetch)
    assert [one.foreign_id for one in page.missed] == ["PMC8060433"]
    assert ids([page]) == ["PMC8027102"]


def test_folder_when_it_holds_no_article_then_said_so(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="holds no articles"):
        list(pmc.harvest(HarvestRequest(SOURCE, folder=tmp_path), no_fetch))
