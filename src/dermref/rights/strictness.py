"""Which of several licenses holds when statements disagree: never an average, and never the freer one."""

from collections.abc import Iterable

from dermref.rights.facts import License


def is_as_strict(one: License, other: License) -> bool:
    """Whether `one` permits nothing more than `other`, and asks and forbids nothing less."""
    return one.permits <= other.permits and one.requires >= other.requires and one.prohibits >= other.prohibits


def holding(stated: Iterable[License]) -> tuple[tuple[License, ...], tuple[License, ...]]:
    """Those that hold, and those that gave way to a stricter one; both by id. Two that ask the same hold both."""
    licenses = sorted(set(stated), key=lambda one: one.id)
    overruled = tuple(one for one in licenses if any(_overrules(other, one) for other in licenses))
    return tuple(one for one in licenses if one not in overruled), overruled


def _overrules(other: License, one: License) -> bool:
    return is_as_strict(other, one) and not is_as_strict(one, other)
