"""The tables as curators look at them."""

from dermref.catalog.admin import permissions

__all__ = ["permissions"]
