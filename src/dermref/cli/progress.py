"""How an ingest looks while it works (stderr) and when it is over (a table, or JSON)."""

import sys
import time
from collections import Counter
from types import TracebackType

import click

from dermref.cli.stopping import Stopping
from dermref.services.report import Fate, Report

PAUSE = 0.2  # seconds between two drawings on a terminal
LOG_PAUSE = 5.0  # seconds between two lines where stderr is a file
MOST_LINES = 20


class IngestProgress:
    """Draws one line on a terminal; writes a line now and then elsewhere. Silent for the first second.

    Ctrl-C and SIGTERM stop the ingest between two items; a second one stops it on the spot.
    """

    def __init__(self, source_id: str) -> None:
        self._source_id = source_id
        self._started = self._drawn = time.monotonic()
        self._live = sys.stderr.isatty()
        self._stopping = Stopping()

    def __enter__(self) -> "IngestProgress":
        self._stopping.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.__exit__(kind, error, trace)
        if self._live:
            click.echo("\r\033[K", nl=False, err=True)

    def __call__(self, report: Report) -> None:
        """Show how far the run is. Raises KeyboardInterrupt when somebody asked to stop."""
        self._stopping.check()
        now = time.monotonic()
        if now - self._started < 1 or now - self._drawn < (PAUSE if self._live else LOG_PAUSE):
            return
        self._drawn = now
        line = self._line(report, now - self._started)
        click.echo(f"\r\033[K{line}" if self._live else line, nl=not self._live, err=True)

    def _line(self, report: Report, seconds: float) -> str:
        rate = report.seen / seconds
        total = report.total
        share = f"{report.seen}/{total}" if total else str(report.seen)
        left = f", {max(0, total - report.seen) / rate:.0f} s to go" if total and rate else ""
        bar = _bar(report.seen, total) if self._live and total else ""
        published, out = report.fates[Fate.PUBLISHED], report.fates[Fate.QUARANTINED]
        return f"{self._source_id} {bar}{share}, {published} published, {out} quarantined, {rate:.0f}/s{left}"


def _bar(seen: int, total: int, width: int = 24) -> str:
    full = min(width, width * seen // max(total, 1))
    return f"[{'█' * full}{'·' * (width - full)}] "


def print_report(report: Report) -> None:
    """The closing table and the reasons, on stdout; what stopped the run, on stderr."""
    if report.seen or not report.message:
        _print_table(report)
    if report.message:
        click.echo(f"dermref: {report.message}", err=True)


def _print_table(report: Report) -> None:
    click.echo(f"{report.source_id}{' (dry run, nothing written)' if report.is_dry else ''}")
    for fate in Fate:
        click.echo(f"  {fate.value:<12} {report.fates[fate]:>8,}")
    if report.absent:
        click.echo(f"  {'absent':<12} {report.absent:>8,}")
    for code, number in Counter(report.reasons).most_common():
        click.echo(f"    {code:<24} {number:>6,}")
    for detail in report.details[:MOST_LINES]:
        click.echo(f"  {detail.fate.value} {detail.foreign_id}: {detail.text}")
    if len(report.details) > MOST_LINES:
        click.echo(f"  … {len(report.details) - MOST_LINES:,} more: --json prints them all")


def report_json(report: Report) -> dict[str, object]:
    """The report for machines."""
    return {
        "source_id": report.source_id,
        "run": report.run_id,
        "state": report.state,
        "message": report.message or None,
        "dry_run": report.is_dry,
        **{fate.value: report.fates[fate] for fate in Fate if fate is not Fate.QUARANTINED},
        "quarantined": report.fates[Fate.QUARANTINED],
        "absent": report.absent,
        "reasons": dict(report.reasons),
        "details": [
            {"foreign_id": one.foreign_id, "state": one.fate.value, "code": one.code, "text": one.text}
            for one in report.details
        ],
    }
