"""`dermref audit`: does the evidence still bear out every image?"""

import json
import sys
import time

import click

from dermref.config.start import start
from dermref.registry.load import load_datasets, load_sources


@click.command()
@click.option("--source", "source_id", help="Only the images of this source.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audit(source_id: str | None, as_json: bool) -> None:
    """Re-derive the right of every image from its evidence, and hash every file; exit 1 when any disagrees.

    Example: dermref audit --source isic-archive
    """
    known = [source.source_id for source in (*load_sources(), *load_datasets())]
    if source_id is not None and source_id not in known:
        raise click.UsageError(f"There is no source “{source_id}”; “dermref sources list” shows all.")
    start(migrate=True)
    from dermref.services.auditing import AuditReport
    from dermref.services.auditing import audit as run
    from dermref.services.deployment import blobs

    started = drawn = time.monotonic()

    def progress(report: AuditReport) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - started > 1 and now - drawn > 2:
            drawn = now
            click.echo(f"audit: {report.images:,} images looked at …", err=True)

    report = run(blobs(), source_id=source_id, progress=progress)
    if as_json:
        found = [{"id": one.public_id, "code": one.code, "text": one.text} for one in report.disagreements]
        counted = {"images": report.images, "files": report.files, "disagreements": found}
        click.echo(json.dumps(counted, ensure_ascii=False))
    else:
        for one in report.disagreements:
            click.echo(f"{one.public_id}: {one.text} [{one.code}]")
        number = len(report.disagreements)
        click.echo(f"audit: {report.images:,} images, {report.files:,} files, {number} disagreements")
    sys.exit(1 if report.disagreements else 0)
