"""“See also”: links to other sites as a page draws them, a few at once and the others one step away. Text alone: no
picture, no frame."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import get_language_info

from dermref.model.asking import Viewer
from dermref.services.see_also import Pointer, see_also

AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One link with its language in words."""

    pointer: Pointer
    spoken_language: str


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links that belong together: those that stand there, those one step away, and the number of those left out."""

    heading: str
    first: tuple[Entry, ...]
    rest: tuple[Entry, ...]
    more: int = 0
    condition_slug: str | None = None


def for_condition(slug: str | None, *, viewer: Viewer) -> tuple[LinkGroup, ...]:
    """What `viewer` may be pointed to for a condition, by source."""
    if slug is None:
        return ()
    found = see_also(viewer=viewer, condition=slug)
    return tuple(_group(one.source.name, one.pointers, one.more) for one in found)


def label_in(groups: tuple[LinkGroup, ...]) -> str | None:
    """The label of the condition that links are for, as they name it."""
    return next((entry.pointer.heading for group in groups for entry in group.first), None)


def for_source(source_id: str, *, viewer: Viewer) -> tuple[LinkGroup, ...]:
    """What `viewer` may be pointed to at a source, by topic and condition, topics first."""
    found = see_also(viewer=viewer, source_id=source_id)
    pointers = sorted((pointer for one in found for pointer in one.pointers), key=_by_heading)
    groups = [_under_heading(tuple(members)) for _, members in groupby(pointers, key=_by_heading)]
    more = sum(one.more for one in found)
    return (*groups, LinkGroup("", (), (), more)) if more else tuple(groups)


def _by_heading(pointer: Pointer) -> tuple[bool, str]:
    return pointer.condition_slug is not None, pointer.heading


def _under_heading(pointers: tuple[Pointer, ...]) -> LinkGroup:
    return replace(_group(pointers[0].heading, pointers), condition_slug=pointers[0].condition_slug)


def _group(heading: str, pointers: Iterable[Pointer], more: int = 0) -> LinkGroup:
    entries = tuple(Entry(one, language_name(one.language)) for one in pointers)
    return LinkGroup(heading, entries[:AT_ONCE], entries[AT_ONCE:], more)


def language_name(code: str) -> str:
    """A language in English, its code where we have no word for it, and nothing where none is stated."""
    if not code:
        return ""
    try:
        return str(get_language_info(code.lower())["name"])
    except KeyError:
        return code
