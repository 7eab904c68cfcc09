"""The database's part of the promise exists. A migration that rebuilds a SQLite table loses its triggers unnoticed."""

import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

QUERIES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


MIGRATIONS = ("0002_promise", "0003_situations", "0004_media", "0006_permissions", "0007_collections")


def promised(vendor: str) -> set[str]:
    found: set[str] = set()
    for name in MIGRATIONS:
        migration = importlib.import_module(f"dermref.catalog.migrations.{name}")
        statements = {"sqlite": migration.sqlite_statements, "postgresql": migration.postgres_statements}[vendor]()
        found |= {name for statement in statements for name in re.findall(r"CREATE TRIGGER (\w+)", statement)}
    return found


def test_migrations_when_searched_then_each_that_makes_triggers_is_among_those_looked_at() -> None:
    package = importlib.import_module("dermref.catalog.migrations")
    written = {path.stem for folder in package.__path__ for path in Path(folder).glob("0*.py")}
    making = {
        name
        for name in written
        if hasattr(importlib.import_module(f"dermref.catalog.migrations.{name}"), "sqlite_statements")
    }
    assert making == set(MIGRATIONS)


@pytest.mark.django_db
def test_triggers_when_all_migrations_have_run_then_every_promised_one_exists() -> None:
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    assert len(promised(connection.vendor)) >= 35
    assert promised(connection.vendor) - present == set()


@pytest.mark.django_db
def test_checks_when_all_migrations_have_run_then_every_constraint_of_the_models_exists() -> None:
    missing = []
    for model in apps.get_app_config("catalog").get_models():
        with connection.cursor() as cursor:
            present = connection.introspection.get_constraints(cursor, model._meta.db_table)
        missing += [one.name for one in model._meta.constraints if one.name not in present]
    assert missing == []
