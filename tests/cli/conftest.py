"""A real ingest, for commands that look at one."""

from ingest_fixtures import archive, blobs, run

__all__ = ["archive", "blobs", "run"]
