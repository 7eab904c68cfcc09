"""The shared real ingests."""

from ingest_fixtures import archive, blobs, legacy, run

__all__ = ["archive", "blobs", "legacy", "run"]
