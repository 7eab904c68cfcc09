"""Policies gain what a situation may hold besides its license; sources are kept as they were, and each change of their
terms with who, why and what for; an image's policy changes only with new evidence or to one that is held more; body
sites are tallied.

On SQLite nothing here rebuilds a table that has triggers: columns are added by plain SQL, and a text column has no
length there.
"""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

promise: Any = import_module("dermref.catalog.migrations.0002_promise")
Rule, Facet = promise.Rule, promise.Facet

NEW_LISTS = ("restrictions", "disputed", "grants")
COLUMN = {
    "sqlite": "text NOT NULL DEFAULT '[]' CHECK (JSON_VALID({name}))",
    "postgresql": "jsonb NOT NULL DEFAULT '[]'::jsonb",
}
SAME_BUT_HOLDS = ("source_id", "license_id", "license_label", *NEW_LISTS)
HELD_MORE = {  # whether the policy `n` has every hold of `o` and at least one more
    "sqlite": (
        "NOT EXISTS (SELECT 1 FROM json_each(o.holds) h WHERE h.value NOT IN (SELECT value FROM json_each(n.holds)))"
        " AND EXISTS (SELECT 1 FROM json_each(n.holds) h WHERE h.value NOT IN (SELECT value FROM json_each(o.holds)))"
    ),
    "postgresql": "n.holds @> o.holds AND NOT o.holds @> n.holds",
}
APPEND_ONLY = ("sourceversion", "termschange")
BODY_SITE = (Facet("body_site", "body_site", "{row}.body_site"),)
MOVED = "OLD.policy_id <> NEW.policy_id OR OLD.body_site <> NEW.body_site"


def rules(vendor: str) -> tuple[Any, ...]:
    """The new sentences of the promise, in the words of the database."""
    return (
        Rule(
            "image",
            "policy_follows",
            ("UPDATE OF policy_id",),
            "the policy of an image changes only with new evidence, or to one that is held more",
            "NEW.policy_id <> OLD.policy_id AND NEW.evidence_id = OLD.evidence_id AND NOT EXISTS"
            " (SELECT 1 FROM catalog_policy o JOIN catalog_policy n ON n.id = NEW.policy_id WHERE o.id = OLD.policy_id"
            f" AND {' AND '.join(f'n.{column} = o.{column}' for column in SAME_BUT_HOLDS)} AND {HELD_MORE[vendor]})",
        ),
        *(Rule(table, "frozen", ("UPDATE", "DELETE"), f"{table} is append-only") for table in APPEND_ONLY),
    )


SQLITE_RULES = (
    Rule(
        "termschange",
        "not_replaced",
        ("INSERT",),
        "this termschange is there already",
        "EXISTS (SELECT 1 FROM catalog_termschange o WHERE o.id = NEW.id)",
    ),
    Rule(
        "sourceversion",
        "not_replaced",
        ("INSERT",),
        "this sourceversion is there already",
        "EXISTS (SELECT 1 FROM catalog_sourceversion o WHERE o.digest = NEW.digest)",
    ),
)


def sqlite_statements() -> list[str]:
    """CREATE TRIGGER statements for SQLite."""
    made: list[str] = [
        statement for rule in (*rules("sqlite"), *SQLITE_RULES) for statement in promise.sqlite_rule(rule)
    ]
    return [*made, *promise.sqlite_tallies("body_site_tally", BODY_SITE, MOVED)]


def postgres_statements() -> list[str]:
    """The same for PostgreSQL."""
    made = [promise.postgres_rule(rule) for rule in rules("postgresql")]
    made += [promise.postgres_never_emptied(table) for table in APPEND_ONLY]
    return [*made, *promise.postgres_tallies("body_site_tally", BODY_SITE, MOVED)]


def add_columns(apps, schema_editor):
    """The lists of a policy, empty in every row there is; and license expressions of any length."""
    vendor = schema_editor.connection.vendor
    for name in NEW_LISTS:
        schema_editor.execute(f"ALTER TABLE catalog_policy ADD COLUMN {name} {COLUMN[vendor].format(name=name)}")
    if vendor == "postgresql":
        schema_editor.execute("ALTER TABLE catalog_policy ALTER COLUMN license_id TYPE text")


def install(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = {"sqlite": sqlite_statements, "postgresql": postgres_statements}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


def count_body_sites(apps, schema_editor):
    """The tallies of the images there are."""
    schema_editor.execute(
        "INSERT INTO catalog_tally (policy_id, facet, value, images)"
        " SELECT policy_id, 'body_site', body_site, count(*) FROM catalog_image GROUP BY policy_id, body_site"
    )


class Migration(migrations.Migration):
    """Not reversible, as 0002."""

    dependencies = [("catalog", "0002_promise")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add_columns)],
            state_operations=[
                *(migrations.AddField("policy", name, models.JSONField(default=list)) for name in NEW_LISTS),
                migrations.AlterField("policy", "license_id", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SourceVersion",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("document", models.JSONField()),
                ("recorded_at", models.DateTimeField()),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("digest__length", 64)), name="version_digest_sha256")
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("why", models.TextField()),
                ("operator", models.CharField(max_length=40)),
                ("fields", models.JSONField()),
                ("outcomes", models.JSONField()),
                (
                    "before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sourceversion",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sourceversion",
                    ),
                ),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
            ],
            options={
                "indexes": [models.Index(fields=["source", "id"], name="change_of_source")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("by", ""), _negated=True), models.Q(("why", ""), _negated=True)),
                        name="change_says_who_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before__isnull", False), ("after__isnull", False), _connector="OR"),
                        name="change_has_a_side",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["policy", "body_site", "id"], name="image_by_body_site"),
        ),
        migrations.RunPython(install),
        migrations.RunPython(count_body_sites),
    ]
