"""The tracked sources as data: one TOML file each, a loader that gathers every fault, and a checker that lists every
finding. It says what a source printed and what its terms are, never whether a given use is allowed."""

from dermref.registry.load import load_datasets, load_source, load_sources

__all__ = ["load_datasets", "load_source", "load_sources"]
