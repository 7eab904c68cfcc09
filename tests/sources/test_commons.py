"""The Commons adapter reports what a file's own page says: no uploader's name, no collapsed choice, no default."""

import json

import pytest

from commons_pages import FOLDER, page_of, read, saying, verdict, with_info
from dermref.model.evidence import Harvested, Statement
from dermref.model.policy import Restriction
from dermref.rights.facts import Kind, license_of
from dermref.rights.parse import License, parse_statement
from dermref.sources.extmetadata import FIELDS
from dermref.sources.words import load_words

REAL = [
    ("openverse_cc0_cc0.json", "CC0-1.0", "Naturalis Biodiversity Center"),
    ("openverse_cc_by-sa_3_0_de_cc-by-sa-3_0-de.json", "CC-BY-SA-3.0-DE", "Eckhard Henkel"),
    ("openverse_cc_by-sa_3_0_es_cc-by-sa-3_0-es.json", "LicenseRef-CC-BY-SA-3.0-ES", "Dulceld69"),
    ("openverse_cc_by-sa_4_0_cc-by-sa-4_0.json", "CC-BY-SA-4.0", "Cjp24"),
    (
        "openverse_continuation_step1.trimmed.json",
        "LicenseRef-US-Government-Work",
        "The original uploader was Elvezio at",
    ),
    ("openverse_no_restrictions_none.json", "unknown-license", "Internet Archive Book Images"),
    ("openverse_public_domain_pd.json", "LicenseRef-Public-Domain", "British Museum (Natural History).; Clark, Hubert"),
    ("rec20260925_ccby30_AUB2_transferred.json", "CC-BY-3.0", "Original uploaded by BlingBling10"),
    ("rec20260925_ccbysa40_oxford.json", "CC-BY-SA-4.0", "Chensiyuan"),
    ("rec20260925_pd_AUB_NW.json", "LicenseRef-Public-Domain", "http://en.wikipedia.org/wiki/User:Not_home"),
]


@pytest.mark.parametrize(("name", "outcome", "creator"), REAL)
def test_page_when_it_is_a_real_one_then_license_and_author_are_its_own(name: str, outcome: str, creator: str) -> None:
    item = read(page_of(name))
    assert verdict(item) == outcome
    assert item.creator
    assert item.creator.startswith(creator)
    assert item.foreign_id == f"M{page_of(name)['pageid']}"
    assert item.doubts == ()


def test_page_object_when_recorded_alone_then_it_is_read_with_and_without_its_link() -> None:
    page = json.loads((FOLDER / "openverse_image_data_example.json").read_text("utf-8"))
    unlinked = json.loads((FOLDER / "openverse_image_info_missing_license_url.json").read_text("utf-8"))
    for item in (read(page), read({**page, "imageinfo": [unlinked]})):
        assert (item.foreign_id, item.creator, item.credit_line) == ("M81754323", "PtrQs", "Photo by PtrQs")
        assert verdict(item) == "CC-BY-SA-4.0"


def test_author_when_only_part_of_it_is_a_link_then_all_of_it_is_read() -> None:
    info = json.loads((FOLDER / "openverse_image_info_artist_partial_link.json").read_text("utf-8"))
    assert with_info(**info).creator == "Jeff & Brian from Eastbourne"


def test_page_when_real_then_the_uploader_is_never_the_author() -> None:
    uploader = page_of("openverse_cc_by-sa_3_0_es_cc-by-sa-3_0-es.json")["imageinfo"][0]["user"]
    item = read(page_of("openverse_cc_by-sa_3_0_es_cc-by-sa-3_0-es.json"))
    assert uploader == "Isidre blanc"
    assert uploader not in (item.creator, item.contributor, item.rights_holder)


def test_page_when_its_author_asks_for_a_credit_then_it_is_in_his_words() -> None:
    item = read(page_of("openverse_cc_by-sa_3_0_de_cc-by-sa-3_0-de.json"))
    assert item.credit_line == "Photo: Eckhard Henkel / Wikimedia Commons / CC BY-SA 3.0 DE"
    assert item.statements[0].url == "https://creativecommons.org/licenses/by-sa/3.0/de/deed.en"


