"""`dermref cite`: how an image, a source or a collection is cited, in nine styles and five file formats."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

import click

from dermref.cli.images import as_viewer
from dermref.cli.set_names import set_named
from dermref.config.start import start
from dermref.credit.formats import FOR_PEOPLE, OF_ONE_THING, Format
from dermref.credit.styles import DEFAULT, NO_SUCH_STYLE
from dermref.model.asking import Viewer, ViewerKind
from dermref.model.evidence import Refusal

if TYPE_CHECKING:
    from dermref.credit.citable import Citable

T = TypeVar("T")
ASKED_WRONGLY = (NO_SUCH_STYLE, OF_ONE_THING)


@click.command()
@click.argument("image_ids", nargs=-1, metavar="[IMAGE_ID]...")
@click.option("--source", "source_id", help="The source itself, instead of images.")
@click.option("--collection", help="A collection as SLUG, or a snapshot of it as SLUG@VERSION.")
@click.option("--style", default=DEFAULT, show_default=True, help="The citation style; a wrong one lists all.")
@click.option(
    "--format",
    "asked",
    type=click.Choice([one.value for one in Format]),
    default=Format.TEXT.value,
    show_default=True,
    help="For people in a style (text, html), or as a file.",
)
@as_viewer
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def cite(
    image_ids: tuple[str, ...],
    source_id: str | None,
    collection: str | None,
    style: str,
    asked: str,
    viewer: str,
    as_json: bool,
) -> None:
    """The citation of images, a source or a collection, with every attribution that has to go with it.

    \b
    Examples:
      dermref cite SOURCE:ID --style ama
      dermref cite --collection teaching@2 --format bibtex
    """
    if sum(map(bool, (image_ids, source_id, collection))) != 1:
        raise click.UsageError("Say what to cite: one or more IMAGE_ID, or --source, or --collection.")
    start(migrate=True)
    from dermref.services.citing import cited, cited_file
    from dermref.services.viewing import viewer_like

    looker = viewer_like(ViewerKind(viewer))
    things = _images(image_ids, looker) or [_source(source_id, looker) or _collection(collection or "", looker)]
    wanted = Format(asked)
    if wanted in FOR_PEOPLE:
        made = _answer(cited(things, style))
        told = made.html if wanted is Format.HTML else made.text
        click.echo(json.dumps(asdict(made), ensure_ascii=False) if as_json else told)
        return
    file = _answer(cited_file(things, wanted))
    click.echo(json.dumps(asdict(file), ensure_ascii=False) if as_json else file.text, nl=as_json)


def _images(image_ids: tuple[str, ...], viewer: Viewer) -> "list[Citable]":
    """The images, each once. Ends the command where one of them is unknown or refused: then nothing is cited."""
    from dermref.rights.explain import explain
    from dermref.services.citing import citable_image
    from dermref.services.serving import Missing, Refused, Shown, show

    verdicts = [show(one, viewer=viewer) for one in dict.fromkeys(image_ids)]
    for image_id, verdict in zip(dict.fromkeys(image_ids), verdicts, strict=True):
        if isinstance(verdict, Missing) or (isinstance(verdict, Refused) and verdict.is_hidden):
            raise click.UsageError(f"There is no image “{image_id}”; “dermref images list” shows what there is.")
    refused = [one for one in verdicts if isinstance(one, Refused)]
    for verdict in refused:
        click.echo(f"{verdict.public_id}: {explain(verdict.decision)}", err=True)
    if refused:
        sys.exit(1)
    return [citable_image(one) for one in verdicts if isinstance(one, Shown)]


def _source(source_id: str | None, viewer: Viewer) -> "Citable | None":
    from dermref.cli.options import known_source
    from dermref.services.citing import citable_source
    from dermref.services.source_pages import source_row

    row = source_row(known_source(source_id), viewer) if source_id else None
    return citable_source(row.source, link=row.link) if row else None


def _collection(told: str, viewer: Viewer) -> "Citable":
    from dermref.services.citing_sets import citable_collection

    name = set_named(told)
    found = citable_collection(name.slug, viewer=viewer, version=name.number)
    if found is None:
        what = "collection" if name.number is None else "snapshot"
        raise click.UsageError(f"There is no {what} “{told}”; “dermref collections list” shows what there is.")
    return found


def _answer(made: T | Refusal) -> T:
    """What was made; a refusal ends the command with its sentence: 2 where it was asked wrongly."""
    if isinstance(made, Refusal):
        click.echo(f"dermref: {made.text}", err=True)
        sys.exit(2 if made.code in ASKED_WRONGLY else 1)
    return made
