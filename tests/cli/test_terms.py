"""`dermref sources apply` and `changes` as a curator meets them."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from dermref.registry.canonical import digest_of, document_of
from dermref.registry.load import load_source

SOURCE = "isic-archive"
BY = ("--by", "A. Curator", "--why", "the terms page changed")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def dermref(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "dermref", "sources", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def look_back(data: Path) -> str:
    """Make the catalogue one that was last registered with other notes on a source; the digest of that version."""
    document = document_of(load_source(SOURCE)) | {"notes": "earlier notes"}
    digest = digest_of(document)
    with sqlite3.connect(data / "dermref.sqlite3") as database:
        row = (digest, SOURCE, json.dumps(document), "2026-11-22 00:00:00")
        database.execute(
            "INSERT INTO catalog_sourceversion (digest, source_id, document, recorded_at) VALUES (?,?,?,?)", row
        )
        database.execute("UPDATE catalog_source SET digest = ? WHERE source_id = ?", (digest, SOURCE))
    database.close()
    return digest


def test_apply_when_terms_changed_then_says_what_and_the_record_keeps_it(data: Path) -> None:
    assert json.loads(dermref(data, "apply", *BY, "--json").stdout) == []
    before = look_back(data)
    (change,) = json.loads(dermref(data, "apply", *BY, "--json").stdout)
    assert (change["source_id"], change["by"], change["why"]) == (SOURCE, "A. Curator", "the terms page changed")
    assert (change["before"], change["operator"], change["outcomes"]) == (before, "individual", [])
    assert change["fields"] == [
        {"field": "notes", "before": "earlier notes", "after": load_source(SOURCE).notes},
    ]
    for words in ((), (SOURCE,)):
        assert json.loads(dermref(data, "changes", *words, "--json").stdout) == [change]
    said = dermref(data, "changes").stdout
    assert "by A. Curator: the terms page changed" in said
    assert 'notes: "earlier notes" → ' in said
    assert "no decision on any image changed" in said
    assert dermref(data, "apply", *BY).stdout == "No terms changed.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("apply",), "--by"),
        (("apply", "--by", "A. Curator"), "--why"),
        (("apply", "--by", " ", "--why", "x"), "neither may be empty"),
        (("changes", "nope"), "no source “nope”"),
    ],
)
def test_terms_when_asked_wrongly_then_one_sentence(data: Path, words: tuple[str, ...], sentence: str) -> None:
    done = dermref(data, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
