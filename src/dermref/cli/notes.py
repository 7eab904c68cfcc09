"""`dermref notes`: the courtesy notes that were sent to sources."""

import json
from datetime import datetime
from pathlib import Path

import click

from dermref.cli.options import first_day, json_option, known_source
from dermref.config.start import start


@click.group()
def notes() -> None:
    """Courtesy notes. A source that is “Ready (contact first)” opens once one is recorded.

    Example: dermref notes list
    """


@notes.command()
@click.argument("source_id")
@click.option("--on", "sent_on", type=first_day, metavar="DAY", required=True, help="The day it was sent.")
@click.option("--to", "sent_to", required=True, help="To whom it was sent: a name, an address, a form.")
@click.option("--text", help="What it said, word for word.")
@click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The same, in a file."
)
@click.option("--by", required=True, help="Who sent it.")
@json_option
def add(
    source_id: str, sent_on: datetime, sent_to: str, text: str | None, file: Path | None, by: str, as_json: bool
) -> None:
    """Record a note that was sent to SOURCE_ID, with its date and its words.

    \b
    Example:
      dermref notes add atlas-dermatologico --on 2026-11-01 --to "contact form of the site" \\
        --text "We would like to show your images, with your credit and a link." --by "A. Curator"
    """
    if (text is None) == (file is None):
        raise click.UsageError("Say what the note said with --text, or with --file where it lies in a file.")
    known_source(source_id)
    try:
        words = text if file is None else file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise click.UsageError(f"{file} cannot be read as UTF-8 text.") from None
    start(migrate=True)
    from dermref.services.noting import note

    made = note(source_id, sent_on=sent_on.date(), sent_to=sent_to, text=words or "", by=by)
    if as_json:
        click.echo(json.dumps({"source_id": made.source_id, "sent_on": str(made.sent_on), "sha256": made.sha256}))
    else:
        click.echo(f"Recorded: a note to {made.sent_to} on {made.sent_on}.")


@notes.command("list")
@click.option("--source", "source_id", help="Only those to this source.")
@json_option
def list_(source_id: str | None, as_json: bool) -> None:
    """List the notes, latest first.

    Example: dermref notes list --json
    """
    start(migrate=True)
    from dermref.services.noting import notes_of

    found = notes_of(source_id and known_source(source_id))
    if as_json:
        rows = [
            {"source_id": one.source_id, "sent_on": str(one.sent_on), "sent_to": one.sent_to, "text": one.text,
             "sha256": one.sha256, "by": one.by, "at": one.at.isoformat()}
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.source_id}\t{one.sent_on}\tto {one.sent_to}\tby {one.by}")
    click.echo(f"{len(found):,} notes")
