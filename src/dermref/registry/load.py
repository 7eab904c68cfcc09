"""The registry as values: every source, or all faults of all files at once. A file with a fault is never half used."""

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from dermref.model.source import Source
from dermref.registry.coherence import incoherent
from dermref.registry.faults import Fault, RegistryFaults, UnknownSource
from dermref.registry.parse import parse_source
from dermref.registry.table import Table

SUFFIX = ".toml"


@cache
def load_sources() -> tuple[Source, ...]:
    """The tracked sources, in the order of the page. Raises RegistryFaults. Read once: package data do not change."""
    return load_folder(_package_folder("data"))


@cache
def load_datasets() -> tuple[Source, ...]:
    """The data set releases, by id. Raises RegistryFaults."""
    return load_folder(_package_folder("datasets"))


def load_source(source_id: str) -> Source:
    """The source or data set release of this id. Raises UnknownSource, or RegistryFaults of any file."""
    known = {source.source_id: source for source in (*load_sources(), *load_datasets())}
    if source_id not in known:
        raise UnknownSource(source_id, known=known)
    return known[source_id]


def load_folder(folder: Traversable) -> tuple[Source, ...]:
    """The sources of a folder of files, page order first, then by id. Raises RegistryFaults."""
    faults: list[Fault] = []
    found: list[Source] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(SUFFIX):
            continue
        source = read_source(file.read_bytes(), file=file.name, faults=faults)
        if source is not None:
            found.append(source)
    if faults:
        raise RegistryFaults(faults)
    return tuple(sorted(found, key=lambda source: (source.seed_line or 0, source.source_id)))


def read_source(body: bytes, *, file: str, faults: list[Fault]) -> Source | None:
    """The source in one file's bytes; None when anything is wrong, and `faults` then holds every fault of the file."""
    try:
        values = tomllib.loads(body.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(Fault(file, "", f"is not valid TOML: {error}"))
        return None
    own: list[Fault] = []
    source = parse_source(Table(file, "", values, own))
    own += incoherent(source, file=file, stem=file.removesuffix(SUFFIX), known=tuple(own))
    faults += own
    return None if own else source


def _package_folder(name: str) -> Traversable:
    return files(__package__).joinpath(name)
