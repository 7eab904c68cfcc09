"""`dermref grants`: permissions that somebody gave in writing."""

import json
from pathlib import Path

import click

from dermref.cli.options import author_of, first_day, json_option, known_source, last_day, several, signed
from dermref.config.start import start
from dermref.model.asking import Action, OperatorKind, Purpose, ViewerKind

FILE = click.Path(path_type=Path)


@click.group()
def grants() -> None:
    """Permissions in writing. One lets through exactly what its document names, as long as it runs; nothing wider.

    Example: dermref grants list
    """


@grants.command()
@click.argument("source_id")
@click.option("--from", "granted_by", required=True, help="Who permitted it: the holder of the rights.")
@click.option("--document", type=FILE, required=True, help="The letter or contract; it is kept, under its hash.")
@click.option("--quote", required=True, help="The sentence of the document that permits it, word for word.")
@click.option(
    "--actions", type=several(Action), metavar="WORDS", required=True, help="What may be done: view,thumbnail,store,…"
)
@click.option("--viewers", type=several(ViewerKind), metavar="WORDS", required=True, help="Who may, or “any”.")
@click.option("--purposes", type=several(Purpose), metavar="WORDS", required=True, help="What for, or “any”.")
@click.option(
    "--operators", type=several(OperatorKind), metavar="WORDS", required=True, help="On whose site, or “any”."
)
@click.option("--images", help="The ids it names, with commas between them, or @FILE with one a line; without, all.")
@click.option("--domain", help="The site it was given to, with its subdomains, such as atlas.example.org.")
@click.option("--condition", "conditions", multiple=True, help="What it asks in return, in its words. May be repeated.")
@click.option("--starts", type=first_day, metavar="DAY", help="The first day.")
@click.option("--ends", type=last_day, metavar="DAY", help="The last day.")
@click.option("--document-url", help="Where the document stands, where it stands anywhere.")
@click.option("--document-ends", type=last_day, metavar="DAY", help="The last day that the document itself names.")
@click.option("--by", required=True, help="Who records it.")
@json_option
def add(source_id: str, images: str | None, by: str, as_json: bool, **fields: object) -> None:
    """Record a permission of SOURCE_ID. Everything that is wrong with it is said at once, and nothing is recorded then.

    \b
    Example:
      dermref grants add hellenic-derm-atlas --from "C. D. Verros, MD" --document letter.pdf \\
        --quote "You may show our photographs on your teaching pages." \\
        --actions view,thumbnail,resize,store --viewers any --purposes teaching,private-study \\
        --operators educational-institution --ends 2027-12-31 --by "A. Curator"
    """
    named = frozenset(_ids(images)) if images is not None else None
    known_source(source_id)
    start(migrate=True)
    from dermref.services.granting import Permission, grant

    made = grant(Permission(source_id=source_id, images=named, **fields), by=by.strip())  # type: ignore[arg-type]  # click read each by its type
    if as_json:
        click.echo(json.dumps(_row(made.grant.grant_id), ensure_ascii=False))
    else:
        click.echo(f"Recorded {made.grant.grant_id}. Its document is kept as {made.grant.document.sha256}.")


def _ids(said: str) -> list[str]:
    if not said.startswith("@"):
        return [one.strip() for one in said.split(",") if one.strip()]
    try:
        lines = Path(said[1:]).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise click.UsageError(f"{said[1:]} cannot be read as UTF-8 text.") from None
    return [line.strip() for line in lines if line.strip()]


@grants.command("list")
@click.option("--source", "source_id", help="Only those of this source.")
@json_option
def list_(source_id: str | None, as_json: bool) -> None:
    """List the grants and whether they are in force here.

    Example: dermref grants list --source hellenic-derm-atlas
    """
    start(migrate=True)
    from dermref.services.granting import list_grants

    found = [_row(one.grant.grant_id) for one in list_grants(source_id and known_source(source_id))]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        images = row["images"]
        what = "all images" if images is None else f"{len(images)} images"  # type: ignore[arg-type]  # a list or None
        click.echo(f"{row['id']}\t{row['state']}\t{what}\t{row['granted_by']}\tuntil {row['ends'] or 'revoked'}")


@grants.command()
@click.argument("grant_id")
@click.option("--save-document", type=FILE, help="Write the letter or contract to this file.")
@json_option
def show(grant_id: str, save_document: Path | None, as_json: bool) -> None:
    """Show a grant with all that it names.

    Example: dermref grants show hellenic-derm-atlas-1 --save-document letter.pdf
    """
    start(migrate=True)
    from dermref.services.granting import document_of, find_grant

    row = _row(grant_id)
    if save_document:
        if save_document.exists():
            raise click.UsageError(f"{save_document} is there already; name another file.")
        save_document.write_bytes(document_of(find_grant(grant_id)).body)
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    for name, value in row.items():
        said = ", ".join(value) if isinstance(value, list) else value
        if said not in (None, ""):
            click.echo(f"{name.replace('_', ' ')}: {said}")


@grants.command()
@click.argument("grant_id")
@signed("revokes it")
@json_option
def revoke(grant_id: str, by: str, why: str, as_json: bool) -> None:
    """Revoke a grant: what it alone permitted is not shown any more from the next request on. “dermref purge” then
    removes what may no longer be kept.

    Example: dermref grants revoke hellenic-derm-atlas-1 --by "A. Curator" --why "letter of 3 May: please remove"
    """
    author = author_of(by, why)
    start(migrate=True)
    from dermref.services.granting import revoke as revoke_now

    revoke_now(grant_id, author)
    click.echo(json.dumps(_row(grant_id), ensure_ascii=False) if as_json else f"{grant_id} is revoked.")


def _row(grant_id: str) -> dict[str, object]:
    from dermref.services.deployment import deployment
    from dermref.services.granting import find_grant, state_of

    record = find_grant(grant_id)
    value, ends = record.grant, record.grant.effective_end
    return {
        "id": value.grant_id,
        "source_id": value.source_id,
        "state": state_of(value, deployment().operator),
        "granted_by": value.granted_by,
        "quote": value.document.quote,
        "document": record.document_name,
        "document_sha256": value.document.sha256,
        "document_url": value.document.url,
        "actions": list(value.actions),
        "viewers": list(value.viewers),
        "purposes": list(value.purposes),
        "operators": list(value.operators),
        "images": None if value.images is None else sorted(value.images),
        "domain": value.domain,
        "conditions": list(value.conditions),
        "starts": value.starts and value.starts.isoformat(),
        "ends": ends and ends.isoformat(),
        "recorded_by": record.author.by,
        "recorded_at": record.at.isoformat(),
        "revoked_by": record.revocation and record.revocation.by,
        "revoked_why": record.revocation and record.revocation.why,
    }
