"""What inspection learns of a file is kept with the image; fingerprints, pairs of likenesses, tombstones and a
curator's acceptances get tables of their own; a curator's decision is a mark of evidence.

SQLite changes a column or a check by building the table anew, which drops its triggers: all are taken down for that
time and put back word for word, in the same transaction.
"""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

promise: Any = import_module("dermref.catalog.migrations.0002_promise")
situations: Any = import_module("dermref.catalog.migrations.0003_situations")
Rule = promise.Rule

APPEND_ONLY = {"acceptance": "id", "tombstone": "sha256"}  # and their keys
RULES = (
    *(Rule(table, "frozen", ("UPDATE", "DELETE"), f"{table} is append-only") for table in APPEND_ONLY),
    Rule(
        "image",
        "bytes_not_buried",
        ("INSERT", "UPDATE OF sha256"),
        "these bytes may never come in again",
        "EXISTS (SELECT 1 FROM catalog_tombstone t WHERE t.sha256 = NEW.sha256)",
    ),
    Rule(
        "image",
        "decision_lifts",
        ("UPDATE OF evidence_id, policy_id",),
        "a decision changes nothing of the rights of an image but its holds",
        "EXISTS (SELECT 1 FROM catalog_evidence e WHERE e.id = NEW.evidence_id AND e.mark = 'decision') AND NOT EXISTS"
        " (SELECT 1 FROM catalog_policy o JOIN catalog_policy n ON n.id = NEW.policy_id WHERE o.id = OLD.policy_id"
        f" AND {' AND '.join(f'n.{column} = o.{column}' for column in situations.SAME_BUT_HOLDS)})",
    ),
    Rule("pair", "kept", ("DELETE",), "a pair is never deleted"),
    Rule(
        "pair",
        "lasting",
        ("UPDATE OF id, first_id, second_id",),
        "the images of a pair never change",
        "NEW.id <> OLD.id OR NEW.first_id <> OLD.first_id OR NEW.second_id <> OLD.second_id",
    ),
)
SQLITE_RULES = (
    *(
        Rule(
            table,
            "not_replaced",
            ("INSERT",),
            f"this {table} is there already",
            f"EXISTS (SELECT 1 FROM catalog_{table} o WHERE o.{key} = NEW.{key})",
        )
        for table, key in APPEND_ONLY.items()
    ),
    Rule(
        "tombstone",
        "hexadecimal",
        ("INSERT",),
        "tombstone sha256 is not lower-case hexadecimal",
        "typeof(NEW.sha256) <> 'text' OR NEW.sha256 GLOB '*[^0123456789abcdef]*'",
    ),
)
POSTGRES_RULES = (
    Rule(
        "tombstone",
        "hexadecimal",
        ("INSERT",),
        "tombstone sha256 is not lower-case hexadecimal",
        "NEW.sha256 ~ '[^0123456789abcdef]'",
    ),
)


