"""Who acts on collections at the command line, and which of them is meant."""

from typing import TYPE_CHECKING

import click

from dermref.model.collection import Keeper, SetName, read_set_name

if TYPE_CHECKING:
    from dermref.model.collection import CollectionRecord, SnapshotRecord

by_option = click.option("--by", required=True, help="Who does it.")


def keeper_of(by: str) -> Keeper:
    """A curator at the command line, by this name. Raises UsageError where it says nothing."""
    if not by.strip():
        raise click.UsageError("--by says who; it may not be empty.")
    return Keeper(by.strip(), is_curator=True)


def set_named(name: str) -> SetName:
    """A collection or a snapshot. Raises UsageError where the words name neither."""
    found = read_set_name(name)
    if found is None:
        raise click.UsageError(f"“{name}” is neither a collection nor a snapshot such as nevi@1.")
    return found


def known_collection(slug: str) -> "CollectionRecord":
    """The collection. Raises UsageError where there is none."""
    from dermref.services.collection_view import find_collection

    record = find_collection(slug, keeper=keeper_of("curator"))
    if record is None:
        raise click.UsageError(f"There is no collection “{slug}”; “dermref collections list” shows all.")
    return record


def known_snapshot(name: SetName) -> "SnapshotRecord":
    """The snapshot. Raises UsageError where there is none."""
    from dermref.services.freezing import find_snapshot

    if name.number is None:
        raise click.UsageError(f"Say which snapshot of {name.slug}, such as {name.slug}@1.")
    found = find_snapshot(name.slug, name.number)
    if found is None:
        raise click.UsageError(
            f"There is no snapshot “{name.slug}@{name.number}”; “dermref collections show” lists them."
        )
    return found
