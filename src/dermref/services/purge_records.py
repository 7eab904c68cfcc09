"""The record of a purge: what was removed, when and why, signed with a key derived from this deployment's secret. The
signature proves that this deployment wrote the record and that nobody changed a byte of it since."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer

from dermref.catalog.purging import JSON, PurgeRow, canonical, find_purge, list_purges, parts_of, record_body
from dermref.catalog.writing import known_files
from dermref.model.evidence import Document

__all__ = ["PurgeRow", "Told", "list_purges", "purge_json", "signed_record", "tell"]

SALT = "dermref.purge"
SOME = 5000  # keys asked for at once


@dataclass(frozen=True, slots=True)
class Told:
    """A purge and its record: None as long as it is not finished, and where its signature is not this deployment's, of
    these very bytes. `is_sound`: it is, and the record says what the catalogue says."""

    row: PurgeRow
    record: Mapping[str, Any] | None
    is_sound: bool


def signed_record(purge: PurgeRow, *, at: datetime) -> tuple[Document, str]:
    """The record of a purge that is about to finish, and its signature."""
    found: dict[str, list[list[object]]] = {"images": [], "waiting": [], "outside": [], "shared": []}
    for part in parts_of(purge):
        for name in found:
            found[name] += part[name]
    record = {
        "purge": purge.id,
        "source": purge.source_id,
        "reason": purge.reason,
        "begun": purge.begun_at.isoformat(),
        "finished": at.isoformat(),
        "files": purge.files,
        "images": [{"id": one, "sha256": key, "bytes": size} for one, key, size in _once(found["images"])],
        "waiting": [{"id": one, "sha256": key} for one, key in _once(found["waiting"])],
        "left_outside": [{"id": one, "path": path} for one, path in _once(found["outside"])],
        "left_to_others": sorted(_still_needed({str(key) for key in found["shared"]})),
    }
    document = Document(canonical(record), "", JSON)
    return document, _signer().signature(_signed_text(purge.id, document.body))


def tell(purge_id: int) -> Told | None:
    """A purge with its record, the signature checked; None where there is no such purge."""
    row = find_purge(purge_id)
    if row is None or row.finished_at is None or row.record is None:
        return Told(row, None, False) if row else None
    body = record_body(row.record)
    record = json.loads(body) if is_signed(row.id, body, row.signature) else None
    is_sound = record is not None and (record["source"], record["reason"]) == (row.source_id, row.reason)
    return Told(row, record, is_sound)


def is_signed(purge_id: int, body: bytes, signature: str) -> bool:
    """Whether this deployment signed these very bytes as the record of this purge."""
    try:
        _signer().unsign(f"{_signed_text(purge_id, body)}:{signature}")
    except BadSignature:
        return False
    return True


def purge_json(row: PurgeRow) -> dict[str, object]:
    """A purge for machines."""
    return {
        "id": row.id,
        "source_id": row.source_id,
        "reason": row.reason,
        "begun_at": row.begun_at.isoformat(),
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
        "images": row.images,
        "files": row.files,
        "record_sha256": row.record if row.finished_at else None,
        "signature": row.signature or None,
    }


def _signed_text(purge_id: int, body: bytes) -> str:
    return f"{purge_id}-{hashlib.sha256(body).hexdigest()}"


def _signer() -> Signer:
    """HMAC-SHA256, with a key of its own out of the deployment's secret."""
    return Signer(salt=SALT, algorithm="sha256")


def _once(rows: Iterable[list[object]]) -> list[list[object]]:
    """In order, each once: what was left over of an image is removed with the next part."""
    return sorted({tuple(row): row for row in rows}.values(), key=lambda row: str(row[0]))


def _still_needed(keys: set[str]) -> set[str]:
    some = sorted(keys)
    return set().union(*(known_files(some[at : at + SOME]) for at in range(0, len(some), SOME)))
