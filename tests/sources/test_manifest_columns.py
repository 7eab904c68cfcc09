"""Columns are matched by their whole names, or as somebody says; nothing else."""

import csv
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.manifest import ManifestField
from dermref.registry.load import load_datasets, load_source, load_sources
from dermref.services.manifests import read_columns, refuse_beside_adapter, template
from dermref.sources.adapters import ADAPTERS
from dermref.sources.manifest_cells import is_formula
from dermref.sources.manifest_columns import field_of, match_columns, normal
from dermref.sources.manifest_needs import given_by, needs_of, remarks_on
from dermref.sources.words import load_words
from manifest_tables import ROW, SAMPLES, table, write

EVERYTHING = (*load_sources(), *load_datasets())


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Source URL", "landing_url"),
        ("source-url", "landing_url"),
        (" Credit ", "attribution"),
        ("FITSPATRICK", "skin_tone"),
        ("ｄｘ", "condition"),
        ("dx_type", None),
        ("agee", None),
        ("url", None),
        ("", None),
    ],
)
def test_name_when_whole_then_matched_and_never_by_likeness(name: str, field: str | None) -> None:
    assert field_of(name) == field


def test_aliases_when_read_then_each_belongs_to_one_field_and_is_no_fields_own_name() -> None:
    names = [normal(one) for names in load_words("manifest")["aliases"].values() for one in names]
    assert len(names) == len(set(names))
    assert set(names).isdisjoint(list(ManifestField))


def test_columns_when_all_by_their_own_names_then_nothing_to_confirm() -> None:
    assert match_columns(list(ManifestField), {}).is_own
    assert not match_columns(["file", "File ID"], {}).is_own


# The first lines of tables that data sets publish, shortened to what is matched and a column or two that is not.
PUBLISHED = {
    "patient_id,fitspatrick,region,diagnostic,img_id,age,gender": (
        ["-", "skin_tone", "body_site", "condition", "file", "age", "sex"],
        {"skin_tone_scale": "Fitzpatrick"},
    ),
    "image,age_approx,anatom_site_general,lesion_id,sex,MEL": (["file", "age", "body_site", "-", "sex", "-"], {}),
    "isic_id,image_type,attribution,copyright_license,target": (
        ["foreign_id", "modality", "attribution", "license", "-"],
        {},
    ),
}


@pytest.mark.parametrize("header", PUBLISHED)
def test_columns_when_a_data_set_published_them_then_matched_with_the_scale_they_name(header: str) -> None:
    matching = match_columns(header.split(","), {})
    assert ([field for _, field in matching.said], dict(matching.implied)) == PUBLISHED[header]
    assert matching.faults == ()


def test_map_when_it_chooses_then_the_other_column_is_ignored() -> None:
    matching = match_columns(["dx", "diagnosis", "sex"], {"diagnosis": "condition"})
    assert matching.faults == ()
    assert matching.said == (("dx", "-"), ("diagnosis", "condition"), ("sex", "sex"))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"nope": "title"}, "a column “nope”"),
        ({"dx": "nope"}, "a field “nope”"),
        ({"dx": "title", "diagnosis": "title"}, "makes 2 columns “title”"),
    ],
)
def test_map_when_wrong_then_a_fault(chosen: dict[str, str], words: str) -> None:
    assert any(words in fault for fault in match_columns(["dx", "diagnosis"], chosen).faults)


def test_confirmed_columns_when_matched_again_then_the_same() -> None:
    with (SAMPLES / "milk10k" / "milk10k_training_metadata.csv").open(encoding="utf-8", newline="") as file:
        matching = match_columns(next(csv.reader(file)), {})
    again = match_columns(matching.columns, dict(matching.said))
    assert (again.said, again.implied, again.faults) == (matching.said, matching.implied, ())


@pytest.mark.parametrize("source", EVERYTHING, ids=lambda source: source.source_id)
def test_needs_when_derived_then_the_license_of_each_item_and_what_fills_the_credit(source) -> None:
    fields = [field for need in needs_of(source) for field in need.fields]
    assert fields[:3] == ["file", "foreign_id", "landing_url"]
    assert ("license" in fields) == source.terms.per_item
    assert ("creator" in fields) >= ("{author}" in (source.attribution or ""))
    assert {"license", "license_url"}.isdisjoint(dict(given_by(source)))


def test_needs_when_the_terms_name_a_link_then_its_page_is_asked_for() -> None:
    (need,) = [one for one in needs_of(load_source("dermnet-nz")) if one.fields == ("landing_url",)]
    assert "the page of the topic" in need.why
    assert need.phrase


def test_remarks_when_a_mark_has_to_stay_then_said_with_the_sources_phrase() -> None:
    assert "the Skin Deep logo must stay on them" in remarks_on(load_source("skin-deep-dftb"))[0]
    assert remarks_on(load_source("ham10000")) == ()


@pytest.mark.parametrize("source", EVERYTHING, ids=lambda source: source.source_id)
def test_template_when_written_then_no_cell_begins_as_a_formula_does(source) -> None:
    is_asked_itself = source.source_id == "dermnet-nz"  # whose pages tell what no manifest does
    has_one = source.status != "Meta / index" and not is_asked_itself
    found = template(source.source_id, is_granted=True) if has_one else None
    columns = [name for name, _ in found.columns] if found else []
    assert [name for name in columns if is_formula(name)] == []
    assert bool(columns) == (source.group != "meta" and not is_asked_itself)


def test_manifest_when_only_the_sources_pages_tell_whose_a_picture_is_then_the_adapter_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", table(ROW))
    for act in (lambda: template("dermnet-nz"), lambda: read_columns("dermnet-nz", path, {})):
        with pytest.raises(Stopped, match="use “dermref ingest dermnet-nz”"):
            act()


def test_manifest_when_the_source_has_an_adapter_then_its_terms_decide_whether_it_may_have_one_too() -> None:
    def is_refused(source_id: str) -> bool:
        try:
            refuse_beside_adapter(load_source(source_id))
        except Stopped:
            return True
        return False

    assert [one for one in ADAPTERS if is_refused(one)] == ["dermnet-nz"]


@pytest.mark.parametrize("source_id", ["pathologyoutlines", "fitzpatrick17k", "socs"])
def test_template_when_only_links_are_allowed_then_refused_unless_a_grant_opens_it(source_id: str) -> None:
    with pytest.raises(Stopped, match="only links"):
        template(source_id)
    assert template(source_id, is_granted=True).columns
