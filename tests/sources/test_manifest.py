"""A manifest is checked whole before anything is taken; a row is its own evidence."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, Harvested
from dermref.model.harvest import BadCursor, Fetched, HarvestRequest, Page
from dermref.model.manifest import IGNORED
from dermref.model.source import Ingest
from dermref.registry.load import load_source
from dermref.sources import manifest
from dermref.sources.adapters import READERS
from manifest_tables import PAD, ROW, SAMPLES, table, write

DEMO = Path(__file__).parents[2] / "demo" / "pad-ufes-20"


def no_fetch(url: str, *, max_bytes: int, keep: bool = False, busy: object = None) -> Fetched:
    raise AssertionError("a manifest needs no network")


def pages(path: Path, **asked: Any) -> list[Page]:
    return list(manifest.harvest(HarvestRequest(**{"source": PAD, "folder": path, **asked}), no_fetch))


def harvest(path: Path, **asked: Any) -> list[Harvested]:
    return [item for page in pages(path, **asked) for item in page.items]


def first(path: Path, **changed: str) -> Harvested:
    return harvest(write(path, "m.csv", table(ROW | changed)))[0]


def test_demo_manifest_when_read_then_every_row_has_a_license_its_file_and_no_doubt() -> None:
    items = harvest(DEMO / "manifest.csv")
    assert len(items) >= 15
    for item in items:
        assert item.statements
        assert item.file is not None
        assert item.file.path is not None
        assert item.file.path.is_file()
        assert item.doubts == ()
        assert manifest.read(item.document, PAD).depiction == item.depiction


def test_manifest_when_rows_are_bad_then_all_faults_by_line_and_nothing_taken(tmp_path: Path) -> None:
    bad = {"file": "../secret.png", "foreign_id": "", "landing_url": "ftp://x", "license": "", "creator": "=A1"}
    with pytest.raises(Stopped) as caught:
        harvest(write(tmp_path, "m.csv", table(ROW, bad, ROW)))
    text = str(caught.value)
    assert text.startswith("m.csv has 7 faults; nothing was taken:")
    for words in (
        "line 3: file “../secret.png” leads out",
        "line 3: foreign_id “secret” is not",
        "line 4: foreign_id “PAT",
    ):
        assert words in text


def test_faults_when_there_are_many_then_the_first_forty_and_how_many_more(tmp_path: Path) -> None:
    rows = [ROW | {"foreign_id": f"PAT_1_1_{at}", "file": "b.png"} for at in range(100)]
    with pytest.raises(Stopped) as caught:
        harvest(write(tmp_path, "m.csv", table(*rows)))
    assert len(str(caught.value).splitlines()) == 1 + 40 + 1
    assert "60 more; “dermref manifest check” lists them all" in str(caught.value)


@pytest.mark.parametrize("folder", [None, Path("no/such.csv")])
def test_manifest_when_there_is_none_then_one_sentence(folder: Path | None) -> None:
    with pytest.raises(Stopped, match="--from FILE"):
        harvest(folder)  # type: ignore[arg-type]


def test_jsonl_when_sound_then_read_like_csv(tmp_path: Path) -> None:
    row = {**ROW, "age": 7, "title": "a\u2028b\u0085c"}
    (item,) = harvest(write(tmp_path, "m.jsonl", json.dumps(row, ensure_ascii=False) + "\n\n"))
    assert (item.depiction.age, item.depiction.title) == (7, "a\u2028b\u0085c")
    assert item.statements[0].text == "CC BY 4.0"


@pytest.mark.parametrize("link", ["//creativecommons.org/licenses/by/4.0/", "http://creativecommons.org/x"])
def test_license_url_when_it_is_a_link_then_taken_as_it_is(tmp_path: Path, link: str) -> None:
    assert first(tmp_path, license_url=link).statements[0].url == link


def test_columns_when_named_otherwise_and_unconfirmed_then_stopped_with_what_to_say(tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", table({**ROW, "dx": "nv", "smoke": "no"}))
    with pytest.raises(Stopped, match="--yes, or by --map “dx=condition”"):
        harvest(path)


def test_columns_when_confirmed_then_the_evidence_is_the_row_under_its_own_names(tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", table({**ROW, "dx": "nv", "smoke": " no"}))
    (item,) = harvest(path, columns=(("dx", "condition"), ("smoke", IGNORED)))
    stored = json.loads(item.document.body)
    assert item.depiction.condition == "nv"
    assert stored["row"] == {**ROW, "dx": "nv", "smoke": " no"}
    assert (stored["columns"]["dx"], stored["columns"]["smoke"]) == ("condition", IGNORED)
    assert stored["sha256"] == item.file.sha256  # type: ignore[union-attr]
    assert "smoke" not in item.metadata


def test_ham10000_metadata_when_read_then_each_picture_with_what_its_release_gives() -> None:
    path, source = SAMPLES / "ham10000" / "ham10000_metadata.csv", load_source("ham10000")
    items = harvest(path, source=source, columns=())
    assert [item.foreign_id for item in items] == ["ISIC_0028602", "ISIC_0026665"]
    assert {(one.depiction.condition, one.depiction.age, one.depiction.modality) for one in items} == {
        ("nv", 30, "dermoscopic")
    }
    assert {one.statements for one in items} == {()}  # the release states its license, no row does


def test_milk10k_metadata_when_read_then_each_picture_with_its_own_license_and_tone() -> None:
    path, source = SAMPLES / "milk10k" / "milk10k_training_metadata.csv", load_source("milk10k")
    items = harvest(path, source=source, columns=())
    assert {one.statements[0].text for one in items} == {"CC-BY-NC"}
    assert {one.contributor for one in items} == {"MILK study team"}
    assert [tone.value for one in items for tone in one.depiction.skin_tones] == ["2", "4", "2"]
    assert all("0 (very dark)" in tone.scale for one in items for tone in one.depiction.skin_tones)


def test_contributor_when_it_stands_beside_the_credit_then_each_is_kept(tmp_path: Path) -> None:
    item = first(tmp_path, contributor="UFES", attribution="Doe et al. 2020", rights_holder="The patient")
    assert (item.contributor, item.credit_line, item.rights_holder) == ("UFES", "Doe et al. 2020", "The patient")
    assert first(tmp_path, attribution="Doe et al. 2020").contributor == "Doe et al. 2020"


@pytest.mark.parametrize(
    ("field", "words"),
    [("title", "Courtesy of X. Smith"), ("attribution", "© 2010 Elsevier"), ("creator", "© Ed. Doe")],
)
def test_words_when_they_credit_somebody_then_a_curator_is_asked(tmp_path: Path, field: str, words: str) -> None:
    assert [doubt.code for doubt in first(tmp_path, **{field: words}).doubts] == ["rights-in-caption"]


def test_credit_when_it_is_the_sources_own_then_no_doubt(tmp_path: Path) -> None:
    source = replace(load_source("uiowa-skin-of-color"), ingest=Ingest())  # with its pages on any host
    assert "©" in str(source.attribution)
    path = write(tmp_path, "m.csv", table(ROW | {"attribution": str(source.attribution)}))
    assert harvest(path, source=source)[0].doubts == ()


def doubts(folder: Path, source_id: str, **cells: str) -> list[str]:
    source = replace(load_source(source_id), ingest=Ingest())
    return [one.code for one in harvest(write(folder, "m.csv", table(ROW | cells)), source=source)[0].doubts]


@pytest.mark.parametrize("field", ["creator", "contributor", "rights_holder", "attribution"])
def test_credit_when_it_names_another_than_the_source_then_a_curator_is_asked(tmp_path: Path, field: str) -> None:
    nobody = {"creator": "", "contributor": "", "rights_holder": "", "attribution": ""}
    assert doubts(tmp_path, "peir", **nobody) == []
    assert doubts(tmp_path, "peir", **nobody | {field: "Jane Doe, MD"}) == ["credited-to-others"]


@pytest.mark.parametrize(
    ("source_id", "name"),
    [
        ("peir", "PEIR"),
        ("peir", "University of Alabama at Birmingham"),
        ("peir", "PEIR Digital Library  (University of Alabama at Birmingham)"),
        ("atlas-dermatologico", "samuel freire da silva, MD"),
        ("black-and-brown-skin", "Malone Mukwende"),
        ("brown-skin-matters", "Brown Skin Matters"),
        ("unm-inclusive-dermatology", "UNM School of Medicine — Dermatology Department"),
    ],
)
def test_credit_when_it_is_the_source_by_one_of_its_names_then_no_doubt(
    tmp_path: Path, source_id: str, name: str
) -> None:
    assert doubts(tmp_path, source_id, creator=name) == []


@pytest.mark.parametrize("name", ["Brown", "Skin", "B", "Brown Skin Matters and Jane Doe", "rown Skin Matter"])
def test_credit_when_it_only_shares_words_with_the_source_then_a_curator_is_asked(tmp_path: Path, name: str) -> None:
    assert doubts(tmp_path, "brown-skin-matters", creator=name) == ["credited-to-others"]


@pytest.mark.parametrize("source_id", ["uiowa-skin-of-color", "ham10000", "hellenic-derm-atlas", "isic-archive"])
def test_credit_when_the_terms_want_a_name_or_each_item_its_license_then_no_doubt(
    tmp_path: Path, source_id: str
) -> None:
    own = "Tschandl P, Rosendahl C, Kittler H" if source_id == "ham10000" else "Jane Doe"
    cells = {"creator": own, "contributor": "UFES"} if source_id == "isic-archive" else {"creator": own}
    assert doubts(tmp_path, source_id, **cells) == []


def test_credit_when_only_the_creator_is_asked_for_then_another_contributor_is_a_doubt(tmp_path: Path) -> None:
    assert doubts(tmp_path, "uiowa-skin-of-color", rights_holder="A publisher") == ["credited-to-others"]


def test_file_when_it_became_a_link_out_of_the_folder_then_missed(tmp_path: Path) -> None:
    folder = tmp_path / "brought"
    folder.mkdir()
    harvesting = manifest.harvest(HarvestRequest(PAD, folder=many(folder)), no_fetch)
    next(harvesting)
    (tmp_path / "private.png").write_bytes(b"private")
    (folder / "a.png").unlink()
    (folder / "a.png").symlink_to(tmp_path / "private.png")
    page = next(harvesting)
    assert (page.items, {one.refusal.code for one in page.missed}) == ((), {"file-outside"})


def large(folder: Path) -> Path:
    """A table of some megabytes, which is read in several pieces."""
    return write(
        folder, "m.csv", table(*(ROW | {"foreign_id": f"PAT_1_1_{at}", "title": "x" * 9000} for at in range(400)))
    )


@pytest.mark.parametrize("change", [b"", b"file\n", b"more"])
def test_table_when_it_changes_while_it_is_read_then_stopped_before_any_other_row(
    tmp_path: Path, change: bytes
) -> None:
    path = large(tmp_path)
    sound = path.read_bytes()
    harvesting = manifest.harvest(HarvestRequest(PAD, folder=path), no_fetch)
    next(harvesting)
    with path.open("r+b") as file:  # the very file that is open, not another in its place
        file.truncate(0 if change != b"more" else len(sound))
        file.seek(0, 2)
        file.write(change)
    with pytest.raises(Stopped, match=r"m\.csv was changed while it was read"):
        list(harvesting)


def many(folder: Path) -> Path:
    return write(folder, "m.csv", table(*(ROW | {"foreign_id": f"PAT_1_1_{at}"} for at in range(250))))


def test_pages_when_resumed_then_the_rest_and_nothing_twice(tmp_path: Path) -> None:
    whole = pages(many(tmp_path))
    assert [len(page.items) for page in whole] == [100, 100, 50]
    assert {page.total for page in whole} == {250}
    rest = pages(tmp_path / "m.csv", cursor=whole[0].next_cursor)
    assert [item.foreign_id for page in rest for item in page.items] == [
        item.foreign_id for page in whole[1:] for item in page.items
    ]


@pytest.mark.parametrize("cursor", ["100", "x", "100@" + "0" * 64])
def test_cursor_when_of_another_table_then_refused(tmp_path: Path, cursor: str) -> None:
    with pytest.raises(BadCursor):
        pages(many(tmp_path), cursor=cursor)


def test_file_when_it_goes_away_after_the_check_then_missed(tmp_path: Path) -> None:
    harvesting = manifest.harvest(HarvestRequest(PAD, folder=many(tmp_path)), no_fetch)
    next(harvesting)
    (tmp_path / "a.png").unlink()
    page = next(harvesting)
    assert (page.items, len(page.missed), page.missed[0].refusal.code) == ((), 100, "file-gone")


FIRST = {
    "file": "a.png", "foreign_id": "1", "landing_url": "https://example.org/1", "license": "CC BY 4.0", "age": "7",
    "creator": "Jane", "attribution": "Courtesy of Jane", "skin_tone": "II", "sha256": "0" * 64,
}  # fmt: skip


@pytest.mark.parametrize(("row", "scale"), [(FIRST, "not stated"), (FIRST | {"skin_tone_scale": "Monk"}, "Monk")])
def test_evidence_when_of_the_first_version_then_read_as_it_was(row: Mapping[str, str], scale: str) -> None:
    item = READERS["manifest/1"].read(Document(json.dumps(row).encode(), "manifest:m.csv"), PAD)
    assert (item.foreign_id, item.statements[0].text, item.contributor) == ("1", "CC BY 4.0", "Courtesy of Jane")
    assert (item.rights_holder, item.depiction.age, item.doubts) == ("Jane", 7, ())
    assert [(tone.scale, tone.assessed_by) for tone in item.depiction.skin_tones] == [(scale, "as the manifest says")]
    assert dict(item.metadata) == row
