"""`dermref ingest`: harvest a source, or a manifest, and show what became of every item."""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from dermref.cli.options import known_source
from dermref.cli.progress import IngestProgress, print_report, report_json
from dermref.config.start import start

MANIFEST = "manifest"


@click.command()
@click.argument("source_id")
@click.option("--source", "manifest_source", help="With “manifest”: the source the rows belong to.")
@click.option(
    "--from", "folder", type=click.Path(path_type=Path), help="Recorded replies, a local folder, or a manifest file."
)
@click.option(
    "--map", "chosen", multiple=True, metavar="COLUMN=FIELD",
    help="With “manifest”: which field a column is; “COLUMN=-” ignores it.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="With “manifest”: its columns are meant as they were matched.")
@click.option("--base-url", help="Another address of the source's API, such as a replica on loopback.")
@click.option("--query", help="The source's own search query, or @FILE for a text file that holds it.")
@click.option("--since", help="Only what changed since DATE, where the source can tell.")
@click.option("--recheck", is_flag=True, help="Only ask again for the items that are due.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after N items.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Decoding processes (default: the cores).")
@click.option("--dry-run", is_flag=True, help="Judge the rights of every item; fetch no file and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def ingest(
    source_id: str,
    manifest_source: str | None,
    folder: Path | None,
    chosen: tuple[str, ...],
    yes: bool,
    base_url: str | None,
    query: str | None,
    since: str | None,
    recheck: bool,
    limit: int | None,
    workers: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Harvest SOURCE_ID and publish what its rights allow; resumes where it stopped.

    \b
    Examples:
      dermref ingest isic-archive --limit 100
      dermref ingest cdc-phil --query "6, 10248"
      dermref ingest pmc-oa --query @pmcids.txt
      dermref ingest isic-archive --base-url http://127.0.0.1:8099/api/v2/
      dermref ingest manifest --source pad-ufes-20 --from manifest.csv
      dermref ingest manifest --source ham10000 --from HAM10000_metadata.csv --map dx_type=- --dry-run
    """
    is_manifest = source_id == MANIFEST
    if is_manifest != bool(manifest_source):
        raise click.UsageError("Say “ingest manifest --source SOURCE_ID --from FILE”, or “ingest SOURCE_ID”.")
    chosen_id = known_source(manifest_source or source_id)
    _check_address(base_url or "")
    if folder and not folder.exists():
        raise click.UsageError(f"{folder} does not exist.")
    if recheck and (is_manifest or folder or query or since or limit or dry_run):
        raise click.UsageError("--recheck asks for what is due, and for nothing else: say it with --base-url at most.")
    start(migrate=True)
    columns = _columns(chosen_id, folder=folder, said=chosen, yes=yes, is_manifest=is_manifest)
    from dermref.services.start_ingest import Order, start_ingest

    order = Order(
        source_id=chosen_id,
        folder=folder,
        base_url=base_url,
        query=_query(query),
        since=since,
        limit=limit,
        is_dry=dry_run,
        is_manifest=is_manifest,
        is_recheck=recheck,
        workers=workers or os.cpu_count() or 2,
        columns=columns,
    )
    with IngestProgress(chosen_id) as progress:
        report = start_ingest(order, progress)
    if as_json:
        click.echo(json.dumps(report_json(report), ensure_ascii=False))
    else:
        print_report(report)
    sys.exit(0 if report.is_good else 1)


def _check_address(base_url: str) -> None:
    if base_url and not base_url.startswith(("http://", "https://")):
        raise click.UsageError(f"“{base_url}” is not a web address; --base-url begins with http:// or https://.")
    if base_url and "@" in urlsplit(base_url).netloc:
        raise click.UsageError("--base-url holds a name or a password, which would be kept with the run; leave it out.")


def _columns(
    source_id: str, *, folder: Path | None, said: tuple[str, ...], yes: bool, is_manifest: bool
) -> tuple[tuple[str, str], ...] | None:
    """What each column of the manifest is, shown and confirmed; None where it bears our own names, or where there is no
    manifest to be read yet, which the ingest says."""
    from dermref.cli.manifest import confirmed, matched, show_columns

    if not is_manifest and (said or yes):
        raise click.UsageError("--map and --yes speak of the columns of a manifest.")
    if not is_manifest or folder is None or not folder.is_file():
        return None
    columns = matched(source_id, folder, said)
    show_columns(columns)
    pairs = confirmed(columns, is_said=bool(said or yes))
    return None if columns.matching.is_own else pairs


def _query(query: str | None) -> str | None:
    """The query, from the file it names with an @, like the lines of a list of ids."""
    if query is None or not query.startswith("@"):
        return query
    try:
        return Path(query[1:]).read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise click.UsageError(f"{query[1:]} cannot be read as UTF-8 text.") from None
