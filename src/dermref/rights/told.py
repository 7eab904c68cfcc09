"""What a license expression means for a work, in words that need nothing beside them. The one place that words it; the
same words are known again where a file says them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dermref.rights.facts import Kind, ids_in, license_of

SUBJECT = "This work "
OF = "the terms of "


@dataclass(frozen=True, slots=True)
class Told:
    """Some words, and where they link, if anywhere."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Instrument:
    """One thing that a work stands under: a license, a mark, a statement, or the terms of its source."""

    verb: str
    name: tuple[Told, ...]
    is_license: bool
    url: str | None

    @property
    def label(self) -> str:
        return "".join(part.text for part in self.name)


@lru_cache(maxsize=1_024)
def standing(license_id: str, *, source_name: str, terms_url: str) -> tuple[Told, ...]:
    """“is licensed under …” with all that follows: a choice as a choice, and what holds together all together. A site's
    own terms are those of `source_name`, at `terms_url`. Raises KeyError as `license_of` does."""
    ways = [[_instrument(one, source_name, terms_url) for one in way] for way in ids_in(license_id)]
    if all(len(way) == 1 for way in ways):
        parts = [*_joined([way[0] for way in ways], " or ")]
    else:
        parts = [part for at, way in enumerate(ways) for part in (Told(", or " if at else ""), *_together(way))]
    parts.append(Told(", at your choice." if len(ways) > 1 else "."))
    every = list(dict.fromkeys(one for way in ways for one in way))
    return (*parts, *(part for one in every for part in _visit(one, is_alone=len(every) == 1)))


def repeats(said: str, license_id: str) -> bool:
    """Whether somebody says of a work what we say of one under this expression, and nothing more; of a site's own terms
    any name and address do.

    >>> repeats("This work is licensed under CC BY 4.0. To view a copy of this license, visit "
    ...         "https://creativecommons.org/licenses/by/4.0/.", "CC-BY-4.0")
    True
    """
    return _pattern(license_id).fullmatch(said) is not None


@lru_cache(maxsize=1_024)
def _pattern(license_id: str) -> re.Pattern[str]:
    name, address = "\x01", "\x02"  # signs that no sentence has
    words = SUBJECT + "".join(one.text for one in standing(license_id, source_name=name, terms_url=address))
    return re.compile(re.escape(words).replace(name, r"[^.;:\n]{1,200}").replace(address, r"https?://\S{1,2000}"))


def _instrument(one: str, source_name: str, terms_url: str) -> _Instrument:
    found = license_of(one)
    if found.kind is Kind.SITE_TERMS:  # never by the label that a source prints: nobody may have granted what it names
        return _Instrument(found.verb, (Told(OF), Told(source_name, terms_url)), is_license=False, url=terms_url)
    return _Instrument(found.verb, (Told(found.short, found.url),), found.kind is Kind.LICENSE, found.url)


def _together(way: list[_Instrument]) -> Iterator[Told]:
    """Everything that holds at once."""
    yield from _joined(way, " and ")
    if len(way) > 1:
        yield Told(", which both apply" if len(way) == 2 else ", which all apply")


def _joined(several: list[_Instrument], between: str) -> Iterator[Told]:
    """Each with its verb, which stands once where it is the same."""
    for at, one in enumerate(several):
        verb = f"{one.verb} " if not at or one.verb != several[at - 1].verb else ""
        yield Told(f"{between if at else ''}{verb}")
        yield from one.name


def _visit(one: _Instrument, *, is_alone: bool) -> Iterator[Told]:
    """Where to read it, for an instrument that has an address."""
    if one.url is None:
        return
    if one.is_license:
        what = "a copy of this license" if is_alone else f"a copy of {one.label}"
    else:
        what = "the terms" if is_alone else f"the terms of {one.label.removeprefix(OF)}"
    yield Told(f" To view {what}, visit ")
    yield Told(one.url, one.url)
    yield Told(".")
