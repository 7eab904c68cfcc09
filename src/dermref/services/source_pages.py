"""The page "Image sources & licenses": every tracked source in its group, with how many of its images may be seen."""

from dataclasses import dataclass

from dermref.model.asking import Viewer
from dermref.model.source import Group, Source, SourceKind
from dermref.registry.load import load_datasets, load_sources
from dermref.services.rulings import all_sources
from dermref.services.searching import counts_by_source, shelf_of


@dataclass(frozen=True, slots=True)
class Row:
    """One source with the number of its images that this viewer may see."""

    source: Source
    images: int


@dataclass(frozen=True, slots=True)
class GroupRows:
    """One group of the page with its rows, in the registry's order."""

    group: Group
    label: str
    rows: tuple[Row, ...]


def grouped_sources(viewer: Viewer) -> tuple[GroupRows, ...]:
    """The seven groups of the tracked sources, then the data set releases."""
    counts = counts_by_source(shelf_of(viewer))
    rows = [Row(source, counts.get(source.source_id, 0)) for source in (*load_sources(), *load_datasets())]
    groups = []
    for group in Group:
        members = tuple(row for row in rows if row.source.group is group)
        if members:
            groups.append(GroupRows(group, members[0].source.group_label, members))
    return tuple(groups)


def source_row(source_id: str, viewer: Viewer) -> Row | None:
    """One source, or None when there is no such source."""
    source = all_sources().get(source_id)
    return Row(source, counts_by_source(shelf_of(viewer)).get(source_id, 0)) if source else None


def tracked_count() -> int:
    """How many sources are tracked; data set releases are not sources."""
    return sum(1 for source in all_sources().values() if source.kind is SourceKind.SITE)