def test_address_when_it_was_tracked_then_only_the_file_is_left_of_it() -> None:
    file = read(page_of("rec20260925_ccbysa40_oxford.json")).file
    assert file
    assert file.url == "https://upload.wikimedia.org/wikipedia/commons/b/b8/1_oxford_aerial_panorama_2016.jpg"
    assert file.size == 48967456


@pytest.mark.parametrize("name", ["openverse_image_data_minimal.json", "openverse_image_data_missing_imageinfo.json"])
def test_page_when_it_lacks_nearly_everything_then_nothing_stands_in(name: str) -> None:
    item = read(json.loads((FOLDER / name).read_text("utf-8")))
    assert item.statements == ()
    assert item.creator is None
    assert item.faults


CHOOSE = {"Permission": "Published under these licenses.<br>You may select the license of your choice."}
OLDER = {"LicenseShortName": "CC BY-SA 3.0", "License": "cc-by-sa-3.0"}
SEVERAL = {"LicenseShortName": "CC BY-SA 2.5-2.0-1.0", "License": "cc-by-sa-2.5"}
GFDL = {"LicenseShortName": "GFDL 1.2", "License": None}
PD = {"LicenseShortName": "Public domain", "License": "pd"}
NOTHING = {"LicenseShortName": None, "License": None}
LICENSES: list[tuple[dict[str, object], tuple[str, ...], str]] = [
    ({}, ("CC-BY-SA-4.0",), "CC-BY-SA-4.0"),
    ({}, ("GFDL", "License migration redundant"), "CC-BY-SA-4.0"),
    ({}, ("CC-BY-4.0",), "CC-BY-SA-4.0"),  # no choice is offered: the stricter one holds
    ({}, ("CC-BY-NC-SA-4.0",), "CC-BY-NC-SA-4.0"),
    ({**CHOOSE}, ("CC-BY-4.0",), "CC-BY-SA-4.0 OR CC-BY-4.0"),
    ({**CHOOSE}, ("GFDL",), "CC-BY-SA-4.0"),
    ({**OLDER}, ("CC-BY-SA-3.0,2.5",), "CC-BY-SA-3.0 OR CC-BY-SA-2.5"),
    ({**OLDER}, ("CC-BY-SA-3.0,2.5", "CC-BY-NC-4.0"), "CC-BY-NC-4.0 AND CC-BY-SA-2.5 AND CC-BY-SA-3.0"),
    ({**SEVERAL}, (), "CC-BY-SA-2.5 OR CC-BY-SA-2.0 OR CC-BY-SA-1.0"),
    ({**PD}, ("CC-PD-Mark",), "LicenseRef-Public-Domain"),
    ({**PD}, ("PD US NIH",), "LicenseRef-US-Government-Work"),
    ({**PD}, ("PD-self", "CC-BY-SA-3.0-DE"), "CC-BY-SA-3.0-DE"),
    ({**PD}, ("PD-self", "CC-BY-NC-SA-3.0-IGO"), "CC-BY-NC-SA-3.0-IGO"),
    ({}, ("Cc-by-nc-sa-4.0",), "CC-BY-NC-SA-4.0"),
    ({}, ("CC-BY-NC-SA-2.0-dual",), "unknown-license"),
    ({**NOTHING, "LicenseUrl": "https://creativecommons.org/licenses/by/4.0/"}, (), "no-license"),
    ({**NOTHING}, ("CC-BY-SA-4.0",), "no-license"),
    ({**GFDL}, ("GFDL",), "unknown-license"),
    ({**GFDL}, ("CC-BY-NC-3.0",), "unknown-license"),
    ({**GFDL, **CHOOSE}, ("CC-BY-NC-3.0",), "CC-BY-NC-3.0"),
    ({"LicenseShortName": "CC BY", "License": None}, (), "license-version-unknown"),
    ({"LicenseShortName": ["CC BY 4.0"], "License": None}, (), "malformed-rights"),
    ({"LicenseUrl": "https://creativecommons.org/licenses/by-nd/4.0/"}, (), "CC-BY-ND-4.0 AND CC-BY-SA-4.0"),
]


@pytest.mark.parametrize(("fields", "categories", "outcome"), LICENSES)
def test_license_when_the_page_names_one_or_several_then_none_is_freer_than_it_says(
    fields: dict[str, object], categories: tuple[str, ...], outcome: str
) -> None:
    assert verdict(saying(*categories, **fields)) == outcome


