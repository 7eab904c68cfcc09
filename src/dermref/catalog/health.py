"""A few facts about the database for the check-up."""

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dermref.catalog import models
from dermref.catalog.tallies import images_by_policy


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What the database is and how full."""

    engine: str
    unapplied: int
    images: int
    quarantined: int
    unfinished_runs: int
    waiting: int = 0
    open_pairs: int = 0
    uninspected: int = 0


def database_facts() -> DatabaseFacts:
    """Raises django.db.DatabaseError when the database cannot be reached."""
    executor = MigrationExecutor(connection)
    unapplied = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if unapplied:
        return DatabaseFacts(connection.vendor, unapplied, 0, 0, 0)
    return DatabaseFacts(
        engine=connection.vendor,
        unapplied=0,
        images=sum(images_by_policy().values()),
        quarantined=models.Accession.objects.filter(state="quarantined").count(),
        waiting=models.Accession.objects.filter(state="quarantined", sha256__gt="").count(),
        open_pairs=models.Pair.objects.filter(verdict="open").count(),
        uninspected=models.Image.objects.filter(facts={}).count(),
        unfinished_runs=models.IngestRun.objects.exclude(state="finished").count(),
    )
