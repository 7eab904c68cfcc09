"""`dermref doctor`: what is installed, reachable and misconfigured."""

import json
import sys

import click

from dermref.config.start import start


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Check this machine; exit 1 when something needs mending.

    Example: dermref doctor
    """
    start()
    from dermref.services.checkup import check_up

    findings = check_up()
    if as_json:
        rows = [{"name": one.name, "text": one.text, "ok": one.is_good} for one in findings]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one.is_good else 'MEND'} {one.name:<12} {one.text}")
    sys.exit(0 if all(one.is_good for one in findings) else 1)
