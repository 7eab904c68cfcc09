"""`dermref curators`: who looks after the catalogue, and may open the tables in the admin."""

import json

import click

from dermref.cli.institution_rows import refuse
from dermref.cli.options import asked_password, json_option, password_option
from dermref.config.start import start


@click.group()
def curators() -> None:
    """Accounts of curators. They sign in on the site, and look at the tables under /admin/.

    Example: dermref curators list
    """


@curators.command()
@click.argument("name")
@password_option
@json_option
def add(name: str, password_stdin: bool, as_json: bool) -> None:
    """Make a curator's account. The password is asked for, and never an argument, which others could read.

    \b
    Examples:
      dermref curators add anna
      pass show dermref/anna | dermref curators add anna --password-stdin
    """
    password = asked_password(password_stdin)
    start(migrate=True)
    from dermref.services.accounts import add

    if faults := add(name, password):
        refuse(faults, as_json)
    click.echo(json.dumps({"name": name}, ensure_ascii=False) if as_json else f"{name} is a curator.")


@curators.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all curators, those who were removed included.

    Example: dermref curators list --json
    """
    start(migrate=True)
    from dermref.services.accounts import list_curators

    found = list_curators()
    if as_json:
        click.echo(json.dumps([{"name": one.name, "is_active": one.is_active} for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.name}{'' if one.is_active else ' (removed)'}")
    click.echo(f"{len(found):,} curators")


@curators.command()
@click.argument("name")
@json_option
def remove(name: str, as_json: bool) -> None:
    """Close a curator's account; whatever it has open is closed with it.

    Example: dermref curators remove anna
    """
    start(migrate=True)
    from dermref.services.accounts import remove

    remove(name)
    click.echo(json.dumps({"removed": name}, ensure_ascii=False) if as_json else f"{name} is a curator no longer.")
