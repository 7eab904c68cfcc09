"""Whose a picture is by the words a page shows beside it, read by one list for all pages with pictures. The caller sets
aside what credits the source itself; that nobody is found does not prove that a picture is the source's own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from dermref.model.evidence import Refusal
from dermref.sources.credit_cues import Strength, find_cues
from dermref.sources.reading import seen
from dermref.sources.words import load_words

WORDS = "gallery_credits"
CHUNK, OVERLAP = 20_000, 200  # characters of a page that are searched at once
SHOWN = 120
TOKEN = re.compile(r"[^\W\d_][\w'’-]*|[^\w\s]|\d+|_")  # a word, or what stands between words
NOT_OF_PAGES = frozenset({"license-of-its-own", "picture-library"})  # kinds of cue that long texts say of much else

Judged = tuple[Refusal | None, tuple[Refusal, ...]]
"""A fault where somebody else is credited, and doubts where that may be."""


def without_own(text: str, own: Sequence[str]) -> str:
    """The text in one line and spelling, without what matches a pattern by which the source credits itself."""
    text = seen(text)
    for pattern in own:
        text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    return text


def credited_in(said: Iterable[str], *, known: Iterable[str] | None = None) -> Judged:
    """What captions say, the source's own credit set aside. Where `known` is given, two words written large in a row
    may be a name, unless they stand in one of those texts: the page's heading, the picture's title."""
    captions = [one for one in said if one]
    cues = [cue for one in captions for cue in find_cues(one)]
    named = [cue.words for cue in cues if cue.strength is Strength.STRONG]
    named += [found for one in captions if (found := _first("named", one))]
    if named:
        return Refusal("third-party-credit", f"beside it somebody else is credited: “{named[0][:SHOWN]}”"), ()
    maybe = [cue.words for cue in cues] + [found for one in captions if (found := _maybe(one))]
    names = [found for one in captions if (found := _name(one))]
    if known is not None:
        names += [found for one in captions if (found := _unknown_name(one, tuple(known)))]
    doubts = (
        Refusal("rights-in-caption", f"its words may credit somebody: “{maybe[0][:SHOWN]}”") if maybe else None,
        Refusal("credit-unclear", f"its words name somebody: “{names[0][:SHOWN]}”") if names else None,
    )
    return None, tuple(one for one in doubts if one)


def credit_on_page(text: str) -> str:
    """The words by which a text that stands with no picture speaks of rights or credits somebody, "" where it does not.
    One that is short enough for a caption is read as one."""
    if len(text) <= load_words(WORDS)["longest_caption"]:
        fault, doubts = credited_in([text])
        return text[:SHOWN] if fault or doubts else ""
    chunks = (text[at : at + CHUNK + OVERLAP] for at in range(0, len(text), CHUNK))
    return next((found for one in chunks if (found := _in_long(one))), "")


def _in_long(text: str) -> str:
    """As `credit_on_page`, of a text that may be about anything: only what is said of hardly anything but pictures."""
    cues = (one for one in find_cues(text) if one.strength is Strength.STRONG and one.code not in NOT_OF_PAGES)
    return next((one.words for one in cues), "") or _first("named", text)


def _maybe(text: str) -> str:
    opening = re.search(load_words(WORDS)["opening"], text, re.IGNORECASE)
    return _first("maybe", text) or (text[opening.start() :].strip() if opening else "")


def _name(text: str) -> str:
    found = _written().search(text)
    return text[found.start() :] if found else ""


def _first(part: str, text: str) -> str:
    """The text from the first of the words of a part of the list on."""
    found = _spoken(part).search(text)
    return text[found.start() :] if found else ""


def _unknown_name(text: str, known: tuple[str, ...]) -> str:
    """The first run of large words of which two are neither known nor plain."""
    words = load_words(WORDS)
    plain = {*words["plain"], *(one.casefold() for text in known for one in TOKEN.findall(text))}
    for run in _runs(text, frozenset(words["particles"])):
        if sum(one.casefold() not in plain for one in run) > 1:
            return " ".join(run)
    return ""


def _runs(text: str, particles: frozenset[str]) -> Iterator[list[str]]:
    """The words written large that follow each other, with nothing between but a particle or the dot of an initial."""
    run: list[str] = []
    for one in TOKEN.findall(text):
        if one[0].isupper():
            run.append(one)
        elif run and (one in particles or (one == "." and len(run[-1]) == 1)):
            continue
        else:
            yield run
            run = []
    yield run


@cache
def _spoken(part: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(load_words(WORDS)[part])})", re.IGNORECASE)


@cache
def _written() -> re.Pattern[str]:
    return re.compile("|".join(load_words(WORDS)["names"]))
