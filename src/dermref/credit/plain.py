"""The plain sentence: what a work is called, who made it, and what it stands under, in the style that people know from
image search. Pure."""

from collections.abc import Iterator

from dermref.credit.attribution import Credit, CreditFacts, Part, is_same_page
from dermref.credit.writing import fit
from dermref.model.source import Source
from dermref.rights.told import SUBJECT, standing

UNTITLED = SUBJECT.strip()


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
    return Credit(tuple(part for part in parts if part.text), is_same_page(source), item)


def usage_terms(source: Source, license_id: str, facts: CreditFacts) -> str:
    """What an image of `source` may be used under, in words that need nothing beside them. Raises KeyError as
    `alternatives_in` does."""
    return f"{UNTITLED} " + "".join(part.text for part in _standing(source, license_id, facts))


def terms_address(source: Source, facts: CreditFacts) -> str:
    """Where the terms of an image stand, or where permission is had: its own page where each item has its own."""
    return facts.landing_url if source.terms.per_item else source.terms_url or source.homepage_url


def named(facts: CreditFacts) -> str:
    """Whom an image is by: its creator, else who contributed it, else nobody."""
    return next(iter(facts.people), "")


def _standing(source: Source, license_id: str, facts: CreditFacts) -> Iterator[Part]:
    told = standing(license_id, source_name=source.called, terms_url=terms_address(source, facts))
    return (Part(one.text, one.url) for one in told)
