"""What is recorded in writing, read from the catalogue: once for everything that one request asks, so that what is
revoked is gone with the next one, and anew each time elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

from dermref.catalog.grants import recorded_grants
from dermref.catalog.notes import NoteRecord, notes_of
from dermref.model.grant import Grant


class OfSource(Protocol):
    """Anything that belongs to a source."""

    @property
    def source_id(self) -> str:
        """Of which."""
        ...


One = TypeVar("One", bound=OfSource)
_READ: ContextVar[dict[str, Mapping[str, Any]] | None] = ContextVar("what was read", default=None)


def grants_of(source_id: str) -> tuple[Grant, ...]:
    """The grants of a source, those included that do not run: `decide` looks at the time."""
    return _of("grants", source_id, recorded_grants)


def courtesy_notes_of(source_id: str) -> tuple[NoteRecord, ...]:
    """The courtesy notes to a source, latest first."""
    return _of("notes", source_id, notes_of)


@contextmanager
def one_reading() -> Iterator[None]:
    """Within this, each is read when the first is asked for, and not again."""
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def _of(name: str, source_id: str, read: Callable[[str | None], tuple[One, ...]]) -> tuple[One, ...]:
    known = _READ.get()
    if known is None:
        return read(source_id)
    if name not in known:
        known[name] = _by_source(read(None))
    found: tuple[One, ...] = known[name].get(source_id, ())
    return found


def _by_source(everything: Iterable[One]) -> Mapping[str, tuple[One, ...]]:
    found: dict[str, tuple[One, ...]] = defaultdict(tuple)
    for one in everything:
        found[one.source_id] += (one,)
    return dict(found)
