"""Links as rows: written whole or not at all, counted and read within the sources that may be linked to, and changed by
what a look at their page found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy

from dermref.catalog import models
from dermref.catalog.conditions import intern_condition
from dermref.model.hosts import is_within
from dermref.model.link import LinkRecord, LinkState, NewLink

AT_ONCE = 500  # rows in one statement
Key = tuple[str, str, str | None, str]  # source, address, slug of the condition, topic: there is one of each


@dataclass(frozen=True, slots=True)
class Saved:
    """How many links were new, changed in their words, or known as they are; and the row ids of all, in order."""

    added: int
    updated: int
    unchanged: int
    row_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Linkable:
    """What may be linked to: these sources, and no address on one of the hosts or below it, but for links of `sites`,
    which stand under their own terms alone."""

    sources: tuple[str, ...]
    closed_hosts: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def is_closed(self, url: str) -> bool:
        """Whether the address lies on a closed host."""
        host = urlsplit(url).hostname or ""
        return any(is_within(host, one) for one in self.closed_hosts)


@dataclass(frozen=True, slots=True)
class LinksOf:
    """Which links: of a source, a condition (its slug), a topic. None means any."""

    source_id: str | None = None
    condition: str | None = None
    topic: str | None = None

    @property
    def chosen(self) -> Mapping[str, str]:
        """The columns to look at, with their values."""
        columns = {"source_id": self.source_id, "condition_id": self.condition, "topic": self.topic}
        return {name: value for name, value in columns.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a link becomes after a look at its page."""

    state: LinkState
    strikes: int
    at: datetime
    status: str
    moved_to: str


def save_links(links: Sequence[NewLink], *, by: str, at: datetime) -> Saved:
    """Add links, or give those that are here new words; all of them or, where one fails, none."""
    with transaction.atomic():
        slugs = {label: intern_condition(label) for label in {link.condition for link in links if link.condition}}
        sources = {link.source_id for link in links}
        known = {_key(row): row for row in models.Link.objects.filter(source_id__in=sources)}
        rows: dict[Key, models.Link] = {}
        changed: list[models.Link] = []
        for link in links:
            row = _row(link, slugs.get(link.condition), by=by, at=at)
            if _key(row) in rows:  # two labels of one condition
                continue
            before = known.get(_key(row))
            if before is not None and _words(before) != _words(row):
                _say_anew(before, row)
                changed.append(before)
            rows[_key(row)] = before or row
        new = [row for row in rows.values() if row._state.adding]
        models.Link.objects.bulk_create(new, batch_size=AT_ONCE)
        models.Link.objects.bulk_update(changed, ["title", "language", "needs_login", "note", "by"], batch_size=AT_ONCE)
        row_ids = tuple(row.pk for row in rows.values())
    return Saved(len(new), len(changed), len(rows) - len(new) - len(changed), row_ids)


def links_where(wanted: LinksOf, *, state: LinkState | None = None) -> list[LinkRecord]:
    """All links of what is wanted, shown or not, in a state; by source, in the order they came."""
    rows = models.Link.objects.filter(**wanted.chosen)
    return _records(rows.filter(state=state) if state else rows)


def links_with(row_ids: Iterable[int]) -> list[LinkRecord]:
    """The links with these row ids."""
    return _records(models.Link.objects.filter(pk__in=list(row_ids)))


def remove_link(row_id: int) -> LinkRecord | None:
    """Take a link out; what it was, or None where there is none."""
    with transaction.atomic():
        found = links_with([row_id])
        models.Link.objects.filter(pk=row_id).delete()
    return next(iter(found), None)


def shown_links(linkable: Linkable, wanted: LinksOf, *, most: int) -> list[LinkRecord]:
    """The links that may be shown; at most `most` of each source."""
    rows = _shown(linkable).filter(**wanted.chosen)
    sources = sorted(rows.order_by().values_list("source_id", flat=True).distinct())
    return [record for one in sources for record in _records(rows.filter(source_id=one), most=most)]


