"""Options that many commands share, and what they have to say."""

import sys
from collections.abc import Callable
from typing import Any

import click

from dermref.model.change import Author

Command = Callable[..., Any]

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on stdout.")

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


def signed(what: str) -> Callable[[Command], Command]:
    """The options --by and --why of a command that does `what` in somebody's name, such as “lets it pass”."""

    def decorate(command: Command) -> Command:
        command = click.option("--why", required=True, help="For what reason.")(command)
        return click.option("--by", required=True, help=f"Who {what}.")(command)

    return decorate


def author_of(by: str, why: str) -> Author:
    """Who acts, and why. Raises UsageError where either says nothing."""
    if not by.strip() or not why.strip():
        raise click.UsageError("--by and --why say who and for what reason; neither may be empty.")
    return Author(by.strip(), why.strip())


def asked_password(from_stdin: bool) -> str:
    """A password typed twice, or the first line of standard input. Raises UsageError without a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("Without a terminal, say --password-stdin and give the password on standard input.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The password again", err=True))
