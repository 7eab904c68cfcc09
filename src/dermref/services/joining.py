"""How a person becomes a member of an institution, and stops being one. An invitation's token is told once, to whoever
invites; here only its hash is known, and whoever brings the token may accept it, once, until it expires."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from dermref.catalog.members import (
    InvitationRecord,
    accept_invitation,
    end_membership,
    find_invitation,
    join_as_new,
    members_of,
    save_invitation,
    withdraw_invitations,
)
from dermref.catalog.people import PersonRecord, find_person, person_named, set_password
from dermref.model.change import Author
from dermref.model.deployment import Stopped
from dermref.services.institutions import Faults, require_institution

LASTS = timedelta(days=14)
LONGEST_NAME = 150  # what an account can be called
LONGEST_PASSWORD = 4096  # characters
TOKEN_BYTES = 32


class Closed(StrEnum):
    """Why an invitation cannot be accepted, or not so."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    HAS_ACCOUNT = "has-account"
    CURATOR = "curator"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its token, which nobody can read again."""

    invitation: InvitationRecord
    token: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody is a member now."""

    person: PersonRecord
    institution: str


def invite(slug: str, email: str, *, by: str) -> Invited | Faults:
    """Invite an address; an earlier invitation of it that is open ends with this one."""
    institution, address, now = require_institution(slug), address_of(email), timezone.now()
    faults = []
    if not _is_address(address):
        faults.append(f"email: “{email}” is no e-mail address")
    elif any(one.name == address and one.is_current(now) for one in members_of(slug)):
        faults.append(f"email: {address} is a member of {institution.name} already")
    if not by.strip():
        faults.append("by: is empty; somebody invites")
    if faults:
        return Faults(tuple(faults))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    one = InvitationRecord(institution, address, by.strip(), now, now + LASTS, None, None)
    save_invitation(one, _hash(token))
    return Invited(one, token)


def look_up(token: str) -> InvitationRecord | Closed:
    """The invitation behind a token, or why there is none to accept."""
    found = find_invitation(_hash(token))
    if found is None:
        return Closed.UNKNOWN
    if found.accepted_at is not None:
        return Closed.USED
    if found.withdrawn_at is not None:
        return Closed.WITHDRAWN
    return found if found.is_open(timezone.now()) else Closed.EXPIRED


def has_account(invitation: InvitationRecord) -> bool:
    """Whether the invited address has an account, so that its owner has to sign in."""
    return person_named(invitation.email) is not None


def accept_as_new(token: str, password: str) -> Joined | Closed | Faults:
    """Accept with a new account under the invited address, and a password its owner chose."""
    found = look_up(token)
    if isinstance(found, Closed):
        return found
    if faults := password_faults(password, found.email):
        return Faults(faults)
    hashed = make_password(password)  # slow by design, so not within the transaction
    person = join_as_new(_hash(token), email=found.email, password_hash=hashed, at=timezone.now())
    if person:
        return Joined(person, found.institution.name)
    again = look_up(token)
    return again if isinstance(again, Closed) else Closed.HAS_ACCOUNT


def accept_as(user_id: int, token: str) -> Joined | Closed:
    """Accept with the account of who is signed in. A curator's is for looking after the catalogue alone."""
    found, person = look_up(token), find_person(user_id)
    if isinstance(found, Closed) or person is None:
        return found if isinstance(found, Closed) else Closed.UNKNOWN
    if person.is_curator:
        return Closed.CURATOR
    is_done = accept_invitation(_hash(token), user_id=person.id, at=timezone.now())
    return Joined(person, found.institution.name) if is_done else Closed.USED


def withdraw(slug: str, email: str) -> int:
    """Withdraw the open invitation of an address. Raises Stopped where there is none."""
    institution, address = require_institution(slug), address_of(email)
    number = withdraw_invitations(slug, address, at=timezone.now())
    if not number:
        raise Stopped(f"{address} has no open invitation to {institution.name}.")
    return number


def remove(slug: str, name: str, author: Author) -> datetime:
    """End a membership now; the time. Raises Stopped where there is none."""
    institution, now = require_institution(slug), timezone.now()
    if not end_membership(slug, address_of(name), author=author, at=now):
        raise Stopped(
            f"{name} is not a member of {institution.name}; “dermref institutions members {slug}” lists them."
        )
    return now


def renew_password(slug: str, name: str, password: str) -> Faults | None:
    """Another password for a member who forgot it; None when it is done. Raises Stopped where there is none."""
    institution, person, now = require_institution(slug), person_named(address_of(name)), timezone.now()
    is_member = any(one.name == address_of(name) and one.is_current(now) for one in members_of(slug))
    if person is None or person.is_curator or not is_member:
        raise Stopped(
            f"{name} is not a member of {institution.name}; “dermref institutions members {slug}” lists them."
        )
    if faults := password_faults(password, person.name):
        return Faults(faults)
    set_password(person.id, make_password(password))
    return None


def password_faults(password: str, name: str) -> tuple[str, ...]:
    """What is wrong with a password that somebody chose, one sentence each."""
    if len(password) > LONGEST_PASSWORD:
        return (f"The password has more than {LONGEST_PASSWORD:,} characters.",)
    try:
        validate_password(password, User(username=name, email=name))
    except ValidationError as error:
        return tuple(error.messages)
    return ()


def address_of(text: str) -> str:
    """The name of an account as it is stored: an e-mail address in small letters."""
    plain = text.strip()
    return plain.lower() if "@" in plain else plain


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_NAME


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
