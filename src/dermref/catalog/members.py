"""Who belongs to which institution, and who was invited to. Of a token only its sha256 is ever here."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dermref.catalog import models
from dermref.catalog.institutions import InstitutionRecord
from dermref.catalog.people import PersonRecord, add_person
from dermref.catalog.writing import save_document
from dermref.model.change import Author
from dermref.model.evidence import Document

ENDED = "application/vnd.dermref.membership-ended+json"  # the media type of the document that says who ended one


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """A person's time in an institution; `ends` is excluded, None while nobody ended it."""

    institution: InstitutionRecord
    user_id: int
    name: str
    joined_at: datetime
    ends: datetime | None

    def is_current(self, now: datetime) -> bool:
        """Whether it runs at `now`."""
        return self.joined_at <= now and (self.ends is None or now < self.ends)


@dataclass(frozen=True, slots=True)
class InvitationRecord:
    """An invitation, without its token."""

    institution: InstitutionRecord
    email: str
    by: str
    at: datetime
    expires: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can be accepted at `now`."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires


def memberships_of(user_id: int) -> tuple[MembershipRecord, ...]:
    """The institutions of a person, those left included."""
    rows = models.Membership.objects.filter(user_id=user_id)
    return tuple(_membership(row) for row in rows.select_related("institution", "user").order_by("institution_id"))


def members_of(slug: str) -> tuple[MembershipRecord, ...]:
    """The people of an institution, those who left included, by name."""
    rows = models.Membership.objects.filter(institution_id=slug)
    return tuple(_membership(row) for row in rows.select_related("institution", "user").order_by("user__username"))


def invitations_of(slug: str) -> tuple[InvitationRecord, ...]:
    """Every invitation of an institution, latest first."""
    rows = models.Invitation.objects.filter(institution_id=slug).select_related("institution").order_by("-at", "-id")
    return tuple(_invitation(row) for row in rows)


def find_invitation(token_sha256: str) -> InvitationRecord | None:
    """The invitation with this token."""
    row = models.Invitation.objects.filter(token_sha256=token_sha256).select_related("institution").first()
    return _invitation(row) if row else None


def save_invitation(one: InvitationRecord, token_sha256: str) -> None:
    """Record an invitation; an open one of the same address to the same institution is withdrawn by it."""
    with transaction.atomic():
        withdraw_invitations(one.institution.slug, one.email, at=one.at)
        models.Invitation.objects.create(
            institution_id=one.institution.slug,
            email=one.email,
            token_sha256=token_sha256,
            by=one.by,
            at=one.at,
            expires=one.expires,
        )


def withdraw_invitations(slug: str, email: str, *, at: datetime) -> int:
    """Withdraw what this address could still accept; how many there were."""
    rows = models.Invitation.objects.filter(institution_id=slug, email=email, expires__gt=at)
    return rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)


def accept_invitation(token_sha256: str, *, user_id: int, at: datetime) -> bool:
    """Make a member of a person, or again one of who had left. False where the invitation is not open any more: of two
    who accept it at once, one does."""
    with transaction.atomic():
        rows = models.Invitation.objects.filter(token_sha256=token_sha256, expires__gt=at)
        if not rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).update(accepted_at=at):
            return False
        slug = models.Invitation.objects.values_list("institution_id", flat=True).get(token_sha256=token_sha256)
        member, is_new = models.Membership.objects.get_or_create(
            institution_id=slug, user_id=user_id, defaults={"joined_at": at}
        )
        if not is_new and member.ends is not None:
            models.Membership.objects.filter(pk=member.pk).update(joined_at=at, ends=None)
        return True


def join_as_new(token_sha256: str, *, email: str, password_hash: str, at: datetime) -> PersonRecord | None:
    """Accept with a new account under this address, both or neither. None where there is such an account, or somebody
    was faster."""
    with transaction.atomic():
        person = add_person(email, password_hash)
        if person and accept_invitation(token_sha256, user_id=person.id, at=at):
            return person
        transaction.set_rollback(True)
    return None


def end_membership(slug: str, name: str, *, author: Author, at: datetime) -> bool:
    """A person is a member no longer. False where there is no such member. Who ended it, and why, is kept as a
    document, for its row has no place for them."""
    rows = models.Membership.objects.filter(institution_id=slug, user__username=name)
    with transaction.atomic():
        if not rows.filter(Q(ends__isnull=True) | Q(ends__gt=at)).update(ends=at):
            return False
        said = {"institution": slug, "member": name, "at": at.isoformat(), "by": author.by, "why": author.why}
        body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
        save_document(Document(body, f"urn:dermref:membership:{slug}", ENDED))
        return True


def _membership(row: models.Membership) -> MembershipRecord:
    institution = InstitutionRecord(row.institution.slug, row.institution.name)
    return MembershipRecord(institution, row.user_id, row.user.get_username(), row.joined_at, row.ends)


def _invitation(row: models.Invitation) -> InvitationRecord:
    return InvitationRecord(
        institution=InstitutionRecord(row.institution.slug, row.institution.name),
        email=row.email,
        by=row.by,
        at=row.at,
        expires=row.expires,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
    )
