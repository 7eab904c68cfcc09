"""A snapshot gets its DOI: registered at DataCite under this deployment's account, or recorded where it was registered
by other means. Once."""

from dataclasses import replace

from dermref.catalog.snapshots import give_doi
from dermref.credit.datacite import Metadata
from dermref.credit.doi import read_doi
from dermref.model.collection import SnapshotRecord
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.services.citing import datacite_metadata
from dermref.services.citing_sets import citable_snapshot
from dermref.services.deployment import deployment, site_address
from dermref.services.freezing import find_snapshot
from dermref.services.registering_doi import register_doi, snapshot_doi

EXAMPLE = "10.5072/not-registered"  # of the prefix that DataCite keeps for tests, where no account is set
NAMELESS = "A DOI has to lead somewhere: name this site's public host in DERMREF_ALLOWED_HOSTS first."


def metadata_of(snapshot: SnapshotRecord, doi: str) -> Metadata:
    """What DataCite is told of a snapshot, valid against its schema. Raises Stopped with the first reason why not."""
    made = datacite_metadata(replace(citable_snapshot(snapshot), doi=doi))
    if isinstance(made, Refusal):
        raise Stopped(made.text)
    return made


def would_tell(snapshot: SnapshotRecord, text: str | None = None) -> Metadata:
    """What DataCite would be told: under the DOI that was named, or the one that the snapshot has or would get. Raises
    Stopped where that is no DOI."""
    doi = read_doi(text) if text else snapshot.doi or (_own_doi(snapshot) if deployment().datacite else EXAMPLE)
    if isinstance(doi, Refusal):
        raise Stopped(doi.text)
    return metadata_of(snapshot, doi)


def mint(snapshot: SnapshotRecord) -> SnapshotRecord:
    """Register the snapshot's DOI and record it. Asked again after a failure it registers no second one. Raises Stopped
    with one sentence."""
    if snapshot.doi:
        raise Stopped(f"{snapshot.name} has a DOI already: {snapshot.doi}.")
    doi, site = _own_doi(snapshot), site_address()
    if site is None:
        raise Stopped(NAMELESS)
    url = f"{site}/collections/{snapshot.slug}/{snapshot.number}/"
    return _record(snapshot, register_doi(metadata_of(snapshot, doi), doi=doi, url=url))


def record_doi(snapshot: SnapshotRecord, text: str) -> SnapshotRecord:
    """Record a DOI that was registered elsewhere. Raises Stopped where it is none, or the snapshot has one."""
    doi = read_doi(text)
    if isinstance(doi, Refusal):
        raise Stopped(doi.text)
    return _record(snapshot, doi)


def _own_doi(snapshot: SnapshotRecord) -> str:
    return snapshot_doi(snapshot.slug, snapshot.number)


def _record(snapshot: SnapshotRecord, doi: str) -> SnapshotRecord:
    if not give_doi(snapshot, doi):
        raise Stopped(f"{snapshot.name} has a DOI already, or {doi} is that of another snapshot.")
    found = find_snapshot(snapshot.slug, snapshot.number)
    assert found is not None  # a snapshot is never deleted
    return found
