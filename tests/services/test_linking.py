"""Links come in whole or not at all, and a visitor meets those that may be shown, with credit and the right target."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dermref.catalog import models
from dermref.model.asking import ANONYMOUS, Operator, OperatorKind
from dermref.model.deployment import Stopped
from dermref.model.link import LinkState, NewLink
from dermref.services.linking import add_link, check_new, import_links, list_links, take_out
from dermref.services.registering import register_sources
from dermref.services.see_also import Pointer, linked_conditions, see_also

DEMO = Path(__file__).parents[2] / "demo" / "links.csv"
ANNOTATIONS = Path(__file__).parents[1] / "sources" / "links" / "RECONSTRUCTED_annotations.csv"
SPITZ = "https://www.pathologyoutlines.com/topic/skintumormelanocyticatypicalspitz.html"
KUZE = "http://atlases.muni.cz/atlases/kuze/atl_en/sect_main.html"
RELEASE = "pad-ufes-20"  # stands for any data set release


@pytest.fixture(autouse=True)
def registry(db: None) -> None:
    register_sources()


@pytest.fixture
def paywall(settings: Any) -> None:
    settings.DERMREF = replace(settings.DERMREF, operator=Operator(OperatorKind.EDUCATIONAL_INSTITUTION, paywall=True))


def link(**words: Any) -> NewLink:
    said = {"source_id": "pathologyoutlines", "url": SPITZ, "title": "Atypical Spitz tumor", "condition": "Spitz tumor"}
    return NewLink(**{**said, **words})


def pointers(**wanted: str) -> list[Pointer]:
    return [pointer for one in see_also(viewer=ANONYMOUS, **wanted) for pointer in one.pointers]


def table(folder: Path, *rows: dict[str, str]) -> Path:
    with (folder / "links.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["url", "title", "condition", "topic", "language", "needs_login", "note"])
        writer.writeheader()
        writer.writerows(rows)
    return folder / "links.csv"


def test_link_when_added_then_met_at_its_condition_with_the_credit_of_pathologyoutlines() -> None:
    add_link(link(language="en", note="with pictures"), by="A. Curator")
    (group,) = see_also(viewer=ANONYMOUS, condition="spitz-tumor")
    (pointer,) = group.pointers
    assert (group.source.source_id, group.credit, group.more) == (
        "pathologyoutlines",
        "Courtesy of PathologyOutlines.com",
        0,
    )
    assert (pointer.url, pointer.opens, pointer.credits) == (SPITZ, "PathologyOutlines", (group.credit,))
    assert (pointer.heading, pointer.note, pointer.language) == ("Spitz tumor", "with pictures", "en")


def test_link_of_masaryk_when_met_then_leads_to_its_main_page_and_keeps_the_deep_address_for_a_curator() -> None:
    listed = add_link(link(source_id="masaryk-dermpath-atlas", url=KUZE, needs_login=True), by="A. Curator")
    (pointer,) = pointers(condition="spitz-tumor")
    assert (pointer.url, pointer.is_elsewhere, pointer.needs_login) == ("http://atlases.muni.cz", True, True)
    assert pointer.credits == ("Masaryk University Dermatopathology Atlas",)
    assert (listed.link.url, listed.target) == (KUZE, "http://atlases.muni.cz")


@pytest.mark.usefixtures("paywall")
def test_link_of_pathologyoutlines_when_the_site_has_a_paywall_then_nowhere() -> None:
    listed = add_link(link(), by="A. Curator")
    assert listed.hidden is not None
    assert listed.hidden.code == "terms-no-paywall"
    assert pointers(condition="spitz-tumor") == []
    assert linked_conditions(ANONYMOUS) == {}


@pytest.mark.usefixtures("paywall")
def test_release_when_it_leads_to_pathologyoutlines_then_it_is_no_way_around_a_paywall() -> None:
    listed = add_link(link(source_id=RELEASE), by="A. Curator")
    assert listed.hidden is not None
    assert pointers(condition="spitz-tumor") == []


def test_release_when_it_leads_to_a_tracked_site_then_under_that_sites_terms_and_with_its_credit() -> None:
    add_link(link(source_id=RELEASE), by="A. Curator")
    add_link(link(source_id=RELEASE, url=KUZE), by="A. Curator")
    spitz, kuze = pointers(condition="spitz-tumor")
    assert "Courtesy of PathologyOutlines.com" in spitz.credits
    assert spitz.opens == "PathologyOutlines"
    assert (kuze.url, kuze.is_elsewhere) == ("http://atlases.muni.cz", True)


@pytest.mark.parametrize(
    ("source_id", "url"),
    [
        ("dermnet-legacy", "https://www.dermnet.com/x"),
        ("skin-deep-dftb", "https://dftbskindeep.com/all-diagnoses/x/"),
        ("visualdx", "https://www.visualdx.com/x"),
        (RELEASE, "https://www.dermnet.com/x"),
        (RELEASE, "https://pictures.visualdx.com/x"),
    ],
)
def test_link_to_a_dev_only_or_members_source_when_asked_for_then_nobody_meets_it(source_id: str, url: str) -> None:
    listed = add_link(link(source_id=source_id, url=url), by="A. Curator")
    assert listed.hidden is not None
    assert pointers(condition="spitz-tumor") == pointers(source_id=source_id) == []
    assert linked_conditions(ANONYMOUS) == {}


@pytest.mark.parametrize(
    ("url", "is_hidden"),
    [
        ("https://www.dermnet.com/x", True),
        ("https://PICTURES.dermnet.com:8443/x", True),
        ("https://example.org/?from=www.dermnet.com", False),
        ("https://dermnet.com.example.org/x", False),
        ("https://mydermnet.com/x", False),
        ("https://example.org/visualdx.com/", False),
    ],
)
def test_release_when_its_address_names_a_closed_site_then_hidden_only_where_it_lies_there(
    url: str, is_hidden: bool
) -> None:
    listed = add_link(link(source_id=RELEASE, url=url), by="A. Curator")
    assert bool(listed.hidden) == is_hidden
    assert bool(pointers(condition="spitz-tumor")) != is_hidden
    assert bool(linked_conditions(ANONYMOUS)) != is_hidden


def test_link_of_a_site_when_its_address_names_a_closed_one_then_shown() -> None:
    add_link(link(url=f"{SPITZ}?from=www.dermnet.com"), by="A. Curator")
    assert [one.url for one in pointers(condition="spitz-tumor")] == [f"{SPITZ}?from=www.dermnet.com"]


def test_link_when_broken_then_a_curator_alone_meets_it() -> None:
    add_link(link(), by="A. Curator")
    models.Link.objects.update(state=LinkState.BROKEN, strikes=3)
    assert pointers(condition="spitz-tumor") == []
    (listed,) = list_links(state=LinkState.BROKEN)
    assert listed.hidden is not None
    assert listed.hidden.code == "link-broken"


def test_link_when_its_source_left_the_registry_then_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    models.Source.objects.create(source_id="gone", tier="hosted", status="Planned", digest="0" * 64)
    add_link(link(), by="A. Curator")
    models.Link.objects.update(source_id="gone")
    assert pointers(condition="spitz-tumor") == []
    assert [one.hidden.code for one in list_links() if one.hidden] == ["source-gone"]


@pytest.mark.parametrize(
    "words",
    [
        {"url": "javascript:alert(1)"},
        {"url": "http://169.254.169.254/latest/"},
        {"title": " "},
        {"title": "two\nlines"},
        {"title": "\x1b[2Jgone"},
        {"note": "left \u202eto right"},
        {"title": "=HYPERLINK(1)"},
        {"title": "\u200b"},
        {"title": "\u3164"},
        {"title": "Spitz\u2028tumor"},
        {"title": "Sp\u200bitz"},
        {"title": "— …"},
        {"title": "x" * 401},
        {"condition": "x" * 401},
        {"condition": "", "topic": "x" * 401},
        {"condition": "", "topic": "…"},
        {"url": f"{SPITZ}?{'x' * 1_000}"},
        {"url": "https://www.pathologyoutlines.com/a/%2e%2e/b"},
        {"source_id": RELEASE, "url": "https://xn--i-7iq.org/"},
        {"condition": ""},
        {"topic": "Nevi"},
        {"condition": "—"},
        {"language": "english language"},
        {"language": "en-" + "-".join(["abcdefgh"] * 4)},
    ],
)
def test_link_when_at_fault_then_stopped_with_its_sentence_and_nothing_written(words: dict[str, str]) -> None:
    with pytest.raises(Stopped):
        add_link(link(**words), by="A. Curator")
    assert check_new(link(**words))
    assert not models.Link.objects.exists()
    assert not models.Condition.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda: add_link(link(source_id="nowhere"), by="x"),
        lambda: import_links("nowhere", ANNOTATIONS, by="x"),
        lambda: list_links(source_id="nowhere"),
        lambda: take_out(7),
    ],
    ids=["add", "import", "list", "remove"],
)
def test_link_when_there_is_no_such_thing_then_one_sentence_that_says_what_to_do(act: Any) -> None:
    with pytest.raises(Stopped, match=r"dermref (sources|links) list"):
        act()


def test_new_link_when_its_source_is_unknown_then_a_fault() -> None:
    assert check_new(link(source_id="nowhere")) == ("nowhere is not in the registry.",)


def test_file_when_any_row_is_at_fault_then_every_fault_by_line_and_no_link(tmp_path: Path) -> None:
    sound = {"url": SPITZ, "title": "Spitz", "condition": "Spitz tumor"}
    path = table(
        tmp_path,
        sound,
        sound | {"url": "javascript:alert(1)"},
        sound | {"url": "http://localhost/", "language": "klingonese"},
        sound | {"title": ""},
    )
    with pytest.raises(Stopped) as caught:
        import_links("pathologyoutlines", path, by="A. Curator")
    said = str(caught.value).split("\n")
    assert said[0] == "links.csv has 4 faults; nothing was taken:"
    assert [line.partition(":")[0] for line in said[1:]] == ["line 5", "line 3", "line 4", "line 4"]
    assert not models.Link.objects.exists()


def test_file_when_it_has_many_faults_then_the_first_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    rows = [{"url": f"http://10.0.0.{at}/", "title": "x", "topic": f"t{at}"} for at in range(60)]
    with pytest.raises(Stopped) as caught:
        import_links("pathologyoutlines", table(tmp_path, *rows), by="x")
    said = str(caught.value).split("\n")
    assert (len(said), said[-1]) == (42, "… and 20 more")


def test_file_when_imported_again_then_nothing_twice_and_changed_words_are_kept(tmp_path: Path) -> None:
    rows = [
        {"url": SPITZ, "title": "Spitz", "condition": "Spitz tumor"},
        {"url": SPITZ, "title": "Spitz", "topic": "Melanocytic tumors"},
    ]
    first = import_links("pathologyoutlines", table(tmp_path, *rows), by="A. Curator").saved
    again = import_links("pathologyoutlines", table(tmp_path, *rows), by="B. Curator").saved
    rows[1] |= {"title": "Atypical Spitz tumor", "needs_login": "yes"}
    third = import_links("pathologyoutlines", table(tmp_path, *rows), by="C. Curator").saved
    assert (first.added, again.unchanged, third.updated, third.unchanged) == (2, 2, 1, 1)
    assert {(one.link.title, one.link.by) for one in list_links()} == {
        ("Spitz", "A. Curator"),
        ("Atypical Spitz tumor", "C. Curator"),
    }
    assert list_links()[1].link.needs_login


def test_file_when_two_labels_are_one_condition_then_one_link(tmp_path: Path) -> None:
    rows = [{"url": SPITZ, "title": "Spitz", "condition": label} for label in ("Spitz tumor", "Spitz, tumor")]
    assert import_links("pathologyoutlines", table(tmp_path, *rows), by="x").saved.added == 1


def test_links_of_the_demo_when_imported_then_every_one_is_sound_and_shown() -> None:
    assert import_links(None, DEMO, by="the demo").saved.added == len(list_links()) >= 10
    assert [one.link.url for one in list_links() if one.hidden] == []
    assert {one.link.source_id for one in list_links()} > {"pathologyoutlines", "masaryk-dermpath-atlas"}


def test_file_when_each_row_names_its_source_then_unknown_ones_are_faults(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(f"source,url,title,topic\nnowhere,{SPITZ},Spitz,Nevi\n", "utf-8")
    with pytest.raises(Stopped, match="line 2: nowhere is not in the registry"):
        import_links(None, tmp_path / "links.csv", by="x")
    with pytest.raises(Stopped, match="say “each” in place of a source"):
        import_links("pathologyoutlines", tmp_path / "links.csv", by="x")
    with pytest.raises(Stopped, match="no column “source_id”"):
        import_links(None, table(tmp_path, {"url": SPITZ, "title": "Spitz", "topic": "Nevi"}), by="x")


def test_annotations_of_a_release_when_imported_then_links_at_their_conditions_and_no_image() -> None:
    done = import_links(RELEASE, ANNOTATIONS, by="A. Curator")
    assert (done.saved.added, done.left_out) == (8, 2)
    assert linked_conditions(ANONYMOUS)["psoriasis"] == ("psoriasis", 2)
    acne = pointers(condition="acne-vulgaris")[0]
    assert acne.opens == "Atlas Dermatologico (Brazil)"
    assert pointers(condition="vitiligo")[0].opens == "pictures.example.org"
    assert "Fitzpatrick type 4 as annotated by Fitzpatrick17k" in acne.note
    assert not models.Image.objects.exists()


def test_links_when_listed_then_by_source_condition_and_state() -> None:
    add_link(link(), by="A. Curator")
    add_link(link(condition="", topic="Nevi"), by="A. Curator")
    assert len(list_links(source_id="pathologyoutlines")) == 2
    assert len(list_links(condition="Spitz tumor")) == len(list_links(condition="spitz-tumor")) == 1
    assert list_links(state=LinkState.MOVED) == []
    assert [one.heading for one in pointers(topic="Nevi")] == ["Nevi"]


def test_link_when_taken_out_then_gone() -> None:
    listed = add_link(link(), by="A. Curator")
    assert take_out(listed.link.row_id).url == SPITZ
    assert list_links() == []


def test_links_of_a_source_when_there_are_many_then_some_stand_there_and_the_others_are_counted(tmp_path: Path) -> None:
    rows = [{"url": f"{SPITZ}?{at}", "title": f"{at}", "condition": "Spitz tumor"} for at in range(103)]
    import_links("pathologyoutlines", table(tmp_path, *rows), by="x")
    (group,) = see_also(viewer=ANONYMOUS, condition="spitz-tumor")
    assert (len(group.pointers), group.more) == (100, 3)


def test_credit_line_when_the_template_speaks_of_an_image_then_the_name_of_the_source() -> None:
    add_link(link(source_id="isic-archive", url="https://www.isic-archive.com/x"), by="A. Curator")
    assert pointers(condition="spitz-tumor")[0].credits == ("ISIC Archive (CC-BY subset)",)
