"""Permissions in writing: recorded with the document they rest on, listed, and revoked. What one names may be done from
the next request on; what is revoked may not be done from the next request on."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from dermref.catalog.grants import (
    GrantRecord,
    grant_document,
    grant_record,
    grant_records,
    next_grant_id,
    revoke_grant,
    save_grant,
)
from dermref.catalog.locks import only_writer_of_grants
from dermref.model.asking import Action, Operator, OperatorKind, Purpose, ViewerKind
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.model.evidence import Document
from dermref.model.grant import Grant, GrantDocument
from dermref.model.source import Source
from dermref.rights.grants import check_grant_for
from dermref.services.papers import key_of, lacks, read_paper
from dermref.services.rulings import all_sources

__all__ = ["GrantRecord", "Permission", "document_of", "find_grant", "grant", "list_grants", "revoke", "state_of"]

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Permission:
    """What somebody permitted, as a curator enters it: the fields of a `Grant`, and the file of its document."""

    source_id: str
    granted_by: str
    document: Path
    quote: str
    actions: tuple[Action, ...]
    viewers: tuple[ViewerKind, ...]
    purposes: tuple[Purpose, ...]
    operators: tuple[OperatorKind, ...]
    images: frozenset[str] | None = None
    domain: str | None = None
    conditions: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    document_url: str | None = None
    document_ends: datetime | None = None


def grant(given: Permission, *, by: str) -> GrantRecord:
    """Record a permission. Raises Stopped with everything that is wrong with it; nothing is recorded then."""
    source = all_sources()[given.source_id]
    paper, now = read_paper(given.document), timezone.now()
    with only_writer_of_grants(given.source_id):
        value = _value(given, key_of(paper), grant_id=next_grant_id(given.source_id))
        faults = list(check_grant_for(value, source.terms))
        if lacks(paper, given.quote):
            faults.append(f"quote: {given.document.name} does not say “{given.quote}”; quote its very words")
        faults += _bad_ids(value, source)
        if (ends := value.effective_end) is not None and ends <= now:
            faults.append(f"ends: it ended on {ends:%Y-%m-%d}, before today")
        if faults:
            raise Stopped("\n".join([f"This grant cannot be recorded ({len(faults)} faults):", *faults]))
        images = dict.fromkeys(value.images or (), value.image_key)
        save_grant(value, paper, name=given.document.name, author=Author(by, ""), at=now, images=images)
    found = grant_record(value.grant_id)
    assert found is not None  # it was saved a moment ago
    return found


def _bad_ids(value: Grant, source: Source) -> list[str]:
    """Ids that no image of the source can have, which would name nothing."""
    pattern = re.compile(source.ingest.foreign_id_pattern or ".+")
    bad = [
        one
        for one in sorted(value.images or ())
        if one.startswith(f"{source.source_id}:") or not pattern.fullmatch(one)
    ]
    return [f"images: “{one}” is no id at this source; name it as the source does" for one in bad[:MOST_NAMED]]


def _value(given: Permission, sha256: str, *, grant_id: str) -> Grant:
    return Grant(
        grant_id=grant_id,
        source_id=given.source_id,
        granted_by=given.granted_by.strip(),
        document=GrantDocument(sha256, given.quote.strip(), given.document_url, given.document_ends),
        actions=given.actions,
        viewers=given.viewers,
        purposes=given.purposes,
        operators=given.operators,
        images=given.images,
        starts=given.starts,
        ends=given.ends,
        domain=given.domain,
        conditions=tuple(one.strip() for one in given.conditions if one.strip()),
    )


def revoke(grant_id: str, author: Author) -> GrantRecord:
    """It holds no longer, from this moment. Raises Stopped where there is no such grant, or it was revoked before."""
    found = find_grant(grant_id)
    now = timezone.now()
    if not revoke_grant(grant_id, author=author, at=now):
        raise Stopped(f"{grant_id} is revoked already.")
    return replace(found, grant=replace(found.grant, revoked=now), revocation=author)


def find_grant(grant_id: str) -> GrantRecord:
    """The grant with this id. Raises Stopped where there is none."""
    found = grant_record(grant_id)
    if found is None:
        raise Stopped(f"There is no grant “{grant_id}”; “dermref grants list” shows all.")
    return found


def list_grants(source_id: str | None = None) -> tuple[GrantRecord, ...]:
    """All of them, or those of a source, oldest first."""
    return grant_records(source_id)


def document_of(record: GrantRecord) -> Document:
    """The letter or contract. Raises Stopped where the stored one is not what was given."""
    found = grant_document(record.grant.document.sha256)
    if found is None or key_of(found) != record.grant.document.sha256:
        raise Stopped(f"The stored document of {record.grant.grant_id} is not the one that was given; run an audit.")
    return found


def state_of(value: Grant, operator: Operator) -> str:
    """Whether it is in force here, in one word or two."""
    now = timezone.now()
    if value.revoked:
        return "revoked"
    if value.starts and now < value.starts:
        return "not begun"
    if not value.is_current(now):
        return "ended"
    return "in force" if value.is_given_to(operator) else "for another site or operator"
