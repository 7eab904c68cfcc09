"""`dermref images`: the catalogue through the gate, and what stays in quarantine."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from dermref.cli.options import json_option
from dermref.config.start import start
from dermref.model.asking import Action, Purpose, ViewerKind
from dermref.model.media import COPY, Size

ACTIONS = click.Choice([action.value for action in Action])
PURPOSES = click.Choice([purpose.value for purpose in Purpose])
VIEWERS = click.Choice([kind.value for kind in ViewerKind])
as_viewer = click.option(
    "--as",
    "viewer",
    type=VIEWERS,
    default="anonymous",
    show_default=True,
    help="Who is looking; an institution-member as one of every institution.",
)


@click.group()
def images() -> None:
    """The catalogue, filtered through the gate.

    Example: dermref images list --license CC0-1.0
    """


@images.command("list")
@click.option("--source", "source_id", help="Only this source.")
@click.option("--license", "license_id", help="Only this SPDX license id.")
@click.option("--condition", help="Only this condition (its slug).")
@click.option("--modality", help="Only this modality.")
@click.option("--body-site", help="Only this body site.")
@click.option("--may", type=ACTIONS, default="view", show_default=True, help="Only what may also be used so.")
@click.option("--purpose", type=PURPOSES, default="unspecified", show_default=True, help="What the use is for.")
@as_viewer
@click.option("--limit", type=click.IntRange(1, 10_000), default=48, show_default=True, help="At most this many.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Go on after this row (“next” of the last list).")
@click.option("--quarantined", is_flag=True, help="What stayed out, and why, instead of what is shown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_images(
    source_id: str | None,
    license_id: str | None,
    condition: str | None,
    modality: str | None,
    body_site: str | None,
    may: str,
    purpose: str,
    viewer: str,
    limit: int,
    after: int,
    quarantined: bool,
    as_json: bool,
) -> None:
    """List images this viewer may see, each with its credit.

    \b
    Examples:
      dermref images list --limit 5
      dermref images list --may train --purpose research
    """
    start(migrate=True)
    if quarantined:
        _list_quarantined(source_id, limit, as_json)
        return
    from dermref.services.describing import describe_images
    from dermref.services.searching import Wanted, search, shelf_of
    from dermref.services.viewing import viewer_like

    wanted = Wanted(source_id, license_id, condition, modality, after=after, limit=limit, body_site=body_site)
    looker = viewer_like(ViewerKind(viewer))
    found = search(wanted, shelf_of(looker, action=Action(may), purpose=Purpose(purpose)))
    if as_json:
        rows = describe_images(found.images, viewer=looker)
        click.echo(
            json.dumps(
                {"count": found.count, "next": found.next_after, "images": rows}, ensure_ascii=False, default=str
            )
        )
        return
    for shown in found.images:
        click.echo(f"{shown.record.public_id}\t{shown.record.condition_as_published or '–'}\t{shown.credit.text}")
    click.echo(f"{len(found.images)} of {found.count:,} images", err=True)


@images.command("show")
@click.argument("image_id")
@as_viewer
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_image(image_id: str, viewer: str, as_json: bool) -> None:
    """One image with its credit, evidence and what may be done with it. Example: dermref images show SOURCE:ID"""
    start(migrate=True)
    from dermref.rights.explain import explain
    from dermref.services.describing import describe_decision, describe_image
    from dermref.services.serving import Missing, Refused, decisions_for, show
    from dermref.services.viewing import viewer_like

    looker = viewer_like(ViewerKind(viewer))
    verdict = show(image_id, viewer=looker)
    if isinstance(verdict, Missing) or (isinstance(verdict, Refused) and verdict.is_hidden):
        raise click.UsageError(f"There is no image “{image_id}”; “dermref images list” shows what there is.")
    if isinstance(verdict, Refused):
        decision = describe_decision(verdict.decision)
        click.echo(json.dumps({"id": image_id, "decision": decision}) if as_json else explain(verdict.decision))
        sys.exit(1)
    described = describe_image(verdict, viewer=looker)
    if as_json:
        click.echo(json.dumps(described, ensure_ascii=False, default=str))
        return
    record = verdict.record
    click.echo(f"{record.public_id}\n  {verdict.credit.text}")
    click.echo(
        f"  recorded from {record.evidence.url} on {record.evidence.retrieved_at:%Y-%m-%d}:"
        f" “{record.evidence.statement}”"
    )
    for decision_ in decisions_for(record, viewer=looker):
        click.echo(f"  {explain(decision_)}")


@images.command("copy")
@click.argument("image_ids", nargs=-1, required=True, metavar="IMAGE_ID…")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder to copy into; it is made where there is none.",
)
@click.option(
    "--size",
    type=click.Choice([*(one.value for one in Size), COPY]),
    default=COPY,
    show_default=True,
    help="“copy” is all of it.",
)
@as_viewer
@json_option
def copy_images(image_ids: tuple[str, ...], folder: Path, size: str, viewer: str, as_json: bool) -> None:
    """Copy files with their rights inside (XMP and IPTC), a text with the credit beside each.

    What a source forbids to change goes exactly as received. Nothing is written over.

    \b
    Examples:
      dermref images copy SOURCE:ID --to lecture
      dermref images copy SOURCE:ID SOURCE:ID --to lecture --size medium
    """
    start(migrate=True)
    from dermref.model.evidence import Refusal
    from dermref.services.copying import copy_image
    from dermref.services.viewing import viewer_like

    rows: list[dict[str, object]] = []
    looker, refused = viewer_like(ViewerKind(viewer)), 0
    for image_id in image_ids:
        made = copy_image(image_id, folder, size=size, viewer=looker)
        if isinstance(made, Refusal):
            refused += 1
            rows.append({"id": image_id, "refused": {"code": made.code, "text": made.text}})
            click.echo(f"{image_id}: {made.text}", err=True)
            continue
        rows.append(
            {"id": image_id, "path": str(made.path), "credit": str(made.credit_path), "has_credit": made.has_credit}
        )
        if not as_json:
            click.echo(f"{made.path}{'' if made.has_credit else ' (as received; its credit beside it)'}")
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    sys.exit(1 if refused else 0)


def _list_quarantined(source_id: str | None, limit: int, as_json: bool) -> None:
    from dermref.services.searching import quarantined

    rows = quarantined(source_id, limit=limit)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        why = "; ".join(reason.text for reason in row.reasons)
        click.echo(f"{row.source_id}:{row.foreign_id}\t{row.state}\t{why}")
