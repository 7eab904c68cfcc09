"""`dermref doctor`: what is installed, reachable and misconfigured; how store and catalogue agree, and their repair."""

import json
import sys
import time
from typing import Any

import click

from dermref.config.start import start


@click.command()
@click.option("--deep", is_flag=True, help="Read every file of the store and compare its hash.")
@click.option("--repair", "is_repair", is_flag=True, help="Say what would mend the store; nothing is changed.")
@click.option("--yes", "is_sure", is_flag=True, help="With --repair: do it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(deep: bool, is_repair: bool, is_sure: bool, as_json: bool) -> None:
    """Check this machine and its store; exit 1 when something needs mending.

    \b
    Example: dermref doctor
    Example: dermref doctor --repair --yes
    """
    if is_sure and not is_repair:
        raise click.UsageError("--yes goes with --repair; “dermref doctor --repair” alone says what it would do.")
    start()
    from dermref.services.checkup import check_store, check_up, describe_store
    from dermref.services.deployment import blobs
    from dermref.services.repairing import check_belonging, commands, repair, steps

    findings = list(check_up())
    found, line = check_store(deep=deep, progress=_Progress())
    is_compared = line.is_good or bool(found.broken)
    if is_sure and is_compared:
        found = repair(blobs(), deep=deep, progress=_Progress())
        line = describe_store(found)
    findings.append(line)
    todo = [{"action": one.action, "key": one.key, "text": one.text} for one in steps(found)]
    again = commands(found) if found.broken else []
    rows = [{"name": one.name, "text": one.text, "ok": one.is_good} for one in findings]
    if as_json:
        whole: Any = {"findings": rows, "steps": todo, "done": is_sure, "commands": again} if is_repair else rows
        click.echo(json.dumps(whole, ensure_ascii=False))
    else:
        _print(rows, todo if is_repair else [], again if is_repair else [], is_done=is_sure)
    if is_repair and not is_sure:
        check_belonging(found)
    is_left = bool(again) if is_sure else not line.is_good
    sys.exit(1 if is_left or not all(one.is_good for one in findings if one is not line) else 0)


def _print(rows: list[dict[str, Any]], todo: list[dict[str, str]], again: list[str], *, is_done: bool) -> None:
    for row in rows:
        click.echo(f"{'ok  ' if row['ok'] else 'MEND'} {row['name']:<12} {row['text']}")
    for step in todo:
        click.echo(f"{'done' if is_done else 'would'}: {step['text']}")
    for command in again:
        click.echo(f"then run: {command}")
    if todo and not is_done:
        click.echo("Nothing was changed; “dermref doctor --repair --yes” does all of it.")


class _Progress:
    """A line on stderr now and then, once a check takes more than a second."""

    def __init__(self) -> None:
        self._started = self._drawn = time.monotonic()

    def __call__(self, found: Any) -> None:
        now = time.monotonic()
        if now - self._started > 1 and now - self._drawn > 2:
            self._drawn = now
            click.echo(f"doctor: {found.files:,} files looked at …", err=True)
