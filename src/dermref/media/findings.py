"""What inspection can find, as `data/findings.toml` words it."""

import tomllib
from functools import cache
from importlib.resources import files

from dermref.model.media import Finding, Verdict

LONGEST = 200  # characters of a file's own words in a sentence


@cache
def _known() -> dict[str, tuple[Verdict, str]]:
    table = tomllib.loads(files("dermref.media").joinpath("data/findings.toml").read_text(encoding="utf-8"))
    return {code: (Verdict(one["verdict"]), one["text"]) for code, one in table.items()}


def finding(code: str, **words: str) -> Finding:
    """The finding of this code, its sentence completed with `words`; long ones are cut, unprintable characters shown
    as such. Raises KeyError for a code that is not in the data."""
    verdict, text = _known()[code]
    return Finding(code, text.format(**{name: _said(word) for name, word in words.items()}), verdict)


def _said(word: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in word).split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
