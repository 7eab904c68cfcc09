"""The facts that registry files are held against, read once from `rules.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def load_rules() -> Mapping[str, object]:
    """The whole of `rules.toml`."""
    return tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))


def text_rule(*path: str) -> str:
    """The string at `path`; KeyError where the file has none."""
    value = _at(path)
    if not isinstance(value, str):
        raise TypeError(f"rules.toml: {'.'.join(path)} must be a string")
    return value


def words_rule(*path: str) -> tuple[str, ...]:
    """The list of strings at `path`; KeyError where the file has none."""
    return words_in(table_rule(*path[:-1]), key=path[-1])


def words_in(table: Mapping[str, object], *, key: str) -> tuple[str, ...]:
    """The list of strings that `table` has under `key`; KeyError where it has none."""
    value = table[key]
    if not isinstance(value, list):
        raise TypeError(f"rules.toml: {key} must be a list")
    return tuple(str(word) for word in value)


def table_rule(*path: str) -> Mapping[str, object]:
    """The table at `path`; KeyError where the file has none."""
    value = _at(path)
    if not isinstance(value, dict):
        raise TypeError(f"rules.toml: {'.'.join(path)} must be a table")
    return value


def tables_rule(*path: str) -> tuple[Mapping[str, object], ...]:
    """The list of tables at `path`; KeyError where the file has none."""
    value = _at(path)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise TypeError(f"rules.toml: {'.'.join(path)} must be a list of tables")
    return tuple(value)


def _at(path: tuple[str, ...]) -> object:
    value: object = load_rules()
    for key in path:
        if not isinstance(value, dict):
            raise KeyError(".".join(path))
        value = value[key]
    return value
