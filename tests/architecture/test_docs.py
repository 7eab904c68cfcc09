"""The docs name every setting, command, source and word of a decision, and no command that does not exist."""

import re
import subprocess
import sys
import tomllib
from enum import StrEnum

import pytest

from architecture.tree import ROOT, modules, spoken, text
from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.decision import DutyCode, Outcome
from dermref.model.policy import Hold
from dermref.model.source import Status, Tier
from dermref.registry.docs import sources_page
from dermref.registry.load import load_datasets, load_sources

SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)(.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")  # to a file, not to a web address
PAGES = ("README.md", "CONTRIBUTING.md")


def settings_read() -> set[str]:
    found = (str(node.value) for node in spoken(modules()["config/env.py"]))
    return {name for name in found if SETTING.fullmatch(name)}


def targets() -> dict[str, str]:
    """Makefile targets and what stands after their colon."""
    return {name: rest for name, rest in TARGET.findall(text("Makefile")) if " export " not in f" {rest}"}


def test_settings_when_compared_with_the_docs_then_both_list_the_same() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text("docs/settings.md"), re.MULTILINE))
    assert documented == settings_read()


@pytest.mark.parametrize("words", [Action, DutyCode, Outcome, Tier, Status, Purpose, ViewerKind, OperatorKind, Hold])
def test_words_of_a_decision_when_looked_up_then_each_has_a_row_in_the_rights_page(words: type[StrEnum]) -> None:
    rows = set(re.findall(r"^\| `([^`]+)` \|", text("docs/rights.md"), re.MULTILINE))
    assert {str(word) for word in words} - rows == set()


def test_findings_when_looked_up_then_each_is_in_the_media_page() -> None:
    known = tomllib.loads(text("src/dermref/media/data/findings.toml"))
    assert {code for code in known if f"`{code}`" not in text("docs/media.md")} == set()


def test_sources_page_when_generated_again_then_is_the_same() -> None:
    assert text("docs/sources.md") == sources_page(), "run “make docs”"


def test_sources_when_looked_up_then_each_is_in_the_docs() -> None:
    known = {source.source_id for source in (*load_sources(), *load_datasets())}
    assert {one for one in known if f"`{one}`" not in text("docs/sources.md")} == set()


def test_command_page_when_generated_again_then_is_the_same() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "docs_cli.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_makefile_when_read_then_every_target_has_help_and_is_phony() -> None:
    phony = set(re.findall(r"^\.PHONY:(.*)$", text("Makefile"), re.MULTILINE)[0].split())
    assert {name for name, rest in targets().items() if "## " not in rest} == set()
    assert set(targets()) == phony


@pytest.mark.parametrize("page", PAGES)
def test_page_when_read_then_every_make_command_is_a_target(page: str) -> None:
    code = re.findall(r"```.*?```|`[^`\n]+`", text(page), re.DOTALL)
    named = {name for piece in code for name in re.findall(r"\bmake ([a-z-]+)", piece)}
    assert named
    assert named - set(targets()) == set()


@pytest.mark.parametrize("page", PAGES)
def test_page_when_read_then_every_dermref_command_exists(page: str) -> None:
    code = re.findall(r"```.*?```|`[^`\n]+`", text(page), re.DOTALL)
    named = {name for piece in code for name in re.findall(r"\bdermref ([a-z]+)", piece)}
    assert {name for name in named if f"## `dermref {name}`" not in text("docs/cli.md")} == set()


def test_links_when_followed_then_each_leads_to_a_file() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text("utf-8"))]
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_dependencies_when_compared_with_the_project_then_each_has_its_why() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    asked += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    names = {re.split(r"[\[<>=]", one)[0] for one in asked}
    documented = set(re.findall(r"^\| `([^`]+)` \|", text("docs/dependencies.md"), re.MULTILINE))
    assert documented == names
