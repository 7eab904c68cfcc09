"""`dermref runs`: past ingests, what was asked and what became of it."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

import click

from dermref.cli.options import json_option
from dermref.config.start import start

if TYPE_CHECKING:
    from dermref.services.past_runs import RunDetails

MOST_LINES = 40


@click.group()
def runs() -> None:
    """Look at past ingests.

    Example: dermref runs list
    """


@runs.command("list")
@click.option("--source", help="Only the runs of this source.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many, latest first.")
@json_option
def list_(source: str | None, limit: int, as_json: bool) -> None:
    """List the latest runs.

    Example: dermref runs list --source isic-archive
    """
    start(migrate=True)
    from dermref.services.past_runs import list_runs, numbers_of, runs_json

    found = list_runs(source, limit=limit)
    if as_json:
        click.echo(json.dumps(runs_json(found), ensure_ascii=False))
        return
    for run in found:
        said = ", ".join(f"{number:,} {name}" for name, number in numbers_of(run).items() if number)
        click.echo(f"{run.id:>6}  {_when(run.started_at)}  {run.source_id:<26} {run.state:<9} {said or 'nothing'}")
    if not found:
        click.echo("No runs yet: “dermref ingest” makes one.")


@runs.command()
@click.argument("run_id", type=int)
@json_option
def show(run_id: int, as_json: bool) -> None:
    """Show one run: what was asked, the numbers, and the items it kept out with their reasons.

    An item that a later run has met is told of there.

    Example: dermref runs show 1
    """
    start(migrate=True)
    from dermref.services.past_runs import run_json, show_run

    found = show_run(run_id)
    if as_json:
        click.echo(json.dumps(run_json(found), ensure_ascii=False))
    else:
        _print(found)


def _print(details: "RunDetails") -> None:
    from dermref.services.past_runs import numbers_of, reasons_of

    run = details.run
    ended = _when(run.finished_at) if run.finished_at else "not finished"
    click.echo(f"Run {run.id} of {run.source_id}: {run.state}, {_when(run.started_at)} to {ended}")
    asked = ", ".join(f"{name} {value}" for name, value in run.request.items() if value is not None)
    click.echo(f"  asked: {asked or 'everything'}")
    if run.message:
        click.echo(f"  {run.message}")
    for name, number in numbers_of(run).items():
        click.echo(f"  {name:<12} {number:>8,}")
    for code, number in reasons_of(run).items():
        click.echo(f"    {code:<24} {number:>6,}")
    for one in details.kept_out[:MOST_LINES]:
        click.echo(f"  {one.state} {one.foreign_id}: {'; '.join(reason.text for reason in one.reasons)}")
    if len(details.kept_out) > MOST_LINES:
        click.echo(f"  … {len(details.kept_out) - MOST_LINES:,} more: --json prints them all")


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
