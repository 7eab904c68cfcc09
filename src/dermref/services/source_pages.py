"""The page "Image sources & licenses": every tracked source in its group, with how many of its images may be seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from dermref.model.asking import Viewer
from dermref.model.source import Group, Source, SourceKind
from dermref.registry.load import load_datasets, load_sources
from dermref.rights.linking import link_target
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources, decide_link
from dermref.services.searching import counts_by_source, shelf_of


@dataclass(frozen=True, slots=True)
class Row:
    """One source with the number of its images that this viewer may see, and where a link to it leads: to its homepage
    or the page that its terms name instead, and nowhere where they forbid a link here."""

    source: Source
    images: int
    link: str | None


@dataclass(frozen=True, slots=True)
class GroupRows:
    """One group of the page with its rows, in the registry's order."""

    group: Group
    label: str
    rows: tuple[Row, ...]


def grouped_sources(viewer: Viewer) -> tuple[GroupRows, ...]:
    """The seven groups of the tracked sources, then the data set releases."""
    groups, rows = [], source_rows(viewer)
    for group in Group:
        members = tuple(row for row in rows if row.source.group is group)
        if members:
            groups.append(GroupRows(group, members[0].source.group_label, members))
    return tuple(groups)


def source_rows(viewer: Viewer) -> list[Row]:
    """The tracked sources in the registry's order, then the data set releases."""
    counts = counts_by_source(shelf_of(viewer))
    return [_row(source, counts, viewer) for source in (*load_sources(), *load_datasets())]


def source_row(source_id: str, viewer: Viewer) -> Row | None:
    """One source, or None when there is no such source."""
    source = all_sources().get(source_id)
    return _row(source, counts_by_source(shelf_of(viewer)), viewer) if source else None


def _row(source: Source, counts: Mapping[str, int], viewer: Viewer) -> Row:
    may_link = decide_link(source.source_id, viewer=viewer, operator=deployment().operator).is_allowed
    link = link_target(source.homepage_url, source) if may_link else None
    return Row(source, counts.get(source.source_id, 0), link)


def tracked_count() -> int:
    """How many sources are tracked; data set releases are not sources."""
    return sum(1 for source in all_sources().values() if source.kind is SourceKind.SITE)
