"""The Django app of the catalogue."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Models, migrations and queries."""

    name = "dermref.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
