"""What is generated from the registry stands in the repository as generated."""

import json
from pathlib import Path

from dermref.registry.build import registry_json
from dermref.registry.docs import sources_page
from dermref.registry.load import load_datasets, load_sources

ROOT = Path(__file__).parents[2]


def test_registry_file_when_built_then_equal():
    assert (ROOT / "seeds" / "sources_registry.json").read_text(encoding="utf-8") == registry_json()


def test_registry_json_when_read_then_printed_fields_and_rights():
    rows = json.loads(registry_json())["sources"]
    assert [row["id"] for row in rows] == [source.source_id for source in load_sources()]
    assert all(row["rights"]["phrase"] and row["rights"]["checked"] for row in rows)


def test_page_when_generated_then_equal():
    assert (ROOT / "docs" / "sources.md").read_text(encoding="utf-8") == sources_page()


def test_page_when_generated_then_names_every_source_and_phrase():
    page = sources_page()
    for source in (*load_sources(), *load_datasets()):
        assert f"`{source.source_id}`" in page
        assert all(term.proof.phrase in page for term in source.terms.terms)
        assert all(conflict.quote in page for conflict in source.terms.conflicts)
