"""Writes docs/cli.md from the commands' own help, or says whether it is up to date (`--check`)."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from dermref.cli.main import cli

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
WIDTH = 100
HEADING = """\
# The command line

<!-- Generated from the commands' help by `make docs`. Do not edit. -->

Every command exits 0 on success, 1 when the answer is "no" or faults were found, and 2 when it was asked wrongly. With
`--json`, standard output is only the JSON. An error is one sentence; `dermref --debug …` shows the traceback.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEADING, *_sections(cli, "dermref", None)])


def _sections(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH, color=False
    )
    path = context.command_path
    yield f"## `{path}`\n\n```text\n{command.get_help(context).strip()}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from _sections(found, child, context)


def main() -> int:
    """0 when the page says what the commands say; 1 when `--check` finds that it does not."""
    text = page()
    is_current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    if "--check" in sys.argv[1:]:
        if not is_current:
            print("docs/cli.md is out of date; run “make docs”.", file=sys.stderr)
        return 0 if is_current else 1
    if not is_current:
        PAGE.write_text(text, encoding="utf-8")
    print(f"docs/cli.md: {'already up to date' if is_current else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
