"""The adapter of PubMed Central: which version of an article counts, what stands at a figure, what is never shown."""

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermref.model.asking import Operator
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal, Scope, Statement
from dermref.model.harvest import BadCursor, Fetched, FetchFailed, HarvestRequest, Page
from dermref.model.policy import Restriction
from dermref.registry.load import load_source
from dermref.services.judging import judge
from dermref.sources import pmc
from dermref.sources.fetch import HttpFetch
from dermref.sources.pmc_bucket import own_address
from dermref.sources.reading import canonical
from mirror import Mirror

FOLDER = Path(__file__).parent / "pmc-oa"
SOURCE = load_source("pmc-oa")
BUCKET = SOURCE.ingest.api_url or ""
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
ODD = "PMC900000010.1"


def no_fetch(url: str, **_: object) -> Fetched:
    raise AssertionError(f"a folder needs no network: {url}")


def envelope(name: str, **changes: object) -> dict[str, Any]:
    """The envelope of a document of the folder, its record changed."""
    record = json.loads((FOLDER / name / f"{name}.json").read_text("utf-8"))
    address = f"{BUCKET}{name}/{name}"
    xml = (FOLDER / name / f"{name}.xml").read_text("utf-8")
    return {
        "metadata_url": f"{address}.json",
        "metadata": {**record, **changes},
        "xml_url": f"{address}.xml",
        "xml": xml,
    }


def read(name: str, key: str, *, xml: str | None = None, **changes: object) -> Harvested:
    whole = envelope(name, **changes)
    whole["xml"] = whole["xml"] if xml is None else xml
    return pmc.read(Document(canonical(whole), f"{whole['xml_url']}#{key}"), SOURCE)


def outcome(item: Harvested) -> str:
    verdict = judge(SOURCE, item, operator=Operator())
    return verdict.code if isinstance(verdict, Refusal) else verdict.license_id


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror("pmc-oa") as running:
        yield running


def harvest(mirror: Mirror, query: str | None = None, **more: Any) -> list[Page]:
    with HttpFetch(None, base_url=mirror.base_url, is_mirrored=True, patience=0.001) as fetch:
        return list(pmc.harvest(HarvestRequest(SOURCE, base_url=mirror.base_url, query=query, **more), fetch))


def ids(pages: list[Page]) -> list[str]:
    return list(dict.fromkeys(item.foreign_id.partition("/")[0] for page in pages for item in page.items))


def test_documents_when_judged_then_the_outcome_is_the_expected_one() -> None:
    pages = list(pmc.harvest(HarvestRequest(SOURCE, folder=FOLDER), no_fetch))
    items = {item.foreign_id: item for page in pages for item in page.items}
    for foreign_id, license_id in EXPECTED["published"].items():
        assert (outcome(items[foreign_id]), items[foreign_id].doubts) == (license_id, ()), foreign_id
    for foreign_id, code in EXPECTED["quarantined"].items():
        assert outcome(items[foreign_id]) == code, foreign_id
    for foreign_id, code in EXPECTED["waiting"].items():
        assert items[foreign_id].doubts[0].code == code, foreign_id
    assert len(items) == sum(len(EXPECTED[part]) for part in ("published", "quarantined", "waiting"))


def test_figure_when_read_then_its_article_is_cited_with_its_label_and_its_file_has_a_checksum() -> None:
    item = read("PMC8060433.1", "F3/fmed-08-631642-g0003")
    assert item.citation is not None
    assert item.citation.endswith("doi:10.3389/fmed.2021.631642, Figure 3")
    assert item.creator == "Wang W, et al."
    assert item.landing_url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC8060433/#F3"
    assert item.depiction.modality == "dermoscopic"
    assert item.depiction.condition is None
    assert item.file is not None
    assert item.file.url == f"{BUCKET}PMC8060433.1/fmed-08-631642-g0003.jpg"
    assert (item.file.checksum or "").startswith("md5:")
    assert item.metadata["credit"] == "no cue"
    assert str(item.metadata["credit_detector"]).startswith("credit-cues/")


