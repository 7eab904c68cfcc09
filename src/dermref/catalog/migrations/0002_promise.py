"""The part of the promise that no single row can keep: triggers, in the words of each database.

Evidence, documents, policies and blocks never change; accessions and images stay those of their item; an image follows
the latest evidence, of its own item, and a policy of its own source; link-only sources have no bytes; blocked bytes
come from their own source alone; tallies follow the images.
"""

from typing import NamedTuple

from django.db import migrations


class Rule(NamedTuple):
    """A sentence of the promise about one table. `broken` is SQL that is true when one of `events` breaks it."""

    table: str
    name: str
    events: tuple[str, ...]
    text: str
    broken: str = "TRUE"


class Facet(NamedTuple):
    """What is counted for each policy: the column it depends on ("" for none), and its value of `{row}` as SQL."""

    name: str
    column: str
    value: str


FROZEN = {
    "evidence": ("UPDATE", "DELETE"),
    "document": ("UPDATE", "DELETE"),
    "policy": ("UPDATE",),
    "blockedhash": ("UPDATE", "DELETE"),
}
LASTING = {  # columns of a row that may change otherwise
    "accession": ("id", "source_id", "foreign_id"),
    "image": ("id", "public_id", "source_id", "foreign_id", "accession_id"),
}
HEXADECIMAL = ("image", "rendition", "document", "blockedhash")  # their column sha256
NEVER_EMPTIED = ("evidence", "document", "policy", "blockedhash", "accession", "image")  # TRUNCATE asks no row

# INSERT OR REPLACE deletes the row in its way, and asks no trigger whether it may.
TAKEN = {
    "evidence": ("id", "supersedes_id"),
    "policy": ("id", "content_hash"),
    "image": ("id", "public_id", "accession_id", "evidence_id"),
}
KEPT = ("document", "blockedhash")  # written with ON CONFLICT DO NOTHING: the first row stays, and nothing is raised

RULES = (
    Rule(
        "evidence",
        "supersedes_own",
        ("INSERT",),
        "evidence supersedes evidence of its own item",
        "NEW.supersedes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM catalog_evidence s"
        " WHERE s.id = NEW.supersedes_id AND s.source_id = NEW.source_id AND s.foreign_id = NEW.foreign_id)",
    ),
    Rule(
        "image",
        "evidence_own",
        ("INSERT", "UPDATE OF source_id, foreign_id, evidence_id"),
        "an image needs evidence of its own item",
        "NOT EXISTS (SELECT 1 FROM catalog_evidence e WHERE e.id = NEW.evidence_id"
        " AND e.source_id = NEW.source_id AND e.foreign_id = NEW.foreign_id)",
    ),
    Rule(
        "image",
        "evidence_latest",
        ("INSERT", "UPDATE OF evidence_id, policy_id"),
        "an image follows its latest evidence",
        "EXISTS (SELECT 1 FROM catalog_evidence s WHERE s.supersedes_id = NEW.evidence_id)",
    ),
    Rule(
        "image",
        "policy_own",
        ("INSERT", "UPDATE OF source_id, policy_id"),
        "an image needs a policy of its own source",
        "NOT EXISTS (SELECT 1 FROM catalog_policy p WHERE p.id = NEW.policy_id AND p.source_id = NEW.source_id)",
    ),
    Rule(
        "image",
        "accession_own",
        ("INSERT", "UPDATE OF source_id, foreign_id, accession_id"),
        "an image needs the accession of its own item",
        "NOT EXISTS (SELECT 1 FROM catalog_accession a WHERE a.id = NEW.accession_id"
        " AND a.source_id = NEW.source_id AND a.foreign_id = NEW.foreign_id)",
    ),
    Rule(
        "image",
        "never_link_only",
        ("INSERT", "UPDATE OF source_id"),
        "a link-only source has no images",
        "EXISTS (SELECT 1 FROM catalog_source s WHERE s.source_id = NEW.source_id AND s.tier = 'external-link-only')",
    ),
    Rule(
        "image",
        "bytes_not_blocked",
        ("INSERT", "UPDATE OF source_id, sha256"),
        "these bytes are blocked from this source",
        "EXISTS (SELECT 1 FROM catalog_blockedhash b WHERE b.sha256 = NEW.sha256 AND b.source_id <> NEW.source_id)",
    ),
    Rule(
        "rendition",
        "bytes_not_blocked",
        ("INSERT", "UPDATE OF image_id, sha256"),
        "these bytes are blocked from this source",
        "EXISTS (SELECT 1 FROM catalog_blockedhash b JOIN catalog_image i ON i.id = NEW.image_id"
        " WHERE b.sha256 = NEW.sha256 AND b.source_id <> i.source_id)",
    ),
    *(Rule(table, "frozen", events, f"{table} is append-only") for table, events in FROZEN.items()),
    *(
        Rule(
            table,
            "lasting",
            (f"UPDATE OF {', '.join(columns)}",),
            f"{table} {', '.join(columns)} never change",
            " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns),
        )
        for table, columns in LASTING.items()
    ),
)
SQLITE_RULES = (
    *(
        Rule(
            table,
            "hexadecimal",
            ("INSERT", "UPDATE OF sha256"),
            f"{table} sha256 is not lower-case hexadecimal",
            "typeof(NEW.sha256) <> 'text' OR NEW.sha256 GLOB '*[^0123456789abcdef]*'",
        )
        for table in HEXADECIMAL
    ),
    *(
        Rule(
            table,
            "not_replaced",
            ("INSERT",),
            f"this {table} is there already",
            f"EXISTS (SELECT 1 FROM catalog_{table} o WHERE "
            + " OR ".join(f"o.{column} = NEW.{column}" for column in columns)
            + ")",
        )
        for table, columns in TAKEN.items()
    ),
    Rule(
        "accession",
        "not_replaced",
        ("INSERT",),
        "this accession is of another item",
        "EXISTS (SELECT 1 FROM catalog_accession o WHERE o.id = NEW.id"
        " AND (o.source_id <> NEW.source_id OR o.foreign_id <> NEW.foreign_id))",
    ),
)
POSTGRES_RULES = tuple(
    Rule(
        table,
        "hexadecimal",
        ("INSERT", "UPDATE OF sha256"),
        f"{table} sha256 is not lower-case hexadecimal",
        "NEW.sha256 ~ '[^0123456789abcdef]'",
    )
    for table in HEXADECIMAL
)

