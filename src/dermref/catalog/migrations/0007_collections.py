"""Collections, and snapshots of them. A snapshot changes in nothing but that it gets its DOI, once, and is never
deleted: a paper cites it.
"""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

promise: Any = import_module("dermref.catalog.migrations.0002_promise")
permissions: Any = import_module("dermref.catalog.migrations.0006_permissions")
Rule = promise.Rule

LASTING = ("collection_id", "number", "document_id", "title", "images", "frozen_at", "frozen_by")


def rules(vendor: str) -> tuple[Any, ...]:
    """The sentences of the promise about snapshots, in the words of the database."""
    differs = permissions.DIFFERS[vendor]
    changed = [differs.format(name=name) for name in LASTING]
    return (
        Rule("snapshot", "kept", ("DELETE",), "a snapshot is never deleted"),
        Rule(
            "snapshot",
            "lasting",
            ("UPDATE",),
            "a snapshot never changes but that it gets its DOI, once",
            " OR ".join([*changed, "OLD.doi <> ''"]),
        ),
    )


SAME_ROW = {  # an INSERT OR REPLACE fires no trigger that watches what it deletes; 0006 had not thought of it
    "snapshot": "o.id = NEW.id OR (o.collection_id = NEW.collection_id AND o.number = NEW.number)",
    "courtesynote": "o.id = NEW.id",
    "grant": "o.grant_id = NEW.grant_id",
    "purge": "o.id = NEW.id",
    "subscription": "o.id = NEW.id",
}
SQLITE_RULES = tuple(
    Rule(
        table,
        "not_replaced",
        ("INSERT",),
        f"this {table} is there already",
        f"EXISTS (SELECT 1 FROM catalog_{table} o WHERE {same})",
    )
    for table, same in SAME_ROW.items()
)


def sqlite_statements() -> list[str]:
    """CREATE TRIGGER statements for SQLite."""
    return [statement for rule in (*rules("sqlite"), *SQLITE_RULES) for statement in promise.sqlite_rule(rule)]


def postgres_statements() -> list[str]:
    """The same for PostgreSQL."""
    return [*(promise.postgres_rule(rule) for rule in rules("postgresql")), promise.postgres_never_emptied("snapshot")]


def install(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = {"sqlite": sqlite_statements, "postgresql": postgres_statements}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Not reversible, as 0002."""

    dependencies = [
        ("catalog", "0006_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.TextField()),
                ("description", models.TextField(blank=True, default="")),
                ("sharing", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("search", models.JSONField(default=dict)),
                ("doi", models.TextField(blank=True, default="")),
                ("version", models.IntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CollectionImage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField()),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="catalog.collection"
                    ),
                ),
                ("image", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.image")),
            ],
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("title", models.TextField()),
                ("images", models.IntegerField()),
                ("frozen_at", models.DateTimeField()),
                ("frozen_by", models.TextField()),
                ("doi", models.TextField(blank=True, default="")),
                ("collection", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.collection")),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.document")),
            ],
        ),
        migrations.AddIndex(
            model_name="collection",
            index=models.Index(fields=["owner", "changed_at"], name="collection_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True),
                    models.Q(("slug", ""), _negated=True),
                    models.Q(("changed_by", ""), _negated=True),
                ),
                name="collection_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(("sharing__in", ["nobody", "link", "everybody"])), name="collection_sharing_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(condition=models.Q(("key__length__gte", 32)), name="collection_key_long"),
        ),
        migrations.AddIndex(
            model_name="collectionimage",
            index=models.Index(fields=["collection", "position"], name="collected_in_order"),
        ),
        migrations.AddConstraint(
            model_name="collectionimage",
            constraint=models.UniqueConstraint(fields=("collection", "image"), name="collected_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("collection", "number"), name="snapshot_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("doi", ""), _negated=True), fields=("doi",), name="snapshot_doi_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("images__gte", 1)), name="snapshot_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("frozen_by", ""), _negated=True), models.Q(("title", ""), _negated=True)),
                name="snapshot_says_who",
            ),
        ),
        migrations.RunPython(install),
    ]
