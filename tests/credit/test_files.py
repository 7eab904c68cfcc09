"""The file formats, each read back by a program of others."""

import json
import re
from dataclasses import replace
from typing import Any

import bibtexparser
import pytest
import rispy
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc.source.json import CiteProcJSON
from hypothesis import given

from credit.cff_samples import samples
from credit.citables import COLLECTION, EVERYTHING, IMAGE, ODD, PRINTED, SNAPSHOT, SOURCE
from dermref.credit.bibtex import bibtex
from dermref.credit.cff import cff
from dermref.credit.citable import Citable
from dermref.credit.csl import csl_item
from dermref.credit.formats import CitationFile, Format, citation_file
from dermref.credit.references import full_title
from dermref.credit.ris import ris
from dermref.credit.words import in_line, safe_name
from dermref.model.evidence import Refusal

each_thing = pytest.mark.parametrize("thing", EVERYTHING, ids=lambda one: one.work)
each_oddity = pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
FILES = [Format.BIBTEX, Format.RIS, Format.CSL_JSON, Format.CFF]


def odd_image(odd: str) -> Citable:
    return replace(IMAGE, title=odd, authors=(odd, "B"), publisher=odd, credit=odd, genre=odd)


def read_bibtex(text: str) -> list[dict[str, str]]:
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    return [{"key": one.key, **{field.key: field.value for field in one.fields}} for one in library.entries]


def plain(value: str) -> str:
    """A value without the braces that keep it together. The reader takes the name of ^ for the accent ˆ."""
    return value.replace("{", "").replace("}", "").replace("ˆ", "^")


def test_bibtex_when_read_back_then_says_the_same() -> None:
    entry = read_bibtex(bibtex(SNAPSHOT))[0]
    assert entry["key"] == "teaching-v2"
    assert (plain(entry["author"]), plain(entry["title"])) == ("The curators", "Nevi for teaching")
    assert (entry["year"], entry["doi"], entry["url"]) == ("2025", SNAPSHOT.doi, SNAPSHOT.url)
    assert "1,200 by Anonymous (CC0 1.0)" in entry["note"]


@each_oddity
def test_bibtex_when_texts_are_odd_then_braces_match_and_nothing_escapes(odd: str) -> None:
    text = bibtex(odd_image(odd))
    depths, depth = [], 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        depths.append(depth)
    assert min(depths) == 0
    assert depths[-1] == 0
    assert len(read_bibtex(text)) == 1
    assert re.findall(r"\\(?!text|[%&$#_])", text) == []


@given(title=PRINTED, name=PRINTED)
def test_bibtex_when_title_and_name_are_anything_then_read_back_the_same(title: str, name: str) -> None:
    image = replace(IMAGE, title=title, authors=(name,), credit=None)
    entry = read_bibtex(bibtex(image))[0]
    assert plain(entry["title"]) == plain(full_title(image))
    assert plain(entry["author"]) == plain(in_line(name))


@each_oddity
def test_ris_when_texts_are_odd_then_no_value_makes_a_tag(odd: str) -> None:
    text = ris([odd_image(odd)])
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.removesuffix("\n").split("\n"))
    record = rispy.loads(text)[0]
    assert record["title"] == full_title(odd_image(odd)).strip()
    assert record["authors"] == [in_line(odd), "B"]


def test_ris_when_a_value_holds_tags_and_line_breaks_then_it_stays_one_record() -> None:
    sneaky = "x\r\nER  - \u2028TY  - BOOK\x85AU  - Somebody\x0bTI  - Else"
    records = rispy.loads(ris([replace(IMAGE, title=sneaky, authors=(sneaky,))]))
    assert [one["type_of_reference"] for one in records] == ["FIGURE"]
    assert records[0]["authors"] == ["x ER - TY - BOOK AU - Somebody TI - Else"]


@given(title=PRINTED, name=PRINTED)
def test_ris_when_title_and_name_are_anything_then_read_back_the_same(title: str, name: str) -> None:
    image = replace(IMAGE, title=f"T{title}", authors=(f"N{name}",))
    record = rispy.loads(ris([image]))[0]
    assert (record["title"], record["authors"]) == (full_title(image), [in_line(f"N{name}")])


@each_thing
def test_csl_when_read_by_citeproc_then_it_knows_every_field(thing: Citable) -> None:
    read = CiteProcJSON(json.loads(json.dumps([csl_item(thing)])))
    item = next(iter(read.values()))
    assert str(item["title"]) == full_title(thing)
    assert [name["literal"] for name in item.get("author", [])] == list(thing.authors)
    assert (item["accessed"]["year"], item["accessed"]["day"]) == (2026, 2)


