"""Rows of the catalogue for tests: everything a sound image needs, by raw values."""

from typing import Any

from django.utils import timezone

from dermref.catalog import models


def make_parts(source_id: str, foreign_id: str, *, policy_id: int | None = None) -> dict[str, Any]:
    """Accession, evidence, policy (unless there is one) and the columns of a sound image for one item."""
    now = timezone.now()
    models.Document.objects.get_or_create(sha256="d" * 64, defaults={"media_type": "application/json", "body": b"{}"})
    run = models.IngestRun.objects.create(source_id=source_id, state="running", started_at=now)
    accession = models.Accession.objects.create(
        source_id=source_id,
        foreign_id=foreign_id,
        state="published",
        landing_url="https://example.org/",
        document_id="d" * 64,
        run=run,
        received_at=now,
    )
    evidence = models.Evidence.objects.create(
        source_id=source_id,
        foreign_id=foreign_id,
        mark="license",
        statement="CC-0",
        url="https://example.org/",
        retrieved_at=now,
        document_id="d" * 64,
        reader="test/1",
    )
    text = dict.fromkeys(
        ("title", "creator", "contributor", "rights_holder", "condition_as_published", "modality", "body_site", "sex"),
        "",
    )
    return {
        **text,
        "public_id": f"{source_id}:{foreign_id}",
        "source_id": source_id,
        "foreign_id": foreign_id,
        "accession_id": accession.pk,
        "policy_id": policy_id or make_policy(source_id),
        "evidence_id": evidence.pk,
        "landing_url": "https://example.org/",
        "skin_tones": "[]",
        "metadata": "{}",
        "original_path": "",
        "facts": "{}",
        "claims": "[]",
        "sha256": "a" * 64,
        "media_type": "image/jpeg",
        "byte_size": 1,
        "width": 1,
        "height": 1,
        "published_at": now,
        "updated_at": now,
    }


def make_policy(source_id: str) -> int:
    """A policy under a license that nobody knows."""
    columns = {"source_id": source_id, "license_id": "X", "license_label": "X"}
    return int(models.Policy.objects.get_or_create(content_hash=source_id[0] * 64, defaults=columns)[0].pk)


def supersede(evidence_id: int, **changes: Any) -> models.Evidence:
    """New evidence in the place of another, with some columns changed."""
    before = models.Evidence.objects.filter(pk=evidence_id).values().get()
    return models.Evidence.objects.create(**{**before, "id": None, "supersedes_id": evidence_id, **changes})
