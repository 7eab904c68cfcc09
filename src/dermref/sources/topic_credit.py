"""Whose a picture is by what a page says of it. Words that credit the source itself are set aside as a whole, never in
part; any other credit makes the picture somebody else's, and one that may be a credit is for a curator."""

import re
from functools import lru_cache

from dermref.model.evidence import Refusal, Scope, Statement
from dermref.model.source import Source
from dermref.sources.reading import host_of
from dermref.sources.shown_credit import SHOWN, credit_on_page, credited_in, without_own
from dermref.sources.topic_page import Shown, TopicPage


def credits_of(
    picture: Shown, page: TopicPage, *, own: str, called: str
) -> tuple[tuple[Refusal, ...], tuple[Refusal, ...]]:
    """The faults and the doubts about whose a picture is. `own` is a pattern of the words, in small letters, by which
    the source credits itself, `called` one of its name alone, which a page says of much else."""
    elsewhere = [without_own(one, (own,)) for one in picture.credits]
    other = next((one for one in elsewhere if re.search(r"\w", one)), None)
    if other:
        text = f"its page credits it to somebody else: “{other.strip()[:SHOWN]}”"
        return (Refusal("third-party-credit", text),), ()
    known = tuple(one for one in (page.heading, picture.title) if one)
    fault, doubts = credited_in([without_own(one, (own,)) for one in picture.words], known=known)
    if fault:
        return (fault,), ()
    found = _on_page(page.lines, own, called)
    on_page = (Refusal("rights-on-page", f"its page speaks of rights or people: “{found[:SHOWN]}”"),) if found else ()
    return (), (*doubts, *on_page)


def statements_of(page: TopicPage, source: Source) -> tuple[Statement, ...]:
    """The licenses of elsewhere that the page links as its own; where the site's own terms are linked, they are the
    registry's to read."""
    away = (one for one in page.licenses if host_of(one) not in source.ingest.hosts)
    return tuple(Statement("", one, Scope.CONTAINER) for one in away)


@lru_cache(maxsize=4)
def _on_page(lines: tuple[str, ...], own: str, called: str) -> str:
    """The first credit in the text around the pictures, which may be of any of them; searched once for all."""
    said = (without_own(line, (own, rf"\b{called}\b")) for line in lines)
    return next((found for one in said if (found := credit_on_page(one.strip()))), "")
