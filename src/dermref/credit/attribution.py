"""The credit that must stand beside an image. It fills the source's template and adds what the license asks for;
it never prints a gap: a template that cannot be filled is a `Refusal`, found before anything is published."""

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from dermref.model.evidence import Refusal
from dermref.model.source import Source
from dermref.rights.facts import License


@dataclass(frozen=True, slots=True)
class Part:
    """A run of plain text, and where it links, if anywhere."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit in parts; `same_page` when the terms want it on the very page of the image."""

    parts: tuple[Part, ...]
    same_page: bool = False

    @property
    def text(self) -> str:
        """Plain text, links left out."""
        return "".join(part.text for part in self.parts)

    @property
    def html(self) -> str:
        """HTML with everything escaped; the links are those of license and source alone."""
        return "".join(_html(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """What an image's record knows for its credit. `credit_line` is the credit in the words its author asks for."""

    foreign_id: str
    landing_url: str
    title: str | None = None
    creator: str | None = None
    contributor: str | None = None
    citation: str | None = None
    credit_line: str | None = None


def attribution(source: Source, licenses: tuple[License, ...], facts: CreditFacts) -> Credit | Refusal:
    """The credit of one image of `source`: its author's own words where the source's template yields to them, else the
    template; then whoever that left out, the id at the source with its link, and the license link."""
    asked = facts.credit_line if facts.credit_line and any(map(str.isalnum, facts.credit_line)) else None
    is_all = asked is not None and source.attribution_yields
    parts = [Part(asked)] if asked and is_all else _filled(source, licenses, facts)
    if isinstance(parts, Refusal):
        return parts
    parts += _completion(parts, licenses, facts, names=() if is_all else (facts.creator, facts.contributor, asked))
    same_page = any(duty.same_page for duty in source.terms.duties)
    return Credit(tuple(part for part in parts if part.text), same_page)


def _filled(source: Source, licenses: tuple[License, ...], facts: CreditFacts) -> list[Part] | Refusal:
    """The source's template with the item's words in it. One that spells out a license is not for items of another."""
    is_own = " AND ".join(one.id for one in licenses) == source.terms.license_expression
    template = source.attribution if is_own or not source.attribution_other else source.attribution_other
    if not template:
        return _untold(source, facts)
    values = _values(source, licenses, facts)
    parts: list[Part] = []
    for literal, name, _, _ in string.Formatter().parse(template):
        parts.append(Part(literal))
        if name is None:
            continue
        part = values.get(name)
        if part is None or not part.text.strip():
            return Refusal("credit-incomplete", f"the credit needs “{name}”, and the item does not give it")
        parts.append(part)
    return parts


def _untold(source: Source, facts: CreditFacts) -> list[Part] | Refusal:
    """The credit for a source that prints none, whose images came in with a permission: the item's own words or the
    people it names, and the source. An item that names nobody has no credit."""
    named = facts.credit_line or ", ".join(dict.fromkeys(one for one in (facts.creator, facts.contributor) if one))
    if not any(map(str.isalnum, named)):
        return Refusal("credit-incomplete", f"{source.source_id} prints no credit, and the item names nobody")
    return [Part(named), Part(" · "), Part(source.name, facts.landing_url)]


def _values(source: Source, licenses: tuple[License, ...], facts: CreditFacts) -> Mapping[str, Part]:
    license_part = Part(licenses[0].short, licenses[0].url) if licenses else Part(source.license_label)
    return {
        "license": license_part,
        "source_url": Part(facts.landing_url, facts.landing_url),
        "contributor": Part(facts.contributor or ""),
        "creator": Part(facts.creator or ""),
        "author": Part(facts.creator or ""),
        "title": Part(facts.title or ""),
        "citation": Part(facts.citation or ""),
        "phil_id": Part(facts.foreign_id, facts.landing_url),
        "nci_id": Part(facts.foreign_id, facts.landing_url),
    }


def _completion(
    parts: list[Part], licenses: tuple[License, ...], facts: CreditFacts, *, names: Iterable[str | None]
) -> list[Part]:
    """What the credit left out: those of `names` that it does not say, the item's own id linked to its page, and a link
    to each license."""
    linked = {part.url for part in parts}
    said = "".join(part.text for part in parts)
    missing: list[Part] = []
    for name in names:
        if name and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said):
            missing.append(Part(name))
            said += f" {name}"
    if facts.foreign_id not in said:
        missing.append(Part(facts.foreign_id, facts.landing_url))
    missing += [Part(one.short, one.url) for one in licenses if one.url not in linked]
    return [piece for part in missing for piece in (Part(" · "), part)]


def _html(part: Part) -> str:
    if part.url is None or not part.url.startswith(("https://", "http://")):
        return escape(part.text)
    return f'<a href="{escape(part.url)}">{escape(part.text)}</a>'