FACETS = (
    Facet("all", "", "''"),
    Facet("condition", "condition_id", "COALESCE({row}.condition_id, '')"),
    Facet("modality", "modality", "{row}.modality"),
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
    made = [statement for rule in (*RULES, *SQLITE_RULES) for statement in sqlite_rule(rule)]
    made += [
        f"CREATE TRIGGER {table}_kept BEFORE INSERT ON catalog_{table}"
        f" WHEN EXISTS (SELECT 1 FROM catalog_{table} o WHERE o.sha256 = NEW.sha256) BEGIN SELECT RAISE(IGNORE); END"
        for table in KEPT
    ]
    return made + sqlite_tallies("tally", FACETS, TALLIED_CHANGE)


def sqlite_rule(rule: Rule) -> list[str]:
    """One trigger for each event of a rule."""
    return [
        f"CREATE TRIGGER {rule.table}_{rule.name}_{event.split()[0].lower()} BEFORE {event} ON catalog_{rule.table}"
        f" WHEN {rule.broken} BEGIN SELECT RAISE(ABORT, '{rule.text}'); END"
        for event in rule.events
    ]


def sqlite_tallies(name: str, facets: tuple[Facet, ...], change: str) -> list[str]:
    """The triggers that keep the tallies of these facets; `change` is true when an update moves an image."""
    made = [
        f"CREATE TRIGGER image_{name}_{event.lower()} AFTER {event} ON catalog_image BEGIN"
        f" {tally(sign, row, facets)}; END"
        for event, (sign, row) in TALLIES.items()
    ]
    made.append(
        f"CREATE TRIGGER image_{name}_update AFTER UPDATE OF {_columns(facets)} ON catalog_image"
        f" WHEN {change} BEGIN {tally('-', 'OLD', facets)}; {tally('+', 'NEW', facets)}; END"
    )
    return made


def postgres_statements() -> list[str]:
    """The same rules as functions and triggers for PostgreSQL."""
    made = [postgres_rule(rule) for rule in (*RULES, *POSTGRES_RULES)]
    made += [postgres_never_emptied(table) for table in NEVER_EMPTIED]
    return made + postgres_tallies("tally", FACETS, TALLIED_CHANGE)


def postgres_rule(rule: Rule) -> str:
    """A rule as one function and one trigger."""
    return (
        f"CREATE FUNCTION {rule.table}_{rule.name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {rule.broken} THEN RAISE EXCEPTION '{rule.text}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;"
        f" CREATE TRIGGER {rule.table}_{rule.name} BEFORE {' OR '.join(rule.events)} ON catalog_{rule.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {rule.table}_{rule.name}()"
    )


def postgres_never_emptied(table: str) -> str:
    """TRUNCATE of the table is refused."""
    return (
        f"CREATE FUNCTION {table}_never_emptied() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} is never emptied'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$;"
        f" CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON catalog_{table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_never_emptied()"
    )


def postgres_tallies(name: str, facets: tuple[Facet, ...], change: str) -> list[str]:
    """As `sqlite_tallies`."""
    made = [
        f"CREATE FUNCTION image_{name}_{event.lower()}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {tally(sign, row, facets)}; RETURN NULL; END $$;"
        f" CREATE TRIGGER image_{name}_{event.lower()} AFTER {event} ON catalog_image"
        f" FOR EACH ROW EXECUTE FUNCTION image_{name}_{event.lower()}()"
        for event, (sign, row) in TALLIES.items()
    ]
    made.append(
        f"CREATE FUNCTION image_{name}_update() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {tally('-', 'OLD', facets)}; {tally('+', 'NEW', facets)}; RETURN NULL; END $$;"
        f" CREATE TRIGGER image_{name}_update AFTER UPDATE OF {_columns(facets)} ON catalog_image"
        f" FOR EACH ROW WHEN ({change}) EXECUTE FUNCTION image_{name}_update()"
    )
    return made


def tally(sign: str, row: str, facets: tuple[Facet, ...]) -> str:
    """Upserts that work in both databases: one image more or less for a policy in each facet."""
    start = 1 if sign == "+" else 0
    return "; ".join(
        "INSERT INTO catalog_tally (policy_id, facet, value, images)"
        f" VALUES ({row}.policy_id, '{facet.name}', {facet.value.format(row=row)}, {start})"
        f" ON CONFLICT (facet, value, policy_id) DO UPDATE SET images = catalog_tally.images {sign} 1"
        for facet in facets
    )


def _columns(facets: tuple[Facet, ...]) -> str:
    return ", ".join(["policy_id", *(facet.column for facet in facets if facet.column)])


def install(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = {"sqlite": sqlite_statements, "postgresql": postgres_statements}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Not reversible: without these triggers the catalogue does not keep its promise."""

    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(install)]
