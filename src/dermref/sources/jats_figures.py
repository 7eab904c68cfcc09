"""The figures of an article in JATS: each picture with all that is said at it, and the rights stated nearest to it."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from dermref.sources.jats_rights import HREF, WHOLE, Rights, nearest_rights
from dermref.sources.jats_text import Element, marked_words, name_of, words_of

# A review or a reply has authors and a license of its own: its figures are none of the article's.
OF_OTHERS = frozenset({"sub-article", "response"})
UNSAID = frozenset({"graphic", "media", "alternatives", "permissions", "fig", "fig-group"})
# What a box, a table or a quotation says of all that is in it; a figure or a group says it with all its words.
OF_ALL = frozenset({"caption", "attrib", "label", "title", "alt-text", "long-desc"})
IN_AN_ID = re.compile(r"[^A-Za-z0-9._~:+()@,-]")
ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
LONGEST_PART = 100
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture of a figure. `key` is its name within the article; `said` are the words at it and at all that it is
    in, references marked, with the footnotes they point to; `own` the nearest permissions, without the article's.
    `is_twice` where two pictures of the article have the same name, `has_stray_rights` where permissions stand at the
    figure and it is not clear of what they speak."""

    key: str
    href: str
    anchor: str | None
    label: str | None
    title: str | None
    caption: str
    said: str
    attribs: tuple[str, ...]
    own: tuple[Rights, ...]
    has_stray_rights: bool
    is_twice: bool = False


def figures_of(root: Element) -> tuple[Figure, ...]:
    """The pictures of the article's own figures in their order; those of one name once, and marked."""
    found = list(_figures(root))
    times = Counter(one.key for one in found)
    return tuple(replace(one, is_twice=times[one.key] > 1) for one in {one.key: one for one in found}.values())


def figure_key(fig_id: str, href: str) -> str:
    """A figure's name within its article, stable over the article's versions. A figure without an id is named by its
    picture, for its place may change.

    >>> figure_key("F1", "gr1.tif"), figure_key("", "a b")
    ('F1/gr1.tif', 'a_b/a_b')
    """
    return f"{_part(fig_id or href)}/{_part(href)}"


def _part(text: str) -> str:
    plain = IN_AN_ID.sub("_", text.rpartition("/")[2]) or "_"
    if len(plain) <= LONGEST_PART:
        return plain
    return f"{plain[: LONGEST_PART - 9]}~{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _figures(root: Element) -> Iterator[Figure]:
    notes = {name: one for one in root.iter("fn") if (name := one.get("id"))}
    for fig in root.iter("fig"):
        around = list(fig.iterancestors())
        if not OF_OTHERS.isdisjoint(map(name_of, around)):
            continue
        graphics = [one for one in _graphics(fig) if (one.get(HREF) or "").strip()]
        if graphics:
            yield from _pictures(fig, graphics, [one for part in _within_whole(around) for one in _of_all(part)], notes)


def _within_whole(around: list[Element]) -> list[Element]:
    """The elements around a figure that it is a part of, the outermost first; a section is none, nor is the article."""
    inside = list(takewhile(lambda one: name_of(one) not in WHOLE, around))
    return [one for one in reversed(inside) if name_of(one) != "sec"]


def _of_all(part: Element) -> Iterator[Element]:
    for one in part:
        name = name_of(one)
        is_said = name not in UNSAID if name_of(part) in ("fig", "fig-group") else name in OF_ALL
        if is_said or name.endswith("-foot"):
            yield one


def _graphics(fig: Element) -> Iterator[Element]:
    """The figure's own graphics, of alternatives of the same picture the first."""
    for one in fig.iter("graphic"):
        parents = list(one.iterancestors())
        if next(parent for parent in parents if name_of(parent) == "fig") is not fig:
            continue
        if name_of(parents[0]) != "alternatives" or parents[0].find("graphic") is one:
            yield one


def _pictures(
    fig: Element, graphics: list[Element], around: list[Element], notes: dict[str, Element]
) -> Iterator[Figure]:
    beside = [*around, *(one for one in fig if name_of(one) not in UNSAID)]
    within = [one for graphic in fig.iter("graphic", "media", "alternatives") for one in graphic]
    within = [one for one in within if name_of(one) not in UNSAID]
    said = marked_words([*beside, *within, *_notes([*beside, *within], notes)])
    attribs = tuple(filter(None, (words_of(found) for one in (*beside, *within) for found in one.iter("attrib"))))
    fig_id = fig.get("id") or ""
    title, label = _title(fig), words_of(fig.find("label"))
    for graphic in graphics:
        href = (graphic.get(HREF) or "").strip()
        yield Figure(
            key=figure_key(fig_id, href),
            href=href,
            anchor=fig_id if ANCHOR.fullmatch(fig_id) else None,
            label=label,
            title=title,
            caption=words_of(fig.find("caption")) or "",
            said=said,
            attribs=attribs,
            own=nearest_rights(graphic),
            has_stray_rights=any(_is_stray(one, graphic, graphics, fig) for one in _permissions(fig, around)),
        )


def _notes(said: list[Element], notes: dict[str, Element]) -> list[Element]:
    """The footnotes that the words point to, each once."""
    names = (name for one in said for link in one.iter("xref") for name in (link.get("rid") or "").split())
    return [notes[name] for name in dict.fromkeys(names) if name in notes]


def _permissions(fig: Element, around: list[Element]) -> list[Element]:
    return [found for one in (*around, fig) for found in one.iter("permissions")]


def _is_stray(permissions: Element, graphic: Element, graphics: list[Element], fig: Element) -> bool:
    """Whether they are stated neither around the picture, nor at another picture or a figure in this one."""
    parents = list(permissions.iterancestors())
    if parents[0] is graphic or parents[0] in graphic.iterancestors():
        return False
    inner = takewhile(lambda one: one is not fig, parents)
    return not any(name_of(one) == "fig" or one in graphics for one in inner) or fig not in parents


def _title(fig: Element) -> str | None:
    """The caption's title, or else its first sentence."""
    if title := words_of(fig.find("caption/title")):
        return title[:LONGEST_TITLE]
    first = words_of(fig.find("caption/p")) or ""
    sentence = re.split(r"(?<=[a-z0-9)]\.) (?=[A-Z(])", first, maxsplit=1)[0]
    return sentence[:LONGEST_TITLE] or None
