"""What the templates in a file page's text say of its license and author, by a table of their names. Whatever is in a
comment, or only quoted, says nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 200_000  # characters of a page's text that are looked at; a file page has a few hundred
QUOTED = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(nowiki|pre|noinclude|syntaxhighlight)\b[^>]*?(?:/>|>.*?(?:</\1\s*>|\Z))")
TEMPLATE = re.compile(r"\{\{([^{}]{1,500})\}\}")
LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]|\[https?://\S+ ([^\[\]]*)\]")

Words = Mapping[str, Any]


def statements_in(written: str, words: Words) -> list[str]:
    """The licenses that a page's templates name. Those among which one template lets choose are one statement."""
    found = [" OR ".join(named) for each in _templates(written) if (named := list(_licenses(each, words)))]
    return list(dict.fromkeys(found))


def refusals_in(written: str, words: Words) -> list[str]:
    """The codes of the templates that keep a file out."""
    table = words["refusing_templates"]
    names = [_key(part) for each in _templates(written) for part in each]
    return list(dict.fromkeys(table[name] for name in names if name in table))


def author_in(written: str, words: Words) -> str | None:
    """The author as the page's own field names them, in plain words; None where it takes more to read it."""
    found = re.search(words["author_field"], _unquoted(written))
    named = LINK.sub(lambda link: link[1] or link[2] or "", found[1]).strip(" '") if found else ""
    return named if named and not re.search(r"[\[\]|]|://", named) else None


def _licenses(template: list[str], words: Words) -> Iterator[str]:
    """The licenses one template names: itself, or those it wraps."""
    is_wrapper = _key(template[0]) in words["wrappers"]
    for name in [part for part in template[1:] if "=" not in part] if is_wrapper else template[:1]:
        key = _key(name)
        if key in words["license_templates"]:
            yield words["license_templates"][key]
        elif re.fullmatch(words["license_template"], key):
            yield name


def _templates(written: str) -> Iterator[list[str]]:
    """Name and arguments of each innermost template."""
    for found in TEMPLATE.finditer(_unquoted(written)):
        yield [part.strip() for part in found[1].split("|")]


def _unquoted(written: str) -> str:
    return QUOTED.sub(" ", written[:LONGEST])


def _key(name: str) -> str:
    """A template's name as names are compared."""
    return re.sub(r"[ _-]+", "-", name.strip().removeprefix("Template:")).lower()
