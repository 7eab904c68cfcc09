"""Whom a manifest's row credits. Where a source's terms speak for all of its items, they do not speak for somebody else
whom a row names, so that a curator looks at it first."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from dermref.model.evidence import Refusal
from dermref.model.manifest import ManifestField as Field
from dermref.model.source import Source, Tier
from dermref.sources.manifest_needs import fields_of_credit
from dermref.sources.reading import seen

CREDITS = (Field.CREATOR, Field.CONTRIBUTOR, Field.RIGHTS_HOLDER, Field.ATTRIBUTION)
SHOWN = 120  # characters


def others_in(values: Mapping[Field, str], source: Source) -> Iterator[Refusal]:
    """The doubt about a row that names somebody who is not the source. There is none where each item states its own
    license, where the terms ask for that very name, and where a source is open by a grant alone, which names its items
    and whose pictures they are."""
    if source.terms.per_item or source.tier is Tier.EXTERNAL_LINK_ONLY:
        return
    asked = {*fields_of_credit(source), *(source.manifest.needs if source.manifest else ())}
    for field in CREDITS:
        if field in values and field not in asked and not is_own(values[field], source):
            text = f"its {field} is “{values[field][:SHOWN]}”, whom the source’s own terms do not speak for"
            yield Refusal("credited-to-others", text)
            return


def is_own(words: str, source: Source) -> bool:
    """Whether these words are the source's own name: one it is known by, a part of one that has several words, or its
    letters. A single word may be somebody's name, too."""
    said, names = seen(words), _names(source)
    if said.casefold() in {one.casefold() for one in names}:
        return True
    if " " not in said and not (said.isupper() and len(said) > 1):
        return False
    part = re.compile(rf"(?<!\w){re.escape(said)}(?!\w)", re.IGNORECASE if " " in said else 0)
    return any(part.search(one) for one in names)


@lru_cache(64)
def _names(source: Source) -> tuple[str, ...]:
    """What the source calls itself: its name, its credits, whom to ask, and what it gives for every row."""
    terms = source.terms
    named = [source.name, source.attribution, source.attribution_other, terms.contact.name]
    named.append(terms.ask.contact.name if terms.ask else None)
    named += [text for field, text in (source.manifest.gives if source.manifest else ()) if field in CREDITS]
    return tuple(seen(one) for one in named if one)
