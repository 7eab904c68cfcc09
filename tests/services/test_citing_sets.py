"""Collections and snapshots cited: every attribution of what may be seen, in order, and nothing of what may not."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from collected import BY, CURATOR, NC, ZERO, hold, make_collection, make_image
from datacite_server import DataciteServer
from dermref.credit.citable import Citable, Work
from dermref.credit.csl import key_of
from dermref.credit.formats import CitationFile, Format
from dermref.credit.styles import all_styles
from dermref.model.asking import ANONYMOUS, Operator
from dermref.model.collection import SnapshotRecord
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.services.citing import cited, cited_file
from dermref.services.citing_sets import citable_collection
from dermref.services.collecting import describe
from dermref.services.freezing import find_snapshot, freeze
from dermref.services.minting import mint, record_doi

pytestmark = pytest.mark.django_db
PEOPLE = [("Zoo, Dept. {x}", ZERO), ("Anonymous", BY), ("Zoo, Dept. {x}", NC), ("<b>Ärzte</b>", BY)]


@pytest.fixture
def images() -> list[str]:
    return [
        make_image(f"ISIC_{at}", license_id, contributor=name) for at, (name, license_id) in enumerate(PEOPLE, start=1)
    ]


def found(name: str, version: int | None = None) -> Citable:
    citable = citable_collection(name, viewer=ANONYMOUS, version=version)
    assert citable is not None
    return citable


def text(citable: Citable, style: str = "apa") -> str:
    made = cited([citable], style)
    assert not isinstance(made, Refusal)
    return made.text


def test_collection_when_cited_then_all_distinct_attributions_with_their_licenses(images: list[str]) -> None:
    make_collection("people", images, title="People & {skin}")
    listed = "2 by Zoo, Dept. {x} (CC BY-NC 4.0, CC0 1.0); 1 by <b>Ärzte</b> (CC BY 4.0); 1 by Anonymous (CC BY 4.0)."
    assert text(found("people")).endswith(f"Images: {listed}")
    assert text(found("people")).startswith("People & {skin}. (20")  # versions are those of snapshots


@pytest.mark.parametrize("style", sorted(all_styles()))
def test_collection_when_cited_in_any_style_then_name_doi_and_attributions_are_there(
    images: list[str], style: str
) -> None:
    record = make_collection("people", images)
    describe(record, doi="10.34970/648456", keeper=CURATOR)
    said = text(found("people"), style)
    assert all(one in said for one in ("People", "10.34970/648456", "Zoo, Dept. {x}", "<b>Ärzte</b>", "Anonymous"))


def test_collection_when_some_may_not_be_seen_then_neither_they_nor_their_licenses_are_cited(images: list[str]) -> None:
    make_collection("people", images)
    hold(images[2])
    citable = found("people")
    assert [one.name for one in citable.attributions] == ["<b>Ärzte</b>", "Zoo, Dept. {x}", "Anonymous"]
    assert "CC BY-NC 4.0" not in dict(citable.licenses)


def test_collection_when_every_member_is_withdrawn_then_cited_without_attributions(images: list[str]) -> None:
    make_collection("people", images)
    for one in images:
        hold(one)
    assert "Images:" not in text(found("people"))


def test_collection_when_it_has_ten_thousand_attributions_then_every_one_is_there() -> None:
    image = make_image("ISIC_1")
    make_collection("many", [image])
    many = tuple(replace(found("many").attributions[0], name=f"Clinic {at}") for at in range(10_000))
    said = text(replace(found("many"), attributions=many))
    assert all(f"by Clinic {at} (" in said for at in range(10_000))


def test_snapshot_when_a_member_is_taken_down_then_its_citation_stays_what_it_was(images: list[str]) -> None:
    snapshot = freeze(make_collection("people", images), keeper=CURATOR).snapshot
    before = found("people", 1)
    hold(images[0])
    assert found("people", 1) == before
    assert (before.work, before.number, before.version) == (Work.SNAPSHOT, snapshot.sha256, "1")
    assert snapshot.sha256 in text(before)
    assert key_of(before) == "people-v1"
    assert citable_collection("people", viewer=ANONYMOUS, version=2) is None


def test_snapshot_when_written_for_datacite_then_valid_and_licensed(images: list[str]) -> None:
    freeze(make_collection("people", images), keeper=CURATOR)
    made = cited_file([found("people", 1)], Format.DATACITE)
    assert isinstance(made, CitationFile)
    rights = {one.get("rightsIdentifier") for one in json.loads(made.text)["rightsList"]}
    assert {"CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0"} <= rights


@pytest.fixture
def datacite(settings: Any) -> Iterator[DataciteServer]:
    with DataciteServer() as server:
        operator = Operator(domains=("derm.example.org",))
        settings.DERMREF = replace(settings.DERMREF, datacite=server.account(), operator=operator)
        yield server


@pytest.fixture
def snapshot(images: list[str]) -> SnapshotRecord:
    return freeze(make_collection("people", images), keeper=CURATOR).snapshot


def test_doi_when_registered_then_it_leads_to_the_snapshot_and_is_kept(
    datacite: DataciteServer, snapshot: SnapshotRecord
) -> None:
    done = mint(snapshot)
    assert done.doi == "10.5072/dermref.people.v1"
    assert datacite.dois[done.doi]["url"].endswith("://derm.example.org/collections/people/1/")
    assert "https://doi.org/10.5072/dermref.people.v1" in text(found("people", 1))
    with pytest.raises(Stopped, match="has a DOI already"):
        mint(done)
    assert datacite.minted == [done.doi]


def test_doi_when_the_site_has_no_name_then_none_is_registered(
    datacite: DataciteServer, snapshot: SnapshotRecord, settings: Any
) -> None:
    settings.DERMREF = replace(settings.DERMREF, operator=Operator())
    with pytest.raises(Stopped, match="has to lead somewhere"):
        mint(snapshot)
    assert datacite.minted == []


def test_doi_when_registered_elsewhere_then_recorded_once(snapshot: SnapshotRecord) -> None:
    with pytest.raises(Stopped, match="is no DOI"):
        record_doi(snapshot, "zenodo.1")
    assert record_doi(snapshot, "https://doi.org/10.5281/Zenodo.1003150").doi == "10.5281/zenodo.1003150"
    with pytest.raises(Stopped, match="has a DOI already"):
        record_doi(snapshot, "10.5281/zenodo.2")
    assert find_snapshot("people", 1) == replace(snapshot, doi="10.5281/zenodo.1003150")


SITE_TERMS = ("dermnet-nz", "CC-BY-NC-ND-4.0 AND LicenseRef-dermnet-nz")


def test_set_when_terms_narrow_a_license_then_no_file_claims_the_license_for_it() -> None:
    record = make_collection("narrowed", [make_image("1", SITE_TERMS[1], source_id=SITE_TERMS[0], title="T")])
    freeze(record, keeper=CURATOR)
    for one in (found("narrowed"), found("narrowed", 1)):
        assert one.licenses == (("CC BY-NC-ND 4.0 + site terms", None),)
        assert "(CC BY-NC-ND 4.0 + site terms)" in text(one)
        files = [cited_file([one], kind) for kind in (Format.CFF, Format.DATACITE, Format.RIS)]
        assert not any("licenses/by-nc-nd" in str(file) or "CC-BY-NC-ND" in str(file) for file in files)


def test_set_when_part_of_it_has_no_license_then_that_of_the_rest_is_not_told_for_all() -> None:
    other = "black-and-brown-skin"  # prints a label, and no text of it grants that license
    people = {"creator": "A. Author", "citation": "An article", "title": "T"}
    images = [make_image("1", ZERO), make_image("2", f"LicenseRef-{other}", source_id=other, **people)]
    make_collection("mixed", images)
    assert [url for _, url in found("mixed").licenses if url] == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    assert len(found("mixed").licenses) == 2
    file = cited_file([found("mixed")], Format.CFF)
    assert isinstance(file, CitationFile)
    assert "\nlicense" not in file.text
