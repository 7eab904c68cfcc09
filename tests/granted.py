"""A source that needs permission, the letter that gives it, and a manifest of two of its images."""

import csv
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = ROOT / "tests" / "files"
SOURCE = "hellenic-derm-atlas"
QUOTE = "You may show our photographs on your teaching pages."
FIRST, SECOND = "291", "292"
CURATOR = ("--by", "A. Curator")


def write_letter(folder: Path) -> Path:
    """The letter, with the sentence that permits broken over two lines."""
    letter = folder / "letter.txt"
    letter.write_text(f"Dear colleagues,\n\n{QUOTE.replace('our ', 'our' + chr(10))}\n\nThe editor\n", encoding="utf-8")
    return letter


def write_manifest(folder: Path) -> Path:
    """Two images with their credit; test pictures stand in for the atlas's own."""
    manifest = folder / "manifest.csv"
    with manifest.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "foreign_id", "title", "creator", "landing_url"])
        for foreign_id, name in ((FIRST, "hopper.jpg"), (SECOND, "orientation_2.jpg")):
            (folder / name).write_bytes((FILES / name).read_bytes())
            page = f"http://hellenicdermatlas.com/en/viewpicture/{foreign_id}/"
            table.writerow([name, foreign_id, "A stand-in", "Jane Doe, MD", page])
    return manifest


def granting(letter: Path, *more: str, actions: str = "view,thumbnail,resize,store") -> list[str]:
    """The words of `dermref grants add` for this letter."""
    scope = ("--actions", actions, "--viewers", "any", "--purposes", "any", "--operators", "any")
    return ["grants", "add", SOURCE, "--from", "The editor", "--document", str(letter), "--quote", QUOTE, *scope,
            *CURATOR, *more]  # fmt: skip


def dermref(data: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """The command, on a data folder of its own."""
    environ = {**os.environ, "DERMREF_DATA_DIR": str(data), "DATABASE_URL": "", **settings}
    command = [sys.executable, "-m", "dermref", *words]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
