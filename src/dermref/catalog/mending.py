"""What the check of the store reads, in steady memory and in order of key, and what its repair lets go of."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from dermref.catalog import models
from dermref.catalog.policies import policies_held
from dermref.model.policy import Hold

CHUNK = 2000  # rows read at once


class Role(StrEnum):
    """What a file is to the catalogue; a waiting one is kept for a curator."""

    ORIGINAL = "original"
    RENDITION = "rendition"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a row names: its size in bytes (None where none is recorded), and where it lies if not in the
    store."""

    key: str
    size: int | None
    role: Role
    source_id: str
    original_path: str = ""


def stored_files() -> Iterator[NamedFile]:
    """Every file that ought to be in the store, once for each row that names it, in order of key. The file of an image
    that was purged ought not."""
    gone = policies_held(Hold.PURGED)
    originals = models.Image.objects.filter(original_path="").exclude(policy_id__in=gone).order_by("sha256")
    renditions = models.Rendition.objects.order_by("sha256")
    waiting = models.Accession.objects.exclude(sha256="").order_by("sha256")
    rows = (
        originals.values_list("sha256", "byte_size", "source_id").iterator(CHUNK),
        renditions.values_list("sha256", "byte_size", "image__source_id").iterator(CHUNK),
        ((key, None, source) for key, source in waiting.values_list("sha256", "source_id").iterator(CHUNK)),
    )
    named = (_named(found, role) for found, role in zip(rows, Role, strict=True))
    return heapq.merge(*named, key=attrgetter("key"))


def outside_files() -> Iterator[NamedFile]:
    """Every file as received that lies in a folder of the operator's own."""
    rows = models.Image.objects.exclude(original_path="").exclude(policy_id__in=policies_held(Hold.PURGED))
    rows = rows.order_by("pk")
    for key, size, source_id, path in rows.values_list("sha256", "byte_size", "source_id", "original_path").iterator(
        CHUNK
    ):
        yield NamedFile(key, size, Role.ORIGINAL, source_id, path)


def forget_renditions(keys: Iterable[str]) -> None:
    """Delete the rows of these renditions; whoever asks for one gets it made again."""
    models.Rendition.objects.filter(sha256__in=list(keys)).delete()


def forget_outside(file: NamedFile) -> None:
    """No longer look for the file where it lay; the next ingest brings it in anew."""
    rows = models.Image.objects.filter(source_id=file.source_id, sha256=file.key, original_path=file.original_path)
    rows.update(original_path="")


def _named(rows: Iterable[tuple[str, int | None, str]], role: Role) -> Iterator[NamedFile]:
    return (NamedFile(key, size, role, source_id) for key, size, source_id in rows)
