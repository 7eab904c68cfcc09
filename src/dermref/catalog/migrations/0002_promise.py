"""The part of the promise that no single row can keep: triggers, in the words of each database.

Evidence, documents and policies never change; an image's evidence, accession and policy are of its own item and source;
link-only sources have no bytes; blocked bytes come from their own source alone; tallies follow the images.
"""

from django.db import migrations

FROZEN = (
    ("evidence", "UPDATE"),
    ("evidence", "DELETE"),
    ("document", "UPDATE"),
    ("document", "DELETE"),
    ("policy", "UPDATE"),
)

# Each rule: a name, the columns whose change it guards, the sentence, and SQL that is true when NEW breaks it.
IMAGE_RULES = (
    (
        "image_evidence_own",
        "source_id, foreign_id, evidence_id",
        "an image needs evidence of its own item",
        "NOT EXISTS (SELECT 1 FROM catalog_evidence e WHERE e.id = NEW.evidence_id"
        " AND e.source_id = NEW.source_id AND e.foreign_id = NEW.foreign_id)",
    ),
    (
        "image_policy_own",
        "source_id, policy_id",
        "an image needs a policy of its own source",
        "NOT EXISTS (SELECT 1 FROM catalog_policy p WHERE p.id = NEW.policy_id AND p.source_id = NEW.source_id)",
    ),
    (
        "image_accession_own",
        "source_id, foreign_id, accession_id",
        "an image needs the accession of its own item",
        "NOT EXISTS (SELECT 1 FROM catalog_accession a WHERE a.id = NEW.accession_id"
        " AND a.source_id = NEW.source_id AND a.foreign_id = NEW.foreign_id)",
    ),
    (
        "image_never_link_only",
        "source_id",
        "a link-only source has no images",
        "EXISTS (SELECT 1 FROM catalog_source s WHERE s.source_id = NEW.source_id AND s.tier = 'external-link-only')",
    ),
    (
        "image_bytes_not_blocked",
        "source_id, sha256",
        "these bytes are blocked from this source",
        "EXISTS (SELECT 1 FROM catalog_blockedhash b WHERE b.sha256 = NEW.sha256 AND b.source_id <> NEW.source_id)",
    ),
)

TALLIED_CHANGE = (
    "OLD.policy_id <> NEW.policy_id OR OLD.modality <> NEW.modality"
    " OR COALESCE(OLD.condition_id, '') <> COALESCE(NEW.condition_id, '')"
)
TALLIES = {
    "INSERT": ("+", "NEW"),
    "DELETE": ("-", "OLD"),
}


def sqlite_statements() -> list[str]:
    """CREATE TRIGGER statements for SQLite."""
    made = [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON catalog_{table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table, event in FROZEN
    ]
    for name, columns, text, broken in IMAGE_RULES:
        made += [
            f"CREATE TRIGGER {name}_{event.split()[0].lower()} BEFORE {event} ON catalog_image"
            f" WHEN {broken} BEGIN SELECT RAISE(ABORT, '{text}'); END"
            for event in ("INSERT", f"UPDATE OF {columns}")
        ]
    made += [
        f"CREATE TRIGGER image_tally_{event.lower()} AFTER {event} ON catalog_image BEGIN {tally(sign, row)}; END"
        for event, (sign, row) in TALLIES.items()
    ]
    made.append(
        "CREATE TRIGGER image_tally_update AFTER UPDATE OF policy_id, condition_id, modality ON catalog_image"
        f" WHEN {TALLIED_CHANGE} BEGIN {tally('-', 'OLD')}; {tally('+', 'NEW')}; END"
    )
    return made


def postgres_statements() -> list[str]:
    """The same rules as functions and triggers for PostgreSQL."""
    made = [
        f"CREATE FUNCTION {table}_no_{event.lower()}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;"
        f" CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON catalog_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_no_{event.lower()}()"
        for table, event in FROZEN
    ]
    for name, columns, text, broken in IMAGE_RULES:
        made.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {broken} THEN"
            f" RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;"
            f" CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {columns} ON catalog_image"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    made += [
        f"CREATE FUNCTION image_tally_{event.lower()}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {tally(sign, row)}; RETURN NULL; END $$;"
        f" CREATE TRIGGER image_tally_{event.lower()} AFTER {event} ON catalog_image"
        f" FOR EACH ROW EXECUTE FUNCTION image_tally_{event.lower()}()"
        for event, (sign, row) in TALLIES.items()
    ]
    made.append(
        "CREATE FUNCTION image_tally_update() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {tally('-', 'OLD')}; {tally('+', 'NEW')}; RETURN NULL; END $$;"
        f" CREATE TRIGGER image_tally_update AFTER UPDATE OF policy_id, condition_id, modality ON catalog_image"
        f" FOR EACH ROW WHEN ({TALLIED_CHANGE}) EXECUTE FUNCTION image_tally_update()"
    )
    return made


def tally(sign: str, row: str) -> str:
    """Upserts that work in both databases: one image more or less for a policy, in all and in each facet."""
    start = 1 if sign == "+" else 0
    return "; ".join(
        "INSERT INTO catalog_tally (policy_id, facet, value, images)"
        f" VALUES ({row}.policy_id, '{facet}', {value}, {start})"
        f" ON CONFLICT (facet, value, policy_id) DO UPDATE SET images = catalog_tally.images {sign} 1"
        for facet, value in (
            ("all", "''"),
            ("condition", f"COALESCE({row}.condition_id, '')"),
            ("modality", f"{row}.modality"),
        )
    )


def install(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = {"sqlite": sqlite_statements, "postgresql": postgres_statements}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Not reversible: without these triggers the catalogue does not keep its promise."""

    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(install)]
