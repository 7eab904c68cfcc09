"""The plain sentence: what a work is called, who made it, and what it stands under, in the style that people know from
image search. The one place that words what a license or a source's terms mean for a work. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dermref.credit.attribution import Credit, CreditFacts, Part
from dermref.credit.writing import fit
from dermref.model.source import Source
from dermref.rights.facts import Kind, License, ids_in, license_of

UNTITLED = "This work"
OF = "the terms of "
Words = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """One thing that a work stands under: a license, a mark, a statement, or the terms of its source."""

    verb: str
    name: Words
    is_license: bool
    url: str | None

    @property
    def label(self) -> str:
        """Its name as plain text."""
        return "".join(part.text for part in self.name)


def plain_sentence(source: Source, license_id: str, facts: CreditFacts, *, changes: str | None = None) -> Credit:
    """The sentence about one image of `source` under this SPDX expression. Raises KeyError as `alternatives_in` does.

    >>> from dermref.registry.load import load_source
    >>> facts = CreditFacts("ISIC_0000001", "https://example.org/1/", title="Skin", creator="A. Author")
    >>> plain_sentence(load_source("isic-archive"), "CC-BY-4.0", facts).text.partition(". To view")[0]
    '"Skin" by A. Author is licensed under CC BY 4.0'
    """
    item = Part(fit(facts.foreign_id), facts.landing_url)
    title = fit(facts.title or "").strip()
    subject = [Part('"'), Part(title, facts.landing_url), Part('"')] if title else [Part(UNTITLED, facts.landing_url)]
    who = fit(named(facts))
    parts = [*subject, *([Part(f" by {who}")] if who else []), Part(" "), *_standing(source, license_id, facts)]
    asked = fit(facts.credit_line or "") if facts.is_asked_for else ""
    if asked and asked not in who:
        parts.append(Part(f" Its author asks for this credit: {asked.rstrip('.')}."))
    if changes:
        parts.append(Part(f" This copy was {fit(changes)}."))
    return Credit(tuple(part for part in parts if part.text), any(duty.same_page for duty in source.terms.duties), item)


def usage_terms(source: Source, license_id: str, facts: CreditFacts) -> str:
    """What an image of `source` may be used under, in words that need nothing beside them. Raises KeyError as
    `alternatives_in` does."""
    return f"{UNTITLED} " + "".join(part.text for part in _standing(source, license_id, facts))


def terms_address(source: Source, facts: CreditFacts) -> str:
    """Where the terms of an image stand, or where permission is had: its own page where each item has its own."""
    return facts.landing_url if source.terms.per_item else source.terms_url or source.homepage_url


def named(facts: CreditFacts) -> str:
    """Whom an image is by: its creator, else who contributed it, else nobody."""
    return next((one for one in (facts.creator, facts.contributor) if one and any(map(str.isalnum, one))), "")


def _standing(source: Source, license_id: str, facts: CreditFacts) -> Words:
    return _under(license_id, source.called, terms_address(source, facts))


@lru_cache(maxsize=1_024)
def _under(license_id: str, source_name: str, terms_url: str) -> Words:
    """“is licensed under …” with all that follows: a choice as a choice, and what holds together all together."""
    ways = [[_instrument(one, source_name, terms_url) for one in way] for way in ids_in(license_id)]
    if all(len(way) == 1 for way in ways):
        parts = [*_joined([way[0] for way in ways], " or ")]
    else:
        parts = [part for at, way in enumerate(ways) for part in (Part(", or " if at else ""), *_together(way))]
    parts.append(Part(", at your choice." if len(ways) > 1 else "."))
    every = list(dict.fromkeys(one for way in ways for one in way))
    return (*parts, *(part for one in every for part in _visit(one, is_alone=len(every) == 1)))


def _instrument(one: str, source_name: str, terms_url: str) -> Instrument:
    found: License = license_of(one)
    if found.kind is Kind.SITE_TERMS:  # never by the label that a source prints: nobody may have granted what it names
        name = (Part(OF), Part(source_name, terms_url))
        return Instrument(found.verb, name, is_license=False, url=terms_url)
    return Instrument(found.verb, (Part(found.short, found.url),), found.kind is Kind.LICENSE, found.url)


def _together(way: list[Instrument]) -> Iterator[Part]:
    """Everything that holds at once."""
    yield from _joined(way, " and ")
    if len(way) > 1:
        yield Part(", which both apply" if len(way) == 2 else ", which all apply")


def _joined(several: list[Instrument], between: str) -> Iterator[Part]:
    """Each with its verb, which stands once where it is the same."""
    for at, one in enumerate(several):
        verb = f"{one.verb} " if not at or one.verb != several[at - 1].verb else ""
        yield Part(f"{between if at else ''}{verb}")
        yield from one.name


def _visit(one: Instrument, *, is_alone: bool) -> Iterator[Part]:
    """Where to read it, for an instrument that has an address."""
    if one.url is None:
        return
    if one.is_license:
        what = "a copy of this license" if is_alone else f"a copy of {one.label}"
    else:
        what = "the terms" if is_alone else f"the terms of {one.label.removeprefix(OF)}"
    yield Part(f" To view {what}, visit ")
    yield Part(one.url, one.url)
    yield Part(".")
