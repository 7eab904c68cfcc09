"""Raw SQL and rows to try to break the catalogue with."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dermref.catalog import models

Insert = Callable[..., None]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has TRUNCATE")


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        action()
        connection.check_constraints()
    return str(caught.value)


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))


def replace(table: str, **changed: str) -> None:
    """INSERT OR REPLACE every row of a table by itself, with some columns changed; a key of ours only when named."""
    fields = apps.get_model("catalog", table)._meta.concrete_fields
    columns = [field.column for field in fields if field.column != "id" or "id" in changed]
    values = [changed.get(column, column) for column in columns]
    execute(
        f"INSERT OR REPLACE INTO catalog_{table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM catalog_{table}"
    )


def block(sha256: str) -> None:
    models.BlockedHash.objects.create(sha256=sha256, source_id="dermnet-legacy", reason="test")


def make_rendition(sha256: str) -> models.Rendition:
    return models.Rendition.objects.create(
        image=models.Image.objects.get(),
        size="small",
        media_type="image/webp",
        sha256=sha256,
        byte_size=1,
        width=1,
        height=1,
    )


def make_policy(content_hash: str, **changes: object) -> int:
    values = {"source_id": "isic-archive", "license_id": "Y", "license_label": "Y", **changes}
    return models.Policy.objects.create(content_hash=content_hash, **values).pk


def make_held(content_hash: str, *holds: str, **changes: object) -> int:
    """The policy of `make_parts` with these holds."""
    return make_policy(content_hash, **{"license_id": "X", "license_label": "X", "holds": list(holds), **changes})


def make_change(**changes: object) -> models.TermsChange:
    now = timezone.now()
    document = {"digest": "e" * 64, "source_id": "isic-archive", "document": {"a": 1}, "recorded_at": now}
    version, _ = models.SourceVersion.objects.get_or_create(digest="e" * 64, defaults=document)
    values = {"source_id": "isic-archive", "at": now, "by": "a curator", "why": "a reason", "before": version}
    return models.TermsChange.objects.create(**{**values, "fields": [], "outcomes": [], **changes})


def make_tombstone(sha256: str = "a" * 64) -> models.Tombstone:
    return models.Tombstone.objects.create(sha256=sha256, reason="asked for", by="a curator", at=timezone.now())


def make_acceptance() -> models.Acceptance:
    said = {"codes": ["privacy-gps"], "by": "a curator", "why": "a reason", "at": timezone.now()}
    return models.Acceptance.objects.create(source_id="isic-archive", foreign_id="1", sha256="a" * 64, **said)
