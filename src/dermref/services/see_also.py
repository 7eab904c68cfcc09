"""What a page points to under “See also”: links to other sites that this viewer may be shown here, each with the
credit of its source and the address its terms want. Never a picture, and nothing of dev-only or members' sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dermref.catalog.links import LinksOf, count_shown, shown_conditions, shown_links
from dermref.model.asking import Viewer
from dermref.model.link import LinkRecord, LinkState
from dermref.model.source import Source, SourceKind
from dermref.services.linking import linkable, rulers_of, target_of

MOST_OF_A_SOURCE = 100


@dataclass(frozen=True, slots=True)
class Pointer:
    """One link as a page draws it. `opens` is the name of the site a visitor comes to; `is_elsewhere` when the source's
    terms want another page linked than the one that `title` is about. `heading` is what the link is for."""

    title: str
    url: str
    opens: str
    is_elsewhere: bool
    needs_login: bool
    language: str
    note: str
    credits: tuple[str, ...]
    heading: str
    condition_slug: str | None


@dataclass(frozen=True, slots=True)
class SourcePointers:
    """The links of one source, with its credit line, and how many more there are than stand here."""

    source: Source
    credit: str
    pointers: tuple[Pointer, ...]
    more: int


def see_also(
    *, viewer: Viewer, condition: str | None = None, topic: str | None = None, source_id: str | None = None
) -> tuple[SourcePointers, ...]:
    """The links of a condition (its slug), a topic or a source, by source."""
    open_ = linkable(viewer)
    wanted = LinksOf(source_id, condition, topic)
    links = shown_links(open_, wanted, most=MOST_OF_A_SOURCE)
    if not links:
        return ()
    numbers = count_shown(open_, wanted)
    groups: dict[str, list[LinkRecord]] = {}
    for link in links:
        groups.setdefault(link.source_id, []).append(link)
    found = [_of_source(group, numbers[one]) for one, group in groups.items()]
    return tuple(sorted(found, key=lambda one: one.source.name.casefold()))


def describe_pointers(found: tuple[SourcePointers, ...]) -> list[dict[str, object]]:
    """The links as plain JSON values."""
    return [
        {
            "title": one.title,
            "url": one.url,
            "condition": one.condition_slug,
            "topic": None if one.condition_slug else one.heading,
            "language": one.language or None,
            "needs_login": one.needs_login,
            "note": one.note or None,
            "credits": list(one.credits),
        }
        for group in found
        for one in group.pointers
    ]


def linked_conditions(viewer: Viewer) -> Mapping[str, tuple[str, int]]:
    """Label and number of links of every condition that has any for this viewer, by slug."""
    return shown_conditions(linkable(viewer))


def credit_line(source: Source) -> str:
    """The credit beside a link: the source's own words where they are whole without an image, else its name."""
    template = source.attribution or ""
    return template if template and "{" not in template else source.name


def _of_source(links: list[LinkRecord], number: int) -> SourcePointers:
    source = rulers_of(links[0])[0]
    pointers = tuple(_pointer(link) for link in links)
    return SourcePointers(source, credit_line(source), pointers, number - len(pointers))


def _pointer(link: LinkRecord) -> Pointer:
    rulers, target = rulers_of(link), target_of(link)
    return Pointer(
        title=link.title,
        url=target,
        opens=rulers[-1].name if rulers[-1].kind is SourceKind.SITE else urlsplit(target).hostname or "",
        is_elsewhere=target != link.url,
        needs_login=link.needs_login or link.state is LinkState.LOGIN,
        language=link.language,
        note=link.note,
        credits=tuple(dict.fromkeys(credit_line(one) for one in rulers)),
        heading=link.condition_label or link.topic,
        condition_slug=link.condition_slug,
    )
