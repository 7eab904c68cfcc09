"""The grants that this deployment was given, read from the catalogue: once for everything that one request asks, so
that what is revoked is gone with the next one, and anew each time elsewhere."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from dermref.catalog.grants import recorded_grants
from dermref.model.grant import Grant

Given = Mapping[str, tuple[Grant, ...]]
_READ: ContextVar[list[Given] | None] = ContextVar("grants that were read", default=None)


def grants_of(source_id: str) -> tuple[Grant, ...]:
    """The grants of a source, those included that do not run: `decide` looks at the time."""
    known = _READ.get()
    if known is None:
        return recorded_grants(source_id)
    if not known:
        known.append(_by_source())
    return known[0].get(source_id, ())


@contextmanager
def one_reading() -> Iterator[None]:
    """Within this, they are read when the first is asked for, and not again."""
    token = _READ.set([])
    try:
        yield
    finally:
        _READ.reset(token)


def _by_source() -> Given:
    found: dict[str, tuple[Grant, ...]] = defaultdict(tuple)
    for one in recorded_grants():
        found[one.source_id] += (one,)
    return dict(found)