def test_modality_when_a_caption_speaks_of_two_then_none_is_named() -> None:
    xml = envelope(ODD)["xml"].replace("Clinical photograph of the lesion.", "Clinical photograph and dermoscopy.")
    assert read(ODD, "fig1/gr1").depiction.modality == "clinical"
    assert read(ODD, "fig1/gr1", xml=xml).depiction.modality is None


def test_id_when_the_version_changes_then_it_stays_and_the_document_does_not() -> None:
    one, two = (
        read("PMC8060433.1", "F1/fmed-08-631642-g0001"),
        read("PMC8060433.1", "F1/fmed-08-631642-g0001", version=2),
    )
    assert one.foreign_id == two.foreign_id == "PMC8060433/F1/fmed-08-631642-g0001"
    assert one.document.body != two.document.body


def test_figure_when_it_inherits_then_its_statements_speak_of_what_contains_it() -> None:
    item = read(ODD, "fig1/gr1")
    assert {one.scope for one in item.statements} == {Scope.CONTAINER}
    assert [one.url or one.text for one in item.statements][1] == "CC BY-NC"
    assert item.restrictions == ()


def test_figure_when_it_has_a_license_of_its_own_then_the_articles_does_not_count() -> None:
    item = read(ODD, "fig2/gr2")
    assert len(item.statements) == 1
    assert item.statements[0].scope is Scope.ITEM
    assert (item.rights_holder, item.creator, item.credit_line) == ("Another Publisher", None, "© 2019 Jane Doe.")


@pytest.mark.parametrize("key", ["fig4/gr4", "fig6/gr6", "fig12/gr12", "fig13/gr13", "fig14/gr14"])
def test_figure_when_credited_to_others_then_it_never_inherits(key: str) -> None:
    item = read(ODD, key)
    assert item.restrictions == (Restriction.THIRD_PARTY,)
    assert outcome(item) == "third-party-credit"


BY = '<ext-link xlink:href="https://creativecommons.org/licenses/by/4.0/">CC</ext-link>'


def changed(old: str, new: str) -> str:
    xml: str = envelope(ODD)["xml"]
    assert old in xml
    return xml.replace(old, new, 1)


def licensed_figure(notice: str, words: str) -> Harvested:
    """Figure 2, which has a license of its own, with another notice and other words."""
    xml = changed("&#169; 2019 Jane Doe.", notice)
    old = 'by/4.0/"><license-p></license-p>'
    assert old in xml
    return read(ODD, "fig2/gr2", xml=xml.replace(old, f'by/4.0/"><license-p>{words}</license-p>', 1))


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (
            "&#169; 2010 Elsevier",
            f"This image is not covered by the Creative Commons licence ({BY}); contact Elsevier.",
        ),
        ("&#169; 2010 Elsevier", f"Excluded from the article licence {BY}; all rights reserved."),
        ("&#169; 2010 Elsevier", "Reproduced with permission."),
        ("&#169; 2010 Elsevier. All rights reserved.", ""),
        ("&#9426; Elsevier. \uff21ll rights reser&#173;ved.", ""),
    ],
)
def test_license_when_the_words_at_the_figure_take_it_back_then_third_party(notice: str, words: str) -> None:
    assert outcome(licensed_figure("&#169; 2019 Jane Doe.", "This figure is open.")) == "CC-BY-4.0"
    assert outcome(licensed_figure(notice, words)) == "third-party-credit"


@pytest.mark.parametrize("words", ["CC BY-NC-ND", "Attribution-NonCommercial", "no derivatives", "CC BY-SA"])
def test_license_when_the_words_at_the_figure_are_stricter_than_its_link_then_a_curator_looks(words: str) -> None:
    doubts = licensed_figure("&#169; 2019 Jane Doe.", words).doubts
    assert {one.code for one in doubts} == {"license-words-stricter"}


def in_an_open_article(license_xml: str, notice: str = "&#169; 2025 The Authors.") -> Harvested:
    """Figure 1 of an article whose link and code are the freest; the rest of its permissions is given."""
    head, _, rest = envelope(ODD)["xml"].partition("<permissions>")
    xml = f"{head}<permissions><copyright-statement>{notice}</copyright-statement>{license_xml}</permissions>"
    return read(ODD, "fig1/gr1", xml=xml + rest.partition("</permissions>")[2], license_code="CC BY")


