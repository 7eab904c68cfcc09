"""Options that many commands share, and what they have to say."""

import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import click

from dermref.model.change import Author
from dermref.model.moments import beginning, ending
from dermref.registry.load import load_datasets, load_sources

Command = Callable[..., Any]
Word = TypeVar("Word", bound=StrEnum)

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


def known_source(source_id: str) -> str:
    """The id of a source or data set release. Raises UsageError where there is none."""
    if source_id not in {source.source_id for source in (*load_sources(), *load_datasets())}:
        raise click.UsageError(f"There is no source “{source_id}”; “dermref sources list” shows all.")
    return source_id


def first_day(text: str) -> datetime:
    """The aware moment at which a day begins, or the moment written down. Raises BadParameter with one sentence."""
    return _moment(text, beginning)


def last_day(text: str) -> datetime:
    """The first moment after a day, or the moment written down. Raises BadParameter with one sentence."""
    return _moment(text, ending)


def _moment(text: str, read: Callable[[str], datetime]) -> datetime:
    try:
        return read(text.strip())
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"“{text}” is no day such as 2026-12-31, nor a moment such as 2026-12-31T18:00+01:00."
        ) from None


def several(kind: type[Word]) -> Callable[[str], tuple[Word, ...]]:
    """What reads some of several words, with commas between them, or “any” for all of them."""

    def words(text: str) -> tuple[Word, ...]:
        said = [word.strip() for word in text.split(",") if word.strip()]
        if said == ["any"]:
            return tuple(kind)
        wrong = next((word for word in said if word not in set(kind)), None)
        if wrong is not None:
            raise click.BadParameter(f"“{wrong}” is none of {', '.join(kind)}.")
        return tuple(dict.fromkeys(kind(word) for word in said))

    return words


def asked_password(from_stdin: bool) -> str:
    """A password typed twice, or the first line of standard input. Raises UsageError without a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("Without a terminal, say --password-stdin and give the password on standard input.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The password again", err=True))
