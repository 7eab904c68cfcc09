"""The credit that must stand beside an image. It fills the source's template and adds what the license asks for;
it never prints a gap: a template that cannot be filled is a `Refusal`, found before anything is published."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache

from dermref.credit.writing import fit, html_of, markdown_of, opening
from dermref.model.evidence import Refusal
from dermref.model.source import Source
from dermref.rights.facts import License

BETWEEN = " · "
INCOMPLETE = "credit-incomplete"  # the code of the refusal of a credit that cannot be given


@dataclass(frozen=True, slots=True)
class Part:
    """A run of plain text, and where it links, if anywhere."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit in parts; `same_page` when the terms want it on the very page of the image. `item` is the image's id at
    its source with its page, as the credit names it."""

    parts: tuple[Part, ...]
    same_page: bool = False
    item: Part | None = None

    @property
    def text(self) -> str:
        """Plain text, links left out."""
        return "".join([part.text for part in self.parts])

    @property
    def html(self) -> str:
        """HTML with everything escaped; the links are those of license and source alone."""
        return "".join(html_of(part.text, part.url) for part in self.parts)

    @property
    def markdown(self) -> str:
        """Markdown with everything escaped and the same links, in one line."""
        return opening("".join(markdown_of(part.text, part.url) for part in self.parts))

    def as_json(self) -> dict[str, object]:
        """The credit in every form, as plain JSON values."""
        return {"text": self.text, "html": self.html, "markdown": self.markdown, "same_page": self.same_page}

    def changed(self, changes: str) -> "Credit":
        """The same credit for a copy that was changed so, such as “resized”."""
        return replace(self, parts=(*self.parts, Part(BETWEEN), Part(fit(changes))))


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

    @property
    def is_asked_for(self) -> bool:
        """Whether its author asks for certain words, and those say anything."""
        return says_anything(self.credit_line)

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it is by: who made it and through whom it came, each once, as far as the record names anybody."""
        return tuple(dict.fromkeys(one for one in (self.creator, self.contributor) if one and says_anything(one)))


def says_anything(text: str | None) -> bool:
    """Whether a text is more than a dash or a dot in place of one. “Anonymous” is."""
    return any(map(str.isalnum, text or ""))


@dataclass(frozen=True, slots=True)
class Shared:
    """One credit of several images: the ids of those that it stands for, and the credit, which names them all."""

    ids: tuple[str, ...]
    credit: Credit


def attribution(
    source: Source, licenses: tuple[License, ...], facts: CreditFacts, *, changes: str | None = None
) -> Credit | Refusal:
    """The credit of one image of `source`: its author's own words where the source's template yields to them, else the
    template; then whoever that left out, the title where a license wants it, the id at the source with its link, the
    license link, and what was changed in this copy.

    >>> from dermref.registry.load import load_source
    >>> from dermref.rights.facts import licenses_in
    >>> facts = CreditFacts("ISIC_0000001", "https://example.org/1/", contributor="Example Hospital")
    >>> attribution(load_source("isic-archive"), licenses_in("CC-BY-4.0"), facts, changes="resized").text
    'Image courtesy of Example Hospital via ISIC Archive (CC BY 4.0) · ISIC_0000001 · resized'
    """
    facts = _fitted(facts)
    asked = facts.credit_line if facts.is_asked_for else None
    is_all = asked is not None and source.attribution_yields
    parts = [Part(asked)] if asked and is_all else _filled(source, licenses, facts)
    if isinstance(parts, Refusal):
        return parts
    names = () if is_all else (*facts.people, asked)
    title = facts.title if any(one.owes_title for one in licenses) else None
    parts = _completed(parts, licenses, facts, names=(*names, title))
    item = Part(facts.foreign_id, facts.landing_url)
    credit = Credit(tuple(part for part in parts if part.text), is_same_page(source), item)
    return credit.changed(changes) if changes else credit


def attributions(credits_: Mapping[str, Credit]) -> tuple[Shared, ...]:
    """The credits of several images, by the images' ids here: each distinct one once, with the ids at the source of all
    that it stands for. Credits are the same when nothing but the image's own id and page tells them apart."""
    alike: dict[tuple[tuple[Part, ...], bool], list[str]] = {}
    for public_id, credit in credits_.items():
        alike.setdefault((_without_item(credit), credit.same_page), []).append(public_id)
    return tuple(
        Shared((ids[0],), credits_[ids[0]])
        if len(ids) == 1
        else Shared(tuple(ids), Credit((*parts, *_named([credits_[one].item for one in ids])), same_page))
        for (parts, same_page), ids in alike.items()
    )


def _without_item(credit: Credit) -> tuple[Part, ...]:
    """The credit's parts without those that name this image alone: its id where it was added, and links to its page."""
    item = credit.item
    if item is None:
        return credit.parts
    parts: list[Part] = []
    for part in credit.parts:
        if part == item and parts and parts[-1] == Part(BETWEEN):
            parts.pop()
        elif part.url == item.url and part.text not in (item.text, item.url):
            parts.append(Part(part.text))
        else:
            parts.append(part)
    return tuple(parts)