def count_shown(linkable: Linkable, wanted: LinksOf) -> Mapping[str, int]:
    """How many links of each source may be shown."""
    rows = _shown(linkable).filter(**wanted.chosen).order_by()
    return dict(rows.values_list("source_id").annotate(number=Count("id")))


def shown_conditions(linkable: Linkable) -> Mapping[str, tuple[str, int]]:
    """Label and number of links of every condition that has any which may be shown, by slug."""
    rows = _shown(linkable).filter(condition__isnull=False).order_by()
    found = rows.values_list("condition_id", "condition__label").annotate(number=Count("id"))
    return {slug: (label, number) for slug, label, number in found}


def due_links(waits: Mapping[LinkState, timedelta], *, at: datetime, sources: Iterable[str]) -> list[LinkRecord]:
    """The links of these sources that were last looked at as long ago as their state says, those never first."""
    due = Q(checked_at__isnull=True)
    for state, wait in waits.items():
        due |= Q(state=state, checked_at__lte=at - wait)
    rows = models.Link.objects.filter(due, source_id__in=list(sources))
    return _records(rows, order=(F("checked_at").asc(nulls_first=True), "id"))


def record_check(link: LinkRecord, checked: Checked) -> bool:
    """Write what a look led to. False where somebody else has looked in the meantime, or gave it another address."""
    rows = models.Link.objects.filter(pk=link.row_id, checked_at=link.checked_at, url=link.url)
    return bool(
        rows.update(
            state=checked.state,
            strikes=checked.strikes,
            checked_at=checked.at,
            status=checked.status,
            moved_to=checked.moved_to,
        )
    )


def _shown(linkable: Linkable) -> QuerySet[models.Link]:
    rows = models.Link.objects.filter(source_id__in=linkable.sources).exclude(state=LinkState.BROKEN)
    named = Q()
    for host in linkable.closed_hosts:
        named |= Q(url__icontains=host)
    if not named:
        return rows
    # An address may name a host without lying on it: only those that name one are read, and compared as hosts.
    suspects = rows.filter(named).exclude(source_id__in=linkable.sites).values_list("pk", "url")
    return rows.exclude(pk__in=[pk for pk, url in suspects if linkable.is_closed(url)])


def _row(link: NewLink, slug: str | None, *, by: str, at: datetime) -> models.Link:
    return models.Link(
        source_id=link.source_id,
        url=link.url,
        title=link.title,
        condition_id=slug,
        topic=link.topic,
        language=link.language,
        needs_login=link.needs_login,
        note=link.note,
        by=by,
        added_at=at,
        state=LinkState.UNCHECKED,
    )


def _key(row: models.Link) -> Key:
    return row.source_id, row.url, row.condition_id, row.topic


def _words(row: models.Link) -> tuple[object, ...]:
    return row.title, row.language, row.needs_login, row.note


def _say_anew(row: models.Link, other: models.Link) -> None:
    row.title, row.language, row.needs_login, row.note = other.title, other.language, other.needs_login, other.note
    row.by = other.by


def _records(
    rows: QuerySet[models.Link], *, order: Sequence[str | OrderBy] = ("source_id", "id"), most: int | None = None
) -> list[LinkRecord]:
    return [
        LinkRecord(
            row_id=row.pk,
            source_id=row.source_id,
            url=row.url,
            title=row.title,
            condition_slug=row.condition_id,
            condition_label=row.condition.label if row.condition else None,
            topic=row.topic,
            language=row.language,
            needs_login=row.needs_login,
            note=row.note,
            by=row.by,
            added_at=row.added_at,
            state=LinkState(row.state),
            strikes=row.strikes,
            checked_at=row.checked_at,
            status=row.status,
            moved_to=row.moved_to,
        )
        for row in rows.select_related("condition").order_by(*order)[:most]
    ]
