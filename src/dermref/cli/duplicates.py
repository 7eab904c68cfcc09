"""`dermref duplicates`: pictures that look alike."""

import json
import os
import sys
import time

import click

from dermref.config.start import start


@click.group()
def duplicates() -> None:
    """Pictures that look alike, and the index that finds them.

    Example: dermref duplicates build
    """


@duplicates.command("build")
@click.option("--all", "is_every", is_flag=True, help="Make every fingerprint anew, not only those that are missing.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="With --all: go on after this row.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Decoding processes (default: the cores).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def build_fingerprints(is_every: bool, after: int, workers: int | None, as_json: bool) -> None:
    """Make fingerprints from the stored files and write the index; exit 1 when a file is missing or no image any more.

    A run that was stopped goes on when it is started again; with --all, give it the row it came to.

    \b
    Examples:
      dermref duplicates build
      dermref duplicates build --all --after 1200
    """
    if after and not is_every:
        raise click.UsageError("--after goes with --all; without it, only what is missing is made.")
    start(migrate=True)
    from dermref.services.fingerprinting import Built, build

    begun = drawn = time.monotonic()

    def progress(built: Built) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - begun > 1 and now - drawn > 2:
            drawn = now
            done = built.made + len(built.missing) + len(built.unsound)
            click.echo(f"duplicates: {done:,} of {built.total:,} images, up to row {built.last} …", err=True)

    built = build(is_every=is_every, after=after, workers=workers or os.cpu_count() or 2, progress=progress)
    if as_json:
        unsound = [{"id": public_id, "text": text} for public_id, text in built.unsound]
        counted = {"made": built.made, "indexed": built.indexed, "last": built.last, "missing": built.missing}
        click.echo(json.dumps({**counted, "unsound": unsound}, ensure_ascii=False))
    else:
        for public_id in built.missing:
            click.echo(f"{public_id}: its file is missing")
        for public_id, text in built.unsound:
            click.echo(f"{public_id}: {text}")
        left = len(built.missing) + len(built.unsound)
        click.echo(f"duplicates: {built.made:,} fingerprints made, {left} left out, {built.indexed:,} in the index")
    sys.exit(1 if built.missing or built.unsound else 0)