def _named(items: Iterable[Part | None]) -> Iterable[Part]:
    for at, item in enumerate(one for one in items if one):
        yield Part(", " if at else BETWEEN)
        yield item


def _fitted(facts: CreditFacts) -> CreditFacts:
    """The facts in words that may stand in a credit; its addresses stay as they are."""
    told = {name: text for name in TEXTS if (text := getattr(facts, name)) and not text.isprintable()}
    return replace(facts, **{name: fit(text) for name, text in told.items()}) if told else facts


TEXTS = tuple(one.name for one in fields(CreditFacts) if one.name != "landing_url")


def _filled(source: Source, licenses: tuple[License, ...], facts: CreditFacts) -> list[Part] | Refusal:
    """The source's template with the item's words in it. One that spells out a license is not for items of another."""
    is_own = source.attribution_other is None or _joined(licenses) == source.terms.license_expression
    template = source.attribution if is_own else source.attribution_other
    if not template:
        return _untold(source, facts)
    parts: list[Part] = []
    for literal, name in _parsed(template):
        if literal:
            parts.append(Part(literal))
        if name is None:
            continue
        part = _value(name, source, licenses, facts)
        if part is None or not says_anything(part.text):
            return Refusal(INCOMPLETE, f"the credit needs “{name}”, and the item does not give it")
        parts.append(part)
    return parts


@cache
def _parsed(template: str) -> tuple[tuple[str, str | None], ...]:
    """A template as words and the names of what follows them. What an item gives is never read as a template."""
    return tuple((literal, name) for literal, name, _, _ in string.Formatter().parse(template))


@lru_cache(maxsize=1_024)
def _joined(licenses: tuple[License, ...]) -> str:
    return " AND ".join(one.id for one in licenses)


def _untold(source: Source, facts: CreditFacts) -> list[Part] | Refusal:
    """The credit for a source that prints none, whose images came in with a permission: the item's own words or the
    people it names, and the source. An item that names nobody has no credit."""
    named = facts.credit_line if facts.is_asked_for else ", ".join(facts.people)
    if not named:
        return Refusal(INCOMPLETE, f"{source.source_id} prints no credit, and the item names nobody")
    return [Part(named), Part(BETWEEN), Part(source.called, facts.landing_url)]


def _value(name: str, source: Source, licenses: tuple[License, ...], facts: CreditFacts) -> Part | None:
    """What stands for a name of a template; None for one that means nothing."""
    if name == "license":
        return Part(licenses[0].short, licenses[0].url) if licenses else Part(source.license_label)
    if name == "source_url":
        return Part(facts.landing_url, facts.landing_url)
    if name in ("phil_id", "nci_id"):
        return Part(facts.foreign_id, facts.landing_url)
    if name in ("creator", "author"):
        return Part(facts.creator or "")
    return Part(getattr(facts, name) or "") if name in ("contributor", "title", "citation") else None


def _completed(
    parts: list[Part], licenses: tuple[License, ...], facts: CreditFacts, *, names: Iterable[str | None]
) -> list[Part]:
    """The parts with what they left out: those of `names` that they do not say, the item's own id linked to its page,
    and a link to each license."""
    linked = {part.url for part in parts}
    said = own = "".join([part.text for part in parts])
    missing: list[Part] = []
    for name in names:
        if name and name != facts.foreign_id and not says(said, name):
            missing.append(Part(name))
            said += f" {name}"
    if not says(own, facts.foreign_id):
        missing.append(Part(facts.foreign_id, facts.landing_url))
    elif facts.landing_url not in linked:
        parts = _linking(parts, facts)
    missing += [Part(one.short, one.url) for one in licenses if one.url and one.url not in linked]
    for part in missing:
        parts += (Part(BETWEEN), part)
    return parts


def _linking(parts: list[Part], facts: CreditFacts) -> list[Part]:
    """The same words, the item's id among them linked to its page where it first stands."""
    for place, part in enumerate(parts):
        at = _place_of(facts.foreign_id, part.text) if part.url is None else None
        if at is not None:
            end = at + len(facts.foreign_id)
            own = (Part(part.text[:at]), Part(facts.foreign_id, facts.landing_url), Part(part.text[end:]))
            return [*parts[:place], *own, *parts[place + 1 :]]
    return parts


def says(text: str, name: str) -> bool:
    """Whether a text names this, as words of their own.

    >>> says("Figure 12 of Liang's", "Liang"), says("Figure 12 of Liang's", "Li"), says("Figure 12", "2")
    (True, False, False)
    """
    return _place_of(name, text) is not None


def _place_of(name: str, text: str) -> int | None:
    """Where it first stands there by itself."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and _is_word(text[at - 1])) and not (end < len(text) and _is_word(text[end])):
            return at
        at = text.find(name, at + 1)
    return None


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def is_same_page(source: Source) -> bool:
    """Whether the terms of a source want the credit on the very page of the image."""
    return any(duty.same_page for duty in source.terms.duties)
