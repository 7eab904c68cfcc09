"""Sources that may be kept only by something in writing, with images whose files lie in a store: for tests of what goes
when that ends."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.grants import save_grant
from dermref.catalog.policies import intern
from dermref.media.storage import place_of
from dermref.media.store import Blobs
from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind
from dermref.model.change import Author
from dermref.model.evidence import Document
from dermref.model.grant import Grant, GrantDocument
from dermref.model.policy import PolicyKey
from rows import make_parts

SUBSCRIBED = "visualdx"
GRANTED = "pathologyoutlines"
FREE = "isic-archive"
LICENSES = {SUBSCRIBED: "LicenseRef-visualdx", GRANTED: "LicenseRef-pathologyoutlines", FREE: "CC0-1.0"}
LETTER = Document(b"You may show our images.", "", "text/plain")
HOUR = timedelta(hours=1)


def subscribe(*, ends: datetime | None = None, kind: str = "institutional") -> models.Subscription:
    """Riverside subscribes."""
    models.Institution.objects.get_or_create(slug="riverside", defaults={"name": "Riverside University"})
    document, _ = models.Document.objects.get_or_create(
        sha256=hashlib.sha256(LETTER.body).hexdigest(), defaults={"media_type": "text/plain", "body": LETTER.body}
    )
    now = timezone.now()
    return models.Subscription.objects.create(
        institution_id="riverside",
        source_id=SUBSCRIBED,
        kind=kind,
        starts=now - 24 * HOUR,
        ends=ends,
        document=document,
        document_name="contract.txt",
        by="a curator",
        at=now,
    )


def permit(grant_id: str = "letter-1", **changes: Any) -> None:
    """The society lets images be shown and kept; `changes` are fields of the grant."""
    values = {
        "grant_id": grant_id,
        "source_id": GRANTED,
        "granted_by": "The Society",
        "document": GrantDocument(hashlib.sha256(LETTER.body).hexdigest(), "You may show our images."),
        "actions": (Action.VIEW, Action.STORE, Action.RESIZE, Action.THUMBNAIL),
        "viewers": tuple(ViewerKind),
        "purposes": tuple(Purpose),
        "operators": tuple(OperatorKind),
    }
    grant = Grant(**{**values, **changes})
    save_grant(grant, LETTER, name="letter.txt", author=Author("a curator", ""), at=timezone.now(), images={})


def keep_file(blobs: Blobs, data: bytes) -> str:
    """A file in the store, settled. Not through the store itself, which flushes each file to the disk."""
    key = hashlib.sha256(data).hexdigest()
    path = blobs.root / place_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return key


def keep_image(
    blobs: Blobs, source_id: str, name: str, *, data: bytes | None = None, path: str = "", is_rendered: bool = True
) -> models.Image:
    """An image with its file, a rendition and a fingerprint."""
    key = PolicyKey(source_id, LICENSES[source_id], "as printed")
    parts = make_parts(source_id, name, policy_id=intern(key))
    body = data or f"{source_id} {name}".encode()
    sha256 = hashlib.sha256(body).hexdigest() if path else keep_file(blobs, body)
    plain: dict[str, Any] = {"skin_tones": [], "metadata": {}, "facts": {"pages": 1}, "claims": []}
    file = {"sha256": sha256, "byte_size": len(body), "original_path": path}
    image = models.Image.objects.create(**{**parts, **plain, **file})
    models.Fingerprint.objects.create(image=image, phash=image.pk, dhash=image.pk, sketch=b"sketch")
    if is_rendered:
        small = f"small {source_id} {name}".encode()
        models.Rendition.objects.create(
            image=image,
            size="small",
            media_type="image/webp",
            sha256=keep_file(blobs, small),
            byte_size=len(small),
            width=1,
            height=1,
        )
    return image


def keep_waiting(blobs: Blobs, source_id: str, name: str) -> models.Accession:
    """A quarantined item whose file is kept for a curator."""
    models.Accession.objects.filter(pk=make_parts(source_id, name)["accession_id"]).update(
        state="quarantined",
        reasons=[{"code": "watermark-missing", "text": "no mark was seen"}],
        sha256=keep_file(blobs, f"waiting {name}".encode()),
    )
    return models.Accession.objects.get(source_id=source_id, foreign_id=name)


def many(data_dir: Path, number: int) -> None:
    """In a process of its own: so many images of an institution whose subscription ended an hour ago, and a few others,
    in this data folder."""
    blobs = Blobs(data_dir / "store")
    with transaction.atomic():
        subscribe(ends=timezone.now() - HOUR)
        for at in range(5):
            keep_image(blobs, FREE, f"ISIC_{at}")
        keep_image(blobs, FREE, "ISIC_shared", data=b"visualdx image-0")
        keep_waiting(blobs, SUBSCRIBED, "waiting")
        for at in range(number):
            keep_image(blobs, SUBSCRIBED, f"image-{at}", is_rendered=at % 50 == 0)
