"""The citation styles that are offered, by their keys, and each as citeproc reads it: read once and kept. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dermref.model.evidence import Refusal

DEFAULT = "apa"
NO_SUCH_STYLE = "no-such-style"  # the code of that refusal


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its `key` in addresses and options, what people call it, and its CSL file. The rest says how a work goes
    in: `data/styles.toml` has the reasons."""

    key: str
    label: str
    file: str
    type: str | None = None
    type_with_doi: str | None = None
    in_container: bool = False


@cache
def all_styles() -> dict[str, Style]:
    """Every style by its key, in the order in which they are offered."""
    rows = tomllib.loads(files(__package__).joinpath("data/styles.toml").read_text(encoding="utf-8"))
    return {key: Style(key=key, **row) for key, row in rows.items()}


def style_named(key: str) -> Style | Refusal:
    """The style of this key, in any case."""
    found = all_styles().get(key.strip().lower())
    if found is None:
        return Refusal(NO_SUCH_STYLE, f"There is no citation style “{key[:80]}”; say one of {', '.join(all_styles())}.")
    return found