def take_triggers_down(apps, schema_editor):
    """Remember every trigger, and drop it."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept_triggers AS SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        names = cursor.execute("SELECT name FROM kept_triggers").fetchall()
    for (name,) in names:
        schema_editor.execute(f"DROP TRIGGER {name}")


def put_triggers_back(apps, schema_editor):
    """Every trigger that was there, and the new ones."""
    if schema_editor.connection.vendor != "sqlite":
        made = postgres_statements()
    else:
        with schema_editor.connection.cursor() as cursor:
            kept = cursor.execute("SELECT sql FROM kept_triggers").fetchall()
            cursor.execute("DROP TABLE kept_triggers")
        made = [*(sql for (sql,) in kept), *sqlite_statements()]
    for statement in made:
        schema_editor.execute(statement)


def sqlite_statements() -> list[str]:
    """CREATE TRIGGER statements for SQLite."""
    return [statement for rule in (*RULES, *SQLITE_RULES) for statement in promise.sqlite_rule(rule)]


def postgres_statements() -> list[str]:
    """The same for PostgreSQL."""
    return [
        *map(promise.postgres_rule, (*RULES, *POSTGRES_RULES)),
        *map(promise.postgres_never_emptied, (*APPEND_ONLY, "pair")),
    ]


def one_key() -> tuple[str, Any]:
    """The key of a table whose rows have no name of their own."""
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


CHANGES = [
    migrations.RemoveConstraint("evidence", "evidence_mark_known"),
    migrations.AddConstraint(
        "evidence",
        models.CheckConstraint(
            name="evidence_mark_known",
            condition=models.Q(mark__in=["license", "refusal", "withdrawal", "decision"]),
        ),
    ),
    migrations.AddField("accession", "document_url", models.TextField(blank=True, default="")),
    migrations.AddField("accession", "reader", models.CharField(blank=True, default="", max_length=60)),
    migrations.AddField("accession", "sha256", models.CharField(blank=True, default="", max_length=64)),
    migrations.AddIndex(
        "accession",
        models.Index(fields=["sha256"], name="accession_by_sha256"),
    ),
    migrations.AddField("image", "claims", models.JSONField(default=list)),
    migrations.AddField("image", "facts", models.JSONField(default=dict)),
    migrations.AddField("image", "original_path", models.TextField(blank=True, default="")),
    migrations.RemoveField("image", "phash"),  # their table has them in the form that is compared
    migrations.RemoveField("image", "dhash"),
]
TABLES = [
    migrations.CreateModel(
        "Acceptance",
        fields=[
            one_key(),
            ("foreign_id", models.TextField()),
            ("sha256", models.CharField(max_length=64)),
            ("codes", models.JSONField()),
            ("license_id", models.TextField()),
            ("by", models.TextField()),
            ("why", models.TextField()),
            ("at", models.DateTimeField()),
            ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
        ],
        options={
            "constraints": [
                models.CheckConstraint(name="acceptance_sha256", condition=models.Q(sha256__length=64)),
                models.CheckConstraint(
                    name="acceptance_says_who_and_why", condition=~models.Q(by="") & ~models.Q(why="")
                ),
            ],
            "indexes": [models.Index(fields=["source", "foreign_id"], name="acceptance_of_item")],
        },
    ),
    migrations.CreateModel(
        "Tombstone",
        fields=[
            ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
            ("reason", models.TextField()),
            ("by", models.TextField()),
            ("at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.CheckConstraint(name="tombstone_sha256", condition=models.Q(sha256__length=64)),
                models.CheckConstraint(
                    name="tombstone_says_who_and_why", condition=~models.Q(by="") & ~models.Q(reason="")
                ),
            ]
        },
    ),
    migrations.CreateModel(
        "Fingerprint",
        fields=[
            one_key(),
            ("phash", models.BigIntegerField()),
            ("dhash", models.BigIntegerField()),
            ("sketch", models.BinaryField()),
            (
                "image",
                models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.image"),
            ),
            (
                "tombstone",
                models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.tombstone"),
            ),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    name="fingerprint_of_one",
                    condition=models.Q(image__isnull=False, tombstone__isnull=True)
                    | models.Q(image__isnull=True, tombstone__isnull=False),
                )
            ]
        },
    ),
    migrations.CreateModel(
        "Pair",
        fields=[
            one_key(),
            ("kind", models.CharField(max_length=10)),
            ("distance", models.SmallIntegerField()),
            ("holds_first", models.BooleanField(default=False)),
            ("holds_second", models.BooleanField(default=False)),
            ("released_first", models.BooleanField(default=False)),
            ("released_second", models.BooleanField(default=False)),
            ("found_at", models.DateTimeField()),
            ("verdict", models.CharField(default="open", max_length=10)),
            ("by", models.TextField(blank=True, default="")),
            ("why", models.TextField(blank=True, default="")),
            ("decided_at", models.DateTimeField(null=True)),
            *(
                (
                    side,
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.image"
                    ),
                )
                for side in ("first", "second")
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(name="pair_once", fields=["first", "second"]),
                models.CheckConstraint(name="pair_in_order", condition=models.Q(first__lt=models.F("second"))),
                models.CheckConstraint(name="pair_kind_known", condition=models.Q(kind__in=["exact", "near"])),
                models.CheckConstraint(
                    name="pair_verdict_known", condition=models.Q(verdict__in=["open", "same", "different"])
                ),
                models.CheckConstraint(
                    name="pair_decided_says_who_and_why",
                    condition=models.Q(verdict="open")
                    | (~models.Q(by="") & ~models.Q(why="") & models.Q(decided_at__isnull=False)),
                ),
            ],
            "indexes": [models.Index(fields=["verdict", "id"], name="pair_by_verdict")],
        },
    ),
]


class Migration(migrations.Migration):
    """Not reversible: without these triggers the catalogue does not keep its promise."""

    dependencies = [("catalog", "0003_situations")]
    operations = [
        migrations.RunPython(take_triggers_down),
        *CHANGES,
        *TABLES,
        migrations.RunPython(put_triggers_back),
    ]
