"""What the templates in a file page's text say of its license and author, by a table of their names. Whatever is in a
comment, or only quoted, says nothing; whatever may speak of rights and is not understood keeps the file out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dermref.model.evidence import Refusal
from dermref.sources.wikitext import NESTED, Template, Wikitext, key_of, named, wikitext

LINK = re.compile(r"\[\[(?:[^\[\]|]{0,200}\|)?([^\[\]|]{0,200})\]\]|\[https?://[^\s\[\]]{1,500} ([^\[\]]{0,200})\]")
NOT_PLAIN = re.compile(r"[\[\]|{}<>\n\N{REPLACEMENT CHARACTER}]|://")
LONGEST_NAME = 200  # characters of an author or a credit

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a page's text says. Licenses among which one template lets choose are one statement."""

    statements: tuple[str, ...]
    author: str | None
    is_author_unread: bool  # there is a field for it, which takes more to read
    credit_line: str | None
    faults: tuple[Refusal, ...]
    doubts: tuple[Refusal, ...]


def told(written: str, words: Words) -> Told:
    """What a page's text says, by the tables of `words`."""
    page = wikitext(written)
    licensing = [one for one in page.templates if _is_license(one, words) and _is_shown(one, words)]
    stated = [" OR ".join(names) for one in licensing if (names := list(_licenses(one, words)))]
    authors = _arguments(page, words["describing"], "author")
    author = _only(authors)
    asked = [pair for one in licensing for pair in _credits(one, words)]
    credit_line = _only(value for name, value in asked if name == "attribution")
    return Told(
        statements=tuple(dict.fromkeys(stated)),
        author=author,
        is_author_unread=author is None and any(authors),
        credit_line=credit_line,
        faults=tuple(dict.fromkeys(_faults(page, words))),
        doubts=tuple(dict.fromkeys(_doubts(page, words, asked, {author, credit_line}))),
    )


def is_same_license(one: str, other: str) -> bool:
    """Whether two names of licenses are one name."""
    return key_of(one) == key_of(other)


def _faults(page: Wikitext, words: Words) -> Iterator[Refusal]:
    table = words["refusing_templates"]
    for one in page.templates:
        for name in (one.name, *(value for key, value in map(named, one.arguments) if not key)):
            if (barring := table.get(key_of(name))) is not None:
                yield Refusal(barring, "a template on its page says that it may not be used")
    if page.is_redirect:
        yield Refusal("redirect", "its page only leads to another one")
    if not page.is_whole:
        yield Refusal("license-unclear", "the text of its page leaves a template or a quotation open")
    for one in page.templates:
        if strange := _not_understood(one, words):
            yield Refusal("license-unclear", f"its page speaks of rights by what is not understood: “{strange[:80]}”")


def _not_understood(template: Template, words: Words) -> str | None:
    """What of a template may speak of rights and is not understood."""
    key = key_of(template.name)
    if key in words["refusing_templates"] or key in words["harmless_templates"]:
        return None
    if _is_license(template, words):
        strange = [one for one in _wrapped(template, words) if not _is_name(one, words, is_choice=True)]
        return next(iter(strange), None if _is_shown(template, words) else template.name)
    return template.name if re.fullmatch(words["rights_template"], key) else None


def _doubts(page: Wikitext, words: Words, asked: list[tuple[str, str]], read: set[str | None]) -> Iterator[Refusal]:
    for one in page.templates:
        key = key_of(one.name)
        is_known = key in words["harmless_templates"] or key in words["refusing_templates"]
        if not is_known and not _is_license(one, words):
            yield Refusal("template-unknown", f"a template on its page is not known here: “{one.name[:80]}”")
    said = [value for name in words["licensing_arguments"] for value in _arguments(page, words["describing"], name)]
    if any(value.replace(NESTED, "").strip() for value in said):
        yield Refusal("license-in-words", "its page says something of its license in words that were not read")
    if any(_plain(value) is None or _plain(value) not in read for _, value in asked):
        yield Refusal("credit-in-template", "the template of its license names somebody or something beside the author")


def _is_license(template: Template, words: Words) -> bool:
    """Whether a template names licenses, itself or as its arguments."""
    return key_of(template.name) in words["wrappers"] or _is_name(template.name, words)


def _is_name(name: str, words: Words, *, is_choice: bool = False) -> bool:
    """Whether it is the name of a license; in a choice also of one that cannot be read."""
    key = key_of(name)
    is_left_out = is_choice and key in words["unread_in_choice"]
    return is_left_out or key in words["license_templates"] or re.fullmatch(words["license_template"], key) is not None


def _is_shown(template: Template, words: Words) -> bool:
    """Whether it stands on the page itself, or where the page's description has its license: not inside a condition
    or an example."""
    return template.inside is None or (
        template.inside[0] in words["describing"] and template.inside[1] in words["licensing_arguments"]
    )


def _licenses(template: Template, words: Words) -> Iterator[str]:
    """The licenses one template names: itself, or those it wraps."""
    is_wrapper = key_of(template.name) in words["wrappers"]
    for name in _wrapped(template, words) if is_wrapper else [template.name]:
        key = key_of(name)
        if key in words["license_templates"]:
            yield words["license_templates"][key]
        elif re.fullmatch(words["license_template"], key):
            yield key


def _wrapped(template: Template, words: Words) -> list[str]:
    if key_of(template.name) not in words["wrappers"]:
        return []
    return [value for key, value in map(named, template.arguments) if not key and value]


def _credits(template: Template, words: Words) -> Iterator[tuple[str, str]]:
    """Arguments of a license's template that may say whom to credit, or on what conditions."""
    is_wrapper = key_of(template.name) in words["wrappers"]
    for key, value in map(named, template.arguments):
        if value and (key or not is_wrapper) and key not in words["silent_arguments"]:
            yield key, value


def _arguments(page: Wikitext, keys: list[str], name: str) -> list[str]:
    """The values of an argument in the templates of these keys that stand on the page itself."""
    found = [one for one in page.templates if key_of(one.name) in keys and one.inside is None]
    return [value for one in found for key, value in map(named, one.arguments) if key == name]


def _only(values: Iterable[str]) -> str | None:
    """The one value that there is, in plain words; None where there are others, or it takes more to read it."""
    different = set(values)
    return _plain(different.pop()) if len(different) == 1 else None


def _plain(value: str) -> str | None:
    if len(value) > 5 * LONGEST_NAME:
        return None
    words = LINK.sub(lambda link: link[1] or link[2] or "", value).strip(" '")
    return words if words and len(words) <= LONGEST_NAME and not NOT_PLAIN.search(words) else None
