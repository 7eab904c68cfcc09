"""`dermref sources` answers people and programs."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from dermref.cli.sources import sources
from dermref.registry.build import registry_json


def run(*words):
    return CliRunner().invoke(sources, words)


def test_list_when_asked_for_json_then_37():
    listed = json.loads(run("list", "--json").stdout)
    assert len(listed) == 37
    assert listed[1]["treated_as"].startswith("CC-BY-NC-ND-4.0")


def test_list_when_datasets_are_wanted_then_four_more():
    assert len(run("list", "--datasets").stdout.splitlines()) == 1 + 37 + 4


def test_show_when_known_then_the_row():
    assert json.loads(run("show", "dermis", "--json").stdout)["conflicts"][0]["blocks"]
    assert "we grant the right" in run("show", "dermis").stdout


def test_show_when_unknown_then_exit_2_and_one_sentence():
    asked = run("show", "dermiss", "--json")
    assert asked.exit_code == 2
    assert asked.stdout == ""
    assert asked.stderr == "Error: There is no source “dermiss”; did you mean “dermis”?\n"


def test_check_when_only_conflicts_then_exit_0_and_with_strict_1():
    assert run("check").exit_code == 0
    assert run("check", "--strict").exit_code == 1


def test_check_when_asked_for_json_then_faults_and_conflicts():
    findings = json.loads(run("check", "--json").stdout)
    assert findings["faults"] == []
    assert {"dermis", "hellenic-derm-atlas"} <= {finding["source_id"] for finding in findings["conflicts"]}


def test_build_when_run_twice_then_written_once(tmp_path):
    out = tmp_path / "seeds" / "registry.json"
    assert json.loads(run("build", "--out", str(out), "--json").stdout)["files"][0]["changed"]
    assert out.read_text(encoding="utf-8") == registry_json()
    assert "already up to date" in run("build", "--out", str(out)).stdout


def test_build_when_it_cannot_write_then_exit_2(tmp_path):
    (tmp_path / "file").touch()
    assert run("build", "--out", str(tmp_path / "file" / "x.json")).exit_code == 2


@pytest.mark.parametrize("command", ["list", "show", "check", "build"])
def test_help_when_asked_then_with_an_example(command):
    assert "Example" in run(command, "--help").stdout


def test_import_when_listing_then_nothing_heavy():
    code = "import sys, dermref.cli.sources; print(sorted({'django', 'rich', 'httpx', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
