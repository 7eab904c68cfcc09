"""What is in a collection, read within the policies that the gate has allowed: a page in its order, counts, the groups
that its citation and its decision need. No row of an image is read for those."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import BooleanField as Flag
from django.db.models import Case, Count, Min, QuerySet, Value, When

from dermref.catalog import models
from dermref.catalog.reading import ImageRecord, records_of
from dermref.model.collection import Group


@dataclass(frozen=True, slots=True)
class Page:
    """Images in the order of the collection, the position of the first and last of them, and whether there are more."""

    records: tuple[ImageRecord, ...]
    first: int
    last: int
    has_before: bool
    has_after: bool


def members_page(
    collection_row: int, policy_rows: Iterable[int], *, after: int = -1, before: int | None = None, limit: int
) -> Page:
    """Up to `limit` members within these policies: those after the position `after`, or the last before `before`."""
    rows = _members(collection_row, policy_rows)
    if before is None:
        found = list(
            rows.filter(position__gt=after).order_by("position", "pk").values_list("position", "image_id")[: limit + 1]
        )
        has_after, found = len(found) > limit, found[:limit]
        has_before = after >= 0 and rows.filter(position__lte=after).exists()
    else:
        behind = rows.filter(position__lt=before).order_by("-position", "-pk")
        found = list(behind.values_list("position", "image_id")[: limit + 1])
        has_before, found = len(found) > limit, found[:limit][::-1]
        has_after = rows.filter(position__gte=before).exists()
    by_row = records_of([image for _, image in found])
    places = [position for position, _ in found] or [max(after, 0)]
    return Page(
        tuple(by_row[image] for _, image in found if image in by_row), places[0], places[-1], has_before, has_after
    )


def members_at(collection_row: int, *, start: int, limit: int) -> tuple[ImageRecord, ...]:
    """The members at these places of the list, 0 being the first, whatever their rights: for the gate alone."""
    rows = models.CollectionImage.objects.filter(collection_id=collection_row).order_by("position", "pk")
    found = list(rows.values_list("image_id", flat=True)[start : start + limit])
    by_row = records_of(found)
    return tuple(by_row[one] for one in found if one in by_row)


def count_members(collection_row: int, policy_rows: Iterable[int]) -> int:
    """How many members there are within these policies."""
    return _members(collection_row, policy_rows).count()


def groups_of(collection_row: int, policy_rows: Iterable[int]) -> list[Group]:
    """The members within these policies, counted by what settles rights and attribution."""
    rows = _members(collection_row, policy_rows).order_by()
    named = rows.annotate(
        has_title=Case(When(image__title="", then=Value(False)), default=Value(True), output_field=Flag()),
        has_citation=Case(
            When(image__citation__isnull=True, then=Value(False)), default=Value(True), output_field=Flag()
        ),
    )
    columns = ("policy_id", "source_id", "creator", "contributor", "credit_line")
    keys = [f"image__{one}" for one in columns] + ["has_title", "has_citation"]
    counted = named.values_list(*keys).annotate(number=Count("id"), first=Min("image__public_id"))
    return [Group(*row) for row in counted.values_list(*keys, "number", "first")]


def policies_in(collection_row: int) -> Mapping[int, tuple[int, str]]:
    """Every policy that has a member, with their number and the id of one of them."""
    rows = models.CollectionImage.objects.filter(collection_id=collection_row).order_by()
    counted = rows.values_list("image__policy_id").annotate(number=Count("id"), first=Min("image__public_id"))
    return {policy: (number, first) for policy, number, first in counted}


def members_under(collection_row: int, policy_rows: Iterable[int], *, limit: int | None = None) -> list[str]:
    """The ids of the members under these policies, in order."""
    rows = _members(collection_row, policy_rows).order_by("position", "pk")
    return list(rows.values_list("image__public_id", flat=True)[:limit])


def _members(collection_row: int, policy_rows: Iterable[int]) -> "QuerySet[models.CollectionImage]":
    return models.CollectionImage.objects.filter(collection_id=collection_row, image__policy_id__in=list(policy_rows))
