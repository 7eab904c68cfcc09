"""Credits as others read them: whatever a title or a name holds, an HTML or Markdown reader gives the words back, with
the links of license and source and no other."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.credit.plain import plain_sentence
from dermref.credit.writing import fit
from dermref.registry.load import load_source
from dermref.rights.facts import licenses_in

SOURCE = load_source("wikimedia-commons")
LICENSE = "CC-BY-SA-3.0"
PAGE = "https://example.org/File:Skin_(arm).jpg?a=1&copy=2"
TURNING = "\u202e\u2066\u2069\u200f\u061c"
NASTY = (
    '"quoted" and “curly”',
    "{creator} {title} {0} {{x}} {creator.__class__}",
    "$& $1 \\1 \\g<0> %s %(creator)s",
    "<b>bold</b><script>alert(1)</script><!-- -->&lt;&amp;amp;",
    "a](https://evil.example/) [b](javascript:alert(1)) ![c](d)",
    "`code` ``x`` *a* _b_ **c** # d | e ~~f~~ > g",
    "https://evil.example/ www.evil.example <https://evil.example/>",
    "- list", "1. list", "1) list", "+ list", "=====", "---", "# heading", "    code", "> quote", "* * *",
    "line one\nline two\r\n\tline three\u2028four\u2029five\x85six",
    "שלום עולם", "محمد ابن موسى", "\u202egnitirw\u202c CC0", "👩🏽‍⚕️ 🇧🇷",
    "name\x00\x1b[31mred", "\\", "!", "&copy;", "www.",
)  # fmt: skip
words = st.one_of(st.sampled_from(NASTY), st.text(max_size=60)).filter(lambda text: any(map(str.isalnum, text)))


def credits_of(title: str, name: str) -> list[Credit]:
    facts = CreditFacts("M1", PAGE, title=title, creator=name)
    found = attribution(SOURCE, licenses_in(LICENSE), facts)
    return [found, plain_sentence(SOURCE, LICENSE, facts)] if isinstance(found, Credit) else []


def links_wanted(credit: Credit) -> list[str]:
    return [part.url for part in credit.parts if part.url]


def plain(text: str) -> str:
    """As a browser shows it: one space for any white space."""
    return re.sub(r"[ \t\n\r\f]+", " ", text).strip()


def read_markdown(markdown: str) -> tuple[str, list[str]]:
    """Text and links as CommonMark with the additions of GitHub has them; one paragraph and nothing else."""
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    body = LexborHTMLParser(page).body
    assert body is not None
    assert [one.tag for one in body.iter()] == ["p"], page
    assert {one.tag for one in body.css("*")} <= {"body", "p", "a"}, page
    return plain(body.text()), [str(one.attributes["href"]) for one in body.css("a")]


@settings(max_examples=300)
@given(words, words)
def test_html_when_read_by_a_parser_then_the_words_come_back_and_no_link_but_ours(title: str, name: str) -> None:
    for credit in credits_of(title, name):
        root = lxml_html.fragment_fromstring(credit.html, create_parent="p")
        assert plain(str(root.text_content())) == plain(credit.text)
        assert [one.get("href") for one in root.iter("a")] == links_wanted(credit)
        assert {str(one.tag) for one in root.iter()} <= {"p", "a", "bdi"}


@settings(max_examples=300)
@given(words, words)
def test_markdown_when_rendered_then_the_words_come_back_and_no_link_but_ours(title: str, name: str) -> None:
    for credit in credits_of(title, name):
        text, links = read_markdown(credit.markdown)
        assert text == plain(credit.text)
        assert links == [one.replace("(", "%28").replace(")", "%29") for one in links_wanted(credit)]


@given(words, words)
def test_text_when_names_hold_anything_then_it_is_one_line_that_nothing_turns(title: str, name: str) -> None:
    for credit in credits_of(title, name):
        assert len(credit.text.splitlines()) == 1
        assert not set(credit.text) & set(TURNING)
        assert json.loads(json.dumps(credit.as_json()))["text"] == credit.text


def test_title_when_it_names_a_placeholder_then_it_is_never_filled_in() -> None:
    (credit, sentence) = credits_of("{author} and {license}", "Jane")
    assert credit.text == "{author} and {license} by Jane, via Wikimedia Commons, CC BY-SA 3.0 · M1"
    assert sentence.text.startswith('"{author} and {license}" by Jane is licensed under CC BY-SA 3.0.')


@pytest.mark.parametrize("name", ["שלום עולם", "محمد ابن موسى"])
def test_name_when_written_from_right_to_left_then_html_keeps_it_apart(name: str) -> None:
    assert f"<bdi>{name}</bdi>" in credits_of("Skin", name)[0].html


def test_name_when_it_turns_the_direction_then_the_license_stays_as_it_is() -> None:
    credit = credits_of("Skin", "Ann\u202e 0CC")[0]
    assert credit.text == "Skin by Ann 0CC, via Wikimedia Commons, CC BY-SA 3.0 · M1"


@pytest.mark.parametrize("text", ["Jane Doe", "a  b", "", "Ünï"])
def test_words_when_fit_already_then_they_stay_the_very_same(text: str) -> None:
    assert fit(text) is text


def test_mark_before_a_link_when_rendered_then_it_makes_no_picture() -> None:
    credit = attribution(SOURCE, licenses_in(LICENSE), CreditFacts("M1", PAGE, title="Skin", creator="Jane !"))
    assert isinstance(credit, Credit)
    assert len(read_markdown(credit.markdown)[1]) == 2