@pytest.mark.parametrize(
    ("license_xml", "notice", "codes"),
    [
        (f"<license><p>Creative Commons Attribution-NonCommercial License ({BY}).</p></license>", "", "stricter"),
        (f"<license><p>{BY}, for non\u2011commercial use only.</p></license>", "", "stricter"),
        (f"<license><p>{BY}, may not be used for commercial purposes.</p></license>", "", "stricter"),
        (f"<license license-type='cc-by-nc-nd'><p>{BY}</p></license>", "", "stricter stricter"),
        (f"<license><p>{BY}, except Figures 1 and 2, &#169; Elsevier.</p></license>", "", "excludes"),
        (f"<license><p>{BY}</p></license>", "&#169; The Authors; Figure 1 is excluded from the license.", "excludes"),
        (f"<license><p>{BY}</p></license>", "&#169; Elsevier. All rights reserved.", "excludes"),
        (f"<license><p>{BY}</p></license>", "&#169; 2025 The Authors.", ""),
        (f"<license><p>{BY}, which permits commercial and non-commercial use.</p></license>", "", ""),
        (f"<license><p>Except where otherwise noted, this is open ({BY}).</p></license>", "", ""),
    ],
)
def test_license_when_the_articles_words_differ_from_its_link_then_a_curator_looks(
    license_xml: str, notice: str, codes: str
) -> None:
    item = in_an_open_article(license_xml, notice)
    words = {"stricter": "license-words-stricter", "excludes": "license-excludes"}
    assert [one.code for one in item.doubts] == [words[code] for code in codes.split()]
    assert outcome(item) == "CC-BY-4.0"  # what a curator would let through


@pytest.mark.parametrize(
    "words",
    [
        (
            "You do not have permission under this license to share adapted material derived from this article or"
            " parts of it. If material is not included in the article&#8217;s Creative Commons licence and your use is"
            " not permitted by law, you will need to obtain permission directly from the copyright holder."
        ),
        "For commercial re-use, please contact journals.permissions@example.com",
        "Usage and distribution for commercial purposes requires written permission.",
    ],
)
def test_license_when_its_words_are_those_that_publishers_always_write_then_they_exclude_nothing(words: str) -> None:
    item = in_an_open_article(f"<license><p>{BY} {words}</p></license>")
    assert "license-excludes" not in [one.code for one in item.doubts]
    worse = in_an_open_article(f"<license><p>{BY} {words} Figure 1 is not included.</p></license>")
    assert "license-excludes" in [one.code for one in worse.doubts]


def test_license_when_the_article_has_two_permissions_then_none_holds() -> None:
    second = '<permissions><license xlink:href="https://creativecommons.org/licenses/by-nc/3.0/"/></permissions>'
    assert outcome(read(ODD, "fig1/gr1", xml=changed("<kwd-group>", f"{second}<kwd-group>"))) == "several-permissions"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("permission.</p>", "permission.</p><permissions><copyright-statement>E</copyright-statement></permissions>"),
        ('<fig id="fig1">', "<boxed-text><caption><p>Courtesy of Elsevier</p></caption><p/><fig id='fig1'>"),
        ("of the lesion.", "of the lesion<xref ref-type='fn' rid='n'>*</xref>"),
    ],
)
def test_figure_when_its_credit_stands_apart_from_it_then_it_never_inherits(old: str, new: str) -> None:
    xml = changed(old, new).replace("</body>", "<fn id='n'><p>Courtesy of Elsevier</p></fn></body>")
    if "<boxed-text>" in new:
        xml = xml.replace("</fig>", "</fig></boxed-text>", 1)
    assert outcome(read(ODD, "fig1/gr1", xml=xml)) == "third-party-credit"


@pytest.mark.parametrize("address", ["s3://evil/x", "s3://pmc-oa-opendata/PMC900000010.1/other.xml", None])
def test_record_when_it_places_the_article_elsewhere_then_mixed_up(address: str | None) -> None:
    assert outcome(read(ODD, "fig1/gr1", xml_url=address)) == "mixed-up"


