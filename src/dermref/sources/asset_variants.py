"""What a file server did to a picture, read from the name it gives the result: `name__<Operation><arguments>_….jpg`,
the arguments a JSON list in the server's own base64. What cannot be read whole is not read at all."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass

from dermref.sources.reading import load_json

LONGEST_SUFFIX = 400  # characters; real ones have some forty
MOST_OPERATIONS = 6
MARK = "__"

Argument = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One step: its name and what it was given."""

    name: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """A file's name taken apart. No `operations`: the picture as it was uploaded. None: they cannot be read."""

    base: str
    ending: str
    operations: tuple[Operation, ...] | None = ()


def variant_of(name: str, known: Sequence[str]) -> Variant:
    """The parts of a file's name; `known` are the names of operations.

    >>> variant_of("lice-01__WatermarkedWyJXYXRlcm1hcmtlZCJd.jpg", ["Watermarked"])
    Variant(base='lice-01', ending='jpg', operations=(Operation(name='Watermarked', arguments=('Watermarked',)),))
    """
    stem, _, ending = name.rpartition(".")
    base, mark, suffix = stem.partition(MARK)
    return Variant(base, ending.lower(), operations_in(suffix, known) if mark else ())


def operations_in(suffix: str, known: Sequence[str]) -> tuple[Operation, ...] | None:
    """The operations of a suffix in their order; None where any of it cannot be read. A name may not begin another's:
    the longer one is meant. `_` stands between operations, and is a letter of the base64, too."""
    if not 0 < len(suffix) <= LONGEST_SUFFIX or not known:
        return None
    names = "|".join(re.escape(one) for one in sorted(known, key=len, reverse=True))
    steps = re.split(rf"_(?=(?:{names})W)", suffix)
    found = [_operation(one, names) for one in steps[: MOST_OPERATIONS + 1]]
    read = tuple(one for one in found if one)
    return read if len(read) == len(steps) <= MOST_OPERATIONS else None


def _operation(step: str, names: str) -> Operation | None:
    parts = re.fullmatch(rf"({names})(W[A-Za-z0-9~_-]*)", step)
    arguments = _arguments(parts[2]) if parts else None
    return Operation(parts[1], arguments) if parts and arguments is not None else None


def _arguments(written: str) -> tuple[Argument, ...] | None:
    """A JSON list of plain values in base64 without padding, `~` or `-` for 62 and `_` for 63, spelled in the one way
    that such a server spells it."""
    standard = written.replace("~", "+").replace("-", "+").replace("_", "/")
    padded = standard + "=" * (-len(standard) % 4)
    try:
        raw = b64decode(padded, validate=True)
        value = load_json(raw)
    except (Error, ValueError):
        return None
    if b64encode(raw).decode() != padded or not isinstance(value, list):
        return None
    is_plain = all(one is None or isinstance(one, str | int | float) for one in value)
    return tuple(value) if is_plain else None
