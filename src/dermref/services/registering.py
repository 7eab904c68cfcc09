"""Brings the registry into the database, so that images can point at their source."""

import hashlib

from dermref.catalog.sources import save_source
from dermref.registry.load import load_datasets, load_sources


def register_sources() -> None:
    """Save every source and data set release; rows that did not change are left alone."""
    for source in (*load_sources(), *load_datasets()):
        save_source(source, digest=hashlib.sha256(repr(source).encode()).hexdigest())
