"""Whose a picture is by what a page says of it. Words that credit the source itself are set aside as a whole, never in
part; any other credit makes the picture somebody else's, and one that may be a credit is for a curator."""

import re
from collections.abc import Iterator, Sequence

from dermref.model.evidence import Refusal, Scope, Statement
from dermref.model.source import Source
from dermref.sources.credit_cues import Cue, Strength, find_cues
from dermref.sources.reading import host_of, seen
from dermref.sources.topic_page import Shown, TopicPage
from dermref.sources.words import load_words

LONGEST_LINE = 5_000  # characters of the text around the pictures that are searched in one piece
SHOWN = 120


def credits_of(picture: Shown, page: TopicPage, *, own: str) -> tuple[tuple[Refusal, ...], tuple[Refusal, ...]]:
    """The faults and the doubts about whose a picture is. `own` is a pattern of the words, in small letters, by which
    the source credits itself."""
    said = [_without(one, own) for one in picture.words]
    elsewhere = [_without(one, own) for one in picture.credits]
    cues = [cue for words in said for cue in find_cues(words)]
    strong = [cue.words for cue in cues if cue.strength is Strength.STRONG]
    strong += [words for words in elsewhere if re.search(r"\w", words)]
    if strong:
        return (Refusal("third-party-credit", f"its page credits it to somebody else: “{strong[0][:SHOWN]}”"),), ()
    doubts = [
        *(Refusal("rights-in-caption", f"its words may credit somebody: “{cue.words}”") for cue in cues),
        *(Refusal("credit-unclear", f"its words name somebody: “{one[:SHOWN]}”") for one in said if _names_person(one)),
        *(Refusal("rights-on-page", f"its page speaks of rights: “{cue.words}”") for cue in _on_page(page.lines, own)),
    ]
    return (), tuple({one.code: one for one in reversed(doubts)}.values())


def statements_of(page: TopicPage, source: Source) -> tuple[Statement, ...]:
    """The licenses of elsewhere that the page links as its own; where the site's own terms are linked, they are the
    registry's to read."""
    away = (one for one in page.licenses if host_of(one) not in source.ingest.hosts)
    return tuple(Statement("", one, Scope.CONTAINER) for one in away)


def _names_person(words: str) -> bool:
    """Whether somebody is named by a title, which need not be a credit."""
    return bool(re.search(load_words("topic_page")["person"], words))


def _without(text: str, own: str) -> str:
    """The text without the words by which the source credits itself."""
    return re.sub(own, " ", seen(text), flags=re.IGNORECASE)


def _on_page(lines: Sequence[str], own: str) -> Iterator[Cue]:
    """Cues in the text around the pictures, which may speak of any of them."""
    known = load_words("topic_page")["page_cues"]
    for line in lines:
        for at in range(0, len(line), LONGEST_LINE):
            found = find_cues(_without(line[at : at + LONGEST_LINE], own))
            yield from (cue for cue in found if cue.code in known and cue.strength is Strength.STRONG)
