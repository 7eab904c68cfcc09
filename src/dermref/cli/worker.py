"""`dermref worker`: the chores of a running deployment, each when it is due."""

import sys
from typing import TYPE_CHECKING

import click

from dermref.cli.stopping import Stopping
from dermref.config.start import start

if TYPE_CHECKING:
    from dermref.services.chores import Chore


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and end; exit 1 when a chore failed.")
@click.option(
    "--every", "minutes", default=15, show_default=True, type=click.IntRange(1, 1440), help="Minutes between two looks."
)
def worker(once: bool, minutes: int) -> None:
    """Do what has to be done in the background, until interrupted.

    Removes the bytes of images whose right to be kept has ended (see “dermref purge”), and looks whether the pages of
    links are still there (see “dermref links check”; only with DERMREF_CONTACT set). A chore that fails is told of on
    stderr and tried again the next time; the others go on.

    \b
    Example: dermref worker
    Example: dermref worker --once
    """
    start(migrate=True)
    from django.db import connections

    from dermref.services.chores import CHORES

    with Stopping() as stopping:
        if once:
            failed = [chore for chore in CHORES if not _is_done(chore, stopping)]
            sys.exit(1 if failed else 0)
        try:
            while True:
                for chore in CHORES:
                    _is_done(chore, stopping)
                connections.close_all()  # a database that is restarted meanwhile is none of our business
                stopping.wait(minutes * 60)
        except KeyboardInterrupt:
            click.echo("worker: stopped.", err=True)


def _is_done(chore: "Chore", stopping: Stopping) -> bool:
    """Whether the chore did not fail."""
    try:
        said = chore.run(stopping.check)
    except Exception as error:  # noqa: BLE001 (what goes wrong in one must not keep the others from running)
        known = type(error).__module__.startswith("dermref.")
        click.echo(f"worker: {chore.name} failed: {error if known else repr(error)}", err=True)
        return False
    if said:
        click.echo(f"worker: {chore.name}: {said}", err=True)
    return True
