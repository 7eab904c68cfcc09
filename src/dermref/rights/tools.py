"""Builds every Creative Commons tool from its parts: unit, version and jurisdiction. Knows no tool by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dermref.rights.license import Kind, License
from dermref.rights.toml import Table, maybe_text, table, text, words

OWN_PREFIX = "LicenseRef-"
PORT = "port"  # the key of a clause that holds for every port


@dataclass(frozen=True, slots=True)
class Unit:
    """What all versions and ports of one tool share, with the three sets built once."""

    name: str
    facts: Table
    kind: Kind
    permits: frozenset[str]
    requires: frozenset[str]
    prohibits: frozenset[str]
    clauses: Table
    deprecated_on: date | None


def cc_units(data: Table) -> list[Unit]:
    """All units of `licenses.toml`."""
    default, clauses = table(data, "default"), table(data, "clause")
    rows = ((name, {**default, **table(table(data, "unit"), name)}) for name in table(data, "unit"))
    return [_unit(name, facts, clauses=clauses) for name, facts in rows]


def _unit(name: str, facts: Table, *, clauses: Table) -> Unit:
    deprecated_on = facts.get("deprecated_on")
    return Unit(
        name=name,
        facts=facts,
        kind=Kind(text(facts, "kind")),
        permits=frozenset(words(facts, "permits")),
        requires=frozenset(words(facts, "requires")),
        prohibits=frozenset(words(facts, "prohibits")),
        clauses=table(clauses, text(facts, "clause")),
        deprecated_on=deprecated_on if isinstance(deprecated_on, date) else None,
    )


def cc_tools(data: Table) -> Iterator[License]:
    """Every tool that exists, the ports of a version after the version itself."""
    base = f"{text(data, 'scheme')}://{text(data, 'host')}"
    labels, countries = table(data, "labels"), table(data, "jurisdictions")
    printed = {code: words(countries, code)[0] for code in countries}
    listed = frozenset(words(table(data, "spdx"), "listed"))
    titled = frozenset(words(data, "titled"))
    for unit in cc_units(data):
        for version, jurisdiction in _existing(unit, table(data, "ports")):
            place = printed[jurisdiction] if jurisdiction else _label(unit, version, labels=labels)
            yield _tool(unit, version, jurisdiction, base=base, place=place, listed=listed, titled=titled)


def cc_families(data: Table) -> Iterator[License]:
    """One value for each family, for statements that name no version: no URL, and nothing permitted."""
    seen: set[str] = set()
    for unit in cc_units(data):
        stem, family = text(unit.facts, "spdx"), text(unit.facts, "family")
        if family not in seen and "id" not in unit.facts:
            seen.add(family)
            yield License(
                id=OWN_PREFIX + stem,
                family=family,
                version=None,
                url=None,
                short=text(unit.facts, "short"),
                name=_name(unit, ""),
                verb=text(unit.facts, "verb"),
                clause=text(data, "unversioned"),
                permits=frozenset(),
                requires=unit.requires,
                prohibits=unit.prohibits,
                kind=unit.kind,
                deprecated_on=unit.deprecated_on,
            )


def cc_addresses(data: Table) -> Iterator[tuple[str, str]]:
    """Addresses that tools had before, each with the canonical URL of the tool that stands there now."""
    base = f"{text(data, 'scheme')}://{text(data, 'host')}"
    for path, now in table(data, "moved").items():
        yield base + path, base + str(now)


def _existing(unit: Unit, ports: Table) -> Iterator[tuple[str, str]]:
    for version in words(unit.facts, "ported"):
        for jurisdiction in words(ports, version):
            yield version, jurisdiction
    only = table(unit.facts, "only")
    for version in only:
        for jurisdiction in words(only, version):
            yield version, jurisdiction


def _label(unit: Unit, version: str, *, labels: Table) -> str:
    return maybe_text(unit.facts, "label") or text(labels, version)


def _name(unit: Unit, version: str) -> str:
    title = maybe_text(table(unit.facts, "titles"), version) or text(unit.facts, "title")
    return title if unit.kind is not Kind.LICENSE else f"Creative Commons {title}"


def _tool(
    unit: Unit,
    version: str,
    jurisdiction: str,
    *,
    base: str,
    place: str,
    listed: frozenset[str],
    titled: frozenset[str],
) -> License:
    upper = jurisdiction.upper()
    spdx = maybe_text(unit.facts, "id") or "-".join(part for part in (text(unit.facts, "spdx"), version, upper) if part)
    path = "/".join(part for part in (text(unit.facts, "category"), unit.name, version, jurisdiction) if part)
    url = f"{base}/{path}/"
    return License(
        id=spdx if spdx in listed else OWN_PREFIX + spdx,
        family=text(unit.facts, "family"),
        version=version,
        url=url,
        short=" ".join(part for part in (text(unit.facts, "short"), version, upper) if part),
        name=f"{_name(unit, version)} {version} {place}",
        verb=text(unit.facts, "verb"),
        clause=_clause(unit, version, jurisdiction),
        permits=unit.permits,
        requires=unit.requires,
        prohibits=unit.prohibits,
        kind=unit.kind,
        spdx=spdx if spdx in listed else None,
        jurisdiction=jurisdiction or None,
        deprecated_on=unit.deprecated_on,
        http_url=url.replace("https:", "http:", 1),
        deed_url=url + "deed",
        legalcode_url=None if unit.facts["deed_only"] else url + "legalcode",
        owes_title=version in titled and "Attribution" in unit.requires,
    )


def _clause(unit: Unit, version: str, jurisdiction: str) -> str:
    if jurisdiction:
        return text(unit.clauses, PORT)
    return maybe_text(unit.clauses, version) or text(unit.clauses, "1.0")
