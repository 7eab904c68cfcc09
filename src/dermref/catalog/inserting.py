"""Plain INSERT statements for the hot path of an ingest: the same columns and values as the ORM's, composed once for
each table instead of once for each row (measured in docs/performance.md)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert(row: Model, *, on_conflict: str = "") -> Any:
    """Insert one row and return its primary key; None when `on_conflict` left an existing row as it was.

    `on_conflict` is SQL from this package, never from outside.
    """
    sql, fields = _statement(type(row), on_conflict)
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row, fields))
        found = cursor.fetchone()
    if found is None:
        return None
    row.pk = found[0]
    row._state.adding = False
    return row.pk


def insert_many(rows: Sequence[Model]) -> None:
    """Insert rows of one table; their keys are not read back."""
    if not rows:
        return
    sql, fields = _statement(type(rows[0]), "")
    with connection.cursor() as cursor:
        cursor.executemany(sql.partition(" RETURNING ")[0], [_values(row, fields) for row in rows])


def _values(row: Model, fields: "tuple[Field[Any, Any], ...]") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@cache
def _statement(model: type[Model], on_conflict: str) -> "tuple[str, tuple[Field[Any, Any], ...]]":
    meta = model._meta
    key = meta.pk
    fields = tuple(field for field in meta.concrete_fields if field is not key or not _is_automatic(field))
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks}) {on_conflict}"  # noqa: S608 (names are ours)
    return f"{sql} RETURNING {quote(str(key.column))}", fields


def _is_automatic(field: "Field[Any, Any]") -> bool:
    return field.get_internal_type() == "BigAutoField"
