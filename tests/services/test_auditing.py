"""The audit believes nothing that was decided before: whatever is tampered with, it says so."""

import json
from collections.abc import Callable

import pytest
from django.db import connection

from dermref.catalog import models
from dermref.media.store import Blobs
from dermref.services.auditing import audit
from run_types import Run
from stored import locate


def codes(blobs: Blobs) -> list[str]:
    return [one.code for one in audit(blobs).disagreements]


def lift_triggers() -> None:
    """A tamperer with the database's own password can drop triggers; the audit must still notice."""
    with connection.cursor() as cursor:
        tables = "('catalog_document', 'catalog_policy', 'catalog_evidence', 'catalog_image')"
        cursor.execute(f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {tables}")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def relabel_policy(blobs: Blobs) -> None:
    lift_triggers()
    other = models.Policy.objects.exclude(
        pk=models.Image.objects.first().policy_id
    ).first() or models.Policy.objects.create(
        source_id="isic-archive", license_id="CC-BY-4.0", license_label="CC-BY", content_hash="c" * 64
    )
    models.Image.objects.filter(pk=models.Image.objects.first().pk).update(policy=other)


def forge_document(blobs: Blobs) -> None:
    lift_triggers()
    document = models.Image.objects.first().evidence.document
    body = json.loads(bytes(document.body)) | {"copyright_license": "CC-0", "attribution": "forged"}
    models.Document.objects.filter(pk=document.pk).update(body=json.dumps(body).encode())


def lose_file(blobs: Blobs) -> None:
    blobs.remove(models.Image.objects.first().sha256)


def damage_file(blobs: Blobs) -> None:
    path = locate(blobs, models.Rendition.objects.first().sha256)
    assert path is not None
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def unknown_reader(blobs: Blobs) -> None:
    lift_triggers()
    models.Evidence.objects.filter(pk=models.Image.objects.first().evidence_id).update(reader="gone/9")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="DROP TRIGGER is written for SQLite here")
@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (relabel_policy, "policy-differs"),
        (forge_document, "document-damaged"),
        (lose_file, "file-missing"),
        (damage_file, "file-damaged"),
        (unknown_reader, "unknown-reader"),
    ],
)
def test_audit_when_something_was_tampered_with_then_it_disagrees(
    run: Run, blobs: Blobs, tamper: Callable[[Blobs], None], code: str
) -> None:
    run(limit=3)
    assert codes(blobs) == []
    tamper(blobs)
    assert codes(blobs) == [code]
