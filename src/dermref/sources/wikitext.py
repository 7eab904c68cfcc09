"""The templates in a wiki page's text, however they are nested, and whether its braces and tags fit at all. What a
template means is not known here."""

import html
import re
from dataclasses import dataclass, field

LONGEST = 200_000  # characters of a page's text; a file page has a few hundred
OPENING = re.compile(
    r"(?i)<!--|<(nowiki|pre|noinclude|includeonly|syntaxhighlight|source|math|chem|ce|score|timeline|templatedata)"
    r"(?![a-z0-9-])[^<>]{0,500}>"
)
TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|")
ODD = re.compile(r"\{\{\{|(?<!\})\}(?:\}\})+(?!\})")  # a parameter, or a template cut in two: no pair of braces
REDIRECT = re.compile(r"\s{0,99}#\s{0,9}\w{1,40}\s{0,9}:?\s{0,9}\[\[")
QUOTED = "\N{REPLACEMENT CHARACTER}"  # stands where something was quoted: no name and no author holds one
NESTED = "{{}}"  # stands where an argument holds a template


@dataclass(frozen=True, slots=True)
class Template:
    """A template with its arguments in order, and inside which argument (“name”, small) of which other it stands."""

    name: str
    arguments: tuple[str, ...]
    inside: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Wikitext:
    """The templates of a page. `is_whole` is False where some of it cannot be read for certain."""

    templates: tuple[Template, ...]
    is_whole: bool
    is_redirect: bool


@dataclass(slots=True)
class _Open:
    """A template that is not closed yet."""

    parts: list[list[str]] = field(default_factory=lambda: [[]])
    links: int = 0
    inside: tuple[str, str] | None = None


def wikitext(written: str) -> Wikitext:
    """The text of a page as templates."""
    shown, is_quoted_well = _unquoted(written[:LONGEST])
    templates, is_balanced = _templates(shown)
    is_whole = is_quoted_well and is_balanced and len(written) <= LONGEST
    return Wikitext(tuple(templates), is_whole, REDIRECT.match(shown) is not None)


def key_of(name: str) -> str:
    """A template's name as names are compared."""
    plain = re.sub(r"[\s_-]+", "-", html.unescape(name).strip(" \t\r\n_")).lower()
    return re.sub(r"^-?template-?:-?", "", plain)


def named(argument: str) -> tuple[str, str]:
    """An argument's name, empty where it is known by its place, and its value."""
    name, sign, value = argument.partition("=")
    key = name.strip().lower()
    return ("" if key.isdigit() else key, value.strip()) if sign else ("", argument.strip())


def _unquoted(written: str) -> tuple[str, bool]:
    """The text without what is only quoted or a comment, and whether every quotation ends. What a tag shows on this
    page alone is doubtful where it holds a template."""
    pieces: list[str] = []
    at, is_whole = 0, True
    while opening := OPENING.search(written, at):
        pieces.append(written[at : opening.start()])
        tag = opening[1]
        pieces.append(QUOTED if tag else "")
        at = opening.end()
        if tag and opening[0].endswith("/>"):
            continue
        closing = re.compile(rf"(?i)</{tag}\s{{0,99}}>" if tag else "-->").search(written, at)
        if closing is None:
            return "".join(pieces), False
        is_whole = is_whole and not (tag and tag.lower() == "noinclude" and "{{" in written[at : closing.start()])
        at = closing.end()
    pieces.append(written[at:])
    return "".join(pieces), is_whole


def _templates(shown: str) -> tuple[list[Template], bool]:
    """Every template, inner ones before those they stand in, and whether all braces and links in them are closed."""
    found: list[Template] = []
    stack: list[_Open] = []
    at, is_whole = 0, True
    for mark in TOKEN.finditer(shown):
        before, at = shown[at : mark.start()], mark.end()
        if stack:
            stack[-1].parts[-1].append(before)
            is_whole = is_whole and not re.search("[{}]", before)
        if mark[0] == "{{":
            stack.append(_Open(inside=_place(stack[-1]) if stack else None))
        elif mark[0] == "}}" and stack:
            done = stack.pop()
            is_whole = is_whole and not done.links
            name, *arguments = ("".join(part).strip() for part in done.parts)
            found.append(Template(name, tuple(arguments), done.inside))
            if stack:
                stack[-1].parts[-1].append(NESTED)
        elif mark[0] == "}}":
            is_whole = False
        elif stack:
            _inside(stack[-1], mark[0])
    return found, is_whole and not stack and not ODD.search(shown)


def _inside(template: _Open, mark: str) -> None:
    if mark == "|" and not template.links:
        template.parts.append([])
        return
    template.links += {"[[": 1, "]]": -1}.get(mark, 0)
    template.parts[-1].append(mark)


def _place(template: _Open) -> tuple[str, str]:
    """Where in a template the next thing stands: the template's key and the argument's name."""
    first, *_ = template.parts[0] or [""]
    start = template.parts[-1][0] if len(template.parts) > 1 and template.parts[-1] else ""
    return key_of(first[:200]), named(start[:200])[0]
