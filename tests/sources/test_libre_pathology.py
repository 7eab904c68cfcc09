"""The Libre Pathology adapter: a shared file is under what its own page says, and no file under the site's words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested, Refusal
from dermref.model.harvest import BadCursor, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources import libre_pathology
from dermref.sources.fetch import HttpFetch
from dermref.sources.page_templates import told
from dermref.sources.words import load_words
from mirror import SOURCES, Mirror
from mirrored import judged, verdict_on

FOLDER = SOURCES / "libre-pathology"
SOURCE = load_source("libre-pathology")
WORDS = load_words("libre_pathology")
API = "https://librepathology.org/w/api.php"
SHARED = "https://commons.wikimedia.org/w/api.php"


@dataclass(frozen=True)
class Way:
    mirror: Mirror
    fetch: HttpFetch

    def pages(self, query: str | None, **more: Any) -> list[Page]:
        return list(libre_pathology.harvest(self.asking(query, **more), self.fetch))

    def again(self, foreign_id: str) -> Document | None:
        return libre_pathology.ask_again(foreign_id, self.asking(None), self.fetch)

    def asking(self, query: str | None, **more: Any) -> HarvestRequest:
        return HarvestRequest(SOURCE, base_url=self.mirror.base_url, query=query, **more)


@pytest.fixture
def way() -> Iterator[Way]:
    with Mirror("libre-pathology") as mirror, HttpFetch(None, base_url=mirror.base_url, is_mirrored=True) as fetch:
        yield Way(mirror, fetch)


def page_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))["query"]["pages"][0]
    return found


def read(**pair: object) -> Harvested:
    return libre_pathology.read(Document(json.dumps(pair).encode(), "u"), SOURCE)


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


def test_shared_file_when_read_then_license_and_author_are_those_of_its_own_page() -> None:
    item = read(here=page_of("RECONSTRUCTED_here_M800001.json"), shared=page_of("RECONSTRUCTED_M800001.json"))
    assert (item.foreign_id, item.creator, verdict(item)) == ("M800001", "Example pathologist", "CC-BY-SA-3.0")
    assert item.landing_url == "https://librepathology.org/wiki/File:Malignant_melanoma_-_high_mag.jpg"
    assert item.file
    assert item.file.url.startswith("https://upload.wikimedia.org/")


def test_shared_file_when_its_own_page_is_not_there_then_the_copy_of_its_license_counts_for_nothing() -> None:
    here = page_of("RECONSTRUCTED_imageinfo_shared_repo.json")
    assert here["imageinfo"][0]["extmetadata"]["License"]["value"] == "cc-by-sa-3.0"
    item = read(here=here)
    assert item.statements == ()
    assert verdict(item) == "bad-id"


@pytest.mark.parametrize(
    ("written", "license_id"),
    [
        ("{{cc-by-sa-3.0}}", "CC-BY-SA-3.0"),
        ("{{Cc-by-sa-3.0-de|author=X}}", "CC-BY-SA-3.0-DE"),
        ("{{self|cc-by-sa-3.0|GFDL}}", "CC-BY-SA-3.0"),
        ("{{self|cc-by-sa-3.0|cc-by-4.0|author=X}}", "CC-BY-SA-3.0 OR CC-BY-4.0"),
        ("{{cc-by-sa-3.0}} {{cc-by-4.0}}", "CC-BY-SA-3.0"),
        ("{{PD-self}}", "LicenseRef-Public-Domain"),
        ("{{cc-by-4.0 or so}}", "license-unclear"),
        ("cc-by-4.0, see {{license}}", "license-unclear"),
        ("<!-- {{cc-by-4.0}} -->", "no-license"),
        ("<!-- {{cc-by-4.0}}", "license-unclear"),
        ("<nowiki>{{cc-by-4.0}}</nowiki>", "no-license"),
        ("<noinclude>{{cc-by-4.0}}</noinclude>", "license-unclear"),
        ("{{cc-by-4.0}}{{Copyvio|from a book}}", "copyright-violation"),
        ("", "no-license"),
    ],
)
def test_local_file_when_no_extension_read_it_then_its_templates_name_the_license(
    written: str, license_id: str
) -> None:
    page = page_of("RECONSTRUCTED_P902.json")
    page["revisions"][0]["slots"]["main"]["content"] = written
    assert verdict(read(here=page)) == license_id


def test_local_file_when_its_extension_names_a_license_then_templates_add_none() -> None:
    page = page_of("RECONSTRUCTED_P901.json")
    page["revisions"][0]["slots"]["main"]["content"] = "{{cc-by-nc-4.0}}"
    assert verdict(read(here=page)) == "CC-BY-SA-4.0"


@pytest.mark.parametrize(
    ("field", "author"),
    [
        ("[[User:A|A. Author]]", "A. Author"),
        ("[https://a.example A. Author]", "A. Author"),
        ("''A. Author''", "A. Author"),
        ("{{Creator:A}}", None),
        ("https://a.example", None),
        ("", None),
    ],
)
def test_author_when_the_page_has_a_field_then_it_is_read_in_plain_words(field: str, author: str | None) -> None:
    assert told(f"{{{{Information\n|Description=x\n|Author={field}\n|Date=2012\n}}}}", WORDS).author == author


def test_category_when_harvested_then_images_on_its_pages_and_files_in_it(way: Way) -> None:
    pages = way.pages("Category:Dermatopathology depth:1")
    assert [item.foreign_id for item in pages[0].items] == ["P901", "M800003", "M800004", "M800005", "P902", "P903"]
    assert [one.foreign_id for page in pages for one in page.missed] == ["File:Vanished from there.jpg"]
    assert [page.absent for page in pages] == [(), (), ()]


def test_category_when_none_is_named_then_the_one_in_the_table(way: Way) -> None:
    assert way.pages(None) == way.pages("Category:Dermatopathology")


def test_page_when_named_then_the_images_on_it(way: Way) -> None:
    [page] = way.pages("Malignant melanoma")
    assert [item.foreign_id for item in page.items] == ["M800001", "M800002"]


def test_files_when_named_then_they_alone_and_the_absent_ones(way: Way) -> None:
    [page] = way.pages("File:Local by template.jpg|File:Not uploaded yet.jpg")
    assert [item.foreign_id for item in page.items] == ["P902"]
    assert (page.absent, page.total) == (("File:Not uploaded yet.jpg",), 2)


def test_shared_file_when_renamed_there_then_its_document_is_the_one_by_its_present_name(way: Way) -> None:
    [page] = way.pages("Malignant melanoma")
    renamed = page.items[1]
    assert renamed.landing_url.endswith("/File:Dysplastic_nevus_-_high_mag.jpg")
    assert renamed.document.url.startswith(f"{SHARED}?")
    assert "pageids=800002" in renamed.document.url
    assert way.again("M800002") == renamed.document


TITLE = "File:Malignant melanoma - high mag.jpg"
GONE = [
    (f"{SHARED}?pageids=800001", {"pageid": 800001, "missing": True}),
    (f"{API}?titles={TITLE}", {"ns": 6, "title": TITLE, "missing": True, "imagerepository": ""}),
]


@pytest.mark.parametrize(("url", "answer"), GONE)
def test_shared_file_when_gone_there_or_here_then_none(way: Way, url: str, answer: object) -> None:
    assert way.again("M800001")
    body = json.dumps({"batchcomplete": True, "query": {"pages": [answer]}}).encode()
    way.mirror.put(url, body, media_type="application/json")
    assert way.again("M800001") is None


@pytest.mark.parametrize(
    "page",
    [{"pageid": 901, "missing": True}, {"pageid": 901, "title": "File:A.jpg", "imagerepository": "shared"}],
    ids=["gone", "file-only-elsewhere"],
)
def test_local_file_when_its_page_or_file_is_gone_then_none(way: Way, page: dict[str, object]) -> None:
    gone = {"batchcomplete": True, "query": {"pages": [page]}}
    way.mirror.put(f"{API}?pageids=901", json.dumps(gone).encode(), media_type="application/json")
    assert way.again("P901") is None


def test_files_when_ten_in_a_row_cannot_be_had_then_stopped(way: Way) -> None:
    titles = [f"File:{number}.jpg" for number in range(10)]
    pages = [{"ns": 6, "title": one, "missing": True, "known": True, "imagerepository": "shared"} for one in titles]
    for api, found in ((API, pages), (SHARED, [{**one, "imagerepository": ""} for one in pages])):
        body = json.dumps({"batchcomplete": True, "query": {"pages": found}}).encode()
        way.mirror.put(f"{api}?titles={'|'.join(titles)}", body, media_type="application/json")
    with pytest.raises(Stopped, match="10 files in a row"):
        way.pages("|".join(titles))


@pytest.mark.parametrize(
    ("query", "more", "error", "words"),
    [
        (None, {"since": "2026-01-01"}, Stopped, "by date"),
        ("Category:Dermatopathology|Skin", {}, Stopped, "mixture"),
        ("File:A.jpg", {"cursor": '{"from":9}'}, BadCursor, "asked for"),
        ("File:A.jpg", {"cursor": "?"}, BadCursor, "cannot be read"),
    ],
)
def test_query_when_it_cannot_be_meant_then_stopped_with_a_sentence(
    way: Way, query: str | None, more: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        way.pages(query, **more)


def test_page_when_it_does_not_exist_then_said_so(way: Way) -> None:
    missing = {"batchcomplete": True, "query": {"pages": [{"ns": 0, "title": "Skinn", "missing": True}]}}
    way.mirror.put(f"{API}?titles=Skinn", json.dumps(missing).encode(), media_type="application/json")
    with pytest.raises(Stopped, match="no page “Skinn”"):
        way.pages("Skinn")


def test_folder_when_harvested_then_items_as_they_are_kept(way: Way, tmp_path: Path) -> None:
    [page] = way.pages("Malignant melanoma")
    for item in page.items:
        (tmp_path / f"{item.foreign_id}.json").write_bytes(item.document.body)
    found = list(libre_pathology.harvest(HarvestRequest(SOURCE, folder=tmp_path), way.fetch))
    assert [one.items[0].statements for one in found] == [item.statements for item in page.items]
    assert found[0].items[0].file
    assert found[0].items[0].file.path == tmp_path / "files" / "Malignant_melanoma_-_high_mag.jpg"


KEYS = st.sampled_from(["imagerepository", "revisions", "imageinfo", "ns", "pageid", "categories"])


@settings(max_examples=150, deadline=None)
@given(key=KEYS, value=st.none() | st.text(max_size=9) | st.lists(st.integers(), max_size=2))
def test_page_when_a_refused_one_is_garbled_then_no_license_comes_out(key: str, value: object) -> None:
    page = page_of("RECONSTRUCTED_P904.json") | {key: value}
    assert isinstance(judged(SOURCE, read(here=page)), Refusal)


@settings(max_examples=150, deadline=None)
@given(written=st.text(alphabet="{}|<!->= cby4.0/nowiki\n", max_size=60))
def test_templates_when_the_text_is_any_then_only_whole_ones_speak(written: str) -> None:
    said = told(written, WORDS)
    assert not said.statements or ("{{" in written and "}}" in written)
    assert told(f"<nowiki>{written.replace('<', '')}", WORDS).statements == ()
    assert {one.code for one in said.faults} <= {*WORDS["refusing_templates"].values(), "license-unclear", "redirect"}


def with_text(written: str) -> Harvested:
    page = page_of("RECONSTRUCTED_P902.json")
    page["revisions"][0]["slots"]["main"]["content"] = written
    return read(here=page)


UNREAD = [
    "{{self|author={{U|Jane}}|cc-by-nc-sa-4.0}} Base image: {{cc-by-sa-3.0}}",
    "{{cc-by-nc-4.0|{{PAGENAME}}}}{{cc-by-4.0}}",
    "{{Fair use|reason={{PAGENAME}}}}{{cc-by-4.0}}",
    f"{{{{Fair use|{'x' * 600}}}}}{{{{cc-by-4.0}}}}",
    *(
        f"{{{{cc-by-4.0}}}}{{{{{name}}}}}"
        for name in ("cc-by-nc-sa-3.0-igo", "cc-by-nc", "Non-free logo", "Non-free use rationale", "template:fair use")
    ),
    "{{cc-by-4.0}}{{GFDL}}",
    "{{cc-by-4.0}}{{Fair<!-- x --> use}}",
    "{{cc-by-<nowiki/>4.0}}",
    "{{self|cc-by-4.0|1=cc-by-nc-4.0 or so}}",
    "<includeonly>{{cc-by-4.0}}</includeonly>",
    "<source>{{cc-by-4.0}}</source>",
    "{{#if:|{{cc-by-4.0}}}}",
    "{{tl|1={{cc-by-4.0}}}}",
    "{{{cc-by-4.0}}}",
    "{{cc-by-4.0}} {{Fair use",
    "{{cc-by-4.0}}<pre>{{Fair use}}",
    "#REDIRECT [[File:B.jpg]] {{cc-by-4.0}}",
    "{{cc-by-4.0}} All rights reserved.",
    "{{cc-by-4.0}} For non-commercial use only.",
    "{{cc-by-4.0}} {{Elsevier image}}",
    "{{cc-by-4.0}} The image is CC BY-NC 4.0.",
    "{{cc-by-4.0}}{{Information|Permission=Ask the author.}}",
    "{{cc-by-4.0}} Reproduced with permission from Elsevier.",
    f"{{{{cc-by-4.0}}}}{' ' * 200_000}{{{{Fair use}}}}",
]


@pytest.mark.parametrize("written", UNREAD)
def test_local_file_when_its_text_bars_what_a_template_gives_then_it_is_never_freer(written: str) -> None:
    item = with_text(written)
    freer = verdict(item) in {"CC-BY-4.0", "CC-BY-SA-3.0"}
    assert not freer or item.doubts


def test_license_when_it_stands_in_the_description_then_it_is_read() -> None:
    item = with_text("{{Information|Author=Jane|Permission={{cc-by-4.0}}}}")
    assert (verdict(item), item.creator, item.doubts) == ("CC-BY-4.0", "Jane", ())


@pytest.mark.parametrize(
    ("template", "credit_line", "codes"),
    [
        ("{{cc-by-4.0}}", None, []),
        ("{{cc-by-4.0|© John Smith / Elsevier}}", None, ["credit-in-template", "third-party"]),
        ("{{cc-by-4.0|attribution=John Smith}}", "John Smith", []),
        ("{{self|cc-by-4.0|attribution=John Smith}}", "John Smith", []),
        ("{{self|cc-by-4.0|attribution={{U|John}}}}", None, ["credit-in-template"]),
        ("{{self|cc-by-4.0|author=Jane Doe}}", None, []),
        ("{{cc-by-4.0}}{{Derived from|author=Base Person}}", None, ["template-unknown"]),
    ],
)
def test_credit_when_the_license_asks_for_one_then_it_is_kept_or_a_curator_looks(
    template: str, credit_line: str | None, codes: list[str]
) -> None:
    item = with_text(f"{template}\n{{{{Information\n|Author=Jane Doe\n}}}}")
    assert (item.creator, item.credit_line, [one.code for one in item.doubts]) == ("Jane Doe", credit_line, codes)


@pytest.mark.parametrize("fields", ["|Author={{U|Jane}}", "|Author=A<br>B", "|Author=A|author=B", "|Author=[[x"])
def test_author_when_the_field_cannot_be_read_then_a_curator_looks_first(fields: str) -> None:
    item = with_text(f"{{{{cc-by-4.0}}}}{{{{Information{fields}}}}}")
    assert item.creator is None
    assert item.faults or "author-unread" in [one.code for one in item.doubts]


def test_license_when_extension_and_template_differ_then_a_curator_looks_first() -> None:
    page = page_of("RECONSTRUCTED_P901.json")
    assert read(here=page).doubts == ()
    page["revisions"][0]["slots"]["main"]["content"] = "{{cc-by-nc-4.0}}"
    assert [one.code for one in read(here=page).doubts] == ["rights-contradict"]


def test_title_when_no_address_can_hold_it_then_the_item_is_still_read() -> None:
    page = page_of("RECONSTRUCTED_P902.json") | {"title": "File:\ud800.jpg"}
    assert read(here=page).landing_url.endswith("/File:%3F.jpg")


@pytest.mark.parametrize("piece", ["<pre ", "<pre>", "{{", "}}", "{{a|", "[[", "<!--", "[[a|", "{{self|{{u}}"])
def test_text_when_it_is_made_to_take_long_then_it_takes_no_longer(piece: str) -> None:
    started = process_time()
    told(f"{{{{Information|author={'x' * 90_000}{piece * 20_000}", WORDS)
    told(piece * 30_000, WORDS)
    assert process_time() - started < 2
