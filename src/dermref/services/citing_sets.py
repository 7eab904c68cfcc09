"""Collections and their snapshots as they are cited: by name, with every attribution that what they hold asks for."""

from collections.abc import Iterable

from django.utils import timezone

from dermref.credit.citable import Attributed, Citable, Work
from dermref.credit.license_names import license_name
from dermref.credit.notice import sufficient
from dermref.model.asking import Viewer
from dermref.model.collection import CollectionRecord, Keeper, SnapshotRecord
from dermref.services.collection_view import attributions_in, find_collection, policies_of
from dermref.services.deployment import site_address
from dermref.services.freezing import find_snapshot, read_snapshot
from dermref.services.rulings import all_sources
from dermref.services.searching import Shelf, shelf_of

PUBLISHER = "dermref"
A_CURATOR = Keeper("", is_curator=True)


def citable_collection(slug: str, *, viewer: Viewer, version: int | None = None) -> Citable | None:
    """The collection as `viewer` may see it now, or a snapshot of it, to who may know of all of them; None where there
    is none."""
    if version is not None:
        snapshot = find_snapshot(slug, version)
        return citable_snapshot(snapshot) if snapshot else None
    record = find_collection(slug, keeper=A_CURATOR)
    return citable_living(record, shelf_of(viewer)) if record else None


def license_of_all(record: CollectionRecord, shelf: Shelf) -> str | None:
    """The address of the one license that says everything about every image the shelf's viewer may see in it."""
    return _one_license(shelf.policies[row].license_id for row in policies_of(record) if row in shelf.policies)


def license_of_snapshot(snapshot: SnapshotRecord) -> str | None:
    """The same for everything that was frozen."""
    return _one_license(one.license for one in read_snapshot(snapshot).policies)


def citable_living(record: CollectionRecord, shelf: Shelf) -> Citable:
    """A living collection, with the attributions of what the shelf's viewer may see in it now. It has no version: the
    number of its changes would read as that of a snapshot."""
    return Citable(
        Work.COLLECTION,
        record.slug,
        record.title,
        _address(record.slug),
        timezone.now().date(),
        publisher=PUBLISHER,
        doi=record.doi or None,
        issued=record.changed_at.date(),
        licenses=_licenses(
            (key.license_id, all_sources()[key.source_id].called)
            for key in (shelf.policies[row] for row in policies_of(record) if row in shelf.policies)
        ),
        attributions=attributions_in(record, shelf),
    )


def citable_snapshot(snapshot: SnapshotRecord) -> Citable:
    """A snapshot, with the attributions that it froze."""
    frozen = read_snapshot(snapshot)
    names = {one.id: one.name for one in frozen.sources}
    return Citable(
        Work.SNAPSHOT,
        snapshot.slug,
        snapshot.title,
        _address(f"{snapshot.slug}/{snapshot.number}"),
        timezone.now().date(),
        publisher=PUBLISHER,
        number=snapshot.sha256,
        doi=snapshot.doi or None,
        version=str(snapshot.number),
        issued=snapshot.frozen_at.date(),
        licenses=_licenses((one.license, names[one.source]) for one in frozen.policies),
        attributions=tuple(Attributed(one.name, one.images, one.licenses) for one in frozen.credits),
    )


def _address(path: str) -> str:
    """Where people find it; "" where this site has no name but the machine's."""
    site = site_address()
    return f"{site}/collections/{path}/" if site else ""


def _one_license(expressions: Iterable[str]) -> str | None:
    found = {sufficient(expression) for expression in expressions}
    alone = next(iter(found)) if len(found) == 1 else ()
    return alone[0].url if len(alone) == 1 else None


def _licenses(policies: Iterable[tuple[str, str]]) -> tuple[tuple[str, str | None], ...]:
    """What the images of these expressions, each with the name of its source, stand under. An address goes with what
    alone is the whole truth; what a source's own terms narrow, or set alone, is named with them and has none."""
    named: dict[str, str | None] = {}
    bare: dict[str, None] = {}
    for expression, source in policies:
        if alone := sufficient(expression):
            named |= {one.short: one.url for one in alone}
        else:
            bare[license_name(expression, f"Terms of {source}")] = None
    return tuple(sorted((named | bare).items()))
