"""The `dermref` command: finds the sub-command, and turns every expected fault into one sentence and an exit code."""

import importlib
import os
import sys

import click

from dermref import __version__
from dermref.model.deployment import Stopped, WrongSetting

# Sub-commands are imported when they are called, so that each costs only what it needs.
COMMANDS = {
    "attribution": ("dermref.cli.attribution", "attribution"),
    "audit": ("dermref.cli.audit", "audit"),
    "cite": ("dermref.cli.cite", "cite"),
    "collections": ("dermref.cli.collections", "collections"),
    "curators": ("dermref.cli.curators", "curators"),
    "decide": ("dermref.cli.decide", "decide"),
    "duplicates": ("dermref.cli.duplicates", "duplicates"),
    "doctor": ("dermref.cli.doctor", "doctor"),
    "grants": ("dermref.cli.grants", "grants"),
    "images": ("dermref.cli.images", "images"),
    "ingest": ("dermref.cli.ingest", "ingest"),
    "inspect": ("dermref.cli.inspect", "inspect"),
    "institutions": ("dermref.cli.institutions", "institutions"),
    "links": ("dermref.cli.links", "links"),
    "license": ("dermref.cli.license", "license_"),
    "notes": ("dermref.cli.notes", "notes"),
    "manifest": ("dermref.cli.manifest", "manifest"),
    "purge": ("dermref.cli.purge", "purge"),
    "quarantine": ("dermref.cli.quarantine", "quarantine"),
    "serve": ("dermref.cli.serve", "serve"),
    "sources": ("dermref.cli.sources", "sources"),
    "runs": ("dermref.cli.runs", "runs"),
    "tombstones": ("dermref.cli.tombstones", "tombstones"),
    "watermarks": ("dermref.cli.watermarks", "watermarks"),
    "worker": ("dermref.cli.worker", "worker"),
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted({*COMMANDS, *self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command on demand."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """A dermatology image reference that knows its rights.

    Example: dermref sources list
    """


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def version(as_json: bool) -> None:
    """Print the version. Example: dermref version"""
    click.echo(f'{{"version": "{__version__}"}}' if as_json else f"dermref {__version__}")


def main() -> None:
    """Run, and exit 0, 1 (the answer is no) or 2 (asked wrongly)."""
    debug = "--debug" in sys.argv[1:]
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        _end("Interrupted.", 1)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as fault:
        fault.show()
        sys.exit(2)
    except (Stopped, WrongSetting) as stop:
        if debug:
            raise
        _end(str(stop), 2 if isinstance(stop, WrongSetting) else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        if type(error).__module__.startswith("django.db"):
            first = str(error).strip().partition("\n")[0]
            _end(f"The database cannot be used: {first}. Check DATABASE_URL and DERMREF_DATA_DIR.", 1)
        _end(f"Something unforeseen happened: {error!r}. Run again with “dermref --debug …” and report it.", 1)


def _end(sentence: str, code: int) -> None:
    click.echo(f"dermref: {sentence}", err=True)
    sys.exit(code)
