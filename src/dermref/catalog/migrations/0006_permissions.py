"""What is given in writing: grants, courtesy notes, institutions with their subscriptions and"
" members, purges; and links
out. A link-only source has images only while a grant in force lets its bytes be kept; a decision may also make a policy
name a grant.
"""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

promise: Any = import_module("dermref.catalog.migrations.0002_promise")
situations: Any = import_module("dermref.catalog.migrations.0003_situations")
Rule = promise.Rule

APPEND_ONLY = ("courtesynote",)
LASTING = (  # a grant changes in nothing but that it is revoked
    *("grant_id", "source_id", "granted_by", "document_id", "document_ends", "quote", "actions", "viewers", "purposes"),
    *("operators", "images", "domain", "conditions", "starts", "ends", "stores", "by", "at"),
)
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}
DIFFERS = {"sqlite": "NEW.{name} IS NOT OLD.{name}", "postgresql": 'NEW."{name}" IS DISTINCT FROM OLD."{name}"'}
REPLACED = (("image", "never_link_only", ("insert", "update")), ("image", "decision_lifts", ("update",)))
SAME_BUT_GRANTS = tuple(one for one in situations.SAME_BUT_HOLDS if one != "grants")


def rules(vendor: str) -> tuple[Any, ...]:
    """The new sentences of the promise, in the words of the database; the first two take the place of earlier ones."""
    now = NOW[vendor]
    return (
        Rule(
            "image",
            "never_link_only",
            ("INSERT", "UPDATE OF source_id"),
            "a link-only source has no images without a grant",
            "EXISTS (SELECT 1 FROM catalog_source s WHERE s.source_id = NEW.source_id AND s.tier ="
            " 'external-link-only')"
            " AND NOT EXISTS (SELECT 1 FROM catalog_grant g WHERE g.source_id = NEW.source_id AND g.stores"
            f" AND g.revoked_at IS NULL AND (g.starts IS NULL OR g.starts <= {now})"
            f" AND (g.ends IS NULL OR g.ends > {now})"
            f" AND (g.document_ends IS NULL OR g.document_ends > {now}))",
        ),
        Rule(
            "image",
            "decision_lifts",
            ("UPDATE OF evidence_id, policy_id",),
            "a decision changes nothing of the rights of an image but its holds and the grants that name it",
            "EXISTS (SELECT 1 FROM catalog_evidence e WHERE e.id = NEW.evidence_id AND e.mark = 'decision')"
            " AND NOT EXISTS (SELECT 1 FROM catalog_policy o JOIN catalog_policy n ON n.id = NEW.policy_id"
            " WHERE o.id = OLD.policy_id"
            f" AND {' AND '.join(f'n.{column} = o.{column}' for column in SAME_BUT_GRANTS)})",
        ),
        *(Rule(table, "frozen", ("UPDATE", "DELETE"), f"{table} is append-only") for table in APPEND_ONLY),
        Rule("grant", "kept", ("DELETE",), "a grant is never deleted"),
        Rule("purge", "kept", ("DELETE",), "the record of a purge is never deleted"),
        Rule("subscription", "kept", ("DELETE",), "a subscription is never deleted"),
        Rule(
            "purge",
            "signed",
            ("UPDATE",),
            "the signed record of a purge never changes",
            "OLD.finished_at IS NOT NULL",
        ),
        Rule(
            "grant",
            "lasting",
            ("UPDATE",),
            "a grant never changes but that it is revoked, once",
            " OR ".join([DIFFERS[vendor].format(name=name) for name in LASTING] + ["OLD.revoked_at IS NOT NULL"]),
        ),
    )


def sqlite_statements() -> list[str]:
    """CREATE TRIGGER statements for SQLite."""
    return [statement for rule in rules("sqlite") for statement in promise.sqlite_rule(rule)]


def postgres_statements() -> list[str]:
    """The same for PostgreSQL."""
    made = [promise.postgres_rule(rule) for rule in rules("postgresql")]
    return [*made, *(promise.postgres_never_emptied(table) for table in (*APPEND_ONLY, "grant", "purge"))]


