"""Rows to try to break."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from dermref.services.registering import register_sources
from rows import make_parts


@pytest.fixture
def registered(db: None) -> None:
    register_sources()


@pytest.fixture
def insert_image(registered: None) -> Callable[..., None]:
    """Insert an image of item `isic-archive:ISIC_1` by raw SQL, with some columns changed."""
    parts = make_parts("isic-archive", "ISIC_1")

    def insert(**changes: Any) -> None:
        values = {**parts, **changes}
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO catalog_image ({names}) VALUES ({marks})", list(values.values()))

    return insert
