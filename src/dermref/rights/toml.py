"""Reads the values of the data files with their types; a value of another type is a fault of the data: TypeError."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Table = Mapping[str, object]


@cache
def read_data(name: str) -> Table:
    """The top-level table of `data/<name>.toml`."""
    return tomllib.loads(files(__package__).joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


def table(of: Table, key: str) -> Table:
    """The table under `key`; empty where there is none."""
    found = of.get(key, {})
    if not isinstance(found, dict):
        raise TypeError(f"rights data: {key} must be a table")
    return found


def tables(of: Table, key: str) -> tuple[Table, ...]:
    """The tables of the list under `key`, of which there is at least one."""
    found = of.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise TypeError(f"rights data: {key} must be a list of tables")
    return tuple(found)


def text(of: Table, key: str) -> str:
    """The text under `key`."""
    found = of.get(key)
    if not isinstance(found, str):
        raise TypeError(f"rights data: {key} must be a text")
    return found


def maybe_text(of: Table, key: str) -> str | None:
    """The text under `key`, if it stands there."""
    return text(of, key) if key in of else None


def words(of: Table, key: str) -> tuple[str, ...]:
    """The list of texts under `key`; empty where there is none."""
    found = of.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise TypeError(f"rights data: {key} must be a list of texts")
    return tuple(found)
