"""Past ingests for a curator: what was asked, what became of it, and which items of a run are kept out."""

from collections.abc import Iterable
from dataclasses import dataclass

from dermref.catalog.received import KeptOut, kept_out_in
from dermref.catalog.runs import PastRun, find_run, past_runs
from dermref.model.deployment import Stopped
from dermref.services.report import Fate
from dermref.services.rulings import all_sources

MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class RunDetails:
    """A run, and the items it met last that are not published, up to MOST_ITEMS of them."""

    run: PastRun
    kept_out: tuple[KeptOut, ...]


def list_runs(source_id: str | None, *, limit: int) -> list[PastRun]:
    """The latest runs first. Raises Stopped for a source that nobody knows."""
    runs = past_runs(source_id, limit=limit)
    if source_id and not runs and source_id not in all_sources():
        raise Stopped(f"There is no source “{source_id}”; “dermref sources list” shows all.")
    return runs


def show_run(run_id: int) -> RunDetails:
    """One run. Raises Stopped where there is none of this number."""
    run = find_run(run_id)
    if run is None:
        raise Stopped(f"There is no run {run_id}; “dermref runs list” shows them.")
    return RunDetails(run, tuple(kept_out_in(run_id, limit=MOST_ITEMS)))


def runs_json(runs: Iterable[PastRun]) -> list[dict[str, object]]:
    """Runs for machines."""
    return [_json(run) for run in runs]


def run_json(details: RunDetails) -> dict[str, object]:
    """A run and its items for machines."""
    items = [
        {
            "foreign_id": one.foreign_id,
            "state": one.state,
            "landing_url": one.landing_url,
            "reasons": [{"code": reason.code, "text": reason.text} for reason in one.reasons],
        }
        for one in details.kept_out
    ]
    return {**_json(details.run), "kept_out": items}


def numbers_of(run: PastRun) -> dict[str, int]:
    """How many items the run published, left unchanged and so on, in this order, and 0 where it never came so far."""
    found = {name: run.counts.get(name, 0) for name in (*Fate, "absent")}
    return {str(name): number for name, number in found.items() if isinstance(number, int)}


def reasons_of(run: PastRun) -> dict[str, int]:
    """How many items the run kept out, by the reason's code, the most frequent first."""
    found = run.counts.get("reasons")
    pairs = found.items() if isinstance(found, dict) else ()
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _json(run: PastRun) -> dict[str, object]:
    return {
        "run": run.id,
        "source_id": run.source_id,
        "state": run.state,
        "message": run.message or None,
        "request": {name: value for name, value in run.request.items() if value is not None},
        **numbers_of(run),
        "reasons": reasons_of(run),
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }
