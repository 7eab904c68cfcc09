"""Options that many commands share, and what they have to say."""

from collections.abc import Callable
from typing import Any

import click

from dermref.model.change import Author

Command = Callable[..., Any]

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on stdout.")


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
