"""What is wrong with a subscription that somebody wants to record: everything at once, one sentence each."""

from collections.abc import Iterator

from dermref.model.asking import Subscription
from dermref.model.source import SourceTerms, Tier


def check_subscription(one: Subscription, terms: SourceTerms | None) -> tuple[str, ...]:
    """Everything that is wrong with a subscription to the source with these terms; None where there is no such source.

    >>> from datetime import UTC, datetime
    >>> from dermref.registry.load import load_source
    >>> day = datetime(2026, 1, 1, tzinfo=UTC)
    >>> check_subscription(Subscription("visualdx", "Riverside", starts=day, ends=day), load_source("visualdx").terms)
    ('ends: is not after its start',)
    """
    return (*_source_faults(one, terms), *_date_faults(one))


def _source_faults(one: Subscription, terms: SourceTerms | None) -> Iterator[str]:
    if terms is None:
        yield f"source: there is no source “{one.source_id}”; “dermref sources list” shows all"
    elif terms.tier is not Tier.INSTITUTIONAL_ONLY:
        yield f"source: {one.source_id} is {terms.tier}; a subscription opens nothing there"


def _date_faults(one: Subscription) -> Iterator[str]:
    times = {"starts": one.starts, "ends": one.ends}
    naive = [name for name, time in times.items() if time is not None and time.tzinfo is None]
    yield from (f"{name}: has no time zone" for name in naive)
    if one.starts is None:
        yield "starts: is missing; nobody can say since when it runs"
    elif one.ends is not None and not naive and one.ends <= one.starts:
        yield "ends: is not after its start"