def test_license_when_it_is_in_the_file_and_not_on_the_page_then_it_says_nothing() -> None:
    page = page_of("openverse_cc_by-sa_4_0_cc-by-sa-4_0.json")
    for entry in page["imageinfo"][0]["extmetadata"].values():
        entry["source"] = "file-metadata"
    item = read(page)
    assert (item.statements, item.creator) == ((), None)


@pytest.mark.parametrize(
    ("credit", "creator"),
    [
        ("<bdi><a href='https://en.wikipedia.org/wiki/X'>Cancer Institute</a></bdi>", "Cancer Institute"),
        ("University Hospital of Somewhere", "University Hospital of Somewhere"),
        ('<span class="int-own-work" lang="en">Own work</span>', None),
        ("https://www.cancer.gov/institute", None),
        ("<a href='https://www.flickr.com/photos/a/1'>Royal Hospital School</a>", None),
        ("Scanned at the city library", None),
        ("Transferred from en.wikipedia to Commons by the University", None),
        ("", None),
    ],
)
def test_author_when_none_is_named_then_only_an_institution_stands_in(credit: str, creator: str | None) -> None:
    item = saying(Artist=None, Credit=credit)
    assert item.creator == creator
    assert verdict(item) == ("CC-BY-SA-4.0" if creator else "credit-incomplete")


def test_author_when_a_template_hides_a_second_copy_then_it_is_read_once() -> None:
    artist = 'Unknown author<span style="display: none;">Unknown author</span>'
    assert saying(Artist=artist).creator == "Unknown author"


@pytest.mark.parametrize("style", ["DISPLAY:NONE", "display :none", "display:\tnone", "visibility:hidden"])
def test_author_when_a_hidden_name_stands_beside_it_then_it_is_not_read(style: str) -> None:
    assert saying(Artist=f'Jane<span style="{style}"> Doe</span>').creator == "Jane"
    assert saying(Artist="Jane<del> Doe</del>").creator == "Jane"


BY = {"LicenseShortName": "CC BY 4.0", "License": "cc-by-4.0"}
STRICTER = [
    {"UsageTerms": "Creative Commons Attribution-NonCommercial 4.0"},
    {"UsageTerms": "Creative Commons Attribution-NoDerivs 4.0"},
    {"UsageTerms": "Creative Commons Attribution 3.0"},
    {"UsageTerms": "See below"},
    {"Permission": "CC BY-NC 4.0"},
    {"LicenseUrl": "https://creativecommons.org/licenses/by-nc/4.0/"},
]


@pytest.mark.parametrize("more", STRICTER)
def test_license_when_terms_or_link_are_of_another_kind_then_a_curator_looks_first(more: dict[str, object]) -> None:
    assert saying(**BY, UsageTerms="Creative Commons Attribution 4.0").doubts == ()
    assert "rights-contradict" in [one.code for one in saying(**{**BY, **more}).doubts]
    assert "rights-contradict" in [one.code for one in saying(**{**PD, **more, "Copyrighted": "True"}).doubts]


@pytest.mark.parametrize(
    "words",
    [
        *("Not for commercial use", "no commercial use", "Commercial use prohibited", "Commercial use is not allowed"),
        *("nicht-kommerzielle Nutzung", "keine kommerzielle Nutzung", "No derivatives", "Use in Wikipedia only"),
        *("only for use on Wikipedia", "for educational purposes", "sans usage commercial", "All rights reserved."),
    ],
)
def test_permission_when_it_narrows_the_license_then_a_curator_looks_first(words: str) -> None:
    assert "permission-narrower" in [one.code for one in saying(Permission=words).doubts]
    assert saying(Permission="Any use, including commercial use, is allowed.").doubts == ()


@pytest.mark.parametrize("field", sorted(set(FIELDS) - {"ObjectName", "ImageDescription", "DateTimeOriginal"}))
@pytest.mark.parametrize("value", [["true"], {"en": "true"}, 1.5])
def test_rights_field_when_its_value_is_of_another_form_then_refused(field: str, value: object) -> None:
    assert "malformed-rights" in [one.code for one in saying(**{field: value}).faults]


