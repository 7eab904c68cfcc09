"""Brings the registry into the database, so that images can point at their source, and records what every change of a
source's terms does. No image row is touched: decisions join the terms when they are made."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from dermref import __version__
from dermref.catalog.sources import (
    GONE,
    Version,
    mark_gone,
    recorded_changes,
    save_source,
    stored_digests,
    stored_document,
)
from dermref.model.change import Author, TermsChange
from dermref.model.source import Source
from dermref.registry.canonical import Document, digest_of, document_of
from dermref.services.changing import changed_fields, changed_outcomes
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources
from dermref.services.twins import weigh_again

THIS_RELEASE = Author(f"dermref {__version__}", "the registry that this release carries")


def register_sources(
    sources: Iterable[Source] | None = None, *, author: Author = THIS_RELEASE
) -> tuple[TermsChange, ...]:
    """Save every source and data set release (or `sources`), and record and return the changes of those known before.

    Rows that did not change are left alone. A source that is not among them any more denies everything from now on.
    """
    listed = all_sources().values() if sources is None else sources
    versions = {source.source_id: _version(source) for source in listed}
    known = stored_digests()
    made = [_register(version, known=known.get(one), author=author) for one, version in versions.items()]
    made += [_leave(one, known=digest, author=author) for one, digest in known.items() if one not in versions]
    changes = tuple(change for change in made if change)
    for change in changes:
        weigh_again(change.source_id)
    return changes


def changes_of(source_id: str | None) -> tuple[TermsChange, ...] | None:
    """The recorded changes, latest first; None for a source that nobody ever heard of."""
    if source_id and source_id not in {*all_sources(), *stored_digests()}:
        return None
    return tuple(recorded_changes(source_id))


def _version(source: Source) -> Version:
    document = document_of(source)
    return Version(source.source_id, source.tier, source.status, digest_of(document), document)


def _register(version: Version, *, known: str | None, author: Author) -> TermsChange | None:
    if known == version.digest:
        return None
    before = _Side(known, stored_document(known)) if known else None
    change = None
    if before and (before.document or known == GONE):  # else it is new, or from a release that kept no versions
        change = _change(version.source_id, before, _Side(version.digest, version.document), author)
    return change if save_source(version, known=known, change=change) else None


def _leave(source_id: str, *, known: str, author: Author) -> TermsChange | None:
    if known == GONE:
        return None
    before = _Side(known, stored_document(known))
    change = _change(source_id, before, _Side(GONE, None), author) if before.document else None
    return change if mark_gone(source_id, known=known, change=change) else None


class _Side(NamedTuple):
    """One side of a change; no document where the source is not registered."""

    digest: str
    document: Document | None


def _change(source_id: str, before: _Side, after: _Side, author: Author) -> TermsChange:
    operator = deployment().operator
    return TermsChange(
        source_id=source_id,
        at=timezone.now(),
        author=author,
        before=before.digest if before.document else None,
        after=after.digest if after.document else None,
        operator=operator.kind,
        fields=changed_fields(before.document, after.document),
        outcomes=changed_outcomes(source_id, before.document, after.document, operator=operator),
    )
