"""Conditions as the sources name them, each kept on first sight."""

import unicodedata

from django.utils.text import slugify

from dermref.catalog import models
from dermref.catalog.inserting import insert


def intern_condition(label: str | None) -> str | None:
    """The slug of the condition with this label, which is kept when it is new; None where no word is left of it."""
    plain = plain_label(label)
    slug = slug_of(plain)
    if not slug:
        return None
    insert(models.Condition(slug=slug, label=plain[:200], xrefs=[]), on_conflict="ON CONFLICT DO NOTHING")
    return slug


def plain_label(label: str | None) -> str:
    """A label in one spelling, without the space around it."""
    return unicodedata.normalize("NFC", label or "").strip()


def slug_of(label: str) -> str:
    """The slug that a condition with this label has; empty where no word is left of it."""
    return slugify(plain_label(label))[:200]
