"""Curators, and what a person sees of their own account."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from dermref.catalog.institutions import subscriptions_of
from dermref.catalog.members import MembershipRecord, memberships_of
from dermref.catalog.people import PersonRecord, add_curator, find_person, list_curators, remove_curator
from dermref.model.asking import Subscription
from dermref.model.deployment import Stopped
from dermref.services.institutions import Faults
from dermref.services.joining import address_of, password_faults
from dermref.services.rulings import all_sources

__all__ = ["PersonRecord", "list_curators"]


@dataclass(frozen=True, slots=True)
class Access:
    """One subscription as a member reads of it: to what, and whether it runs, is to begin, or ended when and why."""

    source_id: str
    source_name: str
    subscription: Subscription
    is_current: bool
    is_to_begin: bool


@dataclass(frozen=True, slots=True)
class Belonging:
    """An institution of a person, and what it subscribes to; nothing of that for who has left."""

    membership: MembershipRecord
    is_current: bool
    accesses: tuple[Access, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A person and their institutions."""

    person: PersonRecord
    belongings: tuple[Belonging, ...]


def account_of(user_id: int) -> Account | None:
    """The account, as its owner sees it now."""
    person, now = find_person(user_id), timezone.now()
    if person is None:
        return None
    return Account(person, tuple(_belonging(one, now) for one in memberships_of(user_id)))


def _belonging(one: MembershipRecord, now: datetime) -> Belonging:
    is_current = one.is_current(now)
    recorded = subscriptions_of([one.institution.slug]) if is_current else ()
    return Belonging(one, is_current, tuple(_access(each.subscription, now) for each in recorded))


def _access(one: Subscription, now: datetime) -> Access:
    source = all_sources().get(one.source_id)
    is_ended = one.ends is not None and one.ends <= now
    is_current = one.is_current(now)
    return Access(
        one.source_id, source.name if source else one.source_id, one, is_current, not (is_current or is_ended)
    )


def add(name: str, password: str) -> Faults | None:
    """Make somebody a curator; None when it is done."""
    wanted = address_of(name)
    faults = [*_name_faults(wanted), *password_faults(password, wanted)]
    if not faults and not add_curator(wanted, make_password(password)):
        faults.append(f"name: there is an account “{wanted}” already; a curator's account is for that alone")
    return Faults(tuple(faults)) if faults else None


def remove(name: str) -> None:
    """Close a curator's account. Raises Stopped where there is none."""
    if not remove_curator(address_of(name)):
        raise Stopped(f"There is no curator “{name}”; “dermref curators list” shows all.")


def _name_faults(name: str) -> list[str]:
    try:
        User._meta.get_field("username").run_validators(name)
    except ValidationError as error:
        return [f"name: {sentence}" for sentence in error.messages]
    return [] if name else ["name: is empty"]
