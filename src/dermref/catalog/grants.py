"""Grants as rows: recorded with their document, read back as values, revoked once, never changed otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dermref.catalog import models
from dermref.catalog.inserting import insert
from dermref.catalog.policies import intern, key_of
from dermref.catalog.writing import save_document
from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.change import Author
from dermref.model.evidence import Document, EvidenceMark
from dermref.model.grant import Grant, GrantDocument

READER = "grant/1"


@dataclass(frozen=True, slots=True)
class GrantRecord:
    """A grant, who recorded it and when, its document's name, and, once revoked, by whom and why."""

    grant: Grant
    document_name: str
    author: Author
    at: datetime
    revocation: Author | None = None


def recorded_grants(source_id: str | None = None) -> tuple[Grant, ...]:
    """Every grant, revoked and expired ones included, or those of one source."""
    return tuple(one.grant for one in grant_records(source_id))


def grant_records(source_id: str | None = None) -> tuple[GrantRecord, ...]:
    """The same with who recorded them, oldest first."""
    rows = models.Grant.objects.order_by("at", "grant_id")
    return tuple(_record(row) for row in (rows.filter(source_id=source_id) if source_id else rows))


def grant_record(grant_id: str) -> GrantRecord | None:
    """The one with this id."""
    row = models.Grant.objects.filter(pk=grant_id).first()
    return _record(row) if row else None


def next_grant_id(source_id: str) -> str:
    """An id that no grant has: the source's with a number."""
    return f"{source_id}-{models.Grant.objects.filter(source_id=source_id).count() + 1}"


def save_grant(
    grant: Grant, document: Document, *, name: str, author: Author, at: datetime, images: Mapping[str, str]
) -> None:
    """Record a grant with its document. `images` are the images it names that are here already, as their foreign id and
    the key of the grant that their policies have to remember from now on."""
    with transaction.atomic():
        save_document(document)
        models.Grant.objects.create(**_columns(grant), document_name=name, by=author.by, at=at)
        for row in _named(grant.source_id, images):
            _remember(row, images[row.foreign_id], grant, at=at)


def revoke_grant(grant_id: str, *, author: Author, at: datetime) -> bool:
    """It holds no longer. False where it was revoked before."""
    rows = models.Grant.objects.filter(pk=grant_id, revoked_at__isnull=True)
    return bool(rows.update(revoked_at=at, revoked_by=author.by, revoked_why=author.why))


def grant_document(sha256: str) -> Document | None:
    """The document of a grant, as it was given."""
    row = models.Document.objects.filter(pk=sha256).first()
    return Document(bytes(row.body), "", row.media_type) if row else None


def _columns(grant: Grant) -> dict[str, object]:
    document = grant.document
    return {
        "grant_id": grant.grant_id,
        "source_id": grant.source_id,
        "granted_by": grant.granted_by,
        "document_id": document.sha256,
        "document_url": document.url or "",
        "document_ends": document.ends,
        "quote": document.quote,
        "actions": list(grant.actions),
        "viewers": list(grant.viewers),
        "purposes": list(grant.purposes),
        "operators": list(grant.operators),
        "images": None if grant.images is None else sorted(grant.images),
        "domain": grant.domain or "",
        "conditions": list(grant.conditions),
        "starts": grant.starts,
        "ends": grant.ends,
        "stores": Action.STORE in grant.actions,
    }


def _named(source_id: str, images: Iterable[str]) -> Iterable[models.Image]:
    rows = models.Image.objects.filter(source_id=source_id, foreign_id__in=list(images))
    return rows.select_related("policy", "evidence")


def _remember(image: models.Image, key: str, grant: Grant, *, at: datetime) -> None:
    """The image's policy from now on names the grant, and its evidence the document."""
    evidence = models.Evidence(
        source_id=image.source_id,
        foreign_id=image.foreign_id,
        mark=EvidenceMark.DECISION,
        statement=grant.document.quote,
        url=grant.document.url or f"grant:{grant.grant_id}",
        retrieved_at=at,
        document_id=grant.document.sha256,
        reader=READER,
        supersedes_id=image.evidence_id,
    )
    insert(evidence)
    policy = key_of(image.policy).naming(key)
    models.Image.objects.filter(pk=image.pk).update(evidence=evidence, policy_id=intern(policy), updated_at=at)


def _record(row: models.Grant) -> GrantRecord:
    document = GrantDocument(row.document_id, row.quote, row.document_url or None, row.document_ends)
    grant = Grant(
        grant_id=row.grant_id,
        source_id=row.source_id,
        granted_by=row.granted_by,
        document=document,
        actions=tuple(Action(one) for one in row.actions),
        viewers=tuple(ViewerKind(one) for one in row.viewers),
        purposes=tuple(Purpose(one) for one in row.purposes),
        operators=tuple(OperatorKind(one) for one in row.operators),
        images=None if row.images is None else frozenset(row.images),
        starts=row.starts,
        ends=row.ends,
        revoked=row.revoked_at,
        domain=row.domain or None,
        conditions=tuple(row.conditions),
    )
    revoked = Author(row.revoked_by, row.revoked_why) if row.revoked_at else None
    return GrantRecord(grant, row.document_name, Author(row.by, ""), row.at, revoked)
