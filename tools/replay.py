"""Ingests a source's bundled documents (tests/sources/<id>/) by the real command, from a server on this machine that
stands in for the source: `python tools/replay.py peir`. Data go to DERMREF_DATA_DIR, or are thrown away at the end.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tests" / "sources"


def main() -> int:
    """The exit code of the ingest; 2 for a source that has no bundled documents."""
    folder = SOURCES / sys.argv[1] if len(sys.argv) == 2 else SOURCES
    if not (folder / "replies.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in SOURCES.glob("*/replies.toml")))
        sys.stderr.write(f"Say which source to replay: {known}.\n")
        return 2
    with tempfile.TemporaryDirectory() as thrown_away:
        environ = {"DERMREF_DATA_DIR": thrown_away, "DATABASE_URL": "", **os.environ}
        return replay(folder, environ)


def replay(folder: Path, environ: dict[str, str]) -> int:
    """First what a curator does first, then the ingest."""
    wanted = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    for words in wanted.get("before", []):
        command([word.format(folder=folder) for word in words], environ)
    query = ["--query", wanted["query"]] if wanted.get("query") else []
    sys.path.insert(0, str(ROOT / "tests"))  # which is no package
    with import_module("mirror").Mirror(folder.name) as mirror:
        return command(["ingest", folder.name, "--base-url", mirror.base_url, *query], environ)


def command(words: list[str], environ: dict[str, str]) -> int:
    """Run `dermref` with these words, showing them."""
    sys.stderr.write(f"$ dermref {' '.join(words)}\n")
    return subprocess.run([sys.executable, "-m", "dermref", *words], env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
