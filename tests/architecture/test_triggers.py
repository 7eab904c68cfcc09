"""The database's part of the promise exists. A migration that rebuilds a SQLite table loses its triggers unnoticed."""

import importlib
import re

import pytest
from django.apps import apps
from django.db import connection

QUERIES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def promised(vendor: str) -> set[str]:
    promise = importlib.import_module("dermref.catalog.migrations.0002_promise")
    statements = {"sqlite": promise.sqlite_statements, "postgresql": promise.postgres_statements}[vendor]()
    return {name for statement in statements for name in re.findall(r"CREATE TRIGGER (\w+)", statement)}


@pytest.mark.django_db
def test_triggers_when_all_migrations_have_run_then_every_promised_one_exists() -> None:
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    assert len(promised(connection.vendor)) >= 25
    assert promised(connection.vendor) - present == set()


@pytest.mark.django_db
def test_checks_when_all_migrations_have_run_then_every_constraint_of_the_models_exists() -> None:
    missing = []
    for model in apps.get_app_config("catalog").get_models():
        with connection.cursor() as cursor:
            present = connection.introspection.get_constraints(cursor, model._meta.db_table)
        missing += [one.name for one in model._meta.constraints if one.name not in present]
    assert missing == []
