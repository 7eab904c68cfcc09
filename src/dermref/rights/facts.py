"""License facts: every known instrument by its SPDX id, read once from the data. Says what it is, never who may."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dermref.model.asking import Action

SITE_TERMS_PREFIX = "LicenseRef-"


@dataclass(frozen=True, slots=True)
class License:
    """One instrument. The three sets hold CC REL words; `short` is the name people print, with the version."""

    id: str
    family: str
    version: str
    url: str
    short: str
    name: str
    verb: str
    clause: str
    permits: frozenset[str]
    requires: frozenset[str]
    prohibits: frozenset[str]
    kind: str = "license"
    jurisdiction: str | None = None
    deprecated_on: str | None = None

    @property
    def is_noncommercial(self) -> bool:
        """Whether commercial use is outside the license."""
        return "CommercialUse" in self.prohibits


@dataclass(frozen=True, slots=True)
class LicenseFacts:
    """All instruments, what each action needs of one, and the only host whose license links are believed."""

    by_id: Mapping[str, License]
    by_url: Mapping[str, License]
    needs: Mapping[Action, frozenset[str]]
    host: str


@cache
def load_facts() -> LicenseFacts:
    """The facts of `data/licenses.toml`."""
    data = tomllib.loads(files(__package__).joinpath("data/licenses.toml").read_text(encoding="utf-8"))
    base = f"{data['scheme']}://{data['host']}"
    licenses = [_license(unit, version, base) for unit in data["unit"].values() for version in unit["versions"]]
    return LicenseFacts(
        by_id={one.id: one for one in licenses},
        by_url={one.url: one for one in licenses},
        needs={Action(action): frozenset(words) for action, words in data["actions"].items()},
        host=data["host"],
    )


def licenses_in(expression: str) -> tuple[License, ...]:
    """The known instruments of an SPDX `AND` expression; site terms (`LicenseRef-…`) are not instruments.

    Raises KeyError for an id that is neither: a policy with such an id must not exist.
    """
    parts = expression.split(" AND ")
    return tuple(load_facts().by_id[part] for part in parts if not part.startswith(SITE_TERMS_PREFIX))


@cache
def alternatives_in(expression: str) -> tuple[tuple[License, ...], ...]:
    """Stand-in."""
    return tuple(licenses_in(part.strip("() ")) for part in expression.split(" OR "))


def _license(unit: Mapping[str, object], version: str, base: str) -> License:
    text = {key: str(value) for key, value in unit.items() if isinstance(value, str)}
    return License(
        id=f"{text['spdx']}-{version}",
        family=text["family"],
        version=version,
        url=base + text["path"].format(version=version),
        short=f"{text['short']} {version}",
        name=text["name"].format(version=version),
        verb=text["verb"],
        clause=text["clause"],
        permits=_words(unit["permits"]),
        requires=_words(unit["requires"]),
        prohibits=_words(unit["prohibits"]),
        kind="waiver" if "zero" in text["path"] else "license",
    )


def _words(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise TypeError("licenses.toml: permits, requires and prohibits are lists")
    return frozenset(str(word) for word in value)
