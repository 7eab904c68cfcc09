"""Which licenses a work made from licensed works may carry: Creative Commons' chart for adapters, by its parts.

After the chart "If I derive or adapt material offered under a Creative Commons license, which CC license(s) can I use?"
in the Creative Commons FAQ, and the share-alike sections of the licenses (from 2.0 on a later version will do).
"""

from collections.abc import Iterable
from functools import cache

from dermref.rights.facts import Kind, License, load_facts

SHARE_ALIKE_ONLY_ITSELF = "1.0"  # this version knows no later one
CURRENT = "4.0"


@cache
def adapter_licenses(original: License) -> frozenset[str]:
    """The ids of the licenses an adaptation of `original` may carry; empty where it may not be adapted at all."""
    if "DerivativeWorks" not in original.permits:
        return frozenset()
    if "ShareAlike" in original.requires:
        return frozenset({original.id, *(one.id for one in _unported() if _continues(one, original))})
    return frozenset(one.id for one in _unported() if _may_follow(one, original))


def carried(originals: Iterable[License]) -> frozenset[str]:
    """The licenses that one work made from all `originals` may carry; none where two of them exclude each other."""
    allowed = [adapter_licenses(one) for one in originals]
    return frozenset.intersection(*allowed) if allowed else frozenset()


def combined_licenses(members: Iterable[Iterable[Iterable[License]]]) -> frozenset[str]:
    """What one work made from several members may carry. Each member comes as the alternatives it may be used under,
    each alternative as licenses that all hold."""
    allowed = [frozenset().union(*(carried(one) for one in alternatives)) for alternatives in members]
    return frozenset.intersection(*allowed) if allowed else frozenset()


def _continues(one: License, original: License) -> bool:
    """Whether `one` is the same share-alike license in the same version or, from 2.0 on, a later one."""
    if one.family != original.family or original.version == SHARE_ALIKE_ONLY_ITSELF:
        return False
    return (one.version or "") >= (original.version or "~")


def _may_follow(one: License, original: License) -> bool:
    """Whether a work from `original`, which asks for no sharing alike, may carry `one`."""
    if not original.requires and not original.prohibits:
        return True
    is_as_strict = original.requires <= one.requires and original.prohibits <= one.prohibits
    return is_as_strict and one.version == CURRENT


@cache
def _unported() -> tuple[License, ...]:
    """The licenses and waivers in use today that an adapter may choose."""
    offered = (one for one in load_facts().by_id.values() if one.kind in (Kind.LICENSE, Kind.WAIVER))
    return tuple(one for one in offered if one.version and one.jurisdiction is None and one.deprecated_on is None)
