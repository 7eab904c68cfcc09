"""The tables as curators look at them, and what they edit by hand. Which values are allowed is not decided here: the
rules are handed in."""

from dermref.catalog.admin import collections, permissions

__all__ = ["collections", "permissions"]
