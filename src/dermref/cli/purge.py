"""`dermref purge`: remove what may be kept no longer, and look at the records of what was removed."""

import json
import sys
import time
from typing import TYPE_CHECKING

import click

from dermref.cli.options import json_option
from dermref.cli.stopping import Stopping
from dermref.config.start import start

if TYPE_CHECKING:
    from dermref.services.purge_records import PurgeRow, Told
    from dermref.services.purging import Due, Gone


@click.group(invoke_without_command=True)
@click.option("--source", "source_id", help="Only the images of this source.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would be removed, and change nothing.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def purge(context: click.Context, source_id: str | None, is_dry: bool, is_sure: bool, as_json: bool) -> None:
    """Remove the bytes of images whose right to be kept has ended, with everything that was made of them.

    What is due: images that only a subscription, a grant or a courtesy note lets in, when that is no longer in force. A
    signed record says what was removed. An interrupted purge goes on with the next one.

    \b
    Example: dermref purge --dry-run
    Example: dermref purge --yes
    """
    if context.invoked_subcommand is not None:
        if source_id or is_dry or is_sure or as_json:
            raise click.UsageError("--source, --dry-run, --yes and --json of a purge stand without a sub-command.")
        return
    if is_dry and is_sure:
        raise click.UsageError("--dry-run changes nothing and --yes removes; give one of them.")
    start(migrate=True)
    from dermref.services.purging import due, interrupted
    from dermref.services.rulings import all_sources

    if source_id is not None and source_id not in all_sources():
        raise click.UsageError(f"There is no source “{source_id}”; “dermref sources list” shows all.")
    found, left = due(source_id), interrupted(source_id)
    if is_dry:
        _print_due(found, left, as_json=as_json)
        return
    if (found or left) and not is_sure:
        _ask(found, left)
    _print_done(_run(source_id), as_json=as_json)


@purge.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all purges, latest first.

    Example: dermref purge list
    """
    start(migrate=True)
    from dermref.services.purge_records import list_purges, purge_json

    found = list_purges()
    if as_json:
        click.echo(json.dumps([purge_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.id:>5}  {_line(one)}")
    click.echo(f"{len(found):,} purges")


@purge.command()
@click.argument("number", type=int)
@json_option
def show(number: int, as_json: bool) -> None:
    """Show one purge, and whether the signature of its record holds; exit 1 where it does not.

    With --json the record is printed whole: every image that was removed, with the sha256 and size of its file.

    Example: dermref purge show 1
    """
    start(migrate=True)
    from dermref.services.purge_records import purge_json, tell

    told = tell(number)
    if told is None:
        raise click.UsageError(f"There is no purge {number}; “dermref purge list” shows all.")
    if as_json:
        said = {**purge_json(told.row), "signature_holds": told.is_sound, "record": told.record}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _print_told(told)
    sys.exit(0 if told.is_sound else 1)


def _ask(found: "tuple[Due, ...]", left: tuple[str, ...]) -> None:
    """Raises Abort where the answer is no, UsageError where nobody can be asked."""
    if not sys.stdin.isatty():
        raise click.UsageError("Something is due; say --yes to remove it, or --dry-run to see what it is.")
    for line in _lines(found, left):
        click.echo(line, err=True)
    click.confirm("Remove it for good?", abort=True, err=True)


def _run(source_id: str | None) -> "tuple[PurgeRow, ...]":
    from dermref.services.deployment import blobs
    from dermref.services.purging import purge as run

    drawn = time.monotonic()
    with Stopping() as stopping:

        def progress(gone: "Gone") -> None:
            nonlocal drawn
            stopping.check()
            if time.monotonic() - drawn > 2:
                drawn = time.monotonic()
                click.echo(f"purge: {gone.source_id}, {gone.images:,} of {gone.total:,} images removed …", err=True)

        return run(blobs(), source_id=source_id, progress=progress)


def _print_due(found: "tuple[Due, ...]", left: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        rows = [{name: getattr(one, name) for name in one.__slots__} for one in found]
        click.echo(json.dumps({"due": rows, "interrupted": list(left)}, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(found, left)) or "Nothing is due.")


def _lines(found: "tuple[Due, ...]", left: tuple[str, ...]) -> list[str]:
    lines = [f"{one}: a purge was interrupted and goes on" for one in left]
    for one in found:
        lines.append(f"{one.source_id}: {one.images:,} images ({one.bytes:,} bytes), {one.waiting:,} waiting files")
        lines.append(f"  {one.reason}")
        if one.outside:
            lines.append(f"  {one.outside:,} files lie in a folder of your own and stay there; deleting them is yours")
    return lines


def _print_done(done: "tuple[PurgeRow, ...]", *, as_json: bool) -> None:
    from dermref.services.purge_records import purge_json

    if as_json:
        click.echo(json.dumps([purge_json(one) for one in done], ensure_ascii=False))
        return
    for one in done:
        click.echo(f"{_line(one)}\n  its signed record: dermref purge show {one.id}")
    if not done:
        click.echo("Nothing is due.")


def _line(one: "PurgeRow") -> str:
    ended = f"{one.finished_at:%Y-%m-%d %H:%M} UTC" if one.finished_at else "not finished"
    return f"{one.source_id}, {ended}: {one.images:,} images, {one.files:,} files removed. {one.reason}"


def _print_told(told: "Told") -> None:
    row = told.row
    click.echo(f"Purge {row.id} of {_line(row)}")
    click.echo(f"  begun: {row.begun_at:%Y-%m-%d %H:%M} UTC")
    if row.finished_at is None:
        click.echo("  not finished: “dermref purge” goes on with it, and signs the record at the end")
        return
    click.echo(f"  record: sha256 {row.record}")
    holds = "holds: this deployment wrote the record, and nobody changed it since"
    click.echo(f"  signature: {holds if told.is_sound else 'DOES NOT HOLD: the record is not what was signed here'}")
    for name in ("left_outside", "left_to_others"):
        number = len(told.record[name]) if told.record else 0
        if number:
            click.echo(f"  {name.replace('_', ' ')}: {number:,} files (--json lists them)")
