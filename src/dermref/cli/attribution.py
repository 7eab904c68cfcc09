"""`dermref attribution`: the credit that must stand beside an image, or beside several."""

import json
import sys
from typing import TYPE_CHECKING

import click

from dermref.cli.images import as_viewer
from dermref.config.start import start
from dermref.model.asking import ViewerKind

if TYPE_CHECKING:
    from dermref.credit.attribution import Shared
    from dermref.services.attributing import Credited

TEXT, HTML, MARKDOWN, JSON = "text", "html", "markdown", "json"
STYLES = click.Choice(["source", "plain"])


@click.command()
@click.argument("image_ids", metavar="IMAGE_ID...", nargs=-1, required=True)
@click.option(
    "--style",
    type=STYLES,
    default="source",
    show_default=True,
    help="In the source's own words, or in a plain sentence that has one form for all sources.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([TEXT, HTML, MARKDOWN, JSON]),
    default=TEXT,
    show_default=True,
    help="What to print.",
)
@as_viewer
@click.option("--json", "as_json", is_flag=True, help="As --format json.")
def attribution(image_ids: tuple[str, ...], style: str, form: str, viewer: str, as_json: bool) -> None:
    """Print the credit of images; those that share one are named together.

    An image that may not be shown is not credited: its reason goes to stderr, and the exit code is 1.

    \b
    Examples:
      dermref attribution isic-archive:ISIC_0000001
      dermref attribution --style plain --format markdown isic-archive:ISIC_0000001
    """
    start(migrate=True)
    from dermref.rights.explain import explain
    from dermref.services.attributing import Style, credited
    from dermref.services.viewing import viewer_like

    found = credited(image_ids, viewer=viewer_like(ViewerKind(viewer)), style=Style(style))
    if found.missing:
        named = ", ".join(f"“{one}”" for one in found.missing[:5])
        raise click.UsageError(f"There is no image {named}; “dermref images list” shows what there is.")
    if as_json or form == JSON:
        click.echo(json.dumps(_described(found), ensure_ascii=False))
    else:
        written = [_written(one, form, is_alone=len(found.shared) == 1) for one in found.shared]
        click.echo(("\n\n" if form == MARKDOWN else "\n").join(written), nl=bool(written))
    for refused in found.refused:
        click.echo(f"{refused.public_id}: {explain(refused.decision)}", err=True)
    sys.exit(1 if found.refused else 0)


def _written(shared: "Shared", form: str, *, is_alone: bool) -> str:
    """One credit; in HTML a paragraph of its own, where there are several."""
    credit = shared.credit
    if form == HTML:
        return credit.html if is_alone else f"<p>{credit.html}</p>"
    return credit.markdown if form == MARKDOWN else credit.text


def _described(found: "Credited") -> dict[str, object]:
    from dermref.services.describing import describe_decision

    return {
        "attributions": [{"ids": list(one.ids), **one.credit.as_json()} for one in found.shared],
        "refused": [{"id": one.public_id, "decision": describe_decision(one.decision)} for one in found.refused],
    }
