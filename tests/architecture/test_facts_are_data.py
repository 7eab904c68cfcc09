"""License facts live in `rights/data`, source facts in `registry/data`: no code and no template names one."""

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from architecture.tree import PACKAGE, Found, modules, spoken, templates
from dermref.registry.load import load_datasets, load_sources
from dermref.rights.facts import load_facts

SOURCE_IDS = {source.source_id for source in (*load_sources(), *load_datasets())}
# Where an adapter may name the source it reads: its id, and the reader it signs evidence with.
OWN_NAMES = {"SOURCE_ID", "reader"}


def license_names() -> set[str]:
    """Ids, printed names and families of every instrument, with and without version, and the hosts of license links."""
    units = tomllib.loads((PACKAGE / "rights" / "data" / "licenses.toml").read_text("utf-8"))["unit"].values()
    plain = {unit[key] for unit in units for key in ("spdx", "short", "family")}
    known = load_facts().by_id.values()
    named = {name for one in known for name in (one.id, one.short, one.name)}
    return plain | named | {one.family for one in known} | {load_facts().host, load_facts().statements_host}


def naming(names: set[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)


def own_names(module: ast.Module) -> set[int]:
    return {
        id(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and {ast.unparse(target) for target in node.targets} <= OWN_NAMES
    }


def named_in_code(pattern: re.Pattern[str], *, but: str = "") -> Iterator[Found]:
    for path, module in modules().items():
        allowed = own_names(module) if but and path.startswith(but) else set()
        for node in spoken(module):
            if id(node) not in allowed and (hit := pattern.search(str(node.value))):
                yield Found(f"{path}:{node.lineno}", hit[0])


def named_in_templates(pattern: re.Pattern[str]) -> Iterator[Found]:
    for path, page in templates().items():
        for number, line in enumerate(page.splitlines(), start=1):
            if hit := pattern.search(line):
                yield Found(f"{path}:{number}", hit[0])


def test_code_when_searched_for_licenses_then_names_none() -> None:
    assert list(named_in_code(naming(license_names()))) == []


def test_code_when_searched_for_sources_then_only_adapters_name_their_own() -> None:
    assert list(named_in_code(naming(SOURCE_IDS), but="sources/")) == []


@pytest.mark.parametrize("names", [license_names(), SOURCE_IDS], ids=["licenses", "sources"])
def test_templates_when_searched_then_name_neither_license_nor_source(names: set[str]) -> None:
    assert list(named_in_templates(naming(names))) == []


def test_search_when_a_name_stands_in_a_sentence_then_finds_it() -> None:
    """The search itself must be able to fail."""
    first = sorted(load_facts().by_id)[0]
    assert naming(license_names()).search(f"shared under {first.lower()}, see https://{load_facts().host}/")
    assert naming(SOURCE_IDS).search(f"images of {min(SOURCE_IDS)}")
    assert not naming(SOURCE_IDS).search(f"x{min(SOURCE_IDS)}")
