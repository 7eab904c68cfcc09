"""Ingest runs: opened, checkpointed, closed; an unfinished one is found again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from django.utils import timezone

from dermref.catalog import models

FRESH = timedelta(hours=24)  # what an older run has seen may have changed since: it is not gone on with


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as stored; `cursor` is where to go on, "" at the beginning. `counts` are those of a run that goes on."""

    id: int
    cursor: str
    is_resumed: bool
    counts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run for a curator to read. `state` is `running` also for one that was killed."""

    id: int
    source_id: str
    request: Mapping[str, object]
    state: str
    counts: Mapping[str, object]
    message: str
    started_at: datetime
    finished_at: datetime | None


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
        return RunRecord(left.pk, left.cursor, True, left.counts)
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


def past_runs(source_id: str | None, *, limit: int) -> list[PastRun]:
    """The latest runs, of one source or of all, the last one first."""
    rows = models.IngestRun.objects.order_by("-id")
    return [_past(row) for row in (rows.filter(source_id=source_id) if source_id else rows)[:limit]]


def find_run(run_id: int) -> PastRun | None:
    """The run with this number."""
    row = models.IngestRun.objects.filter(pk=run_id).first()
    return _past(row) if row else None


def _past(row: models.IngestRun) -> PastRun:
    return PastRun(**{one.name: getattr(row, one.name) for one in fields(PastRun)})
