"""The JSON-LD of images and sets: known words, read by an outside reader, and nothing that could end a script."""

import json
from dataclasses import replace
from datetime import date

import pytest
from lxml import html as lxml_html
from pyld import jsonld

from credit.vocabulary import unknown
from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.credit.jsonld import DatasetPage, ImagePage, Visible, dataset, image_object, script_text
from dermref.credit.notice import Notice, notice_of
from dermref.registry.load import load_source
from dermref.rights.facts import licenses_in

SCHEMA = "http://schema.org/"
BY, ND = "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by-nc-nd/4.0/"
FACTS = CreditFacts("ISIC_0000001", "https://example.org/1/", creator="Jane Doe", contributor="A Clinic")
FILE = Visible("https://here.example/f.jpg", 1022, 767, "image/jpeg", 49982, "d" * 64)
PAGE = ImagePage(
    "https://here.example/images/x/", "Nevus", "ISIC", "https://here.example/sources/isic/", content=FILE,
    thumbnail_url="https://here.example/small",
)  # fmt: skip
SET = DatasetPage(
    "https://here.example/c/1/", "Nevi", "Twelve nevi of the back.", ("10.5555/12345678",), (BY,), None,
    "Credit", ("Jane Doe",),
    "2", date(2026, 11, 28), ("dermref", "https://here.example/"), "https://example.org/",
)  # fmt: skip
HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 \u2029 ]]> {creator} \u202e"


def notice(license_id: str = "CC-BY-4.0", *, source: str = "isic-archive", title: str | None = None) -> Notice:
    facts, of = replace(FACTS, title=title), load_source(source)
    credit = attribution(of, licenses_in(license_id), facts)
    assert isinstance(credit, Credit)
    return notice_of(of, license_id, facts, credit, holder="A Clinic", is_mining_reserved=True)


def expanded(value: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    """The value as an outside reader expands it; the context is our own, for the network is shut."""

    def load(url: str, options: object) -> dict[str, object]:
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": SCHEMA}}}

    (found,) = jsonld.expand(value, {"documentLoader": load})
    return dict(found)


@pytest.mark.parametrize("value", [image_object(notice(title="Skin"), PAGE), dataset(SET)])
def test_words_when_looked_up_then_each_is_known_on_its_type(value: dict[str, object]) -> None:
    assert list(unknown(value, "")) == []
    assert {term for term in expanded(value) if not term.startswith(("@", SCHEMA))} == set()


def test_image_when_expanded_then_the_rights_are_there() -> None:
    found = expanded(image_object(notice(), PAGE))
    assert found["@type"] == [f"{SCHEMA}ImageObject"]
    said = {term.removeprefix(SCHEMA): values[0].get("@value") for term, values in found.items() if term[0] != "@"}
    assert (said["license"], said["copyrightNotice"], said["creator"]) == (BY, "© A Clinic", "Jane Doe")
    assert said["creditText"] == notice().credit.text
    assert said["contentUrl"] == FILE.url


def test_license_when_it_is_a_choice_then_all_are_told_and_when_both_hold_none() -> None:
    choice = image_object(notice("CC-BY-4.0 OR CC-BY-NC-ND-4.0"), PAGE)
    both = image_object(notice("CC-BY-4.0 AND CC-BY-NC-ND-4.0"), PAGE)
    assert choice["license"] == [BY, ND]
    assert "license" not in both
    assert both["usageInfo"] == "https://example.org/1/"


def test_license_when_nobody_granted_one_then_no_such_word_and_no_such_address() -> None:
    source = "jdd-project-atlas"
    value = image_object(notice(load_source(source).terms.license_expression, source=source), PAGE)
    assert "license" not in value
    assert "creativecommons" not in json.dumps(value)


def test_copyright_when_it_is_waived_then_no_notice_claims_it() -> None:
    assert "copyrightNotice" not in image_object(notice("CC0-1.0"), PAGE)


def test_content_when_not_just_anybody_may_have_it_then_no_address_of_it() -> None:
    value = image_object(notice(), replace(PAGE, content=None, thumbnail_url=None))
    assert {"contentUrl", "thumbnailUrl", "width", "sha256"} & set(value) == set()


def test_script_when_a_title_would_end_it_then_it_stays_one_script_with_the_very_words() -> None:
    value = image_object(notice(title=HOSTILE), PAGE)
    page = f'<head><script type="application/ld+json">{script_text(value)}</script></head><body>after</body>'
    root = lxml_html.document_fromstring(page)
    (script,) = root.iter("script")
    assert json.loads(script.text or "")["name"] == HOSTILE
    assert root.find("body").text == "after"
    assert set("<>&\u2028\u2029") & set(script_text(value)) == set()


def test_dataset_when_little_is_known_then_nothing_is_made_up() -> None:
    value = dataset(DatasetPage("https://here.example/", "Nevi", "Twelve nevi."))
    assert set(value) == {"@context", "@type", "@id", "url", "name", "description"}
