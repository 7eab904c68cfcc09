"""Which column of a table is which field: by its whole name, or as somebody said. Nothing is matched by likeness, and
two columns for one field are for a person to decide."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from dermref.model.manifest import IGNORED, ManifestField
from dermref.sources.manifest_cells import CONTROL
from dermref.sources.words import load_words

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Matching:
    """What each column is, None for one that is ignored; what the names of the columns say for every row; and why it
    cannot stand."""

    columns: tuple[str, ...]
    fields: tuple[ManifestField | None, ...]
    implied: tuple[tuple[ManifestField, str], ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether every column bears the very name of its field, so that there is nothing to confirm."""
        return not self.faults and all(name == field for name, field in zip(self.columns, self.fields, strict=True))

    @property
    def ignored(self) -> tuple[str, ...]:
        """The columns that no field takes."""
        return tuple(name for name, field in zip(self.columns, self.fields, strict=True) if field is None)

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Each column and its field, or that it is ignored: what somebody confirms."""
        return tuple((name, str(field or IGNORED)) for name, field in zip(self.columns, self.fields, strict=True))

    def place(self, field: ManifestField) -> int | None:
        """Which column the field is, from 0."""
        return self.fields.index(field) if field in self.fields else None


def match_columns(columns: Sequence[str], chosen: Mapping[str, str]) -> Matching:
    """Match the columns; `chosen` says of some, by their names, which field they are, or that they are ignored.

    >>> match_columns(["Image ID", "dx", "smoke"], {}).said
    (('Image ID', 'foreign_id'), ('dx', 'condition'), ('smoke', '-'))
    """
    faults = [*_twice(columns), *_unreadable(columns), *_wrongly_chosen(columns, chosen)]
    taken = {field for field in chosen.values() if field != IGNORED}
    found = {name: ManifestField(field) for name, field in chosen.items() if field in list(ManifestField)}
    rivals: dict[ManifestField, list[str]] = defaultdict(list)
    for name in dict.fromkeys(columns):
        field = field_of(name)
        if name not in chosen and field and field not in taken:
            rivals[field].append(name)
    for field, names in rivals.items():
        if len(names) > 1:
            faults.append(f"{_listed(names)} may each be “{field}”: say which with --map “{names[0]}={field}”")
        found[names[0]] = field
    implied = tuple(_implied(found))
    return Matching(tuple(columns), tuple(found.get(name) for name in columns), implied, tuple(faults))


def recognised(name: str) -> bool:
    """Whether a column of this name would be matched."""
    return field_of(name) is not None


def field_of(name: str) -> ManifestField | None:
    """The field of a column by its name alone."""
    return _names().get(normal(name))


def normal(name: str) -> str:
    """The name in small letters, with one “_” for whatever is neither letter nor digit.

    >>> normal(" Source URL ")
    'source_url'
    """
    return re.sub(r"[\W_]+", "_", normalize("NFKC", name).casefold()).strip("_")


@cache
def _names() -> Mapping[str, ManifestField]:
    aliases = load_words("manifest")["aliases"]
    own = {str(field): field for field in ManifestField}
    return {normal(name): ManifestField(field) for field, names in aliases.items() for name in names} | own


def _implied(found: Mapping[str, ManifestField]) -> Iterator[tuple[ManifestField, str]]:
    if ManifestField.SKIN_TONE_SCALE in found.values():
        return
    tone = next((name for name, field in found.items() if field is ManifestField.SKIN_TONE), "")
    for scale, names in load_words("manifest")["scales"].items():
        if normal(tone) in names:
            yield ManifestField.SKIN_TONE_SCALE, scale


def _twice(columns: Sequence[str]) -> Iterator[str]:
    for name, times in Counter(columns).items():
        if times > 1:
            what = f"the column “{name}”" if name else "a column without a name"
            yield f"{what} stands {times} times in the first line: no row could tell them apart"


def _unreadable(columns: Sequence[str]) -> Iterator[str]:
    for at, name in enumerate(columns, 1):
        if CONTROL.search(name) or len(name) > LONGEST_NAME:
            yield f"the name of column {at} holds characters that no text has, or far too many"


def _wrongly_chosen(columns: Sequence[str], chosen: Mapping[str, str]) -> Iterator[str]:
    for name, field in chosen.items():
        if name not in columns:
            yield f"--map names a column “{name}”, and the first line has {_listed(columns)}"
        if field != IGNORED and field not in list(ManifestField):
            yield f"--map names a field “{field}”, and there are {_listed(list(ManifestField))}"
    for field, times in Counter(chosen.values()).items():
        if times > 1 and field != IGNORED:
            yield f"--map makes {times} columns “{field}”: name one"


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}" if quoted else "none"
