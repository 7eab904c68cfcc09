"""Permissions in writing from the command line: without one nothing enters; with one, what it names, and no more."""

import json
from pathlib import Path

import pytest

from granted import CURATOR, FIRST, QUOTE, SECOND, SOURCE, dermref, granting, write_letter, write_manifest

WHY = (*CURATOR, "--why", "the editor asked for it")


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return write_letter(tmp_path)


def ingest(data: Path, manifest: Path) -> dict:
    done = dermref(data, "ingest", "manifest", "--source", SOURCE, "--from", str(manifest), "--json")
    return json.loads(done.stdout) if done.stdout else {"refused": done.stderr}


def shown(data: Path) -> set[str]:
    return {one["id"] for one in json.loads(dermref(data, "images", "list", "--json").stdout)["images"]}


def test_manifest_when_there_is_no_grant_then_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    refused = ingest(data, write_manifest(tmp_path))["refused"]
    assert "its bytes are never stored, only links" in refused
    assert not list((data / "store").rglob("*")) or not list((data / "store" / "sha256").rglob("*"))


def test_manifest_when_granted_then_published_and_gone_with_the_revocation(tmp_path: Path, letter: Path) -> None:
    data, manifest = tmp_path / "data", write_manifest(tmp_path)
    assert dermref(data, *granting(letter)).returncode == 0
    assert ingest(data, manifest)["published"] == 2
    assert shown(data) == {f"{SOURCE}:{FIRST}", f"{SOURCE}:{SECOND}"}
    assert dermref(data, "decide", f"{SOURCE}:{FIRST}", "--action", "download").returncode == 1
    assert dermref(data, "audit").returncode == 0
    assert dermref(data, "grants", "revoke", f"{SOURCE}-1", *WHY).returncode == 0
    assert shown(data) == set()
    assert dermref(data, "decide", f"{SOURCE}:{FIRST}", "--action", "view").returncode == 1
    assert "purge-due" in dermref(data, "audit").stdout
    assert "never stored" in ingest(data, manifest)["refused"]


def test_grant_when_it_names_one_image_then_the_other_stays_out(tmp_path: Path, letter: Path) -> None:
    data = tmp_path / "data"
    dermref(data, *granting(letter, "--images", FIRST))
    report = ingest(data, write_manifest(tmp_path))
    assert (report["published"], report["reasons"]) == (1, {"not-permitted": 1})
    assert shown(data) == {f"{SOURCE}:{FIRST}"}
    assert dermref(data, "audit").returncode == 0


def test_grant_when_it_names_images_that_are_here_then_they_may_be_used_so_from_then_on(
    tmp_path: Path, letter: Path
) -> None:
    data = tmp_path / "data"
    dermref(data, *granting(letter))
    ingest(data, write_manifest(tmp_path))
    dermref(data, *granting(letter, "--images", SECOND, actions="download"))
    may = [dermref(data, "decide", f"{SOURCE}:{one}", "--action", "download").returncode for one in (FIRST, SECOND)]
    assert may == [1, 0]
    assert dermref(data, "audit").returncode == 0
    assert ingest(data, tmp_path / "manifest.csv")["unchanged"] == 2


def test_grant_when_given_to_another_site_then_it_opens_nothing_here(tmp_path: Path, letter: Path) -> None:
    data, manifest = tmp_path / "data", write_manifest(tmp_path)
    dermref(data, *granting(letter, "--domain", "atlas.example.org"))
    assert "never stored" in ingest(data, manifest)["refused"]
    there = {"DERMREF_ALLOWED_HOSTS": "atlas.example.org,localhost"}
    done = dermref(data, "ingest", "manifest", "--source", SOURCE, "--from", str(manifest), "--json", **there)
    assert json.loads(done.stdout)["published"] == 2
    assert shown(data) == set()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--quote", "You may sell them."), "does not say"),
        (("--starts", "2027-01-02", "--ends", "2027-01-01"), "ends: is not after its start"),
        (("--ends", "2020-01-01"), "it ended on 2020-01-02"),
        (("--document-ends", "2027-01-01", "--ends", "2027-06-01"), "later than the document allows"),
        (("--document", "nowhere.pdf"), "nowhere.pdf"),
        (("--images", " , "), "images: is empty"),
        (("--domain", "https://example.org"), "no name of a host"),
        (("--from", " "), "granted_by: is empty"),
    ],
)
def test_grant_when_it_is_faulty_then_one_report_and_nothing_recorded(
    tmp_path: Path, letter: Path, change: tuple[str, ...], words: str
) -> None:
    done = dermref(tmp_path / "data", *granting(letter), *change)
    assert (done.returncode, words in done.stderr) == (1, True), done.stderr
    assert json.loads(dermref(tmp_path / "data", "grants", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    "words", [("--actions", "sell"), ("--ends", "soon"), ("--ends", "9999-12-31T"), ("--viewers", "")]
)
def test_grant_when_asked_wrongly_then_exit_code_and_sentence(tmp_path: Path, letter: Path, words: tuple) -> None:
    done = dermref(tmp_path / "data", *granting(letter), *words)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_grant_when_the_source_is_off_limits_then_never_public(tmp_path: Path, letter: Path) -> None:
    words = ["dermpath-interactive-atlas-bu" if one == SOURCE else one for one in granting(letter)]
    done = dermref(tmp_path / "data", *words)
    assert (done.returncode, "off-limits" in done.stderr) == (1, True)


def test_grant_when_shown_then_its_letter_can_be_had_again(tmp_path: Path, letter: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.txt"
    dermref(data, *granting(letter, "--condition", "name the photographer", "--ends", "2031-12-31"))
    done = dermref(data, "grants", "show", f"{SOURCE}-1", "--save-document", str(copy), "--json")
    row = json.loads(done.stdout)
    assert copy.read_bytes() == letter.read_bytes()
    assert (row["quote"], row["conditions"], row["state"]) == (QUOTE, ["name the photographer"], "in force")
    assert row["ends"] == "2032-01-01T00:00:00+00:00"
    assert dermref(data, "grants", "show", f"{SOURCE}-1", "--save-document", str(copy)).returncode == 2


def test_grant_when_revoked_twice_or_unknown_then_one_sentence(tmp_path: Path, letter: Path) -> None:
    data = tmp_path / "data"
    dermref(data, *granting(letter))
    codes = [dermref(data, "grants", "revoke", one, *WHY).returncode for one in (f"{SOURCE}-1", f"{SOURCE}-1", "x")]
    assert codes == [0, 1, 1]


def test_atlas_when_the_note_is_recorded_then_its_door_opens(tmp_path: Path) -> None:
    data, source = tmp_path / "data", "atlas-dermatologico"
    asked = ("ingest", source, "--from", str(tmp_path))
    assert "record the courtesy note first" in dermref(data, *asked).stderr
    note = ("notes", "add", source, "--to", "the contact form", "--text", "May we show your images?", *CURATOR)
    assert dermref(data, *note, "--on", "2999-01-01").returncode == 1
    assert dermref(data, *note, "--on", "2026-11-01").returncode == 0
    assert "record the courtesy note first" not in dermref(data, *asked).stderr
    [row] = json.loads(dermref(data, "notes", "list", "--json").stdout)
    assert (row["sent_on"], row["text"], len(row["sha256"])) == ("2026-11-01", "May we show your images?", 64)


def test_note_when_nobody_asks_for_one_then_refused(tmp_path: Path) -> None:
    note = ("notes", "add", "isic-archive", "--to", "x", "--text", "y", "--on", "2026-11-01", *CURATOR)
    assert "asks for no courtesy note" in dermref(tmp_path / "data", *note).stderr
