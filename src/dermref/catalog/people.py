"""Accounts: people who were invited, and curators, whose group may look at the tables in the admin."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import IntegrityError, transaction
from django.db.models import Q

CURATORS = "curators"
LOOKED_AT = "view_"  # a curator may look at every table of the catalogue that the admin shows
KEPT_BY_HAND = ("link",)  # and changes these there; everything else goes through commands, which keep the rules


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """An account. `name` is what its owner signs in with: an e-mail address, or a curator's name."""

    id: int
    name: str
    is_active: bool
    is_curator: bool


def find_person(user_id: int) -> PersonRecord | None:
    """The account with this id."""
    return _record(User.objects.filter(pk=user_id).first())


def person_named(name: str) -> PersonRecord | None:
    """The account that signs in with this name."""
    return _record(User.objects.filter(username=name).first())


def list_curators() -> tuple[PersonRecord, ...]:
    """All curators, by name, those included who can sign in no longer."""
    rows = User.objects.filter(Q(is_staff=True) | Q(groups__name=CURATORS)).distinct().order_by("username")
    return tuple(one for one in map(_record, rows) if one)


def add_person(email: str, password_hash: str) -> PersonRecord | None:
    """A new account under an e-mail address; None where there is one already."""
    try:
        with transaction.atomic():
            return _record(User.objects.create(username=email, email=email, password=password_hash))
    except IntegrityError:
        return None


def set_password(user_id: int, password_hash: str) -> None:
    """Another password; whatever was open under the earlier one is closed."""
    User.objects.filter(pk=user_id).update(password=password_hash)


def add_curator(name: str, password_hash: str) -> bool:
    """A new curator, or one who was removed and comes back. False where the name belongs to somebody else."""
    with transaction.atomic():
        user = User.objects.filter(username=name).first()
        if user and (user.is_active or not user.groups.filter(name=CURATORS).exists()):
            return False
        user = user or User(username=name)
        user.is_staff = user.is_active = True
        user.password = password_hash
        user.save()
        user.groups.add(_group())
        return True


def remove_curator(name: str) -> bool:
    """The account is closed from now on, and what it had open, too. False where there is no such curator."""
    rows = User.objects.filter(username=name, is_staff=True)
    return bool(rows.update(is_active=False, is_staff=False, is_superuser=False))


def _group() -> Group:
    """The group of curators, with the permissions of the tables as they are now."""
    group, _ = Group.objects.get_or_create(name=CURATORS)
    of_catalogue = Permission.objects.filter(content_type__app_label=apps.get_app_config("catalog").label)
    group.permissions.set(
        of_catalogue.filter(Q(codename__startswith=LOOKED_AT) | Q(content_type__model__in=KEPT_BY_HAND))
    )
    return group


def _record(user: User | None) -> PersonRecord | None:
    return PersonRecord(user.pk, user.get_username(), user.is_active, user.is_staff) if user else None