@pytest.mark.parametrize("listed", [{"0": {"title": "Category:Copyright violations"}}, ["x"], [{"title": 3}], "x"])
def test_categories_when_they_cannot_be_read_then_refused(listed: object) -> None:
    item = read({"pageid": 5, "ns": 6, "title": "File:A.jpg", "categories": listed})
    assert "malformed-rights" in [one.code for one in item.faults]


@pytest.mark.parametrize(
    "category",
    [
        *("Items with OTRS permission missing", "Possibly unfree Flickr images reviewed by FlickreviewR"),
        *("Flickr public domain images needing human review", "Derivative works missing source"),
        *("Copyright claims disputed", "CC-BY-whatever", "Cc-by-nc-sa", "CC BY-NC", "CC-NC-4.0"),
    ],
)
def test_category_when_it_casts_doubt_then_a_curator_looks_first(category: str) -> None:
    item = saying(category)
    assert item.doubts or item.faults
    assert saying("Files with no machine-readable author", "CC-BY-SA-4.0", "CC-Zero", "CC-PD-Mark").doubts == ()


def test_restrictions_when_named_then_flagged_or_put_before_a_curator() -> None:
    item = saying("Personality rights warning", Restrictions="trademarked|insignia")
    assert set(item.restrictions) == {Restriction.PERSONALITY, Restriction.TRADEMARK}
    assert [one.code for one in item.doubts] == ["restricted"]
    assert saying(Restrictions="").doubts == ()


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (saying("Copyright violations"), "copyright-violation"),
        (saying("Media missing permission as of 2 January 2026"), "missing-permission"),
        (saying("Media without a source as of 25 November 2025"), "missing-license-or-source"),
        (saying("Files with no machine-readable license"), "no-license"),
        (saying(NonFree="true"), "non-free"),
        (read({"pageid": -1, "ns": 6, "title": "File:A.jpg", "missing": ""}), "bad-id"),
        (read({"pageid": 5, "ns": 6, "title": "File:A.jpg", "missing": True}), "not-public"),
        (read({"pageid": 5, "ns": 0, "title": "A"}), "not-a-file"),
        (read({"pageid": 5, "ns": 6, "redirect": True}), "redirect"),
        (with_info(url="https://upload.wikimedia.org.example/a.jpg"), "no-file"),
        (with_info(url="https://["), "no-file"),
        (with_info(url="https://upload.wikimedia.org/a.jpg", filemissing=True), "no-file"),
        (with_info(url="https://upload.wikimedia.org/a", mime="video/webm"), "not-an-image"),
        (with_info(filehidden=True), "not-public"),
    ],
)
def test_page_when_it_bars_its_file_then_refused_for_that(item: Harvested, code: str) -> None:
    assert item.faults[0].code == code


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (saying("Deletion requests November 2025"), "deletion-requested"),
        (saying(DeletionReason="Out of scope"), "deletion-requested"),
        (saying("Flickr images needing human review"), "license-not-reviewed"),
        (saying(AuthorCount=2), "several-authors"),
        (saying(Copyrighted="False"), "rights-contradict"),
        (saying(LicenseShortName="Public domain", License="pd", Copyrighted="True"), "rights-contradict"),
        (saying(License="cc-by-4.0"), "rights-contradict"),
        (saying(Permission="For non-commercial use only"), "permission-narrower"),
        (saying(Permission="<p>You may select the license of your choice.</p>"), "license-choice-unclear"),
    ],
)
def test_page_when_something_is_unclear_then_a_curator_looks_first(item: Harvested, code: str) -> None:
    assert code in [one.code for one in item.doubts]
    assert item.faults == ()


def test_depiction_when_categories_are_known_then_they_are_named_and_never_guessed() -> None:
    shown = saying("Melanoma", "Histopathology of melanoma").depiction
    assert (shown.title, shown.condition, shown.modality) == ("A", "Melanoma", "histopathology")
    assert saying("Melanoma", "Psoriasis").depiction.condition is None
    assert saying("Melanoma in art", "My melanoma").depiction.condition is None


@pytest.mark.parametrize("basis", sorted(set(load_words("commons")["public_domain_basis"].values())))
def test_grounds_when_listed_then_the_rights_engine_knows_each(basis: str) -> None:
    known = parse_statement(Statement(basis))
    assert isinstance(known, License)
    assert known.kind is Kind.CLAIM
    assert known.family == license_of("LicenseRef-Public-Domain").family
