"""Counts within a set of policies, from the tallies that the database keeps: no image row is read."""

from collections.abc import Iterable, Mapping

from django.db.models import Sum

from dermref.catalog import models
from dermref.catalog.paging import COLUMNS, Filter

FACETS = tuple(COLUMNS)  # those of images; a policy has its source and license itself


def images_by_policy() -> Mapping[int, int]:
    """How many images each policy has."""
    return dict(models.Tally.objects.filter(facet="all", images__gt=0).values_list("policy_id", "images"))


def images_by_value(facet: str, policy_ids: Iterable[int]) -> Mapping[str, int]:
    """How many images within these policies have each value of `facet`; images without one are left out."""
    rows = models.Tally.objects.filter(facet=facet, policy_id__in=list(policy_ids), images__gt=0).exclude(value="")
    return dict(rows.order_by().values_list("value").annotate(number=Sum("images")))


def images_by_facet(policy_ids: Iterable[int]) -> Mapping[str, Mapping[str, int]]:
    """How many images within these policies have each value of each facet; every facet is there, "" is left out."""
    found: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    rows = models.Tally.objects.filter(facet__in=FACETS, policy_id__in=list(policy_ids), images__gt=0).exclude(value="")
    for facet, value, number in rows.order_by().values_list("facet", "value").annotate(number=Sum("images")):
        found[facet][value] = number
    return found


def count_images(policy_ids: Iterable[int], facet: str, value: str) -> int:
    """How many images within these policies have this value of a facet."""
    rows = models.Tally.objects.filter(facet=facet, value=value, policy_id__in=list(policy_ids))
    return rows.aggregate(number=Sum("images"))["number"] or 0


def policies_with(policy_ids: Iterable[int], wanted: Filter) -> list[int]:
    """Those of the policies that have any image at all of what is wanted; the others need not be searched."""
    facet, value = facet_of(wanted)
    rows = models.Tally.objects.filter(facet=facet, value=value, policy_id__in=list(policy_ids), images__gt=0)
    return list(rows.values_list("policy_id", flat=True))


def facet_of(wanted: Filter) -> tuple[str, str]:
    """The facet and value that narrow `wanted` most; ("all", "") without a filter."""
    return next(iter(wanted.chosen.items()), ("all", ""))


def conditions_of(slugs: Iterable[str]) -> Mapping[str, str]:
    """The labels of conditions by slug."""
    return dict(models.Condition.objects.filter(slug__in=list(slugs)).values_list("slug", "label"))
