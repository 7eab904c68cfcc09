"""The adapter of PubMed Central: which version of an article counts, what stands at a figure, what is never shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermref.model.evidence import Harvested, Refusal, Scope, Statement
from dermref.model.harvest import HarvestRequest
from dermref.model.policy import Restriction
from dermref.sources import pmc
from mirrored import judged
from pmc_documents import BUCKET, EXPECTED, FOLDER, ODD, SOURCE, envelope, no_fetch, outcome, read


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
    verdict = judged(SOURCE, item)
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
        assert isinstance(judged(SOURCE, item), Refusal) or item.doubts


# Versions and the bucket