def test_figure_when_the_cue_is_weak_then_it_waits_with_the_words_that_raised_the_doubt() -> None:
    (doubt,) = read("PMC3166277.1", "F1/1471-2180-11-174-1").doubts
    assert doubt.code == "credit-cue-weak"
    assert "adapted from Wang" in doubt.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_retracted": True}, "retracted"),
        ({"is_retracted": None}, "retraction-unknown"),
        ({"is_retracted": "false"}, "retraction-unknown"),
        ({"is_pmc_openaccess": False}, "not-open-access"),
        ({"is_pmc_openaccess": None}, "not-open-access"),
        ({"is_manuscript": True}, "author-manuscript"),
        ({"is_historical_ocr": True}, "scanned"),
        ({"license_code": "TDM"}, "text-mining-only"),
        ({"license_code": "CC BY"}, "license-conflict"),
        ({"license_code": "cc by-nc"}, "license-code-unknown"),
        ({"license_code": 7}, "license-code-unknown"),
        ({"pmcid": "PMC7"}, "mixed-up"),
        ({"pmcid": "../etc"}, "bad-id"),
        ({"doi": "10.1/another"}, "mixed-up"),
        ({"media_urls": None}, "no-file"),
        ({"media_urls": ["s3://another-bucket/PMC900000010.1/gr1.jpg"]}, "no-file"),
        ({"media_urls": ["s3://pmc-oa-opendata/PMC1.1/gr1.jpg", 5]}, "no-file"),
    ],
)
def test_record_when_anything_but_clean_then_the_figure_stays_out(changes: dict[str, object], code: str) -> None:
    assert outcome(read(ODD, "fig1/gr1")) == "CC-BY-NC-4.0"
    assert outcome(read(ODD, "fig1/gr1", **changes)) == code


def test_record_when_it_names_no_license_then_a_curator_looks() -> None:
    item = read(ODD, "fig1/gr1", license_code=None)
    assert [one.code for one in item.doubts] == ["license-code-missing"]
    assert Statement("CC BY-NC", scope=Scope.CONTAINER) not in item.statements


def test_license_when_only_the_record_names_one_then_no_version_is_guessed() -> None:
    item = read("PMC900000028.1", "fig1/gr1", license_code="CC BY")
    assert outcome(item) == "license-version-unknown"


def test_figure_when_the_article_has_it_no_more_then_that_is_a_fault() -> None:
    item = read(ODD, "fig99/gr99")
    assert (item.foreign_id, outcome(item)) == ("PMC900000010/fig99/gr99", "no-figure")


def test_picture_when_there_are_two_copies_then_the_larger_is_taken() -> None:
    file = read("PMC900000001.1", "fig1/gr1").file
    assert file is not None
    assert (file.name, file.checksum) == ("gr1_lrg.jpg", None)


@pytest.mark.parametrize("xml", ["", "<article/>", "<html>", "<!DOCTYPE a [<!ENTITY a 'b'>]><article>&a;</article>"])
def test_article_when_it_cannot_be_read_whole_then_no_license_comes_out(xml: str) -> None:
    item = read(ODD, "fig1/gr1", xml=xml)
    assert item.statements == ()
    assert outcome(item) == "unreadable"


@settings(deadline=None)
@given(st.integers(0, 5_500), st.integers(1, 80))
def test_article_when_a_piece_of_it_is_missing_then_it_never_gets_freer(at: int, length: int) -> None:
    text = envelope(ODD)["xml"]
    item = read(ODD, "fig1/gr1", xml=text[:at] + text[at + length :])
    verdict = judge(SOURCE, item, operator=Operator())
    assert isinstance(verdict, Refusal) or "NC" in verdict.license_id


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["is_retracted", "is_pmc_openaccess", "license_code", "pmcid"]), st.none() | st.text()
    )
)
def test_record_when_garbled_then_no_license_comes_out_that_nobody_looked_at(changes: dict[str, object]) -> None:
    item = read(ODD, "fig1/gr1", **changes)
    if any(envelope(ODD)["metadata"][key] != value for key, value in changes.items()):
        assert isinstance(judge(SOURCE, item, operator=Operator()), Refusal) or item.doubts


# Versions and the bucket


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
