"""License facts: every known instrument by its id, and those of an expression. Says what it is, never who may."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from dermref.model.asking import Action
from dermref.rights.expression import NotAnExpression, alternatives_of
from dermref.rights.license import Kind, License
from dermref.rights.statements import SITE_TERMS, claims, rights_statements, site_terms
from dermref.rights.toml import read_data, table, text, words
from dermref.rights.tools import OWN_PREFIX, cc_addresses, cc_families, cc_tools

__all__ = [
    "SITE_TERMS_PREFIX",
    "Kind",
    "License",
    "LicenseFacts",
    "alternatives_in",
    "ids_in",
    "license_of",
    "licenses_in",
    "load_facts",
]

AND = " AND "
SITE_TERMS_PREFIX = OWN_PREFIX  # ids of our own begin the same way; they are in `LicenseFacts.by_id`


@dataclass(frozen=True, slots=True)
class LicenseFacts:
    """All instruments, what each action needs of one, and the hosts whose license links are believed.

    `by_url` has the canonical https URL of a tool and the addresses it had before; `by_family` the value of a family
    without version; `trainable` are the families that positively permit training. `host` is the licenses' own.
    """

    by_id: Mapping[str, License]
    by_url: Mapping[str, License]
    by_family: Mapping[str, License]
    needs: Mapping[Action, frozenset[str]]
    trainable: frozenset[str]
    host: str
    statements_host: str


@cache
def load_facts() -> LicenseFacts:
    """The facts of `data/licenses.toml` and `data/statements.toml`."""
    data, others = read_data("licenses"), read_data("statements")
    families = list(cc_families(data))
    known = [*cc_tools(data), *families, *claims(others), *rights_statements(others)]
    by_url = {one.url: one for one in known if one.url}
    actions = table(data, "actions")
    return LicenseFacts(
        by_id={one.id: one for one in known},
        by_url=by_url | {before: by_url[now] for before, now in cc_addresses(data)},
        by_family={one.family: one for one in families},
        trainable=frozenset(words(table(data, "training"), "families")),
        needs={Action(action): frozenset(words(actions, action)) for action in actions},
        host=text(data, "host"),
        statements_host=text(table(others, "rightsstatements"), "host"),
    )


@lru_cache(maxsize=4_096)
def ids_in(expression: str) -> tuple[tuple[str, ...], ...]:
    """The ids of each alternative of an SPDX expression, in our spelling. Raises KeyError as `license_of` does.

    Ids joined by AND, by far the most frequent expressions, cost no parsing.
    """
    parts = tuple(dict.fromkeys(expression.split(AND)))
    if all(one in load_facts().by_id or SITE_TERMS.fullmatch(one) for one in parts):
        return (parts,)
    try:
        alternatives = alternatives_of(expression, ids=tuple(load_facts().by_id))
    except NotAnExpression as error:
        raise KeyError(expression) from error
    for license_id in chain.from_iterable(alternatives):
        license_of(license_id)
    return alternatives


def license_of(license_id: str) -> License:
    """The instrument of one id, a source's own terms included. Raises KeyError for an id that is neither."""
    known = load_facts().by_id.get(license_id)
    if known is None and SITE_TERMS.fullmatch(license_id):
        return site_terms(license_id, read_data("statements"))
    if known is None:
        raise KeyError(license_id)
    return known


@lru_cache(maxsize=4_096)
def alternatives_in(expression: str) -> tuple[tuple[License, ...], ...]:
    """The instruments of each alternative of an SPDX expression; in an alternative all of them hold.

    Site terms (`LicenseRef-<source id>`) are not instruments and are left out, so an alternative may be empty.
    Raises KeyError for an id that is neither, or for what is no expression: a policy with such an id must not exist.

    >>> [[one.id for one in each] for each in alternatives_in("CC0-1.0 AND (CC-BY-4.0 OR LicenseRef-example)")]
    [['CC0-1.0', 'CC-BY-4.0'], ['CC0-1.0']]
    """
    found = [[license_of(one) for one in each] for each in ids_in(expression)]
    return tuple(tuple(one for one in each if one.kind is not Kind.SITE_TERMS) for each in found)


@lru_cache(maxsize=4_096)
def licenses_in(expression: str) -> tuple[License, ...]:
    """Every instrument that an SPDX expression names, each once; of a choice, all that are offered.

    Raises KeyError as `alternatives_in` does.
    """
    return tuple(dict.fromkeys(one for each in alternatives_in(expression) for one in each))
