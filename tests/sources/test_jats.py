"""Articles in JATS are read whole or not at all, and their rights word for word."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dermref.sources.jats import Article, Unreadable, read_article
from dermref.sources.jats_figures import figure_key

FOLDER = Path(__file__).parent / "pmc-oa"
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def real(name: str) -> Article:
    return read_article((FOLDER / name / f"{name}.xml").read_text("utf-8"))


def made(body: str = "", *, license_xml: str = "", meta: str = "") -> Article:
    permissions = f"<permissions>{license_xml}</permissions>" if license_xml else ""
    head = f"<front><article-meta>{meta}{permissions}</article-meta></front>"
    return read_article(f"<article {XLINK}>{head}<body>{body}</body></article>")


def fig(inside: str, *, fig_id: str = "f1") -> str:
    return f'<fig id="{fig_id}"><caption><p>A plaque.</p></caption><graphic xlink:href="gr1"/>{inside}</fig>'


@pytest.mark.parametrize(
    ("name", "links", "figures"),
    [
        ("PMC8060433.1", ("by/4.0",), 3),
        ("PMC3166277.1", ("by/2.0",), 4),
        ("PMC7417471.1", ("by/4.0",), 6),
        ("PMC2599765.1", ("mark/1.0",), 2),
        ("PMC900000005.1", ("zero/1.0",), 2),
        ("PMC900000029.1", ("by/2.0",), 1),
        ("PMC900000030.1", ("by/4.0",), 1),
        ("PMC900000027.1", ("by/4.0", "by/3.0"), 1),
    ],
)
def test_article_when_real_then_its_license_links_and_figures_are_all_there(
    name: str, links: tuple[str, ...], figures: int
) -> None:
    article = real(name)
    assert article.rights is not None
    assert tuple("/".join(link.strip("/").split("/")[-2:]) for link in article.rights.links) == links
    assert len(article.figures) == figures


def test_citation_when_all_is_there_then_it_is_whole() -> None:
    assert real("PMC8060433.1").citation == (
        "Wang W, et al. Dermoscopy Features of Acquired Perforating Dermatosis Among 39 Patients."
        " Frontiers in Medicine. 2021;8:631642. doi:10.3389/fmed.2021.631642"
    )
    assert real("PMC900000001.1").citation == (
        "Example AB, et al. An example case (made up). Journal of Made-up Cases. 2025;3(2):14-17."
        " doi:10.0000/example.900000001"
    )


def test_citation_when_the_journal_is_not_named_then_there_is_none() -> None:
    assert real("PMC900000006.1").citation is None


def test_permissions_when_without_license_then_that_is_said() -> None:
    rights = real("PMC2994229.1").rights
    assert rights is not None
    assert (rights.is_licensed, rights.links, rights.holder) == (False, (), "Cancer Research UK")


def test_statement_when_it_stands_outside_permissions_then_it_is_kept_verbatim() -> None:
    article = real("PMC1790863.1")
    assert article.rights is None
    assert (article.loose_notice or "").startswith("Tenaillon et al. This is an open-access article distributed under")


def test_figure_when_several_permissions_then_all_are_reported() -> None:
    two, none = real("PMC900000006.1").figures
    assert [len(two.own), len(none.own)] == [2, 0]
    assert two.own[0].notice == "© 1977 Thieme Medical Publishers. All Rights Reserved."


@pytest.mark.parametrize(
    ("xml", "notice"),
    [
        ("<fig-group><permissions><copyright-statement>G</copyright-statement></permissions>{}</fig-group>", "G"),
        ("<boxed-text><permissions><copyright-statement>B</copyright-statement></permissions>{}</boxed-text>", "B"),
        (
            "<sec><sec-meta><permissions><copyright-statement>S</copyright-statement></permissions></sec-meta>{}</sec>",
            "S",
        ),
        ("<fig-group><permissions/>{}</fig-group>", None),
        ("<p>{}</p>", "none at all"),
    ],
)
def test_rights_when_stated_around_a_figure_then_the_nearest_counts(xml: str, notice: str | None) -> None:
    (figure,) = made(xml.format(fig("")), license_xml="<license/>").figures
    assert [one.notice for one in figure.own] == ([] if notice == "none at all" else [notice])


def test_rights_when_stated_at_the_picture_then_they_go_before_those_of_the_figure() -> None:
    inner = "<permissions><copyright-statement>picture</copyright-statement></permissions>"
    outer = "<permissions><copyright-statement>figure</copyright-statement></permissions>"
    (figure,) = made(f'<fig id="f"><graphic xlink:href="g">{inner}</graphic>{outer}</fig>').figures
    assert [one.notice for one in figure.own] == ["picture"]


def test_figure_when_within_a_graphical_abstract_then_the_articles_own_permissions_are_not_its() -> None:
    (figure,) = made(license_xml="<license/>", meta=f"<abstract>{fig('')}</abstract>").figures
    assert figure.own == ()


def test_words_when_at_the_group_or_in_the_picture_then_they_are_said_of_the_figure() -> None:
    xml = (
        '<fig-group><caption><p>Group words.</p></caption><fig id="f"><graphic xlink:href="g"><alt-text>Alt words.'
        "</alt-text><attrib>Jane Doe</attrib></graphic><p>Own <xref ref-type='bibr' rid='b'>3</xref>.</p></fig>"
        "</fig-group>"
    )
    (figure,) = made(xml).figures
    assert figure.said == "Group words.\nOwn ⟦3⟧.\nAlt words.\nJane Doe"
    assert figure.attribs == ("Jane Doe",)


@pytest.mark.parametrize(
    "xml",
    [
        "<boxed-text><caption><p>Of Elsevier.</p></caption>{}</boxed-text>",
        "<boxed-text><attrib>Of Elsevier.</attrib><sec><title>A</title>{}</sec></boxed-text>",
        "<table-wrap><caption><p>Of Elsevier.</p></caption><table><tr><td>{}</td></tr></table></table-wrap>",
        "<table-wrap>{}<table-wrap-foot><attrib>Of Elsevier.</attrib></table-wrap-foot></table-wrap>",
        "<disp-quote><p>{}</p><attrib>Of Elsevier.</attrib></disp-quote>",
        "<supplementary-material><caption><p>Of Elsevier.</p></caption>{}</supplementary-material>",
        "<fig-group><caption><p>Of Elsevier.</p></caption><fig-group>{}</fig-group></fig-group>",
        "<fig><caption><p>Of Elsevier.</p></caption>{}</fig>",
    ],
)
def test_words_when_at_anything_around_a_figure_then_they_are_said_of_it(xml: str) -> None:
    (figure,) = made(xml.format(fig(""))).figures
    assert "Of Elsevier." in figure.said
    assert bool(figure.attribs) == ("<attrib>" in xml)


def test_words_when_at_a_section_or_at_a_figure_beside_then_they_are_not_said_of_the_figure() -> None:
    beside = '<fig id="f2"><caption><p>Of Elsevier.</p></caption><graphic xlink:href="gr2"/></fig>'
    first, _ = made(f"<sec><title>Results</title><fig-group>{fig('')}{beside}</fig-group></sec>").figures
    assert first.said == "A plaque."


def test_footnote_when_a_caption_points_to_it_then_its_words_are_said_of_the_figure() -> None:
    link = "<p>Rosettes<xref ref-type='fn' rid='n1 n9'>*</xref></p>"
    (figure,) = made(f"{fig(link)}<fn-group><fn id='n1'><p>Of Elsevier.</p></fn></fn-group>").figures
    assert figure.said == "A plaque.\nRosettes*\nOf Elsevier."


@pytest.mark.parametrize(
    ("xml", "is_stray"),
    [
        ('<fig id="f"><caption><p>A.</p>{}</caption><graphic xlink:href="g"/></fig>', True),
        ('<fig><alternatives><graphic xlink:href="g"/><graphic xlink:href="h">{}</graphic></alternatives></fig>', True),
        ('<boxed-text><caption><p>A.</p>{}</caption><fig id="f"><graphic xlink:href="g"/></fig></boxed-text>', True),
        ('<fig id="f"><graphic xlink:href="g"/>{}</fig>', False),
        ('<fig id="f"><graphic xlink:href="g"/><graphic xlink:href="h">{}</graphic></fig>', False),
        ('<fig id="f"><graphic xlink:href="g"/><fig><graphic xlink:href="h"/>{}</fig></fig>', False),
    ],
)
def test_permissions_when_not_around_the_picture_then_they_are_not_lost(xml: str, is_stray: bool) -> None:
    notice = "<permissions><copyright-statement>© E</copyright-statement></permissions>"
    assert made(xml.format(notice)).figures[0].has_stray_rights is is_stray


def test_permissions_when_the_article_has_two_then_that_is_said() -> None:
    assert made(license_xml="<license/>", meta="<permissions/>").has_several_rights
    assert not made(license_xml="<license/>").has_several_rights


def test_permissions_when_read_then_all_their_words_and_the_kind_of_license_are_kept() -> None:
    rights = made(
        license_xml="<copyright-statement>© A.</copyright-statement><copyright-statement>B.</copyright-statement>"
        "<license license-type='cc-by-nc'><p>Words.</p></license>"
    ).rights
    assert rights is not None
    assert rights.said == "© A. B. Words. cc-by-nc"


def test_reference_mark_when_an_article_writes_one_itself_then_it_is_none() -> None:
    (figure,) = made(fig("<p>from ⟦me⟧</p>")).figures
    assert "from [me]" in figure.said


def test_reply_when_it_has_figures_then_they_are_none_of_the_articles() -> None:
    text = f"<article {XLINK}><front><article-meta/></front><sub-article><body>{fig('')}</body></sub-article></article>"
    assert read_article(text).figures == ()


def test_figure_when_its_name_stands_twice_then_it_is_there_once_and_marked() -> None:
    (figure,) = made(fig("") + fig("")).figures
    assert figure.is_twice


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % a SYSTEM "http://127.0.0.1:1/x"> %a;]>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, PARAMETER])
def test_article_when_it_declares_entities_then_it_is_not_read(head: str) -> None:
    with pytest.raises(Unreadable, match="entities of its own"):
        read_article(f"{head}<article {XLINK}><front><article-meta/></front><body>&b;</body></article>")


def test_article_when_it_uses_an_entity_it_does_not_spell_out_then_it_is_not_read() -> None:
    """A credit could hide in it: “&copy; Elsevier” would be read without the sign."""
    doctype = '<!DOCTYPE article PUBLIC "-//NLM//DTD" "journalpublishing.dtd">'
    with pytest.raises(Unreadable, match="spell out"):
        read_article(f"{doctype}<article {XLINK}><front><article-meta/></front><body>&copy; X</body></article>")


def test_article_when_its_type_is_declared_elsewhere_then_nothing_is_loaded() -> None:
    doctype = '<!DOCTYPE article PUBLIC "-//NLM//DTD" "http://127.0.0.1:1/journalpublishing.dtd">'
    assert read_article(f"{doctype}<article><front><article-meta/></front></article>").figures == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "{}",
        "<html/>",
        "<article>",
        "<article/>",
        "<article><front/></article>",
        "\ud800",
        "<a" * 9,
        "<a>" * 9_000,
    ],
)
def test_text_when_no_article_then_it_is_unreadable_and_no_traceback(text: str) -> None:
    with pytest.raises(Unreadable):
        read_article(text)


def test_article_when_larger_than_any_then_it_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dermref.sources.jats.LARGEST", 100)
    with pytest.raises(Unreadable, match="more than 100 bytes"):
        read_article("<article>" + " " * 100 + "</article>")


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_key_when_made_of_anything_then_it_is_a_name_of_two_bounded_parts(fig_id: str, href: str) -> None:
    first, second = figure_key(fig_id, href).split("/")
    assert 0 < len(first) <= 100 >= len(second) > 0
    assert (first + second).isascii()
    assert (first + second).isprintable()


def test_parser_when_used_then_it_is_the_strict_one() -> None:
    """The very options that make lxml safe: no DTD, no network, no entities put in, no endless trees."""
    text = Path(read_article.__code__.co_filename).read_text("utf-8")
    options = ("resolve_entities=False", "no_network=True", "load_dtd=False", "huge_tree=False", 'encoding="utf-8"')
    assert all(option in text for option in options)
    assert etree.LXML_VERSION >= (6, 0)
