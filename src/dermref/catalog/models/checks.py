"""Checks that several tables share."""

from django.db.models import CharField, Q
from django.db.models.functions import Length

CharField.register_lookup(Length)


def is_sha256(field: str) -> Q:
    """A check that `field` looks like 64 hexadecimal digits as far as plain SQL can tell."""
    return Q(**{f"{field}__length": 64})
