"""Prints what cffconvert finds wrong with CITATION.cff files, as JSON: by path one sentence, or null. Runs in the
environment of tools/outside.py alone.

Example: .venv-outside/bin/python tools/check_cff.py CITATION.cff
"""

import json
import sys
from pathlib import Path

from cffconvert import Citation
from jsonschema.exceptions import ValidationError


def check(path: str) -> str | None:
    """The first fault of one file."""
    try:
        Citation(Path(path).read_text(encoding="utf-8")).validate()
    except (ValidationError, ValueError) as fault:
        return str(fault).partition("\n")[0]
    return None


if __name__ == "__main__":
    print(json.dumps({path: check(path) for path in sys.argv[1:]}))