@given(title=PRINTED, name=PRINTED)
def test_csl_when_title_and_name_are_anything_then_read_back_the_same(title: str, name: str) -> None:
    image = replace(IMAGE, title=title, authors=(name,))
    item = json.loads(json.dumps(csl_item(image)))
    assert (item["title"], item["author"]) == (full_title(image), [{"literal": in_line(name)}])
    assert "\n" not in item["note"]


def read_cff(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@pytest.mark.parametrize("name", samples())
def test_cff_when_read_back_then_has_the_shape_that_the_format_asks_for(name: str) -> None:
    found = read_cff(samples()[name])
    assert {"cff-version", "message", "title", "authors"} <= set(found)
    assert (found["cff-version"], found["type"]) == ("1.2.0", "dataset")
    assert all(set(one) == {"name"} and one["name"] for one in found["authors"])
    assert all(set(one) == {"type", "value", "description"} for one in found.get("identifiers", []))
    allowed = {"cff-version", "message", "type", "title", "authors", "version", "date-released", "doi", "url"}
    assert set(found) <= allowed | {"identifiers", "license", "license-url"}
    assert re.fullmatch(r"10\.\d{4,9}/[A-Za-z0-9:/_;\-.()]+", found.get("doi", "10.5072/x"))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", found.get("date-released", "2026-01-01"))
    assert re.match("https?://.", found.get("url", "https://x"))


@each_oddity
def test_cff_when_texts_are_odd_then_yaml_reads_them_as_they_are(odd: str) -> None:
    found = read_cff(cff(odd_image(odd)))
    assert found["title"] == full_title(odd_image(odd))
    assert found["authors"] == [{"name": in_line(odd)}, {"name": "B"}]


@given(title=PRINTED)
def test_cff_when_a_title_is_anything_then_yaml_reads_it_as_it_is(title: str) -> None:
    image = replace(IMAGE, title=title)
    assert read_cff(cff(image))["title"] == full_title(image)


def test_cff_when_licenses_are_a_choice_or_not_then_it_never_claims_more() -> None:
    assert read_cff(cff(IMAGE))["license"] == "CC-BY-4.0"
    assert read_cff(cff(replace(IMAGE, licenses=COLLECTION.licenses)))["license"] == ["CC-BY-4.0", "CC0-1.0"]
    assert "license" not in read_cff(cff(COLLECTION))  # its images fall under one or the other
    german = ("CC BY 3.0 DE", "https://creativecommons.org/licenses/by/3.0/de/")
    found = read_cff(cff(replace(IMAGE, licenses=(german,))))
    assert (found.get("license"), found["license-url"]) == (None, german[1])
    assert "license" not in read_cff(cff(replace(IMAGE, licenses=(german, *COLLECTION.licenses))))


def test_cff_when_a_doi_has_characters_that_the_format_lacks_then_it_is_an_identifier() -> None:
    found = read_cff(cff(replace(SNAPSHOT, doi="10.1002/(sici)1<1::x>3.0.co;2-w")))
    assert "doi" not in found
    assert found["identifiers"][0]["value"] == "10.1002/(sici)1<1::x>3.0.co;2-w"


@pytest.mark.parametrize("asked", FILES)
@each_thing
def test_file_when_made_then_its_name_is_safe_and_its_kind_is_told(thing: Citable, asked: Format) -> None:
    file = citation_file([replace(thing, identifier='../é "x"\r\n; ' + thing.identifier)], asked)
    assert isinstance(file, CitationFile)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+\.(bib|ris|csl\.json|cff)", file.name)
    assert not file.name.startswith(".")
    assert "/" in file.media_type


def test_files_when_of_several_things_then_all_are_in_it_or_one_sentence() -> None:
    both = [IMAGE, SOURCE]
    made = {asked: citation_file(both, asked) for asked in (*FILES, Format.DATACITE)}
    texts = {asked: one.text for asked, one in made.items() if isinstance(one, CitationFile)}
    assert len(read_bibtex(texts[Format.BIBTEX])) == len(rispy.loads(texts[Format.RIS])) == 2
    assert len(json.loads(texts[Format.CSL_JSON])) == 2
    assert {asked for asked, one in made.items() if isinstance(one, Refusal)} == {Format.CFF, Format.DATACITE}


def test_key_when_ids_differ_in_what_a_key_cannot_hold_then_keys_differ() -> None:
    ids = ["a:é", "a:e", "a:è", "a:e ", "a:日本", "a:日本語", "a:" + "x" * 200, "a:" + "x" * 201, "A:e"]
    assert len({safe_name(one) for one in ids}) == len(ids)
    assert safe_name("isic-archive:ISIC_0000001") == "isic-archive_ISIC_0000001"
