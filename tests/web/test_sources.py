"""The page "Image sources & licenses" against the registry: 37 rows in seven groups, releases apart."""

import re
from html import unescape

import pytest

from dermref.registry.load import load_datasets, load_sources
from web.conftest import Site

COUNTS = [
    ("Integrated", 3),
    ("Ready to ingest", 12),
    ("Planned", 2),
    ("Pending permission", 11),
    ("Personal / institutional", 6),
    ("Off-limits / paid", 1),
    ("Meta", 2),
]
GROUP = re.compile(r'<section class="group".*?</section>', re.DOTALL)
RELEASES = re.compile(r'<section class="releases".*?</section>', re.DOTALL)
ROW = re.compile(r'<tr role="row" id="([^"]+)">(.*?)</tr>', re.DOTALL)


def test_sources_page_when_drawn_then_has_the_seven_groups_with_their_counts(site: Site) -> None:
    groups = GROUP.findall(site.get("/sources/").text)
    titles = [re.search(r"<h2[^>]*>(.*) \((\d+)\)</h2>", group) for group in groups]
    assert [(unescape(title[1]), int(title[2])) for title in titles if title] == COUNTS
    assert [len(ROW.findall(group)) for group in groups] == [count for _, count in COUNTS]


def test_sources_page_when_drawn_then_lists_each_tracked_source_once_and_releases_apart(site: Site) -> None:
    page = site.get("/sources/").text
    tracked = [name for group in GROUP.findall(page) for name, _ in ROW.findall(group)]
    releases = [name for group in RELEASES.findall(page) for name, _ in ROW.findall(group)]
    assert tracked == [source.source_id for source in load_sources()]
    assert releases == [source.source_id for source in load_datasets()]
    assert "37 sources tracked." in page


def test_rows_when_drawn_then_print_every_fact_of_the_registry(site: Site) -> None:
    rows = dict(ROW.findall(site.get("/sources/").text))
    for source in (*load_sources(), *load_datasets()):
        row = unescape(rows[source.source_id])
        facts = [source.name, source.homepage, source.license_label, source.license_text, source.status, source.notes]
        facts += [f"Tier: {source.tier}", *(one for one in (source.attribution, source.contact) if one)]
        facts += [conflict.quote for conflict in source.terms.conflicts if conflict.cleared is None]
        assert [fact for fact in facts if fact not in row] == []


@pytest.mark.parametrize("source", [*load_sources(), *load_datasets()], ids=lambda source: source.source_id)
def test_source_page_when_opened_then_quotes_the_phrase_of_each_term_and_duty(site: Site, source: object) -> None:
    answer = site.get(f"/sources/{source.source_id}/")  # type: ignore[attr-defined]
    page = unescape(answer.text)
    terms = source.terms  # type: ignore[attr-defined]
    phrases = [one.proof.phrase for one in (*terms.terms, *terms.duties)] + [one.quote for one in terms.conflicts]
    assert answer.status_code == 200
    assert [phrase for phrase in phrases if phrase not in page] == []
    assert terms.license_expression in page
