"""Ingest runs: opened, checkpointed, closed; an unfinished one is found again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from dermref.catalog import models

FRESH = timedelta(hours=24)  # what an older run has seen may have changed since: it is not gone on with


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as stored; `cursor` is where to go on, "" at the beginning."""

    id: int
    cursor: str
    is_resumed: bool


def open_run(source_id: str, request: Mapping[str, object]) -> RunRecord:
    """The latest unfinished run of the same request, if it is fresh, or a new one."""
    recent = timezone.now() - FRESH
    left = (
        models.IngestRun.objects.filter(source_id=source_id, request=request, started_at__gte=recent)
        .exclude(state="finished")
        .order_by("-id")
        .first()
    )
    if left:
        models.IngestRun.objects.filter(pk=left.pk).update(state="running", message="")
        return RunRecord(left.pk, left.cursor, True)
    run = models.IngestRun.objects.create(
        source_id=source_id, request=request, state="running", started_at=timezone.now()
    )
    return RunRecord(run.pk, "", False)


def checkpoint(run_id: int, *, cursor: str, counts: Mapping[str, object]) -> None:
    """Everything before `cursor` is done."""
    models.IngestRun.objects.filter(pk=run_id).update(cursor=cursor, counts=counts)


def close_run(run_id: int, *, state: str, counts: Mapping[str, object], message: str = "") -> None:
    """The run ended as `finished` or `stopped`; a stopped one can go on."""
    finished = timezone.now() if state == "finished" else None
    models.IngestRun.objects.filter(pk=run_id).update(state=state, counts=counts, message=message, finished_at=finished)


def last_request(source_id: str) -> Mapping[str, object]:
    """What was asked of the source the last time, empty where nothing was."""
    request = models.IngestRun.objects.filter(source_id=source_id).order_by("-id").values_list("request", flat=True)
    return request.first() or {}
