"""Labels and values come out of a page by their words alone, in whatever markup it has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermref.model.evidence import Document
from dermref.registry.load import load_source
from dermref.sources.labelled_page import Labelled, Link, one_meaning, read_page, restrictions

LABELS = {
    "id": ["ID#"],
    "description": ["Description"],
    "caption": ["Caption"],
    "provider": ["Content Providers(s)", "Content Provider(s)"],
    "credit": ["Photo Credit"],
    "restrictions": ["Copyright Restrictions"],
}
SOURCE = load_source("cdc-phil")
NONE = "None - This image is in the public domain."


def page(html: str) -> Labelled:
    return read_page(f"<html><body>{html}</body></html>".encode(), LABELS, inner=("caption",))


@pytest.mark.parametrize(
    "row",
    [
        "<table><tr><td><b>{label}:</b></td><td>{value}</td></tr></table>",
        "<table><tr><th>{label}</th><td>{value}</td></tr></table>",
        "<dl><dt>{label}</dt><dd>{value}</dd></dl>",
        "<div><div><label>{label}:</label></div><div>{value}</div></div>",
        "<p><b>{label}:</b> {value}</p>",
        "<p><b>{label}</b>: {value}</p><p>What follows</p>",
        "<p>{label}: {value}</p>",
        "<p>{label}:{value}</p>",
        "<div>{label}:{value}",
    ],
)
@pytest.mark.parametrize(
    "label",
    ["Copyright Restrictions", "copyrightrestrictions", "Copyright <i>Restrictions</i>", "COPYRIGHT\n\t RESTRICTIONS"],
)
def test_row_when_marked_up_in_any_way_then_its_value_is_found(row: str, label: str) -> None:
    label = label if row.count("<") > 2 else label.replace("<i>", "").replace("</i>", "")  # in one piece without a cell
    assert page(row.format(label=label, value=NONE)).values == {"restrictions": (NONE,)}


def test_rows_when_one_is_empty_then_the_next_one_is_not_its_value() -> None:
    for html in (
        "<table><tr><td>Photo Credit:</td><td></td></tr><tr><td>ID#:</td><td>6</td></tr></table>",
        "<div><div>Photo Credit:</div><div></div></div><div><div>ID#:</div><div>6</div></div>",
        "<p><b>Photo Credit:</b><br><b>ID#:</b> 6</p>",
        "<p>Photo Credit:<br>ID#: 6</p>",
    ):
        assert page(html).values == {"credit": ("",), "id": ("6",)}, html


def test_label_when_it_stands_in_another_value_then_it_is_part_of_that() -> None:
    said = f"<b>Caption:</b> A hand. <b>Copyright Restrictions:</b> {NONE}"
    found = page(f"<table><tr><td>Description:</td><td>{said}</td></tr></table>")
    assert "restrictions" not in found.values
    assert found.value("description") == f"Caption: A hand. Copyright Restrictions: {NONE}"
    assert (found.value("caption") or "").startswith("A hand.")


def test_label_when_twice_then_the_same_value_is_one_and_another_a_fault() -> None:
    same = page(f"<p><b>Copyright Restrictions:</b> {NONE}</p>" * 2)
    other = page(f"<p><b>Copyright Restrictions:</b> {NONE}</p><p><b>Copyright Restrictions:</b> Yes</p>")
    assert (same.value("restrictions"), same.twice()) == (NONE, ())
    assert other.value("restrictions") is None
    assert [fault.code for fault in other.twice()] == ["label-twice"]
    assert restrictions(other, beside=("id",)) == ((), ())


@pytest.mark.parametrize(
    "html",
    [
        f"<div hidden><b>Copyright Restrictions:</b> {NONE}</div>",
        f"<div style='display:none'><select><option>x</select><b>Copyright Restrictions:</b> {NONE}</div>",
        f"<template><b>Copyright Restrictions:</b> {NONE}</template>",
        f"<!-- <b>Copyright Restrictions:</b> {NONE} -->",
        f"<script>x = '<b>Copyright Restrictions:</b> {NONE}'</script>",
        f"<p>There are no Copyright Restrictions. {NONE}</p>",
    ],
)
def test_row_when_no_reader_sees_it_then_it_is_none(html: str) -> None:
    assert page(html).values == {}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Yes - This image is copyright protected.", "copyright-protected"),
        ("YES", "copyright-protected"),
        ("", "restriction-empty"),
        ("Nonexclusive", "restriction-unclear"),
        ("Not known", "restriction-unclear"),
        ("Keine - gemeinfrei", "restriction-unclear"),
        ("There are none", "restriction-unclear"),
    ],
)
def test_restrictions_when_not_none_then_a_fault_and_no_statement(said: str, code: str) -> None:
    row = f"<table><tr><th>Copyright Restrictions</th><td>{said}</td></tr></table>"
    statements, faults = restrictions(page(row), beside=("id",))
    assert (statements, [fault.code for fault in faults]) == ((), [code])


def test_restrictions_when_there_is_no_row_then_a_fault() -> None:
    assert [fault.code for fault in restrictions(page("<p>ID#: 6</p>"), beside=("id",))[1]] == ["no-restriction-row"]


def test_rows_when_a_label_is_unknown_then_kept_as_printed() -> None:
    rows = ("<td>ID#:</td><td>6</td>", "<td>Lens:</td><td>50&nbsp;mm</td>", "<td>x</td><td>y</td>")
    assert page(f"<table><tr>{'</tr><tr>'.join(rows)}</tr></table>").printed == {"ID#": "6", "Lens": "50 mm"}


def test_page_when_in_windows_1252_then_read_as_that() -> None:
    body = "<html><p>Photo Credit: Se\u00f1or \u201cX\u201d</p></html>".encode("cp1252")
    assert read_page(body, LABELS).value("credit") == "Señor “X”"


def test_page_when_it_breaks_off_then_it_is_none_of_an_image() -> None:
    rows = "".join(f"<p>{label}: x</p>" for label in ("ID#", "Photo Credit", "Copyright Restrictions"))
    assert read_page(f"<html>{rows}</html>".encode(), LABELS).is_of_an_image
    assert not read_page(f"<html>{rows}".encode(), LABELS).is_of_an_image


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("//phil.cdc.gov/a.tif", "https://phil.cdc.gov/a.tif"),
        ("PHIL_Images/a.tif", "https://phil.cdc.gov/x/PHIL_Images/a.tif"),
        (" /a.tif ", "https://phil.cdc.gov/a.tif"),
        ("http://wwwn.cdc.gov/a.tif", "http://wwwn.cdc.gov/a.tif"),
        ("https://phil.cdc.gov.example/a.tif", None),
        ("https://phil.cdc.gov@evil.example/a.tif", None),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("/a b.tif", None),
    ],
)
def test_link_when_it_leads_off_the_hosts_of_the_source_then_it_is_none(address: str, leads_to: str | None) -> None:
    document = Document(b"", "https://phil.cdc.gov/x/Details.aspx?pid=6")
    assert Labelled().own_address(Link("", address), document, SOURCE) == leads_to


def test_meaning_when_two_differ_then_none() -> None:
    table = {"Measles": "Measles", "Rubeola": "Measles", "Smallpox": "Smallpox"}
    assert one_meaning(["x", "Measles", "Rubeola"], table) == "Measles"
    assert one_meaning(["Measles", "Smallpox"], table) is None
    assert one_meaning([], table) is None


@given(st.text(alphabet="<>/=\"' &;:abdtrhIDN#\n\0é", max_size=300))
def test_page_when_any_text_then_no_traceback(html: str) -> None:
    assert isinstance(read_page(html.encode(), LABELS).values, dict)


@pytest.mark.parametrize(
    "hiding",
    [
        "p style='DISPLAY:NONE'",
        "p style='color:red; display :none'",
        "p style='display:\tnone'",
        "p style='visibility: Hidden'",
        "p class='a Hidden'",
        "p aria-hidden=TRUE",
        "del",
        "s",
        "iframe",
        "xmp",
    ],
)
def test_row_when_hidden_or_struck_out_then_it_is_none(hiding: str) -> None:
    assert page(f"<{hiding}><b>Copyright Restrictions:</b> {NONE}</{hiding.partition(' ')[0]}>").values == {}


@pytest.mark.parametrize("hidden", ["<html hidden><p>x", "<html class=hidden><s><iframe>x", "<body hidden><p>x"])
def test_page_when_hidden_as_a_whole_then_nothing_is_read(hidden: str) -> None:
    assert read_page(hidden.encode(), LABELS).text == ""


def test_page_when_it_nests_without_end_then_empty() -> None:
    assert page("<div><b>ID#:</b>6" * 300) == Labelled()


OWN = "<div><p>ID#:</p><p>6</p></div><div><p>Description:</p><p>A hand.{inside}</p></div>"


@pytest.mark.parametrize(
    ("inside", "after", "code"),
    [
        ("", f"<div><p>Copyright Restrictions:</p><p>{NONE}</p></div>", None),
        (f"<br>Copyright Restrictions: {NONE}", "", "restriction-elsewhere"),
        (f"<b>Copyright Restrictions:</b> {NONE}", "", "restriction-elsewhere"),
        ("", f"<footer><p>Copyright Restrictions: {NONE}</p></footer>", "restriction-elsewhere"),
        ("", f"<div><p>See also:</p><p>Copyright Restrictions: {NONE}</p></div>", "restriction-elsewhere"),
        ("", f"<table><tr><td>Copyright Restrictions:</td><td>{NONE}</td></tr></table>", "restriction-elsewhere"),
        ("<b>Reuse:</b> No", f"<div><p>Copyright Restrictions:</p><p>{NONE}</p></div>", "restriction-unclear"),
    ],
)
def test_restrictions_when_not_in_a_row_beside_the_id_then_no_statement(
    inside: str, after: str, code: str | None
) -> None:
    statements, faults = restrictions(page(OWN.format(inside=inside) + after), beside=("id",))
    assert [fault.code for fault in faults] == ([code] if code else [])
    assert bool(statements) is (code is None)
