"""What is told for people of sources, a TOML file each in a folder beside this module, as values of one kind."""

import tomllib
from importlib.resources import files
from typing import TypeVar

from pydantic import TypeAdapter

SUFFIX = ".toml"
T = TypeVar("T")


def load_told(folder: str, kind: type[T]) -> tuple[T, ...]:
    """All files of a folder by source id, which is a file's name. Raises ValueError where one does not say what it
    should."""
    place = files(__package__).joinpath(folder)
    named = sorted((file for file in place.iterdir() if file.name.endswith(SUFFIX)), key=lambda file: file.name)
    adapter = TypeAdapter(kind)
    return tuple(
        adapter.validate_python({"source_id": file.name.removesuffix(SUFFIX), **tomllib.loads(file.read_text("utf-8"))})
        for file in named
    )