def install(apps, schema_editor):
    """Take down the two triggers that are replaced, and create those of the database in use."""
    vendor = schema_editor.connection.vendor
    for table, name, events in REPLACED:
        if vendor == "sqlite":
            for event in events:
                schema_editor.execute(f"DROP TRIGGER {table}_{name}_{event}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_{name} ON catalog_{table}")
            schema_editor.execute(f"DROP FUNCTION {table}_{name}()")
    statements = {"sqlite": sqlite_statements, "postgresql": postgres_statements}[vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Not reversible, as 0002."""

    dependencies = [
        ("catalog", "0005_harvest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Institution",
            fields=[
                ("slug", models.SlugField(max_length=80, primary_key=True, serialize=False)),
                ("name", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="institution_named")
                ],
            },
        ),
        migrations.CreateModel(
            name="CourtesyNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_on", models.DateField()),
                ("sent_to", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.document")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
            ],
            options={
                "indexes": [models.Index(fields=["source", "sent_on"], name="note_of_source")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True), models.Q(("sent_to", ""), _negated=True)
                        ),
                        name="note_says_who_and_to_whom",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("grant_id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("granted_by", models.TextField()),
                ("document_name", models.TextField()),
                ("document_url", models.TextField(blank=True, default="")),
                ("document_ends", models.DateTimeField(null=True)),
                ("quote", models.TextField()),
                ("actions", models.JSONField()),
                ("viewers", models.JSONField()),
                ("purposes", models.JSONField()),
                ("operators", models.JSONField()),
                ("images", models.JSONField(null=True)),
                ("domain", models.TextField(blank=True, default="")),
                ("conditions", models.JSONField(default=list)),
                ("starts", models.DateTimeField(null=True)),
                ("ends", models.DateTimeField(null=True)),
                ("stores", models.BooleanField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.TextField(blank=True, default="")),
                ("revoked_why", models.TextField(blank=True, default="")),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.document")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_by", ""), _negated=True),
                            models.Q(("quote", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="grant_says_who_and_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actions", []), _negated=True),
                            models.Q(("viewers", []), _negated=True),
                            models.Q(("purposes", []), _negated=True),
                            models.Q(("operators", []), _negated=True),
                        ),
                        name="grant_names_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts__isnull", True),
                            ("ends__isnull", True),
                            ("ends__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="grant_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at__isnull", True),
                            models.Q(
                                models.Q(("revoked_by", ""), _negated=True),
                                models.Q(("revoked_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grant_revoked_says_who_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "institution",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.institution"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("token_sha256__length", 64)), name="invitation_sha256")
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.TextField()),
                ("title", models.TextField()),
                ("topic", models.TextField(blank=True, default="")),
                ("language", models.CharField(blank=True, default="", max_length=35)),
                ("needs_login", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True, default="")),
                ("by", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("state", models.CharField(default="unchecked", max_length=20)),
                ("strikes", models.SmallIntegerField(default=0)),
                ("checked_at", models.DateTimeField(null=True)),
                ("status", models.CharField(blank=True, default="", max_length=60)),
                ("moved_to", models.TextField(blank=True, default="")),
                (
                    "condition",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.condition"
                    ),
                ),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["condition", "source"], name="link_of_condition"),
                    models.Index(fields=["checked_at"], name="link_checked"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "url", "condition", "topic"), name="link_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("condition__isnull", True)),
                        fields=("source", "url", "topic"),
                        name="link_of_topic_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("url", ""), _negated=True), models.Q(("title", ""), _negated=True)
                        ),
                        name="link_has_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("condition__isnull", False), models.Q(("topic", ""), _negated=True), _connector="OR"
                        ),
                        name="link_says_for_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["unchecked", "there", "login", "moved", "missing", "broken"])
                        ),
                        name="link_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                ("ends", models.DateTimeField(null=True)),
                (
                    "institution",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.institution"),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("institution", "user"), name="member_once")],
            },
        ),
        migrations.CreateModel(
            name="Purge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("begun_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("images", models.IntegerField(default=0)),
                ("files", models.IntegerField(default=0)),
                ("signature", models.TextField(blank=True, default="")),
                (
                    "record",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.document"),
                ),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="purge_says_why"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            models.Q(("record__isnull", False), models.Q(("signature", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="purge_finished_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField(null=True)),
                ("document_name", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.TextField(blank=True, default="")),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.document")),
                (
                    "institution",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.institution"),
                ),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.source")),
            ],
            options={
                "indexes": [models.Index(fields=["source", "institution"], name="subscription_of_source")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["institutional", "individual", "trial"])),
                        name="subscription_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__isnull", True), ("ends__gt", models.F("starts")), _connector="OR"),
                        name="subscription_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), models.Q(("ended_why", ""), _negated=True), _connector="OR"
                        ),
                        name="subscription_ended_says_why",
                    ),
                ],
            },
        ),
        migrations.RunPython(install),
    ]
