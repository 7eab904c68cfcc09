"""Institutions and their subscriptions: recorded with their document, read back as values, ended early once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from dermref.catalog import models
from dermref.catalog.writing import save_document
from dermref.model.asking import Subscription, SubscriptionKind
from dermref.model.evidence import Document


@dataclass(frozen=True, slots=True)
class InstitutionRecord:
    """An institution; its members, invitations and subscriptions name it by its slug."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """A subscription with the contract it rests on, and who recorded it when."""

    subscription: Subscription
    document_name: str
    document_sha256: str
    by: str
    at: datetime


def subscriptions_to(source_id: str) -> tuple[Subscription, ...]:
    """Every recorded subscription to this source, whether it runs or not."""
    return tuple(_value(row) for row in _rows().filter(source_id=source_id))


def subscriptions_of(slugs: Iterable[str]) -> tuple[SubscriptionRecord, ...]:
    """Those of these institutions, oldest first."""
    rows = _rows().filter(institution_id__in=list(slugs)).order_by("at", "id")
    return tuple(SubscriptionRecord(_value(row), row.document_name, row.document_id, row.by, row.at) for row in rows)


def add_institution(one: InstitutionRecord) -> bool:
    """Record an institution. False where its slug or its name is taken."""
    taken = models.Institution.objects.filter(Q(slug=one.slug) | Q(name__iexact=one.name))
    with transaction.atomic():
        if taken.exists():
            return False
        models.Institution.objects.create(slug=one.slug, name=one.name)
        return True


def find_institution(slug: str) -> InstitutionRecord | None:
    """The one with this slug."""
    row = models.Institution.objects.filter(pk=slug).first()
    return InstitutionRecord(row.slug, row.name) if row else None


def list_institutions() -> tuple[InstitutionRecord, ...]:
    """All of them, by slug."""
    return tuple(InstitutionRecord(row.slug, row.name) for row in models.Institution.objects.order_by("slug"))


def save_subscription(slug: str, one: Subscription, document: Document, *, name: str, by: str, at: datetime) -> None:
    """Record a subscription with its document."""
    assert one.starts is not None  # who checked it has said so
    with transaction.atomic():
        models.Subscription.objects.create(
            institution_id=slug,
            source_id=one.source_id,
            kind=one.kind,
            starts=one.starts,
            ends=one.ends,
            document_id=save_document(document),
            document_name=name,
            by=by,
            at=at,
        )


def end_subscriptions(slug: str, source_id: str, *, why: str, at: datetime) -> int:
    """End what runs, or is yet to begin, of an institution's subscriptions to a source; how many there were."""
    rows = models.Subscription.objects.filter(institution_id=slug, source_id=source_id, ended_at__isnull=True)
    return rows.filter(Q(ends__isnull=True) | Q(ends__gt=at)).update(ended_at=at, ended_why=why)


def _rows() -> QuerySet[models.Subscription]:
    return models.Subscription.objects.select_related("institution").order_by("id")


def _value(row: models.Subscription) -> Subscription:
    is_early = row.ended_at is not None and (row.ends is None or row.ended_at <= row.ends)
    ends, why = (row.ended_at, row.ended_why) if is_early else (row.ends, "")
    return Subscription(row.source_id, row.institution.name, SubscriptionKind(row.kind), row.starts, ends, why)
