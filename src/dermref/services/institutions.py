"""Institutions and what they subscribe to: recorded with every fault named at once, ended early with a reason."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from dermref.catalog.institutions import (
    InstitutionRecord,
    SubscriptionRecord,
    add_institution,
    end_subscriptions,
    find_institution,
    list_institutions,
    save_subscription,
    subscriptions_of,
)
from dermref.catalog.members import InvitationRecord, MembershipRecord, invitations_of, members_of
from dermref.model.asking import Subscription, SubscriptionKind
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.rights.subscriptions import check_subscription
from dermref.services.papers import check_paper, read_paper
from dermref.services.rulings import all_sources

__all__ = ["InstitutionRecord", "InvitationRecord", "MembershipRecord", "SubscriptionRecord", "list_institutions"]

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Faults:
    """Why something was not recorded: all of it, one sentence each."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A subscription that somebody wants to record. `document` is the contract's file on this machine."""

    institution: str
    source_id: str
    kind: SubscriptionKind
    starts: datetime
    ends: datetime | None
    document: Path
    by: str


@dataclass(frozen=True, slots=True)
class Details:
    """An institution with everything that is recorded of it."""

    institution: InstitutionRecord
    subscriptions: tuple[SubscriptionRecord, ...]
    members: tuple[MembershipRecord, ...]
    invitations: tuple[InvitationRecord, ...]


def add(slug: str, name: str) -> InstitutionRecord | Faults:
    """Record an institution."""
    one = InstitutionRecord(slug, " ".join(name.split()))
    faults = []
    if not SLUG.fullmatch(slug):
        faults.append(f"slug: “{slug}” is not made of small letters, digits and hyphens, such as riverside-hospital")
    if not one.name:
        faults.append("name: is empty")
    if not faults and not add_institution(one):
        faults.append(f"slug: there is an institution “{slug}”, or one of this name, already")
    return Faults(tuple(faults)) if faults else one


def require_institution(slug: str) -> InstitutionRecord:
    """The institution, for who cannot go on without. Raises Stopped."""
    found = find_institution(slug)
    if found is None:
        raise Stopped(f"There is no institution “{slug}”; “dermref institutions list” shows all.")
    return found


def details(slug: str) -> Details:
    """Everything about an institution. Raises Stopped where there is none."""
    found = require_institution(slug)
    return Details(found, subscriptions_of([slug]), members_of(slug), invitations_of(slug))


def subscribe(order: Order) -> Subscription | Faults:
    """Record a subscription with its document, or say all that is wrong with it."""
    institution, source = find_institution(order.institution), all_sources().get(order.source_id)
    name = institution.name if institution else order.institution
    wanted = Subscription(order.source_id, name, order.kind, order.starts, order.ends)
    faults = [*check_subscription(wanted, source.terms if source else None)]
    if institution is None:
        faults.append(f"institution: there is no “{order.institution}”; “dermref institutions add” makes one")
    if not order.by.strip():
        faults.append("by: is empty; somebody records it")
    if paper := check_paper(order.document):
        faults.append(f"document: {paper}")
    if faults:
        return Faults(tuple(faults))
    document, by = read_paper(order.document), order.by.strip()
    save_subscription(order.institution, wanted, document, name=order.document.name, by=by, at=timezone.now())
    return wanted


def end(slug: str, source_id: str, author: Author) -> datetime:
    """End an institution's subscription to a source now; the time. Its row keeps one text, so the name of who ended it
    stands in there. Raises Stopped where none runs."""
    institution, now = require_institution(slug), timezone.now()
    if not end_subscriptions(slug, source_id, why=f"{author.why.rstrip('.')} (ended by {author.by})", at=now):
        raise Stopped(f"{institution.name} has no subscription to {source_id} that runs or is to begin.")
    return now
