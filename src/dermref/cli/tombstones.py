"""`dermref tombstones`: bytes that may never come in again."""

import json

import click

from dermref.cli.options import author_of, json_option, signed
from dermref.config.start import start


@click.group()
def tombstones() -> None:
    """Keep bytes out for good, whatever source they come from, and quarantine what looks like them.

    Example: dermref tombstones list
    """


@tombstones.command()
@click.argument("what", metavar="(IMAGE_ID|FILE)")
@signed("lays the stone")
@json_option
def add(what: str, by: str, why: str, as_json: bool) -> None:
    """Never let the bytes of an image or a file in again; images that have them are held from now on. There is no way
    back.

    Example: dermref tombstones add isic-archive:ISIC_0000051 --by "A. Curator" --why "the patient asked for it"
    """
    author = author_of(by, why)
    start(migrate=True)
    from dermref.services.burying import lay_stone

    buried = lay_stone(what, author)
    if as_json:
        said = {"sha256": buried.stone.sha256, "held": list(buried.images), "alike": list(buried.alike)}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"Never again: {buried.stone.sha256}")
    for public_id in buried.images:
        click.echo(f"  held: {public_id}")
    for public_id in buried.alike:
        click.echo(f"  looks like it, and is not held: {public_id}")


@tombstones.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all tombstones, latest first.

    Example: dermref tombstones list --json
    """
    start(migrate=True)
    from dermref.services.burying import list_tombstones

    stones = list_tombstones()
    if as_json:
        rows = [{"sha256": one.sha256, "by": one.by, "why": one.reason, "at": one.at.isoformat()} for one in stones]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in stones:
        click.echo(f"{one.sha256}  {one.at:%Y-%m-%d}  {one.by}: {one.reason}")
    click.echo(f"{len(stones):,} tombstones")
