"""What the credit panel offers: every form there is as plain text, the style that was asked for, nothing unescaped."""

import re
from html import unescape

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from dermref.credit.attribution import Credit, Part
from dermref.credit.citable import Attributed
from dermref.web.credit_panel import (
    Attribution,
    CitationForm,
    Citations,
    CreditPanel,
    attribution_of_many,
    attribution_of_one,
    attribution_of_set,
    panel_of,
)

HOSTILE = '</textarea><script>alert(1)</script>" {creator} $& \u202e🩺'
FORMS = (CitationForm("apa", "Doe, J. (2026).", "Doe, J. <i>(2026)</i>."), CitationForm("ama", "Doe J.", "Doe J."))
STYLES = (("apa", "APA"), ("ama", "AMA"))


def drawn(panel: CreditPanel) -> str:
    return render_to_string("web/_credit_panel.html", {"panel": panel})


def test_panel_when_words_are_hostile_then_each_form_has_them_escaped() -> None:
    credit = Credit((Part(HOSTILE, "https://example.org/?a=1&b=2"),))
    page = drawn(panel_of(attribution_of_one(credit), QueryDict("")))
    boxes = re.findall(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert [unescape(one) for one in boxes] == [credit.text, credit.html, credit.markdown]
    assert page.count("<script") == 1  # our own
    assert f'id="credit-rich">{credit.html}</p>' in page


def test_panel_when_a_form_or_the_citations_are_missing_then_nothing_of_them_is_drawn() -> None:
    page = drawn(panel_of(Attribution("text", "html", "*markdown*"), QueryDict("")))
    assert "Attribution as Markdown" in page
    assert [one for one in ("as a sentence", "citation", "Download") if one in page] == []


@pytest.mark.parametrize(("asked", "chosen"), [("", "apa"), ("style=ama", "ama"), ("style=nonsense", "apa")])
def test_style_when_asked_for_in_the_address_then_drawn_first_and_the_rest_of_the_address_stays(
    asked: str, chosen: str
) -> None:
    query = QueryDict(f"purpose=teaching&after=3&{asked}")
    citations = Citations(STYLES, FORMS, chosen, is_asked=asked == "style=ama")
    page = drawn(panel_of(Attribution("text", "html"), query, citations=citations))
    hidden = dict(re.findall(r'<div data-style="(\w+)"( hidden)?>', page))
    assert [style for style, is_hidden in hidden.items() if not is_hidden] == [chosen]
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', page) == [("purpose", "teaching"), ("after", "3")]
    assert ("data-asked" in page) is (asked == "style=ama")


def test_downloads_when_there_are_some_then_linked() -> None:
    downloads = (("BibTeX", "/a?format=bibtex&x=1"),)
    citations = Citations(STYLES, FORMS[:1], "apa", downloads=downloads)
    page = drawn(panel_of(Attribution("text", "html"), QueryDict(""), citations=citations))
    assert '<a href="/a?format=bibtex&amp;x=1" download>BibTeX</a>' in page


def test_attributions_when_the_same_then_once() -> None:
    one, two = Credit((Part("A <b>"),)), Credit((Part("B"),))
    found = attribution_of_many({"a": one, "b": two, "c": one})
    assert (found.text, found.html) == ("A <b>\nB", "A &lt;b&gt;<br>\nB")
    assert found.markdown.count("\n\n") == 1


def test_set_when_ten_thousand_are_attributed_then_the_first_and_how_many_more() -> None:
    everybody = [Attributed(f"Name <{at}>", 2 if at else 1, ("A", "B")) for at in range(10_000)]
    found = attribution_of_set(everybody)
    lines = found.text.splitlines()
    assert lines[0] == "Name <0>: 1 image (A, B)"
    assert lines[-1] == "and 9,800 more, which the downloads have"
    assert (len(lines), "<0>" in found.html) == (201, False)
