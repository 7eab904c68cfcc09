"""Reads the printed name of a license: its id, its abbreviation, its title or a catalogue's key. The whole text must be
the name; a name without version is the family, and no version is ever guessed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from dermref.rights.facts import load_facts
from dermref.rights.license import Kind, License
from dermref.rights.toml import Table, maybe_text, read_data, table, text, words

LONGEST = 160  # characters; the longest title has about a hundred
_VERSION = re.compile(r"v?([0-9]\.[0-9])")
_KEY_LIST = re.compile(r"([A-Za-z-]+)-([0-9]\.[0-9](?:, ?[0-9]\.[0-9])+)")
_JOINT = re.compile(r"[ _-]+")
_LICENSE_WORDS = frozenset({"license", "licence"})
_VERSION_WORDS = frozenset({"version", "v", "v.", "ver."})


@dataclass(frozen=True, slots=True)
class Stem:
    """What a name without its version says: the unit, and whether it is a name only with a version behind it."""

    unit: str
    family: str
    needs_version: bool


def read_name(name: str) -> License | None:
    """The license that `name` is a name of, or None. `name` is ASCII text without line breaks, in any case.

    >>> read_name("Creative Commons Attribution-Share Alike 3.0 Germany").id
    'CC-BY-SA-3.0-DE'
    """
    if len(name) > LONGEST:
        return None
    pieces = _JOINT.split(name.lower())
    if not all(pieces):
        return None
    exact = _codes().get(name) or _exact_names().get(" ".join(pieces))
    if exact is not None:
        return exact
    for place, piece in enumerate(pieces):
        if found := _VERSION.fullmatch(piece):
            return _versioned(pieces[:place], found[1], pieces[place + 1 :])
    stem = _stems().get(" ".join(_without_license(pieces)))
    return load_facts().by_family.get(stem.family) if stem and not stem.needs_version else None


def read_key_list(name: str) -> tuple[License, ...] | None:
    """The versions of a catalogue's key such as `name-3.0,2.5,2.0`, each a choice; None where it is no such list."""
    parts = _KEY_LIST.fullmatch(name) if len(name) <= LONGEST else None
    if parts is None:
        return None
    read = [read_name(f"{parts[1]}-{version.strip()}") for version in parts[2].split(",")]
    found = tuple(one for one in read if one is not None)
    return found if len(found) == len(read) else None


def _versioned(before: list[str], version: str, after: list[str]) -> License | None:
    if before and before[-1] in _VERSION_WORDS:
        before = before[:-1]
    stem = _stems().get(" ".join(_without_license(before)))
    place = _places().get((stem.unit, version, " ".join(_without_license(after)))) if stem else None
    return _tools().get((stem.family, version, place or None)) if stem and place is not None else None


def _without_license(pieces: list[str]) -> list[str]:
    if pieces and pieces[-1] in _LICENSE_WORDS:
        return pieces[:-2] if pieces[-2:-1] == ["public"] else pieces[:-1]
    return pieces


@cache
def _exact_names() -> Mapping[str, License]:
    """Ids and the names of what is no versioned tool, as they are compared."""
    facts, claimed = load_facts(), table(read_data("grammar"), "claims")
    named = [(license_id, facts.by_id[license_id]) for license_id in facts.by_id]
    named += [(name, facts.by_id[license_id]) for license_id in claimed for name in words(claimed, license_id)]
    for one in facts.by_id.values():
        if one.kind in (Kind.CLAIM, Kind.STATEMENT):
            named += [(one.short, one), (one.name, one)]
    return {_spelled(name): one for name, one in named}


@cache
def _codes() -> Mapping[str, License]:
    """Codes of RightsStatements.org, in their own capitals only: in small letters some are ordinary words."""
    statements = table(read_data("statements"), "rightsstatements")
    version, by_url = text(statements, "version"), load_facts().by_url
    base = f"https://{text(statements, 'host')}/vocab"
    known = {code: by_url[f"{base}/{code}/{version}/"] for code in table(statements, "family")}
    return known | {f"{code} {version}": one for code, one in known.items()}


@cache
def _tools() -> Mapping[tuple[str, str, str | None], License]:
    facts = load_facts()
    tools = (one for one in facts.by_id.values() if one.url and facts.host in one.url)
    return {(one.family, one.version or "", one.jurisdiction): one for one in tools}


@cache
def _stems() -> Mapping[str, Stem]:
    units, grammar = table(read_data("licenses"), "unit"), read_data("grammar")
    stems: dict[str, Stem] = {}
    for unit in units:
        family = text(table(units, unit), "family")
        own = words(table(grammar, "names"), unit)
        stems |= {name: Stem(unit, family, needs_version=False) for name in own}
        if not own:
            stems |= {name: Stem(unit, family, needs_version=bare) for name, bare in _spellings(unit, grammar)}
    return stems


def _spellings(unit: str, grammar: Table) -> Iterator[tuple[str, bool]]:
    """Every way to write a unit, and whether it stands bare: without prefix only words in full are a name."""
    spelled = [words(table(grammar, "words"), word) for word in unit.split("-")]
    for chosen in product(*(dict.fromkeys(one) for one in spelled)):
        yield from ((f"{prefix} {' '.join(chosen)}", False) for prefix in words(grammar, "prefixes"))
    yield from ((" ".join(chosen), True) for chosen in product(*(one[1:] for one in spelled)))


@cache
def _places() -> Mapping[tuple[str, str, str], str]:
    """What may follow a version of a unit, and the jurisdiction it means; empty for the version of none."""
    data = read_data("licenses")
    places: dict[tuple[str, str, str], str] = {}
    units, labels, countries = table(data, "unit"), table(data, "labels"), table(data, "jurisdictions")
    after = table(read_data("grammar"), "after_version")
    codes = {spelled: code for code in countries for spelled in (code, *words(countries, code))}
    for unit in units:
        versions = {*words(table(units, unit), "ported"), *table(table(units, unit), "only")}
        own = maybe_text(table(units, unit), "label")
        for version in versions:
            unported = ("", own or maybe_text(labels, version) or "", *words(after, unit))
            places |= {(unit, version, _spelled(one)): "" for one in unported}
            places |= {(unit, version, _spelled(one)): code for one, code in codes.items()}
    return places


def _spelled(name: str) -> str:
    return " ".join(_JOINT.split(name.lower()))
